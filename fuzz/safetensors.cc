// SPDX-License-Identifier: Apache-2.0
// Files of weights, and the text of a network that one has. What is read is whole: its tensors are
// all of the data, and writing them gives a file that reads as the same. So does the network that
// it is of.
#include "files/safetensors.h"

#include <actfn/error.h>
#include <actfn/nn/state_dict.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nn/state_dict.h"
#include "support/require.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

using files::Safetensors;

std::optional<Safetensors> read(std::string bytes) {
  try {
    return Safetensors::parse(std::move(bytes), "memory");
  } catch (const Error& error) {
    require_message(error.what());
    require(std::string_view(error.what()).starts_with("[safetensors] memory: "),
            "a message that does not name the file");
    return std::nullopt;
  }
}

std::vector<float> floats_of(std::string_view bytes) {
  std::vector<float> all(bytes.size() / sizeof(float));
  if (!all.empty()) std::memcpy(all.data(), bytes.data(), bytes.size());
  return all;
}

// Of float32 tensors; others are left out.
std::string written(const Safetensors& file) {
  std::vector<files::NamedTensor> tensors;
  for (const auto& [name, entry] : file.entries()) {
    if (entry.type == "F32") tensors.push_back({name, entry.shape, floats_of(entry.bytes)});
  }
  const std::vector<std::pair<std::string, std::string>> metadata(file.all_metadata().begin(),
                                                                  file.all_metadata().end());
  return files::safetensors(tensors, metadata);
}

// As nn::load() does. What the network writes is read as the same network.
void check_network_of(const Safetensors& file) {
  std::optional<nn::Sequential> network;
  if (!error_of([&] { network.emplace(nn::network_of(file)); }).empty()) return;
  const std::string once = nn::weights_file(*network);
  nn::Sequential again = nn::network_of(Safetensors::parse(once, "memory"));
  require(nn::weights_file(again) == once, "another network");
}

void check_file(std::string_view bytes) {
  const auto file = read(std::string(bytes));
  if (!file) return;
  std::size_t size = 0;
  for (const auto& [name, entry] : file->entries()) size += entry.bytes.size();
  require(size <= bytes.size(), "more numbers than there are bytes");
  const auto again = read(written(*file));
  require(again && again->all_metadata() == file->all_metadata(), "it does not read back");
  for (const auto& [name, entry] : again->entries()) {
    const auto& first = file->entry(name);
    require(entry.bytes == first.bytes && entry.shape == first.shape, "other numbers");
  }
  check_network_of(*file);
}

void check_network(std::string_view text) {
  try {
    const std::string once = nn::to_string(nn::parse_network(text));
    require(nn::to_string(nn::parse_network(once)) == once, "another network");
  } catch (const Error& error) {
    require_message(error.what());
  }
}

void check(Stream in) {
  if (in.below(4) == 0) return check_network(in.rest());
  check_file(in.rest());
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check({data, size});
  return 0;
}
