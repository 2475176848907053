// SPDX-License-Identifier: Apache-2.0
// PNG and JPEG images.
#include <zlib.h>

#include <string>

#include "data/image_file.h"
#include "support/data_file.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    number = number << 8U | static_cast<std::uint8_t>(bytes[i]);
  }
  return number;
}

// With the checksums that its pieces should have, which would stop a fuzzer.
std::string mended(std::string png) {
  constexpr std::size_t kAround = 12;  // length, name and checksum of a piece
  std::size_t at = 8;
  while (png.size() >= kAround && at <= png.size() - kAround) {
    const std::size_t size = number_at(png, at);
    if (size > png.size() - at - kAround) break;
    const auto* data = reinterpret_cast<const Bytef*>(png.data() + at + 4);
    const auto sum = static_cast<std::uint32_t>(crc32(0, data, static_cast<uInt>(size + 4)));
    for (std::size_t i = 0; i < 4; ++i) {
      png[at + 8 + size + i] = static_cast<char>(sum >> (24 - 8 * i));
    }
    at += size + kAround;
  }
  return png;
}

void check(Stream in) {
  const std::size_t kind = in.below(3);
  const std::string bytes(in.rest());
  const std::string content = kind == 1 ? mended(bytes) : bytes;
  const std::span all(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
  data::Image image;
  const auto read = [&] {
    image = kind == 2 ? data::decode_jpeg("memory", all) : data::decode_png("memory", all);
  };
  if (!is_read("memory: ", read)) return;
  const std::size_t channels = image.shape.channels;
  require(channels == 1 || channels == 3, "other channels");
  require(image.pixels.size() == image.shape.size() && image.shape.size() > 0,
          "a wrong number of pixels");
  const std::vector<std::uint8_t> first = image.pixels;
  read();
  require(image.pixels == first, "other pixels the second time");
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check({data, size});
  return 0;
}
