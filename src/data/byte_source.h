// SPDX-License-Identifier: Apache-2.0
// A stream of bytes: a file, or a part of an archive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace actfn::data {

// What is wrong with it is a std::runtime_error that names it.
class ByteSource {
 public:
  explicit ByteSource(std::filesystem::path name) : name_(std::move(name)) {}
  virtual ~ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  const std::filesystem::path& name() const { return name_; }

  // As many bytes as there are.
  virtual std::size_t read(std::span<std::uint8_t> to) = 0;

  // Fails where there are fewer.
  void read_header(std::span<std::uint8_t> to);

  // All that is left, which must be exactly `size` bytes. Memory grows with what there really is,
  // not with what a header claims.
  std::vector<std::uint8_t> read_rest(std::uint64_t size);

  // All that is left; fails where that is more than `most` bytes.
  std::vector<std::uint8_t> read_all(std::size_t most);

 private:
  std::filesystem::path name_;
};

}  // namespace actfn::data
