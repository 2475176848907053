// SPDX-License-Identifier: Apache-2.0
#include "data/idx.h"

#include <zlib.h>

#include <algorithm>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

namespace actfn::data {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kImageMagic = 0x00000803;  // unsigned bytes, 3 dimensions
constexpr std::uint32_t kLabelMagic = 0x00000801;
constexpr std::uint64_t kMostPixels = std::uint64_t{1} << 24U;  // of an image
constexpr std::uint64_t kFirst = std::uint64_t{1} << 16U;       // bytes read at once, at first
constexpr std::uint64_t kStep = std::uint64_t{1} << 26U;        // and then
constexpr int kMostLabel = 9;

[[noreturn]] void fail(const fs::path& file, const std::string& what) {
  throw std::runtime_error("[data] " + file.string() + ": " + what);
}

// gzread also reads files that are not compressed.
class Reader {
 public:
  explicit Reader(fs::path file) : file_(std::move(file)) {
    if (fs::is_directory(file_)) fail(file_, "is a directory");
    errno = 0;
    stream_.reset(gzopen(file_.c_str(), "rb"));
    if (stream_ == nullptr) fail(file_, std::strerror(errno));
    gzbuffer(stream_.get(), 1U << 17U);
  }

  std::size_t read(std::span<std::uint8_t> to) {
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

  std::uint32_t read_number() {
    std::array<std::uint8_t, 4> b{};
    if (read(b) != b.size()) fail(file_, "ends within its header");
    return (std::uint32_t{b[0]} << 24U) | (std::uint32_t{b[1]} << 16U) |
           (std::uint32_t{b[2]} << 8U) | b[3];
  }

  // All that is left, which must be exactly `size` bytes. Memory grows with what the file really
  // has, not with what its header claims.
  std::vector<std::uint8_t> read_rest(std::uint64_t size) {
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

 private:
  [[noreturn]] void fail_read() {
    int code = 0;
    std::string text = gzerror(stream_.get(), &code);
    if (code == Z_ERRNO) text = std::strerror(errno);
    const std::string name = file_.string() + ": ";  // zlib begins with it
    if (text.starts_with(name)) text.erase(0, name.size());
    fail(file_, "damaged or truncated: " + text);
  }

  // A truncated .gz shows itself only here: gzread hands out what it has first.
  void check_end() {
    int code = 0;
    gzerror(stream_.get(), &code);
    if (code != Z_OK && code != Z_STREAM_END) fail_read();
  }

  struct Close {
    void operator()(gzFile f) const { gzclose(f); }
  };
  fs::path file_;
  std::unique_ptr<gzFile_s, Close> stream_;
};

void check_magic(const fs::path& file, std::uint32_t got, std::uint32_t want) {
  if (got == want) return;
  char text[96];
  std::snprintf(text, sizeof text, "magic number is 0x%08x, IDX %s have 0x%08x", got,
                want == kImageMagic ? "images" : "labels", want);
  fail(file, text);
}

fs::path plain_or_gz(const fs::path& directory, const std::string& name) {
  for (const auto& candidate : {directory / name, directory / (name + ".gz")}) {
    if (fs::exists(candidate)) return candidate;
  }
  fail(directory, "has neither " + name + " nor " + name + ".gz");
}

Labelled read_labelled(const fs::path& directory, const std::string& stem) {
  const fs::path images = plain_or_gz(directory, stem + "-images-idx3-ubyte");
  const fs::path labels = plain_or_gz(directory, stem + "-labels-idx1-ubyte");
  Labelled both = {read_images(images), read_labels(labels)};
  if (both.images.count != both.labels.size()) {
    fail(labels, "has " + std::to_string(both.labels.size()) + " labels for the " +
                     std::to_string(both.images.count) + " images of " + images.string());
  }
  for (std::size_t i = 0; i < both.labels.size(); ++i) {
    if (both.labels[i] <= kMostLabel) continue;
    fail(labels, "label " + std::to_string(i) + " is " + std::to_string(both.labels[i]) +
                     ", labels go from 0 to 9");
  }
  return both;
}

}  // namespace

Images read_images(const fs::path& file) {
  Reader in(file);
  check_magic(file, in.read_number(), kImageMagic);
  Images images;
  images.count = in.read_number();
  images.height = in.read_number();
  images.width = in.read_number();
  if (images.count == 0 || images.size() == 0) fail(file, "holds no images");
  if (images.size() > kMostPixels) {
    fail(file, "its header asks for images of " + std::to_string(images.height) + "x" +
                   std::to_string(images.width));
  }
  images.pixels = in.read_rest(images.count * images.size());
  return images;
}

std::vector<std::uint8_t> read_labels(const fs::path& file) {
  Reader in(file);
  check_magic(file, in.read_number(), kLabelMagic);
  return in.read_rest(in.read_number());
}

Dataset read_dataset(const fs::path& directory) {
  if (!fs::is_directory(directory)) fail(directory, "is not a directory");
  Dataset set = {directory, read_labelled(directory, "train"), read_labelled(directory, "t10k")};
  const Images& train = set.train.images;
  const Images& test = set.test.images;
  if (train.height != test.height || train.width != test.width) {
    fail(directory, "training images are " + std::to_string(train.height) + "x" +
                        std::to_string(train.width) + ", test images " +
                        std::to_string(test.height) + "x" + std::to_string(test.width));
  }
  return set;
}

std::optional<fs::path> find_fashion_mnist() {
  const fs::path debian = "/usr/share/datasets/fashion-mnist";
  if (fs::is_directory(debian)) return debian;
  return std::nullopt;
}

}  // namespace actfn::data
