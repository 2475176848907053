// SPDX-License-Identifier: Apache-2.0
#include "files/safetensors.h"

#include <bit>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <numeric>

#include "catalogue/error.h"

namespace actfn::files {
namespace {

using Json = nlohmann::ordered_json;

// The authors pad headers with spaces, so that numbers begin at such multiples in a mapped file.
constexpr std::size_t kAlignment = 8;

std::size_t bytes_of(const NamedTensor& tensor) {
  return tensor.values.size() * (tensor.whole ? sizeof(std::int64_t) : sizeof(float));
}

void require_shape(const NamedTensor& tensor) {
  const std::size_t room = std::accumulate(tensor.shape.begin(), tensor.shape.end(), std::size_t{1},
                                           std::multiplies<>());
  if (room == tensor.values.size()) return;
  fail("safetensors",
       {tensor.name, ": ", tensor.values.size(), " values, but the shape has room", " for ", room});
}

std::string header_of(std::span<const NamedTensor> tensors,
                      std::span<const std::pair<std::string, std::string>> metadata) {
  Json header = Json::object();
  for (const auto& [name, text] : metadata) header["__metadata__"][name] = text;
  std::size_t at = 0;
  for (const NamedTensor& tensor : tensors) {
    require_shape(tensor);
    const std::size_t end = at + bytes_of(tensor);
    header[tensor.name] = {{"dtype", tensor.whole ? "I64" : "F32"},
                           {"shape", tensor.shape},
                           {"data_offsets", {at, end}}};
    at = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  return text;
}

template <class Unsigned>
void append_little_endian(std::string& to, Unsigned number) {
  for (unsigned shift = 0; shift < 8 * sizeof number; shift += 8) {
    to.push_back(static_cast<char>(number >> shift & 0xFFU));
  }
}

}  // namespace

std::string safetensors(std::span<const NamedTensor> tensors,
                        std::span<const std::pair<std::string, std::string>> metadata) {
  const std::string header = header_of(tensors, metadata);
  std::size_t size = sizeof(std::uint64_t) + header.size();
  for (const NamedTensor& tensor : tensors) size += bytes_of(tensor);
  std::string file;
  file.reserve(size);
  append_little_endian(file, std::uint64_t{header.size()});
  file += header;
  for (const NamedTensor& tensor : tensors) {
    for (const float value : tensor.values) {
      if (tensor.whole) {
        append_little_endian(file, static_cast<std::uint64_t>(static_cast<std::int64_t>(value)));
      } else {
        append_little_endian(file, std::bit_cast<std::uint32_t>(value));
      }
    }
  }
  return file;
}

}  // namespace actfn::files
