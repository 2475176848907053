// SPDX-License-Identifier: Apache-2.0
// Data sets that are read without enough memory: an exception, and the same data at the next try.
#include <gtest/gtest.h>

#include <filesystem>
#include <new>
#include <stdexcept>
#include <string>

#include "data/dataset.h"
#include "failing_memory.h"
#include "image_files.h"
#include "npy_files.h"
#include "temporary_directory.h"

namespace actfn::data {
namespace {

namespace fs = std::filesystem;

using testing::TemporaryDirectory;
using testing::write_file;

// The libraries and the system report a lack of memory in their own words.
void read_or_throw(const fs::path& path, Dataset& set) {
  try {
    set = read(path);
  } catch (const std::runtime_error& error) {
    if (std::string(error.what()).empty()) throw;
    throw std::bad_alloc();
  }
}

void expect_read_again(const fs::path& path) {
  const Dataset want = read(path);
  Dataset set;
  const auto is_same = [&] {
    return set.train.floats == want.train.floats && set.train.bytes == want.train.bytes &&
           set.train.labels == want.train.labels && set.classes == want.classes;
  };
  const auto attempt = [&] { read_or_throw(path, set); };
  const auto check = [&](bool threw) { EXPECT_TRUE(threw || is_same()); };
  for (const auto extent : {testing::Extent::one, testing::Extent::all_after}) {
    EXPECT_GT(testing::fail_each(extent, attempt, check), 10);
    EXPECT_TRUE(is_same());
  }
}

class DataWithoutMemory : public ::testing::Test {
 protected:
  TemporaryDirectory at;
};

TEST_F(DataWithoutMemory, OfATable) {
  write_file(at / "some.csv", "a,colour,y\n1,red,p\n2,blue,q\n3,red,p\n4,blue,q\n");
  expect_read_again(at / "some.csv");
}

TEST_F(DataWithoutMemory, OfArrays) {
  const std::string x = testing::npy("<f4", "(4, 1)", testing::raw<float>({1, 2, 3, 4}), "True");
  const std::string y = testing::npy("|u1", "(4,)", "abab");
  write_file(at / "X.npy", x);
  write_file(at / "y.npy", y);
  expect_read_again(at.path());
  testing::write_zip(at / "some.npz", {{"X.npy", x}, {"y.npy", y}});
  expect_read_again(at / "some.npz");
}

TEST_F(DataWithoutMemory, OfImages) {
  for (const std::string name : {"cat", "dog"}) {
    fs::create_directory(at / name);
    write_file(at / name / "1.png", testing::grey_png(2, 2, "abcd"));
    write_file(at / name / "2.jpg", testing::jpeg(2, 2, 1, "abcd"));
    write_file(at / name / "3.jpg", testing::jpeg(2, 2, 1, "abcd", true));
  }
  expect_read_again(at.path());
}

}  // namespace
}  // namespace actfn::data
