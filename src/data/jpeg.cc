// SPDX-License-Identifier: Apache-2.0
// libjpeg reports errors by a function that must not return: it jumps. So no function here that
// calls the library has an object with a destructor.
#include <cstdio>  // jpeglib.h needs FILE

#include <jerror.h>
#include <jpeglib.h>

#include "data/failure.h"
#include "data/image_file.h"

#include <csetjmp>
#include <memory>
#include <string>

namespace actfn::data {
namespace {

constexpr long kMostMemory = 1L << 28U;  // of libjpeg itself
constexpr int kMostScans = 200;          // of a progressive image: each may take long

struct Decoder {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf jump{};
  char message[JMSG_LENGTH_MAX]{};

  Decoder() = default;
  ~Decoder() { jpeg_destroy_decompress(&jpeg); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
};

Decoder& decoder_of(j_common_ptr jpeg) { return *static_cast<Decoder*>(jpeg->client_data); }

[[noreturn]] void on_error(j_common_ptr jpeg) {
  Decoder& decoder = decoder_of(jpeg);
  jpeg->err->format_message(jpeg, decoder.message);
  std::longjmp(decoder.jump, 1);
}

// Damaged data are warnings to libjpeg, which goes on with grey. Bytes that are too many, and a
// version that is unknown, do no harm.
void on_message(j_common_ptr jpeg, int level) {
  const int code = jpeg->err->msg_code;
  if (level < 0 && code != JWRN_EXTRANEOUS_DATA && code != JWRN_JFIF_MAJOR) on_error(jpeg);
}

void on_progress(j_common_ptr jpeg) {
  Decoder& decoder = decoder_of(jpeg);
  if (decoder.jpeg.input_scan_number <= kMostScans) return;
  std::snprintf(decoder.message, sizeof decoder.message, "more than %d scans", kMostScans);
  std::longjmp(decoder.jump, 1);
}

// Each of these is false where there is an error, with a message.
bool read_header(Decoder& decoder, const std::uint8_t* bytes, std::size_t size) {
  jpeg_decompress_struct& jpeg = decoder.jpeg;
  jpeg.err = jpeg_std_error(&decoder.errors);
  decoder.errors.error_exit = on_error;
  decoder.errors.emit_message = on_message;
  jpeg.client_data = &decoder;
  if (setjmp(decoder.jump) != 0) return false;
  jpeg_create_decompress(&jpeg);
  jpeg.mem->max_memory_to_use = kMostMemory;
  decoder.progress.progress_monitor = on_progress;
  jpeg.progress = &decoder.progress;
  jpeg_mem_src(&jpeg, bytes, size);
  jpeg_read_header(&jpeg, TRUE);
  return true;
}

bool read_pixels(Decoder& decoder, std::uint8_t* pixels, std::size_t row) {
  jpeg_decompress_struct& jpeg = decoder.jpeg;
  if (setjmp(decoder.jump) != 0) return false;
  jpeg.out_color_space = jpeg.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress(&jpeg);
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW at = pixels + jpeg.output_scanline * row;
    jpeg_read_scanlines(&jpeg, &at, 1);
  }
  jpeg_finish_decompress(&jpeg);
  return true;
}

}  // namespace

Image decode_jpeg(const std::filesystem::path& file, std::span<const std::uint8_t> bytes) {
  const auto decoder = std::make_unique<Decoder>();
  const auto fail_jpeg = [&] {
    fail(file, std::string("is no JPEG that can be read: ") + decoder->message);
  };
  if (!read_header(*decoder, bytes.data(), bytes.size())) fail_jpeg();
  const auto channels = static_cast<std::size_t>(decoder->jpeg.num_components);
  if (channels != 1 && channels != 3) {
    fail(file, "has " + std::to_string(channels) + " colours; save it in grey or RGB");
  }
  const SampleShape shape = {channels, decoder->jpeg.image_height, decoder->jpeg.image_width};
  require_image_size(file, shape);
  std::vector<std::uint8_t> pixels(shape.size());
  if (!read_pixels(*decoder, pixels.data(), channels * shape.width)) fail_jpeg();
  return image_of(shape, pixels);
}

}  // namespace actfn::data
