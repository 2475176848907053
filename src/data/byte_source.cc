// SPDX-License-Identifier: Apache-2.0
#include "data/byte_source.h"

#include "data/failure.h"

#include <algorithm>
#include <array>

namespace actfn::data {
namespace {

constexpr std::uint64_t kFirst = std::uint64_t{1} << 16U;  // bytes read at once, at first
constexpr std::uint64_t kStep = std::uint64_t{1} << 26U;   // and then

}  // namespace

void ByteSource::read_header(std::span<std::uint8_t> to) {
  if (read(to) != to.size()) fail(name_, "ends within its header");
}

std::vector<std::uint8_t> ByteSource::read_rest(std::uint64_t size) {
  std::vector<std::uint8_t> bytes;
  std::size_t got = 0;
  while (got == bytes.size() && got < size) {
    const std::uint64_t step = got == 0 ? kFirst : kStep;
    bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(size, got + step)));
    got += read(std::span(bytes).subspan(got));
  }
  if (got != size) {
    fail(name_, "ends after " + std::to_string(got) + " of the " + std::to_string(size) +
                    " bytes that its header promises");
  }
  std::array<std::uint8_t, 1> more{};
  if (read(more) != 0) fail(name_, "goes on after the data that its header promises");
  return bytes;
}

std::vector<std::uint8_t> ByteSource::read_all(std::size_t most) {
  std::vector<std::uint8_t> bytes;
  std::size_t got = 0;
  while (got == bytes.size() && got <= most) {
    bytes.resize(std::min(most + 1, got + std::max<std::size_t>(kFirst, got)));
    got += read(std::span(bytes).subspan(got));
  }
  if (got > most) {
    fail(name_, "holds more than the limit of " + std::to_string(most >> 20U) + " MiB");
  }
  bytes.resize(got);
  return bytes;
}

}  // namespace actfn::data
