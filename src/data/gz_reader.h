// SPDX-License-Identifier: Apache-2.0
// A file as a stream of bytes, unpacked where it is gzipped.
#pragma once

#include <zlib.h>

#include "data/byte_source.h"

#include <memory>

namespace actfn::data {

class GzReader : public ByteSource {
 public:
  explicit GzReader(const std::filesystem::path& file);

  std::size_t read(std::span<std::uint8_t> to) override;

  // Four bytes, the most significant one first.
  std::uint32_t read_number();

 private:
  [[noreturn]] void fail_read();
  void check_end();

  struct Close {
    void operator()(gzFile f) const { gzclose(f); }
  };
  std::unique_ptr<gzFile_s, Close> stream_;
};

}  // namespace actfn::data
