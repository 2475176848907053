// SPDX-License-Identifier: Apache-2.0
// Folders of PNG and JPEG images: what is read, and that every kind of damage is named.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "allocations.h"
#include "data/dataset.h"
#include "data/image_file.h"
#include "image_files.h"
#include "messages.h"
#include "temporary_directory.h"

namespace actfn::data {
namespace {

namespace fs = std::filesystem;

using testing::grey_png;
using testing::jpeg;
using testing::png;
using testing::TemporaryDirectory;
using testing::write_file;
using Bytes = std::vector<std::uint8_t>;

class ImageFile : public ::testing::Test {
 protected:
  Image image(const std::string& content) const {
    write_file(file, content);
    return read_image(file);
  }
  std::string error(const std::string& content) const {
    return testing::message<std::runtime_error>([&] { image(content); });
  }
  std::string named(const std::string& what) const {
    return "[data] " + file.string() + ": " + what;
  }

  TemporaryDirectory at;
  fs::path file = at / "image";  // contents tell the format, not names
};

TEST_F(ImageFile, ReadsGreyPng) {
  const Image got = image(grey_png(3, 2, "abcdef"));
  EXPECT_EQ(got.shape, (SampleShape{1, 2, 3}));
  EXPECT_EQ(got.pixels, (Bytes{'a', 'b', 'c', 'd', 'e', 'f'}));
}

TEST_F(ImageFile, PutsChannelsFirst) {
  const Image got = image(png(2, 1, PNG_FORMAT_RGB, "rgbRGB"));
  EXPECT_EQ(got.shape, (SampleShape{3, 1, 2}));
  EXPECT_EQ(got.pixels, (Bytes{'r', 'R', 'g', 'G', 'b', 'B'}));
}

TEST_F(ImageFile, PalettesBecomeColours) {
  const std::string indices("\0\1\1", 3);
  const Image got = image(png(3, 1, PNG_FORMAT_RGB_COLORMAP, indices.data(), "abcxyz"));
  EXPECT_EQ(got.shape, (SampleShape{3, 1, 3}));
  EXPECT_EQ(got.pixels, (Bytes{'a', 'x', 'x', 'b', 'y', 'y', 'c', 'z', 'z'}));
}

TEST_F(ImageFile, SixteenBitsBecomeEight) {
  const std::uint16_t linear[] = {0, 65535, 65535, 0};
  const Image got = image(png(2, 2, PNG_FORMAT_LINEAR_Y, linear));
  EXPECT_EQ(got.shape, (SampleShape{1, 2, 2}));
  EXPECT_EQ(got.pixels, (Bytes{0, 255, 255, 0}));
}

void expect_near(const Bytes& got, const std::vector<int>& want) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], want[i], 3) << i;
}

TEST_F(ImageFile, ReadsJpeg) {
  for (const bool is_progressive : {false, true}) {
    const Image grey =
        image(jpeg(4, 2, 1, std::string(4, '\x30') + std::string(4, '\x70'), is_progressive));
    EXPECT_EQ(grey.shape, (SampleShape{1, 2, 4}));
    expect_near(grey.pixels, {48, 48, 48, 48, 112, 112, 112, 112});
    const Image red = image(jpeg(2, 1, 3, "\x70\x20\x10\x70\x20\x10", is_progressive));
    EXPECT_EQ(red.shape, (SampleShape{3, 1, 2}));
    expect_near(red.pixels, {0x70, 0x70, 0x20, 0x20, 0x10, 0x10});
  }
}

TEST_F(ImageFile, RefusesOtherColours) {
  const std::string alpha = "is transparent (it has an alpha channel); save it in grey or RGB";
  EXPECT_EQ(error(png(1, 1, PNG_FORMAT_RGBA, "rgba")), named(alpha));
  EXPECT_EQ(error(png(1, 1, PNG_FORMAT_GA, "ga")), named(alpha));
  EXPECT_EQ(error(png(2, 1, PNG_FORMAT_RGBA_COLORMAP, std::string("\0\1", 2).data(), "rgbaxyz.")),
            named(alpha));
  EXPECT_EQ(error(jpeg(1, 1, 4, "cmyk")), named("has 4 colours; save it in grey or RGB"));
}

TEST_F(ImageFile, RefusesOtherFormats) {
  for (const std::string content : {"", "GIF89a", "BM and so on", "\x89PN", "\xff"}) {
    EXPECT_EQ(error(content), named("is neither a PNG nor a JPEG"));
  }
}

