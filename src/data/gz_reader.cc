// SPDX-License-Identifier: Apache-2.0
#include "data/gz_reader.h"

#include "data/failure.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace actfn::data {
namespace {

constexpr std::uint64_t kFirst = std::uint64_t{1} << 16U;  // bytes read at once, at first
constexpr std::uint64_t kStep = std::uint64_t{1} << 26U;   // and then

}  // namespace

// gzread also reads files that are not compressed.
GzReader::GzReader(std::filesystem::path file) : file_(std::move(file)) {
  if (std::filesystem::is_directory(file_)) fail(file_, "is a directory");
  errno = 0;
  stream_.reset(gzopen(file_.c_str(), "rb"));
  if (stream_ == nullptr) fail(file_, std::strerror(errno));
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
  if (read(b) != b.size()) fail(file_, "ends within its header");
  return (std::uint32_t{b[0]} << 24U) | (std::uint32_t{b[1]} << 16U) | (std::uint32_t{b[2]} << 8U) |
         b[3];
}

std::vector<std::uint8_t> GzReader::read_rest(std::uint64_t size) {
  std::vector<std::uint8_t> bytes;
  std::size_t got = 0;
  while (got == bytes.size() && got < size) {
    const std::uint64_t step = got == 0 ? kFirst : kStep;
    bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(size, got + step)));
    got += read(std::span(bytes).subspan(got));
  }
  if (got != size) {
    fail(file_, "ends after " + std::to_string(got) + " of the " + std::to_string(size) +
                    " bytes that its header promises");
  }
  std::array<std::uint8_t, 1> more{};
  if (read(more) != 0) fail(file_, "goes on after the data that its header promises");
  return bytes;
}

void GzReader::fail_read() {
  int code = 0;
  std::string text = gzerror(stream_.get(), &code);
  if (code == Z_ERRNO) text = std::strerror(errno);
  const std::string name = file_.string() + ": ";  // zlib begins with it
  if (text.starts_with(name)) text.erase(0, name.size());
  fail(file_, "damaged or truncated: " + text);
}

// A truncated .gz shows itself only here: gzread hands out what it has first.
void GzReader::check_end() {
  int code = 0;
  gzerror(stream_.get(), &code);
  if (code != Z_OK && code != Z_STREAM_END) fail_read();
}

}  // namespace actfn::data
