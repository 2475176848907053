// SPDX-License-Identifier: Apache-2.0
// Files of weights, byte by byte.
#include "files/safetensors.h"

#include <actfn/error.h>
#include <gtest/gtest.h>

#include <limits>

#include "messages.h"

namespace actfn::files {
namespace {

using Metadata = std::vector<std::pair<std::string, std::string>>;

// The format's own example of a file without tensors, and its padding.
TEST(Safetensors, IsAHeaderWhereThereIsNoTensor) {
  EXPECT_EQ(safetensors({}, {}), std::string("\x8\0\0\0\0\0\0\0{}      ", 16));
}

TEST(Safetensors, HoldsNamesShapesAndNumbers) {
  const std::vector<NamedTensor> tensors = {{"0.weight", {1, 2}, {1.0F, -2.0F}},
                                            {"0.bias", {1}, {0.5F}}};
  const std::string header = R"({"__metadata__":{"format":"pt"},)"
                             R"("0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},)"
                             R"("0.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}})";
  const std::string padding((8 - header.size() % 8) % 8, ' ');
  const auto length = static_cast<char>(header.size() + padding.size());
  const std::string numbers("\0\0\x80\x3F\0\0\0\xC0\0\0\0\x3F", 12);
  EXPECT_EQ(safetensors(tensors, Metadata{{"format", "pt"}}),
            length + std::string(7, '\0') + header + padding + numbers);
}

TEST(Safetensors, NumbersBeginAtAMultipleOfEight) {
  for (std::size_t length = 1; length < 12; ++length) {
    const std::string name(length, 'x');
    const std::string file = safetensors(std::vector<NamedTensor>{{name, {1}, {1}}}, {});
    EXPECT_EQ((file.size() - sizeof(float)) % 8, 0U) << name;
    EXPECT_EQ(file.substr(file.size() - 4), std::string("\0\0\x80\x3F", 4)) << name;
  }
}

TEST(Safetensors, AShapeThatDoesNotFitIsNamed) {
  const std::vector<NamedTensor> tensors = {{"0.weight", {2, 2}, std::vector<float>(6)}};
  EXPECT_EQ(testing::message([&] { safetensors(tensors, {}); }),
            "[safetensors] 0.weight: 6 values, but the shape has room for 4");
}

}  // namespace
}  // namespace actfn::files
