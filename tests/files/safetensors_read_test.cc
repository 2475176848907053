// SPDX-License-Identifier: Apache-2.0
// Files that are not what they should be are refused, and it is said why.
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "files/safetensors.h"
#include "messages.h"
#include "temporary_directory.h"

namespace actfn::files {
namespace {

using testing::message;

std::string with_length(const std::string& header, std::size_t length, const std::string& data) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(length >> (8 * i) & 0xFFU);
  return bytes + header + data;
}

std::string file(const std::string& header, const std::string& data) {
  return with_length(header, header.size(), data);
}

std::string refusal(const std::string& bytes) {
  return message([&] { Safetensors::parse(bytes, "F"); });
}

std::string refusal_of(const std::string& header) { return refusal(file(header, "12345678")); }

constexpr const char* kTwo =
    R"({"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
    R"("b":{"dtype":"U8","shape":[],"data_offsets":[8,9]}}   )";

TEST(SafetensorsRead, TensorsAndMetadata) {
  const auto read = Safetensors::parse(file(kTwo, "12345678x"), "F");
  EXPECT_EQ(read.entry("a").type, "F32");
  EXPECT_EQ(read.entry("a").shape, std::vector<std::size_t>{2});
  EXPECT_EQ(read.entry("a").bytes, "12345678");
  EXPECT_EQ(read.entry("b").bytes, "x");
  EXPECT_EQ(read.entries().size(), 2U);
  EXPECT_EQ(read.metadata("k"), "v");
  EXPECT_EQ(message([&] { read.entry("c"); }), "[safetensors] F: there is no tensor 'c'");
  EXPECT_EQ(message([&] { read.metadata("c"); }), "[safetensors] F: the metadata has no 'c'");
}

TEST(SafetensorsRead, WhatTheWriterWrites) {
  const std::vector<NamedTensor> tensors = {{"0.weight", {1, 2}, {1.0F, -2.0F}}, {"e", {0, 3}, {}}};
  const std::pair<std::string, std::string> metadata[] = {{"format", "pt"}, {"network", "\"+\n"}};
  const auto read = Safetensors::parse(safetensors(tensors, metadata), "F");
  EXPECT_EQ(read.entry("0.weight").bytes, std::string("\0\0\x80\x3F\0\0\0\xC0", 8));
  EXPECT_EQ(read.entry("e").shape, (std::vector<std::size_t>{0, 3}));
  EXPECT_EQ(read.metadata("network"), "\"+\n");
}

TEST(SafetensorsRead, LengthsThatDoNotFit) {
  EXPECT_EQ(refusal(""), "[safetensors] F: the file has 0 bytes, too few for a header's length");
  EXPECT_EQ(refusal("1234567"),
            "[safetensors] F: the file has 7 bytes, too few for a header's length");
  EXPECT_EQ(refusal(with_length("{}", 3, "")),
            "[safetensors] F: the header is longer than the file");
  EXPECT_EQ(refusal(with_length("{}", 100'000'001, "")),
            "[safetensors] F: the header has 100000001 bytes, more than the limit of 100000000");
  EXPECT_EQ(refusal(with_length("{}", ~std::size_t{0}, "")),
            "[safetensors] F: the header has 18446744073709551615 bytes, more than the limit of "
            "100000000");
  EXPECT_EQ(refusal(file(kTwo, "12345678")), "[safetensors] F: tensor 'b' lies outside the data");
  EXPECT_EQ(refusal(file(kTwo, "12345678xy")),
            "[safetensors] F: there are data behind the last tensor");
}

TEST(SafetensorsRead, HeadersOfAnotherForm) {
  const auto expect = [](const std::string& header, const std::string& what) {
    EXPECT_EQ(refusal_of(header), "[safetensors] F: " + what);
  };
  expect("", "the header is no JSON object");
  expect("[]", "the header is no JSON object");
  expect(" {}", "the header is no JSON object");
  expect("{", "the header is not JSON at its byte 2");
  expect("{}x", "the header is not JSON at its byte 3");
  expect("{\"\xFF\":1}", "the header is not JSON at its byte 3");
  expect(R"({"a":3})", "'a' must be an object, got a number");
  expect(R"({"a":[]})", "'a' must be an object, got a list");
  expect(R"({"__metadata__":{"a":1}})", "'__metadata__': 'a' must be text, got a number");
  expect(R"({"__metadata__":{"a":{}}})", "'__metadata__': 'a' must be text, got an object");
  expect(R"({"a":{"dtype":"F32"}})", "tensor 'a' must have dtype, shape and data_offsets");
  expect(R"({"a":{"dtype":1}})", "'a': 'dtype' must be text, got a number");
  expect(R"({"a":{"dtype":["F32"]}})", "'a': 'dtype' must be text, got a list");
  expect(R"({"a":{"shape":"2"}})",
         "'a': 'shape' must be a list of whole numbers below 2^64, got text");
  expect(R"({"a":{"shape":[[2]]}})",
         "'a': 'shape' must be a list of whole numbers below 2^64, got a list");
  expect(R"({"a":{"shape":[-2]}})",
         "'a': 'shape' must be a list of whole numbers below 2^64, got a negative number");
  expect(R"({"a":{"shape":[2.5]}})",
         "'a': 'shape' must be a list of whole numbers below 2^64, got a fraction, or a number "
         "beyond 2^64");
  expect(R"({"a":{"shape":[null]}})",
         "'a': 'shape' must be a list of whole numbers below 2^64, got null");
  expect(R"({"a":{"shape":[true]}})",
         "'a': 'shape' must be a list of whole numbers below 2^64, got a truth value");
  expect(R"({"a":{"colour":1}})", "tensor 'a' has an unknown field 'colour'");
  expect(R"({"a":{"dtype":"F32","dtype":"F32"}})", "'a' has 'dtype' twice");
  const std::string eight = R"({"dtype":"U8","shape":[8],"data_offsets":[0,8]})";
  expect(R"({"a":)" + eight + R"(,"a":)" + eight + "}", "'a' is there twice");
}

// A tree of them would take a stack, or memory, as deep.
TEST(SafetensorsRead, DeepHeaders) {
  EXPECT_EQ(refusal_of(std::string(1'000'000, '[')),
            "[safetensors] F: the header is no JSON object");
  std::string deep = R"({"a":)";
  for (int i = 0; i < 100'000; ++i) deep += R"({"a":)";
  EXPECT_EQ(refusal_of(deep), "[safetensors] F: tensor 'a' has an unknown field 'a'");
}

TEST(SafetensorsRead, TensorsThatDoNotFit) {
  const auto expect = [](const std::string& type, const std::string& shape,
                         const std::string& offsets, const std::string& what) {
    EXPECT_EQ(refusal_of(R"({"a":{"dtype":")" + type + R"(","shape":)" + shape +
                         R"(,"data_offsets":)" + offsets + "}}"),
              "[safetensors] F: tensor 'a' " + what);
  };
  expect("F7", "[8]", "[0,8]", "has the unknown type 'F7'");
  expect("F32", "[3]", "[0,8]", "has 8 bytes, which are not F32 of the shape 3");
  expect("F32", "[1,4]", "[0,8]", "has 8 bytes, which are not F32 of the shape 1x4");
  expect("F32", "[4611686018427387906]", "[0,8]",
         "has 8 bytes, which are not F32 of the shape 4611686018427387906");
  expect("F32", "[]", "[0,8]", "has 8 bytes, which are not F32 of the shape ()");
  expect("F32", "[0]", "[8,0]", "lies outside the data");
  expect("F32", "[2]", "[0,18446744073709551615]", "lies outside the data");
  expect("F32", "[2]", "[0]", "must have two data_offsets");
  expect("F32", "[2]", "[0,4,8]", "must have two data_offsets");
}

TEST(SafetensorsRead, TensorsThatOverlapOrLeaveHoles) {
  const auto two = [](const char* a, const char* b) {
    return refusal_of(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)" + std::string(a) +
                      R"(},"b":{"dtype":"U8","shape":[4],"data_offsets":)" + b + "}}");
  };
  EXPECT_EQ(two("[0,4]", "[4,8]"), "no error");
  EXPECT_EQ(two("[4,8]", "[0,4]"), "no error");
  EXPECT_EQ(two("[0,4]", "[3,7]"), "[safetensors] F: tensors overlap");
  EXPECT_EQ(two("[0,4]", "[0,4]"), "[safetensors] F: tensors overlap");
  EXPECT_EQ(refusal_of(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})"),
            "[safetensors] F: tensors leave a hole in the data");
}

std::string failure(const std::filesystem::path& path) {
  return message<std::runtime_error>([&] { Safetensors::read(path); });
}

TEST(SafetensorsRead, Files) {
  const testing::TemporaryDirectory directory;
  const auto path = directory / "w.safetensors";
  testing::write_file(path, file(kTwo, "12345678x"));
  EXPECT_EQ(Safetensors::read(path).entry("a").bytes, "12345678");
  testing::write_file(path, with_length("", ~std::size_t{0}, "x"));
  EXPECT_EQ(message([&] { Safetensors::read(path); }),
            "[safetensors] " + path.string() +
                ": the header has 18446744073709551615 bytes, more than the limit of 100000000");
  EXPECT_EQ(failure(directory / "none"), "[safetensors] " + (directory / "none").string() +
                                             ": cannot be read: No such file or directory");
  EXPECT_EQ(failure(directory.path()),
            "[safetensors] " + directory.path().string() + ": cannot be read: Is a directory");
}

}  // namespace
}  // namespace actfn::files
