// SPDX-License-Identifier: Apache-2.0
#include "catalogue/quote.h"
#include "catalogue/size.h"
#include "files/safetensors.h"
#include "files/safetensors_header.h"

#include <actfn/error.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace actfn::files {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kPiece = std::size_t{1} << 20U;  // of a file
constexpr std::size_t kMostHeader = 100'000'000;       // the authors' limit, too

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    number = number << 8U | static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

// Bytes of one element; 0 for a type that is not known.
std::size_t element_size(std::string_view type) {
  constexpr std::pair<std::string_view, std::size_t> kSizes[] = {
      {"F64", 8}, {"F32", 4}, {"F16", 2},  {"BF16", 2},    {"I64", 8},
      {"I32", 4}, {"I16", 2}, {"I8", 1},   {"U64", 8},     {"U32", 4},
      {"U16", 2}, {"U8", 1},  {"BOOL", 1}, {"F8_E5M2", 1}, {"F8_E4M3", 1}};
  const auto* const found =
      std::ranges::find(kSizes, type, &std::pair<std::string_view, std::size_t>::first);
  return found == std::end(kSizes) ? 0 : found->second;
}

// Of a file that is read piece by piece.
std::string read_bytes(std::ifstream& in, std::size_t size) {
  std::string bytes(size, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(size));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

}  // namespace

std::string shape_text(std::span<const std::size_t> shape) {
  constexpr std::size_t kMost = 8;  // of a header, there may be millions
  std::string text;
  for (const std::size_t n : shape.first(std::min(shape.size(), kMost))) {
    text.append(text.empty() ? "" : "x").append(std::to_string(n));
  }
  if (shape.size() > kMost) text += "x…";
  return text.empty() ? "()" : text;
}

void Safetensors::fail(const std::string& what) const {
  throw Error("[safetensors] " + name_ + ": " + what);
}

Safetensors::Safetensors(std::string bytes, std::string name)
    : name_(std::move(name)), bytes_(std::make_unique<const std::string>(std::move(bytes))) {
  read_header();
}

Safetensors Safetensors::parse(std::string bytes, std::string name) {
  return {std::move(bytes), std::move(name)};
}

void Safetensors::read_header() {
  const std::string_view all = *bytes_;
  if (all.size() < kLengthBytes) {
    fail("the file has " + std::to_string(all.size()) + " bytes, too few for a header's length");
  }
  const std::uint64_t length = little_endian(all.substr(0, kLengthBytes));
  if (length > kMostHeader) {
    fail("the header has " + std::to_string(length) + " bytes, more than the limit of " +
         std::to_string(kMostHeader));
  }
  if (length > all.size() - kLengthBytes) fail("the header is longer than the file");
  Header header;
  try {
    header = parse_header(all.substr(kLengthBytes, length));
  } catch (const HeaderError& error) {
    fail(error.what());
  }
  metadata_ = std::move(header.metadata);
  const std::string_view data = all.substr(kLengthBytes + length);
  for (const auto& [name, tensor] : header.tensors) add(name, tensor, data);
  require_cover(header.tensors, data.size());
}

void Safetensors::add(const std::string& name, const HeaderTensor& tensor, std::string_view data) {
  const std::string who = "tensor " + in_quotes(name);
  const std::size_t element = element_size(tensor.type);
  if (element == 0) fail(who + " has the unknown type " + in_quotes(tensor.type));
  if (tensor.offsets.size() != 2) fail(who + " must have two data_offsets");
  const std::uint64_t begin = tensor.offsets[0];
  const std::uint64_t end = tensor.offsets[1];
  if (begin > end || end > data.size()) fail(who + " lies outside the data");
  const std::vector<std::size_t> shape(tensor.shape.begin(), tensor.shape.end());
  Size size = element;
  for (const std::size_t n : shape) size = size * n;
  if (size.value() != end - begin) {
    fail(who + " has " + std::to_string(end - begin) + " bytes, which are not " + tensor.type +
         " of the shape " + shape_text(shape));
  }
  entries_[name] = {tensor.type, shape, data.substr(begin, end - begin)};
}

// Tensors cover the data, without holes and overlaps.
void Safetensors::require_cover(const std::map<std::string, HeaderTensor>& tensors,
                                std::size_t size) const {
  std::vector<std::array<std::uint64_t, 2>> ranges;
  ranges.reserve(tensors.size());
  for (const auto& [name, tensor] : tensors) {
    ranges.push_back({tensor.offsets[0], tensor.offsets[1]});
  }
  std::ranges::sort(ranges);
  std::uint64_t at = 0;
  for (const auto& [begin, end] : ranges) {
    if (begin != at) fail(begin < at ? "tensors overlap" : "tensors leave a hole in the data");
    at = end;
  }
  if (at != size) fail("there are data behind the last tensor");
}

Safetensors Safetensors::read(const std::filesystem::path& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::string bytes;
  if (in) {
    // The header first: what is no such file is not read to its end.
    bytes = read_bytes(in, kLengthBytes);
    const bool is_long = bytes.size() == kLengthBytes && little_endian(bytes) > kMostHeader;
    while (!is_long && in) bytes += read_bytes(in, kPiece);
  }
  if (!in.is_open() || in.bad() || errno == EISDIR) {
    throw std::runtime_error("[safetensors] " + file.string() +
                             ": cannot be read: " + std::generic_category().message(errno));
  }
  return parse(std::move(bytes), file.string());
}

const Safetensors::Entry& Safetensors::entry(const std::string& name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) fail("there is no tensor " + in_quotes(name));
  return found->second;
}

const std::string& Safetensors::metadata(const std::string& key) const {
  const auto found = metadata_.find(key);
  if (found == metadata_.end()) fail("the metadata has no " + in_quotes(key));
  return found->second;
}

}  // namespace actfn::files
