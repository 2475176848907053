// SPDX-License-Identifier: Apache-2.0
#include <png.h>

#include "data/failure.h"
#include "data/image_file.h"

#include <string>

namespace actfn::data {
namespace {

// Frees what libpng holds, whatever happens.
class Png {
 public:
  Png() { image_.version = PNG_IMAGE_VERSION; }
  ~Png() { png_image_free(&image_); }
  Png(const Png&) = delete;
  Png& operator=(const Png&) = delete;
  png_image& get() { return image_; }

 private:
  png_image image_{};
};

}  // namespace

Image decode_png(const std::filesystem::path& file, std::span<const std::uint8_t> bytes) {
  Png png;
  png_image& image = png.get();
  const auto fail_png = [&] {
    fail(file, std::string("is no PNG that can be read: ") + image.message);
  };
  if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) fail_png();
  if ((image.format & PNG_FORMAT_FLAG_ALPHA) != 0) {
    fail(file, "is transparent (it has an alpha channel); save it in grey or RGB");
  }
  const bool has_colours = (image.format & PNG_FORMAT_FLAG_COLOR) != 0;
  const SampleShape shape = {has_colours ? 3U : 1U, image.height, image.width};
  require_image_size(file, shape);
  image.format = has_colours ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // 16 bits without a gamma have that of 8 bits
  std::vector<std::uint8_t> pixels(shape.size());
  if (png_image_finish_read(&image, nullptr, pixels.data(), 0, nullptr) == 0) fail_png();
  return image_of(shape, pixels);
}

}  // namespace actfn::data
