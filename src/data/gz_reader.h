// SPDX-License-Identifier: Apache-2.0
// A file as a stream of bytes, unpacked where it is gzipped.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace actfn::data {

// What is wrong with the file is a std::runtime_error that names it.
class GzReader {
 public:
  explicit GzReader(std::filesystem::path file);

  // As many bytes as there are.
  std::size_t read(std::span<std::uint8_t> to);

  // Four bytes, the most significant one first.
  std::uint32_t read_number();

  // All that is left, which must be exactly `size` bytes. Memory grows with what the file really
  // has, not with what its header claims.
  std::vector<std::uint8_t> read_rest(std::uint64_t size);

 private:
  [[noreturn]] void fail_read();
  void check_end();

  struct Close {
    void operator()(gzFile f) const { gzclose(f); }
  };
  std::filesystem::path file_;
  std::unique_ptr<gzFile_s, Close> stream_;
};

}  // namespace actfn::data
