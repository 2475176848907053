// SPDX-License-Identifier: Apache-2.0
// Images in the formats PNG and JPEG.
#pragma once

#include "data/dataset.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace actfn::data {

struct Image {
  SampleShape shape;                 // of one channel or three
  std::vector<std::uint8_t> pixels;  // [channels, height, width]
};

// Each throws std::runtime_error that names the file where it is damaged or too large, and for
// transparent images and those of four colours.
Image read_image(const std::filesystem::path& file);
Image decode_png(const std::filesystem::path& file, std::span<const std::uint8_t> bytes);
Image decode_jpeg(const std::filesystem::path& file, std::span<const std::uint8_t> bytes);

// Fails where an image is larger than any that is read: a file of some bytes may ask for gigabytes.
void require_image_size(const std::filesystem::path& file, const SampleShape& shape);

// Of pixels with all their channels side by side.
Image image_of(const SampleShape& shape, std::span<const std::uint8_t> interleaved);

}  // namespace actfn::data
