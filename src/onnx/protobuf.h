// SPDX-License-Identifier: Apache-2.0
// Writes messages in protobuf's wire format: https://protobuf.dev/programming-guides/encoding
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace actfn::onnx {

class Message {
 public:
  // Fields may be added in any order. Negative numbers take ten bytes, as protobuf wants int64.
  void add(unsigned field, std::int64_t number) {
    key(field, kVarint);
    varint(static_cast<std::uint64_t>(number));
  }
  void add(unsigned field, float number) {
    key(field, kFixed32);
    const auto bits = std::bit_cast<std::uint32_t>(number);
    for (unsigned shift = 0; shift < 32; shift += 8) {
      bytes_.push_back(static_cast<char>(bits >> shift & 0xFFU));
    }
  }
  void add(unsigned field, std::string_view bytes) {
    key(field, kLengthDelimited);
    varint(bytes.size());
    bytes_ += bytes;
  }
  void add(unsigned field, const Message& message) { add(field, message.bytes_); }

  const std::string& bytes() const { return bytes_; }

 private:
  static constexpr unsigned kVarint = 0;
  static constexpr unsigned kLengthDelimited = 2;
  static constexpr unsigned kFixed32 = 5;

  void key(unsigned field, unsigned type) { varint(field << 3U | type); }
  void varint(std::uint64_t number) {
    while (number >= 0x80U) {
      bytes_.push_back(static_cast<char>((number & 0x7FU) | 0x80U));
      number >>= 7U;
    }
    bytes_.push_back(static_cast<char>(number));
  }

  std::string bytes_;
};

}  // namespace actfn::onnx
