// SPDX-License-Identifier: Apache-2.0
#include "nn/state_dict.h"

#include <actfn/nn/state_dict.h>

#include "catalogue/grammar.h"
#include "catalogue/quote.h"
#include "catalogue/shape.h"
#include "files/replace_file.h"
#include "files/safetensors.h"
#include "nn/architecture.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

namespace actfn::nn {
namespace {

using files::Safetensors;

// f(here, there): the place of each number in memory, and in PyTorch's layout.
template <class F>
void for_each_place(const Parameter& p, const F& f) {
  if (!p.transposed) {
    for (std::size_t i = 0; i < p.values.size(); ++i) f(i, i);
    return;
  }
  const std::size_t rows = p.shape[0];
  const std::size_t columns = p.shape[1];
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) f(c * rows + r, r * columns + c);
  }
}

template <class Unsigned>
Unsigned little_endian(std::string_view bytes) {
  Unsigned bits = 0;
  for (std::size_t i = sizeof bits; i-- > 0;) {
    bits = bits << 8U | static_cast<unsigned char>(bytes[i]);
  }
  return bits;
}

// Of I64.
std::int64_t count_of(const Safetensors::Entry& entry) {
  return static_cast<std::int64_t>(little_endian<std::uint64_t>(entry.bytes));
}

std::vector<float> numbers_of(const Safetensors::Entry& entry) {
  if (entry.type == "I64") return {static_cast<float>(count_of(entry))};
  std::vector<float> all(entry.bytes.size() / sizeof(float));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto bits = little_endian<std::uint32_t>(entry.bytes.substr(i * sizeof(float)));
    all[i] = std::bit_cast<float>(bits);
  }
  return all;
}

// A module's parameters, and buffers behind them; `owner` is what errors call it.
struct Owned {
  std::string_view owner;
  std::vector<Parameter> state;
};

void require_fit(const Safetensors& file, const Parameter& p, std::string_view owner) {
  const Safetensors::Entry& entry = file.entry(p.name);
  const std::string name = in_quotes(p.name);
  const std::string wanted = is_count(p) ? "I64" : "F32";
  if (entry.type != wanted) {
    file.fail(name + " is " + entry.type + ": only " + wanted + " is read");
  }
  if (!std::ranges::equal(entry.shape, std::span(p.shape.begin(), p.shape.end()))) {
    file.fail(name + " has the shape " + files::shape_text(entry.shape) + ", the " +
              std::string(owner) + "'s is " + text(p.shape));
  }
  constexpr std::int64_t kMost = std::int64_t{1} << 53U;
  if (const std::int64_t count = is_count(p) ? count_of(entry) : 0; count < 0 || count > kMost) {
    file.fail(name + " must be from 0 to 2^53, got " + std::to_string(count));
  }
}

void require_fit(const Safetensors& file, const Owned& to) {
  for (const Parameter& p : to.state) require_fit(file, p, to.owner);
  for (const auto& [name, entry] : file.entries()) {
    if (std::ranges::find(to.state, name, &Parameter::name) == to.state.end()) {
      file.fail("the " + std::string(to.owner) + " has no parameter " + in_quotes(name));
    }
  }
}

void take(const Owned& to, const Safetensors& file) {
  require_fit(file, to);
  std::vector<std::vector<float>> all;  // before anything is written: memory may run out
  for (const Parameter& p : to.state) all.push_back(numbers_of(file.entry(p.name)));
  for (std::size_t i = 0; i < all.size(); ++i) restore(to.state[i], all[i]);
}

using Metadata = std::pair<std::string, std::string>;

std::string file_of(const std::vector<Parameter>& state, std::span<const Metadata> metadata) {
  std::vector<files::NamedTensor> tensors;
  for (const Parameter& p : state) {
    tensors.push_back({p.name, {p.shape.begin(), p.shape.end()}, stored(p), is_count(p)});
  }
  return files::safetensors(tensors, metadata);
}

void save_module(const std::vector<Parameter>& state, const std::filesystem::path& file) {
  const Metadata metadata[] = {{"format", "pt"}};
  files::replace_file("save", file, file_of(state, metadata));
}

// Whether the first layer says of what shape a sample is.
bool is_told(const Shape& in, const std::vector<Layer>& layers) {
  return in.count() == 1 && std::holds_alternative<Linear>(layers.front());
}

Shape input_of(const Safetensors& file, const std::string& text) {
  const auto shape = read_shape(text);
  if (shape) return *shape;
  file.fail("the metadata's 'input' must be lengths, written as 64 or 1x28x28, got " +
            in_quotes(text));
}

Architecture architecture_of(const Safetensors& file) {
  const auto layers = parse_network(file.metadata("network"));
  const auto& metadata = file.all_metadata();
  const auto input = metadata.find("input");
  if (input == metadata.end()) return Architecture(layers);
  return {input_of(file, input->second), layers};
}

// Before there is memory for a network: a small file can name a huge one.
void require_room(const Safetensors& file, const Architecture& network) {
  Size numbers = 0;
  for (const auto& [name, entry] : file.entries()) {
    Size n = 1;
    for (const std::size_t length : entry.shape) n = n * length;
    numbers = numbers + n;
  }
  const std::size_t parameters = parameter_count(network);
  if (Size(parameters) <= numbers) return;
  file.fail("the network has " + std::to_string(parameters) + " parameters, all tensors have " +
            std::to_string(numbers.value()) + " numbers");
}

}  // namespace

std::vector<Parameter> state_of(Sequential& network) {
  std::vector<Parameter> all = network.parameters();
  for (Parameter& p : network.buffers()) all.push_back(std::move(p));
  return all;
}

bool is_count(const Parameter& p) { return p.name.ends_with(".num_batches_tracked"); }

std::vector<float> stored(const Parameter& p) {
  std::vector<float> values(p.values.size());
  for_each_place(p, [&](std::size_t here, std::size_t there) { values[there] = p.values[here]; });
  return values;
}

void restore(const Parameter& p, std::span<const float> values) {
  for_each_place(p, [&](std::size_t here, std::size_t there) { p.values[here] = values[there]; });
}

std::string weights_file(Sequential& network) {
  const std::vector<Layer> layers = network.layers();
  std::vector<Metadata> metadata = {{"format", "pt"}, {"network", to_string(layers)}};
  const Shape in = network.in_shape();
  if (!is_told(in, layers)) metadata.emplace_back("input", text(in));
  return file_of(state_of(network), metadata);
}

Sequential network_of(const Safetensors& file) {
  const Architecture architecture = architecture_of(file);
  require_room(file, architecture);
  Sequential network(architecture);
  take({"network", state_of(network)}, file);
  return network;
}

void save(Sequential& network, const std::filesystem::path& file) {
  files::replace_file("save", file, weights_file(network));
}

void load(Sequential& network, const std::filesystem::path& file) {
  take({"network", state_of(network)}, Safetensors::read(file));
}

Sequential load(const std::filesystem::path& file) { return network_of(Safetensors::read(file)); }

void save(MultiheadAttention& module, const std::filesystem::path& file) {
  save_module(module.parameters(), file);
}

void load(MultiheadAttention& module, const std::filesystem::path& file) {
  take({"module", module.parameters()}, Safetensors::read(file));
}

void save(AdaptiveLogSoftmaxWithLoss& module, const std::filesystem::path& file) {
  save_module(module.parameters(), file);
}

void load(AdaptiveLogSoftmaxWithLoss& module, const std::filesystem::path& file) {
  take({"module", module.parameters()}, Safetensors::read(file));
}

}  // namespace actfn::nn
