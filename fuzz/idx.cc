// SPDX-License-Identifier: Apache-2.0
// Files of images and labels, plain and gzipped.
#include "data/idx.h"

#include <zlib.h>

#include <algorithm>
#include <string>

#include "support/data_file.h"
#include "support/file.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

std::string gzipped(std::string_view bytes) {
  z_stream stream{};
  require(deflateInit2(&stream, 1, Z_DEFLATED, 16 + 9, 1, Z_DEFAULT_STRATEGY) == Z_OK, "zlib");
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  require(deflate(&stream, Z_FINISH) == Z_STREAM_END, "zlib");
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

bool ends_with(std::string_view content, const std::vector<std::uint8_t>& bytes) {
  return content.size() >= bytes.size() &&
         std::equal(bytes.begin(), bytes.end(), content.end() - std::ssize(bytes),
                    [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); });
}

// `content` is what the file holds when it is unpacked; empty where that is not known.
void check_images(const File& file, std::string_view content) {
  data::Images images;
  if (!is_read(file.path().string() + ": ", [&] { images = data::read_images(file.path()); }))
    return;
  require(images.count > 0 && images.shape.size() > 0, "no images");
  require(images.pixels.size() == images.count * images.shape.size(), "a wrong number of pixels");
  if (content.empty()) return;
  const std::size_t header = content[3] == 4 ? 20 : 16;
  require(content.size() == images.pixels.size() + header && ends_with(content, images.pixels),
          "other pixels than the file's");
}

void check_labels(const File& file, std::string_view content) {
  std::vector<std::int64_t> labels;
  if (!is_read(file.path().string() + ": ", [&] { labels = data::read_labels(file.path()); }))
    return;
  if (content.empty()) return;
  if (content[2] == 0x0c) {  // 32-bit integers
    require(content.size() >= 8 + 4 * labels.size(), "more labels than the file's");
    return;
  }
  const std::vector<std::uint8_t> bytes(labels.begin(), labels.end());
  require(content.size() == labels.size() + 8 && ends_with(content, bytes),
          "other labels than the file's");
}

void check(Stream in) {
  static const File file;
  const std::size_t kind = in.below(4);
  const std::string_view bytes = in.rest();
  const bool is_packed = kind % 2 == 1;
  // What begins as a .gz does is unpacked by zlib.
  const bool is_known = is_packed || !bytes.starts_with("\x1f\x8b");
  file.set(is_packed ? gzipped(bytes) : bytes);
  const std::string_view content = is_known ? bytes : std::string_view();
  return kind < 2 ? check_images(file, content) : check_labels(file, content);
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check({data, size});
  return 0;
}