TEST_F(ImageFile, NamesATruncatedFileWhereverItEnds) {
  const std::string pixels(400, 'x');
  for (const std::string& whole : {grey_png(20, 20, pixels), jpeg(20, 20, 1, pixels)}) {
    // The last 12 bytes of a PNG hold nothing, and the last two of a JPEG only say that it ends.
    const std::size_t end = whole[0] == '\x89' ? whole.size() - 16 : whole.size() - 2;
    for (std::size_t size = 4; size < end; ++size) {
      const std::string text = error(whole.substr(0, size));
      ASSERT_TRUE(text.starts_with(named("is no "))) << size << ": " << text;
    }
  }
}

// Each piece of a PNG has a checksum; the pixels of a JPEG have none.
TEST_F(ImageFile, DamageIsNamedOrHarmless) {
  const std::string pixels = "abcdefghijklmnopqrstuvwx";
  const std::string sound = grey_png(6, 4, pixels);
  const Bytes want = image(sound).pixels;
  for (const std::string& whole : {sound, jpeg(6, 4, 1, pixels), jpeg(4, 2, 3, pixels, true)}) {
    for (std::size_t i = 4; i < whole.size(); ++i) {
      std::string damaged = whole;
      damaged[i] = static_cast<char>(~damaged[i]);
      Image got;
      const auto text = testing::message<std::runtime_error>([&] { got = image(damaged); });
      if (text != "no error") {
        ASSERT_TRUE(text.starts_with(named(""))) << i << ": " << text;
      } else if (whole == sound) {
        ASSERT_EQ(got.pixels, want) << i;
      }
    }
  }
}

std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>(number >> shift);
  return bytes;
}

// A header of some bytes must not make us take gigabytes.
TEST_F(ImageFile, HugeImagesAreNamedWithoutAllocating) {
  std::string small = grey_png(6, 4, "abcdefghijklmnopqrstuvwx");
  const auto with_size = [&](std::uint32_t width, std::uint32_t height) {
    std::string header =
        small.substr(12, 4) + big_endian(width) + big_endian(height) + small.substr(24, 5);
    std::uint32_t crc = ~0U;
    for (const char c : header) {
      crc ^= static_cast<std::uint8_t>(c);
      for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ (crc & 1U ? 0xEDB88320U : 0U);
    }
    return small.substr(0, 12) + header + big_endian(~crc) + small.substr(33);
  };
  ASSERT_EQ(error(with_size(6, 4)), "no error");
  const testing::AllocationLimit limit(std::size_t{1} << 27U);
  EXPECT_EQ(error(with_size(60000, 60000)),
            named("its header asks for an image of 60000x60000, more than 16777216 numbers"));
  EXPECT_TRUE(error(with_size(0x7fffffff, 0x7fffffff)).starts_with(named("is no PNG that can")));
  EXPECT_TRUE(error(with_size(0, 4)).starts_with(named("is no PNG that can be read: ")));
  std::string photo = jpeg(8, 8, 1, std::string(64, 'x'));
  const std::size_t frame = photo.find("\xff\xc0");
  ASSERT_NE(frame, std::string::npos);
  photo.replace(frame + 5, 4, "\xff\xdc\xff\xdc");
  EXPECT_EQ(error(photo),
            named("its header asks for an image of 65500x65500, more than 16777216 numbers"));
}

class ImageFolders : public ::testing::Test {
 protected:
  // Directories are made where they are missing.
  void write(const std::string& path, const std::string& content) const {
    fs::create_directories((at / path).parent_path());
    write_file(at / path, content);
  }
  std::string error(const ReadOptions& options = {}) const {
    return testing::message<std::exception>([&] { read(at.path(), options); });
  }
  std::string named(const std::string& path, const std::string& what) const {
    return "[data] " + (path.empty() ? at.path() : at / path).string() + ": " + what;
  }

  TemporaryDirectory at;
};

