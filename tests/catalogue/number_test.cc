// SPDX-License-Identifier: Apache-2.0
// Numbers as text.
#include "catalogue/number.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace actfn {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();

TEST(ReadNumber, TakesOneSign) {
  for (const char* text : {"0x1p+-74", "0x1p-+4", "1e+-5", "1e--5", "+-1", "--1"}) {
    EXPECT_FALSE(read_number<double>(text)) << text;
  }
}

TEST(Number, ReadsDecimalAndHex) {
  EXPECT_EQ(read_number<float>("1.5"), 1.5F);
  EXPECT_EQ(read_number<float>("-.5e1"), -5.0F);
  EXPECT_EQ(read_number<float>("+0x1.8p-3"), 0.1875F);
  EXPECT_EQ(read_number<float>("-inf"), -kInf);
  EXPECT_TRUE(std::isnan(read_number<float>("nan").value_or(0)));
  EXPECT_EQ(read_number<float>("0x1p-149"), std::numeric_limits<float>::denorm_min());
}

TEST(Number, RefusesEverythingElse) {
  for (const char* text :
       {"", "-", "+-1", "--1", "1x", "1 ", "0x", "0xinf", "0xnan", "nan(7)", "0x-1", "1e", "one",
        "1,5", "0x1p+-49", "0x1p-+49", "0x1p+-99999", "1e+-4"}) {
    EXPECT_FALSE(read_number<float>(text).has_value()) << text;
  }
}

TEST(Number, BeyondTheRangeIsInfinityOrZero) {
  EXPECT_EQ(read_number<float>("1e39"), kInf);
  EXPECT_EQ(read_number<float>("-1e400"), -kInf);
  EXPECT_EQ(read_number<float>("1e-50"), 0.0F);
  EXPECT_EQ(read_number<float>("1" + std::string(400, '0') + "e-50"), kInf);
  EXPECT_EQ(read_number<float>("0." + std::string(400, '0') + "1e50"), 0.0F);
  EXPECT_EQ(read_number<float>("0x1p9999999999999"), kInf);
  EXPECT_EQ(read_number<float>("0x1p-9999999999999"), 0.0F);
  EXPECT_EQ(read_number<float>("0x0." + std::string(300, '0') + "1p+20"), 0.0F);
}

TEST(Number, WritesTheShortestThatReadsBack) {
  EXPECT_EQ(write_number(0.1F), "0.1");
  EXPECT_EQ(write_number(-0.0F), "-0");
  EXPECT_EQ(write_number(1e30F), "1e+30");
  EXPECT_EQ(write_number(-std::numeric_limits<float>::quiet_NaN()), "nan");
}

}  // namespace
}  // namespace actfn
