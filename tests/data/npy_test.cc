// SPDX-License-Identifier: Apache-2.0
// NumPy's arrays: types, orders and versions, and that every mistake is named.
#include "data/npy.h"

#include <gtest/gtest.h>

#include <limits>
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

}  // namespace
}  // namespace actfn::data
