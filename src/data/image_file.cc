// SPDX-License-Identifier: Apache-2.0
#include "data/image_file.h"

#include "data/failure.h"
#include "data/gz_reader.h"

#include <algorithm>
#include <initializer_list>
#include <string>

namespace actfn::data {
namespace {

constexpr std::size_t kMostFile = std::size_t{1} << 28U;
constexpr std::size_t kMostNumbers = std::size_t{1} << 24U;  // with all channels

bool begins_with(std::span<const std::uint8_t> bytes, std::initializer_list<std::uint8_t> start) {
  if (bytes.size() < start.size()) return false;
  return std::equal(start.begin(), start.end(), bytes.begin());
}

}  // namespace

void require_image_size(const std::filesystem::path& file, const SampleShape& shape) {
  if (shape.size() == 0) fail(file, "has no pixels");
  const Size size = Size(shape.channels) * shape.height * shape.width;
  if (size > kMostNumbers) {
    fail(file, "its header asks for an image of " + to_string(shape) + ", more than " +
                   std::to_string(kMostNumbers) + " numbers");
  }
}

Image image_of(const SampleShape& shape, std::span<const std::uint8_t> interleaved) {
  Image image = {shape, std::vector<std::uint8_t>(shape.size())};
  const std::size_t plane = shape.height * shape.width;
  for (std::size_t pixel = 0; pixel < plane; ++pixel) {
    for (std::size_t c = 0; c < shape.channels; ++c) {
      image.pixels[c * plane + pixel] = interleaved[pixel * shape.channels + c];
    }
  }
  return image;
}

Image read_image(const std::filesystem::path& file) {
  const auto bytes = GzReader(file).read_all(kMostFile);
  if (begins_with(bytes, {0x89, 'P', 'N', 'G'})) return decode_png(file, bytes);
  if (begins_with(bytes, {0xFF, 0xD8})) return decode_jpeg(file, bytes);
  fail(file, "is neither a PNG nor a JPEG");
}

}  // namespace actfn::data
