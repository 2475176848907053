// SPDX-License-Identifier: Apache-2.0
// PNG and JPEG files for tests.
#pragma once

#include <gtest/gtest.h>
#include <png.h>

#include <cstdint>
#include <cstdio>  // jpeglib.h needs FILE
#include <cstdlib>
#include <string>
#include <vector>

#include <jpeglib.h>

namespace actfn::testing {

// `format`: PNG_FORMAT_GRAY, PNG_FORMAT_RGB and so on; pixels have their channels side by side.
// Of linear formats, pixels are of 16 bits.
inline std::string png(unsigned width, unsigned height, png_uint_32 format, const void* pixels,
                       const void* palette = nullptr) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = format;
  image.colormap_entries = palette == nullptr ? 0 : 2;
  png_alloc_size_t size = 0;
  EXPECT_NE(png_image_write_to_memory(&image, nullptr, &size, 0, pixels, 0, palette), 0);
  std::string bytes(size, '\0');
  EXPECT_NE(png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels, 0, palette), 0);
  bytes.resize(size);
  return bytes;
}

inline std::string grey_png(unsigned width, unsigned height, const std::string& pixels) {
  return png(width, height, PNG_FORMAT_GRAY, pixels.data());
}

inline std::string jpeg(unsigned width, unsigned height, int channels, std::string pixels,
                        bool is_progressive = false) {
  jpeg_compress_struct image{};
  jpeg_error_mgr errors{};
  image.err = jpeg_std_error(&errors);
  jpeg_create_compress(&image);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&image, &bytes, &size);
  image.image_width = width;
  image.image_height = height;
  image.input_components = channels;
  image.in_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&image);
  jpeg_set_quality(&image, 100, TRUE);
  if (is_progressive) jpeg_simple_progression(&image);
  jpeg_start_compress(&image, TRUE);
  while (image.next_scanline < height) {
    auto* row = reinterpret_cast<JSAMPROW>(pixels.data()) +
                image.next_scanline * width * static_cast<unsigned>(channels);
    jpeg_write_scanlines(&image, &row, 1);
  }
  jpeg_finish_compress(&image);
  std::string all(reinterpret_cast<char*>(bytes), size);
  jpeg_destroy_compress(&image);
  std::free(bytes);
  return all;
}

}  // namespace actfn::testing
