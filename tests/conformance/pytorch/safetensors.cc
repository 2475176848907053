// SPDX-License-Identifier: Apache-2.0
#include "conformance/pytorch/safetensors.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace actfn::conformance {
namespace {

using Json = nlohmann::json;
using Range = std::pair<std::uint64_t, std::uint64_t>;

constexpr std::size_t kLengthBytes = 8;

void require(bool good, const std::string& what) {
  if (!good) throw std::runtime_error(what);
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

std::uint64_t element_size(const std::string& type) {
  static const std::map<std::string, std::uint64_t> sizes = {{"F64", 8},  {"F32", 4}, {"F16", 2},
                                                             {"BF16", 2}, {"I64", 8}, {"I32", 4},
                                                             {"U8", 1},   {"BOOL", 1}};
  const auto found = sizes.find(type);
  require(found != sizes.end(), "type " + type + " is not known");
  return found->second;
}

// Multiplies; false where it does not fit.
bool multiply(std::uint64_t& product, std::uint64_t factor) {
  return !__builtin_mul_overflow(product, factor, &product);
}

Range range_of(const std::string& name, const Json& tensor, std::size_t data_size) {
  const auto offsets = tensor.at("data_offsets").get<std::vector<std::uint64_t>>();
  require(offsets.size() == 2 && offsets[0] <= offsets[1] && offsets[1] <= data_size,
          "tensor " + name + " lies outside the data");
  std::uint64_t size = element_size(tensor.at("dtype").get<std::string>());
  for (const Json& length : tensor.at("shape")) {
    require(length.is_number_unsigned() && multiply(size, length.get<std::uint64_t>()),
            "tensor " + name + " has an impossible shape");
  }
  require(size == offsets[1] - offsets[0], "tensor " + name + " has another size than its shape");
  return {offsets[0], offsets[1]};
}

// Tensors cover the data, without holes and overlaps.
void require_cover(std::vector<Range> ranges, std::size_t data_size) {
  std::sort(ranges.begin(), ranges.end());
  std::uint64_t end = 0;
  for (const Range& range : ranges) {
    require(range.first == end, "tensors overlap or leave holes");
    end = range.second;
  }
  require(end == data_size, "there is data behind the last tensor");
}

}  // namespace

Safetensors::Safetensors(std::string bytes) : bytes_(std::move(bytes)) {
  require(bytes_.size() >= kLengthBytes, "too short for a header's length");
  const auto length = little_endian(std::string_view(bytes_).substr(0, kLengthBytes));
  require(length <= bytes_.size() - kLengthBytes, "the header is longer than the file");
  try {
    read_header(static_cast<std::size_t>(length));
  } catch (const Json::exception& e) {
    throw std::runtime_error(std::string("the header is not what it should be: ") + e.what());
  }
}

void Safetensors::read_header(std::size_t length) {
  const std::string_view all = bytes_;
  const auto header = Json::parse(all.substr(kLengthBytes, length));
  require(header.is_object(), "the header is no JSON object");
  const auto data = all.substr(kLengthBytes + length);
  std::vector<Range> ranges;
  for (const auto& [name, value] : header.items()) {
    if (name == "__metadata__") {
      metadata_ = value.get<std::map<std::string, std::string>>();
      continue;
    }
    const Range range = range_of(name, value, data.size());
    ranges.push_back(range);
    entries_[name] = {value.at("dtype"), value.at("shape"),
                      data.substr(range.first, range.second - range.first)};
  }
  require_cover(std::move(ranges), data.size());
}

Safetensors Safetensors::parse(std::string bytes) { return Safetensors(std::move(bytes)); }

Safetensors Safetensors::read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(file.string() + ": cannot be opened");
  try {
    return parse(std::string(std::istreambuf_iterator<char>(in), {}));
  } catch (const std::runtime_error& e) {
    throw std::runtime_error(file.string() + ": " + e.what());
  }
}

const Safetensors::Entry& Safetensors::entry(const std::string& name) const {
  const auto found = entries_.find(name);
  require(found != entries_.end(), "there is no tensor " + name);
  return found->second;
}

const std::string& Safetensors::metadata(const std::string& name) const {
  const auto found = metadata_.find(name);
  require(found != metadata_.end(), "the metadata has no " + name);
  return found->second;
}

}  // namespace actfn::conformance