TEST_F(ImageFolders, FoldersAreClasses) {
  write("dog/2.png", grey_png(2, 1, "cd"));
  write("dog/1.PNG", grey_png(2, 1, "ab"));
  write("cat/b.jpeg", jpeg(2, 1, 1, "xx"));
  write("cat/a.jpg", jpeg(2, 1, 1, "xx"));
  write("cat/notes.txt", "no image");
  write("cat/.hidden.png", "no image");
  write(".cache/1.png", "no image");
  write("README.md", "no folder");
  const Dataset set = read(at.path());
  EXPECT_EQ(set.format, "images");
  EXPECT_EQ(set.task, Task::classification);
  EXPECT_EQ(set.classes, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(set.shape, (SampleShape{1, 1, 2}));
  EXPECT_TRUE(set.test_was_split_off && set.feature_names.empty());
  EXPECT_EQ(set.train.labels, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(set.test.labels, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(set.train.bytes.size() + set.test.bytes.size(), 8U);
}

TEST_F(ImageFolders, PartsHaveFoldersOfTheirOwn) {
  write("train/cat/1.png", grey_png(1, 1, "a"));
  write("train/dog/1.png", grey_png(1, 1, "b"));
  write("train/dog/2.png", grey_png(1, 1, "c"));
  write("test/dog/1.png", grey_png(1, 1, "d"));
  const Dataset set = read(at.path());
  EXPECT_FALSE(set.test_was_split_off);
  EXPECT_EQ(set.train.bytes, (Bytes{'a', 'b', 'c'}));
  EXPECT_EQ(set.train.labels, (std::vector<std::uint32_t>{0, 1, 1}));
  EXPECT_EQ(set.test.bytes, Bytes{'d'});
  EXPECT_EQ(set.test.labels, std::vector<std::uint32_t>{1});
}

TEST_F(ImageFolders, TrainMayBeAClass) {
  write("train/1.png", grey_png(1, 1, "a"));
  write("train/2.png", grey_png(1, 1, "b"));
  write("plane/1.png", grey_png(1, 1, "c"));
  EXPECT_EQ(read(at.path()).classes, (std::vector<std::string>{"plane", "train"}));
}

TEST_F(ImageFolders, NamesSizesThatDiffer) {
  write("a/1.png", grey_png(2, 1, "ab"));
  write("b/1.png", grey_png(1, 2, "ab"));
  const std::string rule = ": all images must have one size and as many channels";
  EXPECT_EQ(error(),
            named("b/1.png", "is 2x1, but " + (at / "a/1.png").string() + " is 1x2" + rule));
  write("b/1.png", png(2, 1, PNG_FORMAT_RGB, "rgbRGB"));
  EXPECT_EQ(error(),
            named("b/1.png", "is 3x1x2, but " + (at / "a/1.png").string() + " is 1x2" + rule));
}

TEST_F(ImageFolders, NamesPartsThatDiffer) {
  write("train/a/1.png", grey_png(1, 1, "a"));
  write("train/b/1.png", grey_png(1, 1, "a"));
  write("test/a/1.png", grey_png(2, 1, "ab"));
  EXPECT_EQ(error(), named("test/a/1.png", "is 1x2, but " + (at / "train/a/1.png").string() +
                                               " is 1x1: all images must have one size and as "
                                               "many channels"));
  write("test/a/1.png", grey_png(1, 1, "a"));
  write("test/c/1.png", grey_png(1, 1, "a"));
  EXPECT_EQ(error(), named("test/c", "no training sample has the class 'c'"));
  fs::remove_all(at / "test");
  fs::create_directory(at / "test");
  EXPECT_EQ(error(), named("test", "has no folders of images"));
}

TEST_F(ImageFolders, NamesWhatIsNoDataSet) {
  const std::string nothing =
      "holds no data set: no IDX files (train-images-idx3-ubyte), no train.csv, no X.npy with "
      "y.npy, no folders of images";
  EXPECT_EQ(error(), named("", nothing));
  fs::create_directory(at / "empty");
  EXPECT_EQ(error(), named("", nothing));
  write("1.png", grey_png(1, 1, "a"));
  EXPECT_EQ(error(), named("", nothing));
  write("a/1.png", grey_png(1, 1, "a"));
  EXPECT_EQ(error(), named("empty", "has no images (.png, .jpg, .jpeg)"));
  fs::remove(at / "empty");
  EXPECT_EQ(error(), named("", "all labels are 'a', so there is nothing to learn"));
  write("b/1.jpg", "no image");
  EXPECT_EQ(error(), named("b/1.jpg", "is neither a PNG nor a JPEG"));
  fs::remove(at / "b/1.jpg");
  fs::create_directory(at / "b/1.jpg");
  EXPECT_EQ(error(), named("b/1.jpg", "is a directory"));
}

TEST_F(ImageFolders, RefusesOptionsOfTables) {
  write("a/1.png", grey_png(1, 1, "a"));
  write("a/2.png", grey_png(1, 1, "a"));
  write("b/1.png", grey_png(1, 1, "a"));
  EXPECT_EQ(error({.label = "y", .task = {}}),
            "[data] label is for tables: " + at.path().string() + " has the format images");
  EXPECT_EQ(
      error({.label = "", .task = Task::regression}),
      "[data] " + at.path().string() + ": its labels are classes, not the numbers of a regression");
}

}  // namespace
}  // namespace actfn::data
