// SPDX-License-Identifier: Apache-2.0
// Files that are not what they should be are refused, and it is said why.
#include "conformance/pytorch/safetensors.h"

#include <gtest/gtest.h>

#include "conformance/pytorch/case.h"

namespace actfn::conformance {
namespace {

std::string with_length(const std::string& header, std::size_t length, const std::string& data) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(length >> (8 * i) & 0xFF);
  return bytes + header + data;
}

std::string file(const std::string& header, const std::string& data) {
  return with_length(header, header.size(), data);
}

std::string refusal(const std::string& bytes) {
  try {
    Safetensors::parse(bytes);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "";
}

constexpr const char* kTwo =
    R"({"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
    R"("b":{"dtype":"U8","shape":[],"data_offsets":[8,9]}})";

TEST(Safetensors, AreRead) {
  const auto read = Safetensors::parse(file(kTwo, "12345678x"));
  EXPECT_EQ(read.entry("a").type, "F32");
  EXPECT_EQ(read.entry("a").bytes, "12345678");
  EXPECT_EQ(read.entry("b").bytes, "x");
  EXPECT_EQ(read.metadata("k"), "v");
  EXPECT_THROW(read.entry("c"), std::runtime_error);
  EXPECT_THROW(read.metadata("c"), std::runtime_error);
}

TEST(Safetensors, AreRefusedWhereTheyAreTooShort) {
  EXPECT_EQ(refusal("1234567"), "too short for a header's length");
  EXPECT_EQ(refusal(with_length("{}", 3, "")), "the header is longer than the file");
  EXPECT_EQ(refusal(with_length("{}", ~std::size_t{0}, "")), "the header is longer than the file");
  EXPECT_EQ(refusal(file(kTwo, "12345678")), "tensor b lies outside the data");
  EXPECT_EQ(refusal(file(kTwo, "12345678xy")), "there is data behind the last tensor");
}

TEST(Safetensors, AreRefusedWhereTheHeaderIsWrong) {
  EXPECT_NE(refusal(file("{", "")), "");
  EXPECT_EQ(refusal(file("[]", "")), "the header is no JSON object");
  EXPECT_NE(refusal(file(R"({"a":{"dtype":"F32"}})", "")), "");
  EXPECT_NE(refusal(file(R"({"a":3})", "")), "");
}

std::string refusal_of(const std::string& tensors) {
  return refusal(file("{" + tensors + "}", "12345678"));
}

TEST(Safetensors, AreRefusedWhereTensorsAreWrong) {
  EXPECT_EQ(refusal_of(R"("a":{"dtype":"F8","shape":[8],"data_offsets":[0,8]})"),
            "type F8 is not known");
  EXPECT_EQ(refusal_of(R"("a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]})"),
            "tensor a has another size than its shape");
  EXPECT_EQ(refusal_of(R"("a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]})"),
            "tensor a has an impossible shape");
  EXPECT_EQ(refusal_of(R"("a":{"dtype":"F32","shape":[4611686018427387906],"data_offsets":[0,8]})"),
            "tensor a has an impossible shape");
  EXPECT_EQ(refusal_of(R"("a":{"dtype":"F32","shape":[0],"data_offsets":[8,0]})"),
            "tensor a lies outside the data");
  EXPECT_EQ(refusal_of(R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                       R"("b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})"),
            "tensors overlap or leave holes");
}

TEST(Safetensors, AreRefusedWithTheirName) {
  try {
    read_cases("/nowhere.safetensors");
    FAIL();
  } catch (const std::runtime_error& e) {
    EXPECT_STREQ(e.what(), "/nowhere.safetensors: cannot be opened");
  }
}

}  // namespace
}  // namespace actfn::conformance
