// SPDX-License-Identifier: Apache-2.0
// Data sets of NumPy's arrays: names and shapes, and that every mistake is named.
#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "messages.h"
#include "npy_files.h"
#include "temporary_directory.h"

namespace actfn::data {
namespace {

namespace fs = std::filesystem;

using testing::npy;
using testing::raw;
using testing::TemporaryDirectory;
using testing::write_file;
using Floats = std::vector<float>;
using Labels = std::vector<std::uint32_t>;

class NpyData : public ::testing::Test {
 protected:
  using Files = std::map<std::string, std::string>;  // by the names of arrays

  // As a directory, and as an archive.
  void write(const Files& arrays) const {
    Files entries;
    fs::remove_all(at / "directory");
    fs::create_directory(at / "directory");
    for (const auto& [name, bytes] : arrays) {
      write_file(at / "directory" / (name + ".npy"), bytes);
      entries[name + ".npy"] = bytes;
    }
    fs::remove(archive);
    testing::write_zip(archive, entries);
  }
  std::string error(const Files& arrays, const ReadOptions& options = {}) const {
    write(arrays);
    return testing::message<std::exception>([&] { read(archive, options); });
  }
  std::string named(const std::string& array, const std::string& what) const {
    return "[data] " + archive.string() + (array.empty() ? "" : ": " + array + ".npy") + ": " +
           what;
  }

