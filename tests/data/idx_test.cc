// SPDX-License-Identifier: Apache-2.0
// IDX files: what is read, and that every kind of damage is named.
#include "data/idx.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "allocations.h"
#include "messages.h"
#include "temporary_directory.h"

namespace actfn::data {
namespace {

namespace fs = std::filesystem;

using testing::TemporaryDirectory;
using testing::write_file;
using Names = std::vector<std::string>;
using Labels = std::vector<std::uint32_t>;

constexpr std::uint32_t kImageMagic = 0x803;
constexpr std::uint32_t kLabelMagic = 0x801;

const std::string kTrainImages = "train-images-idx3-ubyte";
const std::string kTrainLabels = "train-labels-idx1-ubyte";
const std::string kTestImages = "t10k-images-idx3-ubyte";
const std::string kTestLabels = "t10k-labels-idx1-ubyte";

std::string big_endian(const std::vector<std::uint32_t>& numbers) {
  std::string bytes;
  for (const std::uint32_t n : numbers) {
    for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes.push_back(static_cast<char>(n >> shift));
  }
  return bytes;
}

// Pixels and labels that tell by their value where they stood.
std::string image_file(std::uint32_t count, std::uint32_t height, std::uint32_t width) {
  std::string bytes = big_endian({kImageMagic, count, height, width});
  for (std::uint32_t i = 0; i < count * height * width; ++i) {
    bytes.push_back(static_cast<char>(i * 37));
  }
  return bytes;
}

std::string label_file(std::uint32_t count) {
  std::string bytes = big_endian({kLabelMagic, count});
  for (std::uint32_t i = 0; i < count; ++i) bytes.push_back(static_cast<char>(i % 10));
  return bytes;
}

void write_gz(const fs::path& file, const std::string& content) {
  const gzFile out = gzopen(file.c_str(), "wb");
  ASSERT_NE(out, nullptr);
  const auto size = static_cast<unsigned>(content.size());
  EXPECT_EQ(gzwrite(out, content.data(), size), static_cast<int>(size));
  ASSERT_EQ(gzclose(out), Z_OK);
}

void write_dataset(const TemporaryDirectory& at) {
  write_file(at / kTrainImages, image_file(12, 3, 5));
  write_file(at / kTrainLabels, label_file(12));
  write_file(at / kTestImages, image_file(4, 3, 5));
  write_file(at / kTestLabels, label_file(4));
}

std::string message(const std::function<void()>& f) {
  return testing::message<std::runtime_error>(f);
}

// "[data] FILE: WHAT".
std::string named(const fs::path& file, const std::string& what) {
  return "[data] " + file.string() + ": " + what;
}

// What is said of a file of this content.
std::string images_error(const fs::path& file, const std::string& content) {
  write_file(file, content);
  return message([&] { read_images(file); });
}

std::string labels_error(const fs::path& file, const std::string& content) {
  write_file(file, content);
  return message([&] { read_labels(file); });
}

std::string dataset_error(const TemporaryDirectory& at) {
  return message([&] { read(at.path()); });
}

class Idx : public ::testing::Test {
 protected:
  TemporaryDirectory at;
  fs::path file = at / "some-file";
};

void expect_images(const Samples& samples, std::uint32_t count) {
  EXPECT_EQ(samples.count, count);
  EXPECT_EQ(samples.features, 15U);
  EXPECT_TRUE(samples.floats.empty() && samples.targets.empty());
  ASSERT_EQ(samples.bytes.size(), count * 15U);
  for (std::size_t i = 0; i < samples.bytes.size(); ++i) {
    ASSERT_EQ(samples.bytes[i], static_cast<std::uint8_t>(i * 37)) << i;
  }
}

TEST_F(Idx, ReadsAPlainDataset) {
  write_dataset(at);
  const Dataset set = read(at.path());
  EXPECT_EQ(set.path, at.path());
  EXPECT_EQ(set.format, "IDX");
  EXPECT_EQ(set.task, Task::classification);
  EXPECT_EQ(set.shape, (SampleShape{1, 3, 5}));
  EXPECT_EQ(set.classes, (Names{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}));
  EXPECT_TRUE(set.feature_names.empty() && set.label_name.empty());
  EXPECT_FALSE(set.test_was_split_off);
  expect_images(set.train, 12);
  expect_images(set.test, 4);
  EXPECT_EQ(set.train.labels, (Labels{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1}));
  EXPECT_EQ(set.test.labels, (Labels{0, 1, 2, 3}));
}

TEST_F(Idx, ReadsAGzippedDataset) {
  write_gz(at / (kTrainImages + ".gz"), image_file(12, 3, 5));
  write_gz(at / (kTrainLabels + ".gz"), label_file(12));
  write_gz(at / (kTestImages + ".gz"), image_file(4, 3, 5));
  write_file(at / kTestLabels, label_file(4));  // of either kind
  const Dataset set = read(at.path());
  expect_images(set.train, 12);
  expect_images(set.test, 4);
  EXPECT_EQ(set.train.labels.size(), 12U);
  EXPECT_EQ(set.test.labels.size(), 4U);
}

TEST_F(Idx, PrefersThePlainFile) {
  write_dataset(at);
  write_file(at / (kTrainImages + ".gz"), "rubbish");
  EXPECT_EQ(read(at.path()).train.count, 12U);
}

TEST_F(Idx, NamesAMissingDirectory) {
  const fs::path missing = at / "missing";
  EXPECT_EQ(message([&] { read(missing); }), named(missing, "No such file or directory"));
}

TEST_F(Idx, NamesEveryMissingFile) {
  for (const auto& name : {kTrainImages, kTrainLabels, kTestImages, kTestLabels}) {
    write_dataset(at);
    fs::remove(at / name);
    EXPECT_EQ(dataset_error(at), named(at.path(), "has neither " + name + " nor " + name + ".gz"));
  }
  EXPECT_EQ(message([&] { read_images(file); }), named(file, "No such file or directory"));
  EXPECT_EQ(message([&] { read_labels(file); }), named(file, "No such file or directory"));
}

TEST_F(Idx, NamesADirectoryInPlaceOfAFile) {
  write_dataset(at);
  fs::remove(at / kTestLabels);
  fs::create_directory(at / kTestLabels);
  EXPECT_EQ(dataset_error(at), named(at / kTestLabels, "is a directory"));
}

TEST_F(Idx, NamesATruncatedFileWhereverItEnds) {
  const std::string images = image_file(2, 3, 5);
  for (std::size_t size = 0; size < images.size(); ++size) {
    const std::string want = size < 16 ? "ends within its header"
                                       : "ends after " + std::to_string(size - 16) +
                                             " of the 30 bytes that its header promises";
    ASSERT_EQ(images_error(file, images.substr(0, size)), named(file, want)) << size;
  }
  EXPECT_EQ(labels_error(file, label_file(7).substr(0, 12)),
            named(file, "ends after 4 of the 7 bytes that its header promises"));
}

TEST_F(Idx, NamesWhatFollowsTheData) {
  EXPECT_EQ(images_error(file, image_file(2, 3, 5) + "x"),
            named(file, "goes on after the data that its header promises"));
  EXPECT_EQ(labels_error(file, label_file(3) + '\0'),
            named(file, "goes on after the data that its header promises"));
}

// The last bytes are a checksum: data that arrived whole is not yet sound.
TEST_F(Idx, NamesATruncatedGzWhereverItEnds) {
  write_gz(file, image_file(4, 3, 5));
  const std::string whole = testing::read_file(file);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string text = images_error(file, whole.substr(0, size));
    ASSERT_TRUE(text.starts_with(named(file, ""))) << size << ": " << text;
    // Of less than the two bytes that tell a .gz, nobody can say that it is one.
    if (size < 2) continue;
    EXPECT_TRUE(text.find("truncated") != text.npos || text.find("ends within") != text.npos)
        << size << ": " << text;
  }
}

TEST_F(Idx, NamesADamagedGzWhereverItIs) {
  write_gz(file, image_file(6, 3, 5));
  const std::string whole = testing::read_file(file);
  constexpr std::size_t kHeader = 10;  // names, times and the like: not covered by the checksum
  for (std::size_t i = kHeader; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(~damaged[i]);
    const std::string text = images_error(file, damaged);
    ASSERT_TRUE(text.starts_with(named(file, ""))) << i << ": " << text;
  }
  std::string checksum = whole;
  checksum[whole.size() - 6] = static_cast<char>(checksum[whole.size() - 6] ^ 1);
  EXPECT_TRUE(images_error(file, checksum).starts_with(named(file, "damaged or truncated: ")));
}

TEST_F(Idx, NamesAWrongMagicNumber) {
  EXPECT_EQ(images_error(file, label_file(20)),
            named(file, "magic number is 0x00000801, IDX images have 0x00000803"));
  EXPECT_EQ(labels_error(file, image_file(2, 3, 5)),
            named(file, "magic number is 0x00000803, IDX labels have 0x00000801"));
  EXPECT_EQ(images_error(file, "\x89PNG\r\n\x1a\n and so on"),
            named(file, "magic number is 0x89504e47, IDX images have 0x00000803"));
}

TEST_F(Idx, NamesExchangedFiles) {
  write_dataset(at);
  write_file(at / kTrainImages, label_file(12));
  EXPECT_EQ(dataset_error(at),
            named(at / kTrainImages, "magic number is 0x00000801, IDX images have 0x00000803"));
}

TEST_F(Idx, NamesCountsThatDiffer) {
  write_dataset(at);
  write_file(at / kTestLabels, label_file(5));
  EXPECT_EQ(dataset_error(at), named(at / kTestLabels, "has 5 labels for the 4 images of " +
                                                           (at / kTestImages).string()));
}

TEST_F(Idx, NamesALabelThatTheTrainingPartHasNot) {
  write_dataset(at);
  std::string labels = label_file(4);
  labels.back() = 10;
  write_file(at / kTestLabels, labels);
  EXPECT_EQ(dataset_error(at),
            named(at / kTestLabels, "label 3 is 10, no training sample has that"));
}

TEST_F(Idx, NamesLabelsThatAreAllTheSame) {
  write_dataset(at);
  write_file(at / kTrainLabels, big_endian({kLabelMagic, 12}) + std::string(12, '\5'));
  EXPECT_EQ(dataset_error(at),
            named(at / kTrainLabels, "all labels are '5', so there is nothing to learn"));
}

// Letters of EMNIST have the labels 1 to 26.
TEST_F(Idx, ClassesAreTheLabelsThatThereAre) {
  write_dataset(at);
  write_file(at / kTrainLabels,
             big_endian({kLabelMagic, 12}) + std::string(6, '\7') + std::string(6, '\xff'));
  write_file(at / kTestLabels, big_endian({kLabelMagic, 4}) + "\xff\7\7\xff");
  const Dataset set = read(at.path());
  EXPECT_EQ(set.classes, (Names{"7", "255"}));
  EXPECT_EQ(set.train.labels, (Labels{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(set.test.labels, (Labels{1, 0, 0, 1}));
}

TEST_F(Idx, ReadsTheNamesOfOtherSets) {
  // Training images and labels, test images and labels.
  for (const Names& names :
       {Names{"train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte",
              "t10k-labels.idx1-ubyte"},
        Names{"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "test-images-idx3-ubyte",
              "test-labels-idx1-ubyte"},
        Names{"emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte",
              "emnist-letters-test-images-idx3-ubyte", "emnist-letters-test-labels-idx1-ubyte"}}) {
    const TemporaryDirectory other;
    write_file(other / names[0], image_file(12, 3, 5));
    write_file(other / names[1], label_file(12));
    write_file(other / names[2], image_file(4, 3, 5));
    write_file(other / names[3], label_file(4));
    const Dataset set = read(other.path());
    expect_images(set.train, 12);
    expect_images(set.test, 4);
  }
}

// The first number of a row is the class; the others say who wrote the digit.
TEST_F(Idx, ReadsTheLabelsOfQmnist) {
  constexpr std::uint32_t kRows = 0xc02;
  write_file(at / "qmnist-train-images-idx3-ubyte", image_file(2, 3, 5));
  write_file(at / "qmnist-train-labels-idx2-int", big_endian({kRows, 2, 3, 5, 8, 9, 0, 8, 9}));
  write_file(at / "qmnist-test-images-idx3-ubyte", image_file(2, 3, 5));
  write_file(at / "qmnist-test-labels-idx2-int", big_endian({kRows, 2, 3, 0, 8, 9, 0, 8, 9}));
  const Dataset set = read(at.path());
  EXPECT_EQ(set.classes, (Names{"0", "5"}));
  EXPECT_EQ(set.train.labels, (Labels{1, 0}));
  EXPECT_EQ(set.test.labels, (Labels{0, 0}));
}

TEST_F(Idx, ReadsIntegers) {
  write_file(file, big_endian({0xc01, 3, 70000, 0xffffffff, 0x80000000}));
  EXPECT_EQ(read_labels(file), (std::vector<std::int64_t>{70000, -1, -2147483648}));
  write_file(file, big_endian({0xc02, 3, 0}));
  EXPECT_EQ(message([&] { read_labels(file); }),
            named(file, "its header asks for rows of no labels"));
}

TEST_F(Idx, ReadsChannels) {
  std::string images = big_endian({0x804, 2, 3, 2, 2});
  for (char i = 0; i < 24; ++i) images.push_back(i);
  write_file(file, images);
  const Images read = read_images(file);
  EXPECT_EQ(read.count, 2U);
  EXPECT_EQ(read.shape, (SampleShape{3, 2, 2}));
  EXPECT_EQ(read.pixels.back(), 23);
}

TEST_F(Idx, SplitsATestPartOffWhereThereIsNone) {
  write_file(at / kTrainImages, image_file(40, 3, 5));
  write_file(at / kTrainLabels, label_file(40));
  const Dataset set = read(at.path());
  EXPECT_TRUE(set.test_was_split_off);
  EXPECT_EQ(set.train.count, 30U);  // each of ten classes has at least one of its four in the test
  EXPECT_EQ(set.test.count, 10U);
}

TEST_F(Idx, OfSeveralSetsOneIsNamed) {
  for (const std::string set : {"emnist-digits-", "emnist-letters-"}) {
    write_file(at / (set + kTrainImages), image_file(set == "emnist-digits-" ? 12 : 20, 3, 5));
    write_file(at / (set + kTrainLabels), label_file(set == "emnist-digits-" ? 12 : 20));
  }
  EXPECT_EQ(dataset_error(at),
            named(at.path(),
                  "holds several data sets (emnist-digits, emnist-letters): give the "
                  "path of one, such as " +
                      (at / "emnist-letters").string()));
  const Dataset set = read(at / "emnist-letters");
  EXPECT_EQ(set.train.count + set.test.count, 20U);
  EXPECT_EQ(set.path, at / "emnist-letters");
  const fs::path unknown = at / "emnist-mnist";
  EXPECT_EQ(message([&] { read(unknown); }), named(unknown, "No such file or directory"));
}

TEST_F(Idx, NamesAFileWithoutImages) {
  for (const auto& header : {image_file(0, 3, 5), image_file(2, 0, 5), image_file(2, 3, 0)}) {
    EXPECT_EQ(images_error(file, header), named(file, "holds no images"));
  }
  write_dataset(at);
  write_file(at / kTestImages, image_file(0, 3, 5));
  write_file(at / kTestLabels, label_file(0));
  EXPECT_EQ(dataset_error(at), named(at / kTestImages, "holds no images"));
}

TEST_F(Idx, NamesImageSizesThatDiffer) {
  write_dataset(at);
  write_file(at / kTestImages, image_file(4, 5, 3));
  EXPECT_EQ(dataset_error(at), named(at.path(), "training images are 3x5, test images 5x3"));
}

// A header of a few bytes must not make us take gigabytes: a limit shows whether it does. 2^17 x
// 2^17 x 2^30 is 2^64, which is 0 to whoever multiplies in 64 bits.
TEST_F(Idx, AbsurdHeadersAreNamedWithoutAllocating) {
  constexpr std::uint32_t kMost = 0xffffffff;
  using Header = std::vector<std::uint32_t>;
  for (const Header& header :
       {Header{kImageMagic, kMost, kMost, kMost}, Header{kImageMagic, kMost, 28, 28},
        Header{kImageMagic, 1, kMost, kMost}, Header{kImageMagic, 1, 0x10000, 0x10000},
        Header{kImageMagic, kMost, 1, 1}, Header{kImageMagic, 1U << 30U, 1U << 17U, 1U << 17U},
        Header{kImageMagic, 1U << 31U, 1U << 31U, 4}, Header{kLabelMagic, kMost},
        Header{0x804, kMost, kMost, kMost, kMost}, Header{0xc01, kMost},
        Header{0xc02, kMost, kMost}, Header{0xc02, 1U << 31U, 1U << 31U}}) {
    write_file(file, big_endian(header));
    const testing::AllocationLimit limit(std::size_t{1} << 28U);
    const auto read = [&] {
      if (header[0] % 0x100 >= 3) {
        read_images(file);
      } else {
        read_labels(file);
      }
    };
    std::string text;
    EXPECT_NO_THROW(text = message(read)) << ::testing::PrintToString(header);
    EXPECT_TRUE(text.starts_with(named(file, "")))
        << ::testing::PrintToString(header) << ": " << text;
  }
}

TEST(FindFashionMnist, IsADirectoryOrNothing) {
  const auto found = find_fashion_mnist();
  EXPECT_TRUE(!found || fs::is_directory(*found));
}

}  // namespace
}  // namespace actfn::data
