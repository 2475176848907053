// SPDX-License-Identifier: Apache-2.0
#include "data/idx.h"

#include "data/failure.h"
#include "data/gz_reader.h"

#include <cstdio>
#include <string>

namespace actfn::data {
namespace {

namespace fs = std::filesystem;

// The third byte of a magic number is the type, the last one the number of dimensions.
constexpr std::uint32_t kImages = 0x00000803;
constexpr std::uint32_t kImagesWithChannels = 0x00000804;
constexpr std::uint32_t kLabels = 0x00000801;
constexpr std::uint32_t kIntegerLabels = 0x00000c01;
constexpr std::uint32_t kIntegerRows = 0x00000c02;
constexpr std::size_t kMostPixels = std::size_t{1} << 24U;  // of an image

[[noreturn]] void fail_magic(const fs::path& file, std::uint32_t got, std::uint32_t want) {
  char text[96];
  std::snprintf(text, sizeof text, "magic number is 0x%08x, IDX %s have 0x%08x", got,
                want == kImages ? "images" : "labels", want);
  fail(file, text);
}

// The first number of each row, in two's complement.
std::vector<std::int64_t> first_column(const std::vector<std::uint8_t>& bytes, std::size_t row) {
  std::vector<std::int64_t> labels;
  labels.reserve(bytes.size() / row);
  for (std::size_t at = 0; at < bytes.size(); at += row) {
    const std::uint32_t bits = (std::uint32_t{bytes[at]} << 24U) |
                               (std::uint32_t{bytes[at + 1]} << 16U) |
                               (std::uint32_t{bytes[at + 2]} << 8U) | bytes[at + 3];
    labels.push_back(static_cast<std::int32_t>(bits));
  }
  return labels;
}

}  // namespace

Images read_images(const fs::path& file) {
  GzReader in(file);
  const std::uint32_t magic = in.read_number();
  if (magic != kImages && magic != kImagesWithChannels) fail_magic(file, magic, kImages);
  Images images;
  images.count = in.read_number();
  images.shape.channels = magic == kImages ? 1 : in.read_number();
  images.shape.height = in.read_number();
  images.shape.width = in.read_number();
  const auto& [channels, height, width] = images.shape;
  if (images.count == 0 || channels == 0 || height == 0 || width == 0) {
    fail(file, "holds no images");
  }
  const Size pixels = Size(channels) * height * width;
  if (pixels > kMostPixels) {
    fail(file, "its header asks for images of " + to_string(images.shape));
  }
  require_size(file, pixels * images.count);
  images.pixels = in.read_rest((pixels * images.count).value());
  return images;
}

std::vector<std::int64_t> read_labels(const fs::path& file) {
  constexpr std::size_t kWidth = sizeof(std::int32_t);
  GzReader in(file);
  const std::uint32_t magic = in.read_number();
  if (magic != kLabels && magic != kIntegerLabels && magic != kIntegerRows) {
    fail_magic(file, magic, kLabels);
  }
  const std::size_t count = in.read_number();
  require_size(file, Size(count) * sizeof(std::int64_t));
  if (magic == kLabels) {
    const auto bytes = in.read_rest(count);
    return {bytes.begin(), bytes.end()};
  }
  const std::size_t columns = magic == kIntegerRows ? in.read_number() : 1;
  if (columns == 0) fail(file, "its header asks for rows of no labels");
  const Size row = Size(columns) * kWidth;
  require_size(file, row * count);
  return first_column(in.read_rest((row * count).value()), row.value());
}

}  // namespace actfn::data