  TemporaryDirectory at;
  fs::path archive = at / "some.npz";
};

const std::string kRows = npy("<f4", "(4, 2)", raw<float>({1, 2, 3, 4, 5, 6, 7, 8}));
const std::string kClasses = npy("<i8", "(4,)", raw<std::int64_t>({-1, 1, -1, 1}));

TEST_F(NpyData, ReadsATableInBothForms) {
  for (const auto& [x, y] : {std::pair("X", "y"), {"x", "y"}, {"data", "labels"}}) {
    write({{x, kRows}, {y, kClasses}});
    for (const fs::path& path : {archive, at / "directory"}) {
      const Dataset set = read(path);
      EXPECT_EQ(set.format, path == archive ? "npz" : "npy");
      EXPECT_EQ(set.path, path);
      EXPECT_EQ(set.task, Task::classification);
      EXPECT_EQ(set.classes, (std::vector<std::string>{"-1", "1"}));
      EXPECT_EQ(set.feature_names, (std::vector<std::string>{"x0", "x1"}));
      EXPECT_EQ(set.shape, (SampleShape{1, 1, 2}));
      EXPECT_TRUE(set.test_was_split_off);
      EXPECT_EQ(set.train.count, 2U);
      EXPECT_EQ(set.test.count, 2U);
    }
  }
}

TEST_F(NpyData, ReadsImagesWithATestPart) {
  for (const std::string x : {"x", "X"}) {
    write({{x + "_train", npy("|u1", "(2, 1, 3)", "abcdef")},
           {"y_train", npy("|u1", "(2,)", "\x03\x07")},
           {x + "_test", npy("|u1", "(1, 1, 3)", "ghi")},
           {"y_test", npy("|u1", "(1, 1)", "\x07")}});
    for (const fs::path& path : {archive, at / "directory"}) {
      const Dataset set = read(path);
      EXPECT_EQ(set.shape, (SampleShape{1, 1, 3}));
      EXPECT_EQ(set.classes, (std::vector<std::string>{"3", "7"}));
      EXPECT_TRUE(set.feature_names.empty() && !set.test_was_split_off);
      EXPECT_EQ(set.train.bytes, (std::vector<std::uint8_t>{'a', 'b', 'c', 'd', 'e', 'f'}));
      EXPECT_EQ(set.test.bytes, (std::vector<std::uint8_t>{'g', 'h', 'i'}));
      EXPECT_EQ(set.train.labels, (Labels{0, 1}));
      EXPECT_EQ(set.test.labels, Labels{1});
    }
  }
}

TEST_F(NpyData, PutsChannelsFirst) {
  const auto labels = std::pair{std::string("y_train"), npy("|u1", "(2,)", "\x01\x02")};
  const auto test = std::pair{std::string("y_test"), npy("|u1", "(2,)", "\x01\x02")};
  const std::string last = npy("|u1", "(2, 1, 2, 3)", "rgbRGBxyzXYZ");
  write({{"x_train", last}, {"x_test", last}, labels, test});
  const Dataset set = read(archive);
  EXPECT_EQ(set.shape, (SampleShape{3, 1, 2}));
  EXPECT_EQ(std::string(set.train.bytes.begin(), set.train.bytes.end()), "rRgGbBxXyYzZ");
  const std::string first =
      npy("<f4", "(2, 3, 1, 2)", raw(Floats{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  write({{"x_train", first}, {"x_test", first}, labels, test});
  EXPECT_EQ(read(archive).shape, (SampleShape{3, 1, 2}));
  EXPECT_EQ(read(archive).test.floats, (Floats{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
}

// Tables are standardised, whatever their type: only images keep their bytes.
TEST_F(NpyData, BytesOfATableAreFloats) {
  write({{"X", npy("|u1", "(4, 1)", "\x01\x02\x03\x04")}, {"y", kClasses}});
  EXPECT_TRUE(read(archive).train.bytes.empty());
  EXPECT_EQ(read(archive).train.floats.size(), 2U);
}

TEST_F(NpyData, TheLabelsGiveTheTask) {
  const auto task = [&](const std::string& y, std::optional<Task> wanted = {}) {
    std::string rows(25, 'x');
    write({{"X", npy("|u1", "(25, 1)", rows)}, {"y", y}});
    return read(archive, {.label = "", .task = wanted}).task;
  };
  std::vector<float> values(25);
  for (std::size_t i = 0; i < 25; ++i) values[i] = static_cast<float>(i % 20);
  EXPECT_EQ(task(npy("<f4", "(25,)", raw(values))), Task::classification);
  EXPECT_EQ(task(npy("<f4", "(25,)", raw(values)), Task::regression), Task::regression);
  for (std::size_t i = 0; i < 25; ++i) values[i] = static_cast<float>(i % 21);
  EXPECT_EQ(task(npy("<f4", "(25,)", raw(values))), Task::regression);
  EXPECT_EQ(task(npy("<f4", "(25,)", raw(values)), Task::classification), Task::classification);
  values[24] = 0.5F;
  EXPECT_EQ(task(npy("<f4", "(25,)", raw(values))), Task::regression);
  EXPECT_EQ(read(archive).train.targets.size(), 20U);
}

TEST_F(NpyData, WholeNumbersAreClassesOfImages) {
  std::vector<std::int32_t> labels(100);
  for (std::size_t i = 0; i < 100; ++i) labels[i] = static_cast<std::int32_t>(i / 2);
  write({{"X", npy("|u1", "(100, 1, 1)", std::string(100, 'x'))},
         {"y", npy("<i4", "(100,)", raw(labels))}});
  EXPECT_EQ(read(archive).classes.size(), 50U);
}

TEST_F(NpyData, NamesArraysThatAreMissing) {
  const std::string pairs =
      "has none of these pairs of arrays: X and y, x and y, data and labels, X_train and y_train, "
      "x_train and y_train";
  EXPECT_EQ(error({{"X", kRows}}), named("", pairs));
  EXPECT_EQ(error({{"a", kRows}, {"b", kClasses}}), named("", pairs));
  EXPECT_EQ(error({{"X_train", kRows}, {"y_train", kClasses}, {"X_test", kRows}}),
            named("", "has X_test but no y_test"));
  EXPECT_EQ(error({{"x_train", kRows}, {"y_train", kClasses}, {"y_test", kRows}}),
            named("", "has y_test but no x_test"));
}

TEST_F(NpyData, NamesShapesThatDoNotFit) {
  EXPECT_EQ(error({{"X", kClasses}, {"y", kClasses}}),
            named("X",
                  "has the shape (4,); samples need 2 dimensions, images 3, or 4 with "
                  "channels"));
  EXPECT_EQ(error({{"X", kRows}, {"y", kRows}}),
            named("y", "has the shape (4, 2); there must be one label for each sample"));
  EXPECT_EQ(error({{"X", kRows}, {"y", npy("|u1", "(3,)", "abc")}}),
            named("y", "has 3 labels for 4 samples"));
  EXPECT_EQ(error({{"X_train", kRows},
                   {"y_train", kClasses},
                   {"X_test", npy("|u1", "(1, 3)", "abc")},
                   {"y_test", npy("|u1", "(1,)", "\1")}}),
            named("X_test", "its samples are 1x3, those for training 1x2"));
}

TEST_F(NpyData, NamesNumbersThatAreOfNoUse) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(error({{"X", npy("<f4", "(2, 2)", raw<float>({1, 2, 3, nan}))}, {"y", kClasses}}),
            named("X", "sample 1, number 1 is nan, not a finite number of float32"));
  EXPECT_EQ(error({{"X", npy("<f8", "(1, 2)", raw<double>({1e39, 2}))}, {"y", kClasses}}),
            named("X", "sample 0, number 0 is 1e+39, not a finite number of float32"));
  EXPECT_EQ(error({{"X", kRows}, {"y", npy("<f4", "(4,)", raw<float>({1, 2, .5, nan}))}}),
            named("y", "label 3 is nan, not a finite number of float32"));
  EXPECT_EQ(error({{"X", kRows}, {"y", npy("<f4", "(4,)", raw<float>({1, 2, .5, 4}))}},
                  {.label = "", .task = Task::classification}),
            named("y", "label 2 is 0.5, classes have whole numbers"));
  EXPECT_EQ(error({{"X", kRows}, {"y", npy("|u1", "(4,)", "aaaa")}}),
            named("y", "all labels are '97', so there is nothing to learn"));
  EXPECT_EQ(error({{"X_train", kRows},
                   {"y_train", kClasses},
                   {"X_test", kRows},
                   {"y_test", npy("|i1", "(4,)", "\1\1\2\1")}}),
            named("y_test", "label 2 is 2, no training sample has that"));
  EXPECT_EQ(error({{"X", npy("|O", "(4,)", "")}, {"y", kClasses}}),
            named("X", "holds Python objects (pickled), which are not read; save numbers"));
}

TEST_F(NpyData, RefusesAColumn) {
  EXPECT_EQ(error({{"X", kRows}, {"y", kClasses}}, {.label = "y", .task = {}}),
            "[data] label is for tables: " + archive.string() + " has the format npz");
}

TEST_F(NpyData, OneArrayIsNotEnough) {
  const fs::path one = at / "X.npy";
  write_file(one, kRows);
  EXPECT_EQ(testing::message<std::runtime_error>([&] { read(one); }),
            "[data] " + one.string() +
                ": is one array: give a directory with X.npy and y.npy, or an .npz that has both");
}

TEST_F(NpyData, NamesATruncatedArchiveWhereverItEnds) {
  write({{"X", kRows}, {"y", kClasses}});
  const std::string whole = testing::read_file(archive);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write_file(archive, whole.substr(0, size));
    const auto text = testing::message<std::runtime_error>([&] { read(archive); });
    ASSERT_TRUE(text.starts_with(named("", ""))) << size << ": " << text;
  }
  write_file(archive, "no archive at all");
  EXPECT_TRUE(testing::message<std::runtime_error>([&] {
                read(archive);
              }).starts_with(named("", "is no archive that can be read: ")));
}

// Whatever byte is damaged, there is an error that names the file, or the data are as they were:
// times and the like may differ.
TEST_F(NpyData, DamageIsFoundOrHarmless) {
  write({{"X", kRows}, {"y", kClasses}});
  const Floats want = read(archive).train.floats;
  const std::string whole = testing::read_file(archive);
  std::size_t errors = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(~damaged[i]);
    write_file(archive, damaged);
    Floats got;
    const auto text =
        testing::message<std::runtime_error>([&] { got = read(archive).train.floats; });
    if (text == "no error") {
      ASSERT_EQ(got, want) << i;
    } else {
      ASSERT_TRUE(text.starts_with("[data] " + archive.string() + ": ")) << i << ": " << text;
      ++errors;
    }
  }
  EXPECT_GT(errors, whole.size() / 2);
}

// Zeros take a thousandth of their size in an archive.
TEST_F(NpyData, UnpacksNoBomb) {
  EXPECT_EQ(
      error({{"X", npy("<f8", "(1000000, 1000)", std::string(1U << 20U, '\0'))}, {"y", kClasses}}),
      named("X", "its header asks for 8000000000 bytes, more than the limit of 2 GiB"));
  EXPECT_EQ(error({{"X", npy("<f8", "(4, 2)", std::string(1U << 25U, '\0'))}, {"y", kClasses}}),
            named("X", "goes on after the data that its header promises"));
}

}  // namespace
}  // namespace actfn::data
