// SPDX-License-Identifier: Apache-2.0
#include "data/npy.h"

#include "catalogue/quote.h"
#include "data/failure.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

namespace actfn::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostHeader = std::size_t{1} << 16U;

std::string read_header_text(ByteSource& from) {
  std::array<std::uint8_t, 8> start{};
  from.read_header(start);
  constexpr std::string_view kMagic = "\x93NUMPY";
  if (std::memcmp(start.data(), kMagic.data(), kMagic.size()) != 0) {
    fail(from.name(), "is no array of NumPy: it does not begin with \\x93NUMPY");
  }
  const int version = start[6];
  if (version < 1 || version > 3 || start[7] != 0) {
    fail(from.name(), "has the version " + std::to_string(version) + "." +
                          std::to_string(start[7]) + " of npy; 1.0, 2.0 and 3.0 are known");
  }
  std::array<std::uint8_t, 4> length{};
  from.read_header(std::span(length).first(version == 1 ? 2 : 4));
  const std::size_t size = length[0] | (std::size_t{length[1]} << 8U) |
                           (std::size_t{length[2]} << 16U) | (std::size_t{length[3]} << 24U);
  if (size > kMostHeader) {
    fail(from.name(), "has a header of " + std::to_string(size) + " bytes, more than " +
                          std::to_string(kMostHeader));
  }
  std::vector<std::uint8_t> text(size);
  from.read_header(text);
  return {text.begin(), text.end()};
}

// Byte order, kind and width.
void check_type(const fs::path& file, const std::string& type) {
  constexpr std::string_view kTypes[] = {"b1", "u1", "i1", "u2", "i2", "u4",
                                         "i4", "u8", "i8", "f2", "f4", "f8"};
  if (type.size() >= 2 && type[1] == 'O') {
    fail(file, "holds Python objects (pickled), which are not read; save numbers");
  }
  const bool is_known = type.size() == 3 && std::strchr("<>|=", type[0]) != nullptr &&
                        std::ranges::count(kTypes, std::string_view(type).substr(1)) > 0;
  if (!is_known) {
    fail(file, "has the type " + in_quotes(type) +
                   "; known are truth values, whole numbers and floats of 2, 4 and 8 bytes");
  }
}

// Calls f(from, to) for the place of each element in Fortran's order and in C's.
template <class F>
void for_each_place(const std::vector<std::size_t>& shape, std::size_t count, const F& f) {
  std::vector<std::size_t> strides(shape.size(), 1);
  for (std::size_t d = 1; d < shape.size(); ++d) strides[d] = strides[d - 1] * shape[d - 1];
  std::vector<std::size_t> index(shape.size(), 0);
  std::size_t from = 0;
  for (std::size_t to = 0; to < count; ++to) {
    f(from, to);
    for (std::size_t d = shape.size(); d-- > 0;) {
      from += strides[d];
      if (++index[d] < shape[d]) break;
      from -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
}

void put_in_c_order(const std::vector<std::size_t>& shape, std::size_t width,
                    std::vector<std::uint8_t>& bytes) {
  const std::vector<std::uint8_t> old = bytes;
  for_each_place(shape, bytes.size() / width, [&](std::size_t from, std::size_t to) {
    std::copy_n(old.data() + from * width, width, bytes.data() + to * width);
  });
}

void swap_bytes(std::size_t width, std::vector<std::uint8_t>& bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += width) {
    std::reverse(bytes.data() + at, bytes.data() + at + width);
  }
}

double half(std::uint64_t bits) {
  const auto exponent = static_cast<int>((bits >> 10U) & 31U);
  const auto fraction = static_cast<double>(bits & 1023U);
  const double sign = (bits >> 15U) != 0 ? -1 : 1;
  if (exponent == 31) return fraction == 0 ? sign * INFINITY : std::nan("");
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

}  // namespace

NpyArray::NpyArray(ByteSource& from) : name_(from.name()) {
  const NpyHeader header = parse_npy_header(name_, read_header_text(from));
  check_type(name_, header.type);
  kind_ = header.type[1];
  width_ = static_cast<std::size_t>(header.type[2] - '0');
  shape_ = header.shape;
  Size size = width_;
  for (const std::size_t n : shape_) size = size * n;
  // A size of 0 may have factors whose product wraps.
  if (std::ranges::count(shape_, std::size_t{0}) > 0) fail(name_, "has no numbers");
  require_size(name_, size);
  bytes_ = from.read_rest(size.value());
  if (header.type[0] == '>') swap_bytes(width_, bytes_);
  if (header.is_fortran && shape_.size() > 1) put_in_c_order(shape_, width_, bytes_);
}

std::string NpyArray::shape_text() const {
  std::string text = "(";
  for (const std::size_t n : shape_) text += (text.size() == 1 ? "" : ", ") + std::to_string(n);
  return text + (shape_.size() == 1 ? ",)" : ")");
}

double NpyArray::at(std::size_t i) const {
  std::uint64_t bits = 0;
  for (std::size_t b = 0; b < width_; ++b) {
    bits |= std::uint64_t{bytes_[i * width_ + b]} << (8 * b);
  }
  if (kind_ == 'b') return bits != 0 ? 1 : 0;
  if (kind_ == 'u') return static_cast<double>(bits);
  if (kind_ == 'i') {
    const auto unused = static_cast<unsigned>(64 - 8 * width_);
    return static_cast<double>(static_cast<std::int64_t>(bits << unused) >> unused);
  }
  if (width_ == 2) return half(bits);
  if (width_ == 4) return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  return std::bit_cast<double>(bits);
}

}  // namespace actfn::data
