// SPDX-License-Identifier: Apache-2.0
#include "data/gz_reader.h"

#include "data/directory.h"
#include "data/failure.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace actfn::data {

// gzread also reads files that are not compressed.
GzReader::GzReader(const std::filesystem::path& file) : ByteSource(file) {
  if (is_folder(file)) fail(file, "is a directory");
  errno = 0;
  stream_.reset(gzopen(file.c_str(), "rb"));
  if (stream_ == nullptr) fail(file, std::strerror(errno));
  gzbuffer(stream_.get(), 1U << 17U);
}

std::size_t GzReader::read(std::span<std::uint8_t> to) {
  std::size_t done = 0;
  while (done < to.size()) {
    const auto want = std::min<std::size_t>(to.size() - done, 1U << 30U);
    const int got = gzread(stream_.get(), to.data() + done, static_cast<unsigned>(want));
    if (got < 0) fail_read();
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  check_end();
  return done;
}

std::uint32_t GzReader::read_number() {
  std::array<std::uint8_t, 4> b{};
  read_header(b);
  return (std::uint32_t{b[0]} << 24U) | (std::uint32_t{b[1]} << 16U) | (std::uint32_t{b[2]} << 8U) |
         b[3];
}

void GzReader::fail_read() {
  int code = 0;
  std::string text = gzerror(stream_.get(), &code);
  if (code == Z_ERRNO) text = std::strerror(errno);
  const std::string file = name().string() + ": ";  // zlib begins with it
  if (text.starts_with(file)) text.erase(0, file.size());
  fail(name(), "damaged or truncated: " + text);
}

// A truncated .gz shows itself only here: gzread hands out what it has first.
void GzReader::check_end() {
  int code = 0;
  gzerror(stream_.get(), &code);
  if (code != Z_OK && code != Z_STREAM_END) fail_read();
}

}  // namespace actfn::data
