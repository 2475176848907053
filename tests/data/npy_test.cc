// SPDX-License-Identifier: Apache-2.0
// NumPy's arrays: types, orders and names, and that every mistake is named.
#include "data/npy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "allocations.h"
#include "data/gz_reader.h"
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
using Doubles = std::vector<double>;
using Floats = std::vector<float>;
using Labels = std::vector<std::uint32_t>;

class Npy : public ::testing::Test {
 protected:
  NpyArray array(const std::string& content) const {
    write_file(file, content);
    GzReader in(file);
    return NpyArray(in);
  }
  Doubles numbers(const std::string& type, const std::string& data) const {
    const NpyArray got = array(npy(type, "(2,)", data));
    Doubles all;
    for (std::size_t i = 0; i < got.size(); ++i) all.push_back(got.at(i));
    return all;
  }
  std::string error(const std::string& content) const {
    return testing::message<std::runtime_error>([&] { array(content); });
  }
  std::string named(const std::string& what) const {
    return "[data] " + file.string() + ": " + what;
  }

  TemporaryDirectory at;
  fs::path file = at / "X.npy";
};

TEST_F(Npy, ReadsEveryTypeInBothByteOrders) {
  EXPECT_EQ(numbers("|u1", "\x01\xff"), (Doubles{1, 255}));
  EXPECT_EQ(numbers("|i1", "\x01\xff"), (Doubles{1, -1}));
  EXPECT_EQ(numbers("|b1", std::string("\0\1", 2)), (Doubles{0, 1}));
  EXPECT_EQ(numbers("<u2", std::string("\1\0\xfe\xff", 4)), (Doubles{1, 65534}));
  EXPECT_EQ(numbers(">u2", std::string("\0\1\xff\xfe", 4)), (Doubles{1, 65534}));
  EXPECT_EQ(numbers("<i2", std::string("\1\0\xfe\xff", 4)), (Doubles{1, -2}));
  EXPECT_EQ(numbers(">i4", std::string("\0\0\0\1\xff\xff\xff\xfe", 8)), (Doubles{1, -2}));
  EXPECT_EQ(numbers("<i4", raw<std::int32_t>({7, -2147483648})), (Doubles{7, -2147483648.0}));
  EXPECT_EQ(numbers("<u4", raw<std::uint32_t>({7, 4294967295U})), (Doubles{7, 4294967295.0}));
  EXPECT_EQ(numbers("<i8", raw<std::int64_t>({7, std::numeric_limits<std::int64_t>::min()})),
            (Doubles{7, -0x1p63}));
  EXPECT_EQ(numbers("=u8", raw<std::uint64_t>({7, std::uint64_t{1} << 63U})), (Doubles{7, 0x1p63}));
  EXPECT_EQ(numbers("<f4", raw<float>({0.1F, -3})), (Doubles{static_cast<double>(0.1F), -3}));
  EXPECT_EQ(numbers("<f8", raw<double>({0.1, -3})), (Doubles{0.1, -3}));
  EXPECT_EQ(numbers(">f8", std::string("\x3f\xf0\0\0\0\0\0\0\xc0\x08\0\0\0\0\0\0", 16)),
            (Doubles{1, -3}));
}

TEST_F(Npy, ReadsHalves) {
  EXPECT_EQ(numbers("<f2", std::string("\0\x3c\x55\xb5", 4)), (Doubles{1, -0.333251953125}));
  EXPECT_EQ(numbers("<f2", std::string("\1\0\xff\x7b", 4)), (Doubles{0x1p-24, 65504}));
  EXPECT_EQ(
      numbers(">f2", std::string("\x7c\0\xfc\0", 4)),
      (Doubles{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}));
}

TEST_F(Npy, PutsFortransOrderIntoC) {
  const NpyArray matrix = array(npy("|u1", "(2, 3)", std::string("\0\3\1\4\2\5", 6), "True"));
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(matrix.at(i), static_cast<double>(i));
  // [i, j, k] is 12 i + 4 j + k.
  std::vector<std::int16_t> cube;
  for (int k = 0; k < 4; ++k) {
    for (int j = 0; j < 3; ++j) {
      for (int i = 0; i < 2; ++i) cube.push_back(static_cast<std::int16_t>(12 * i + 4 * j + k));
    }
  }
  const NpyArray got = array(npy("<i2", "(2, 3, 4)", raw(cube), "True"));
  for (std::size_t i = 0; i < 24; ++i) EXPECT_EQ(got.at(i), static_cast<double>(i));
  EXPECT_EQ(got.shape_text(), "(2, 3, 4)");
}

TEST_F(Npy, ReadsVersionsTwoAndThree) {
  const std::string one = npy("|u1", "(2,)", "\x05\x06");
  for (const char version : {'\2', '\3'}) {
    std::string other = one.substr(0, 6) + version + std::string(1, '\0') + one.substr(8, 2) +
                        std::string(2, '\0') + one.substr(10);
    EXPECT_EQ(array(other).at(1), 6);
  }
}

TEST_F(Npy, ReadsHeadersOfOtherWriters) {
  for (const std::string header : {"{\"shape\":(2L,),\"descr\":\"|u1\",\"fortran_order\":False}",
                                   "{'fortran_order': True, 'descr': '|u1', 'shape': (2,)}  \n"}) {
    const NpyHeader got = parse_npy_header(file, header);
    EXPECT_EQ(got.type, "|u1");
    EXPECT_EQ(got.shape, std::vector<std::size_t>{2});
  }
  EXPECT_TRUE(
      parse_npy_header(file, "{'fortran_order': True, 'descr': '', 'shape': ()}").is_fortran);
}

TEST_F(Npy, NamesWhatIsNoArray) {
  const std::string good = npy("|u1", "(2,)", "ab");
  EXPECT_EQ(error(""), named("ends within its header"));
  EXPECT_EQ(error(good.substr(0, 40)), named("ends within its header"));
  EXPECT_EQ(error("PK\3\4 and so on"), named("is no array of NumPy: it does not begin with "
                                             "\\x93NUMPY"));
  EXPECT_EQ(error("\x93NUMPY\x04" + good.substr(7)),
            named("has the version 4.0 of npy; 1.0, 2.0 and 3.0 are known"));
  EXPECT_EQ(error(good.substr(0, good.size() - 1)),
            named("ends after 1 of the 2 bytes that its header promises"));
  EXPECT_EQ(error(good + "c"), named("goes on after the data that its header promises"));
  std::string longer = good.substr(0, 6) + std::string("\2\0\0\0\2\0", 6) + good.substr(10);
  EXPECT_EQ(error(longer), named("has a header of 131072 bytes, more than 65536"));
}

TEST_F(Npy, NamesTypesThatAreNoNumbers) {
  EXPECT_EQ(error(npy("|O", "(2,)", "..")),
            named("holds Python objects (pickled), which are not read; save numbers"));
  for (const std::string type : {"<U4", "|S2", "<c8", "<M8[ns]", "<f16", "<i3", "i4", "", "!u1"}) {
    EXPECT_EQ(error(npy(type, "(2,)", "abcd")),
              named("has the type '" + type +
                    "'; known are truth values, whole numbers and floats of 2, 4 and 8 bytes"));
  }
}

TEST_F(Npy, NamesHeadersThatAreNoDictionary) {
  for (const std::string header :
       {"", "{}", "{'descr': '|u1'}", "{'descr': '|u1', 'fortran_order': False}",
        "{'descr': '|u1', 'fortran_order': 0, 'shape': (2,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': [2]}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2 3)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,)",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        "{'descr': '|u1', 'descr': '|u1', 'shape': (2,)}",
        "{'descr': |u1, 'fortran_order': False, 'shape': (2,)}", "{'descr: |u1}", "{'name': 1}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': ()} x"}) {
    const auto text = testing::message<std::runtime_error>([&] { parse_npy_header(file, header); });
    EXPECT_TRUE(text.starts_with(named("its header is not one of npy: '"))) << text;
  }
  EXPECT_EQ(testing::message<std::runtime_error>(
                [&] { parse_npy_header(file, "{'descr': [('a', '<f4')], 'shape': (2,)}"); }),
            named("is a structured array, of several types"));
}

// 2^32 x 2^32 is 0 to whoever multiplies in 64 bits.
TEST_F(Npy, HugeShapesAreNamedWithoutAllocating) {
  for (const std::string shape :
       {"(4294967296, 4294967296)", "(18446744073709551615, 8)", "(4294967296, 4294967297)"}) {
    const testing::AllocationLimit limit(std::size_t{1} << 28U);
    EXPECT_EQ(error(npy("<f8", shape, "12345678")),
              named("its header asks for 2^64 or more bytes, more than the limit of 2 GiB"));
  }
  EXPECT_EQ(error(npy("|u1", "(2147483649,)", "")),
            named("its header asks for 2147483649 bytes, more than the limit of 2 GiB"));
  const testing::AllocationLimit limit(std::size_t{1} << 28U);
  EXPECT_EQ(error(npy("|u1", "(2147483648,)", "1")),
            named("ends after 1 of the 2147483648 bytes that its header promises"));
  EXPECT_EQ(error(npy("|u1", "(0, 18446744073709551615)", "")), named("has no numbers"));
}

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
