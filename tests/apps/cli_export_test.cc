// SPDX-License-Identifier: Apache-2.0
// export: functions and networks, in files.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "compare_program.h"
#include "subprocess.h"
#include "temporary_directory.h"

namespace actfn::testing {
namespace {

TEST(Export, AFunctionIsWhatTheLibraryWrites) {
  const TemporaryDirectory directory;
  const auto file = directory / "f.onnx";
  auto got = run(program({"export", "elu(alpha=2)", "-o", file}));
  EXPECT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(got.out + got.err, "");
  EXPECT_EQ(read_file(file), onnx::model(Elu{2}));
  got = run(program({"export", "gelu", "--opset", "20", "-o", file}));
  EXPECT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(read_file(file), onnx::model(Gelu{}, {.opset = 20}));
  got = run(program({"export", "gelu", "--format", "onnx", "-o", directory / "other"}));
  EXPECT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(read_file(directory / "other"), onnx::model(Gelu{}));
}

TEST(Export, ANetworkBySavedWeights) {
  const TemporaryDirectory directory;
  nn::Sequential network{nn::Linear{4, 8}, Mish{}, nn::Linear{8, 2}};
  network.initialize(nn::Init::he_normal, 1);
  const auto weights = directory / "w.safetensors";
  nn::save(network, weights);
  const auto file = directory / "n.onnx";
  auto got = run(program({"export", "--weights", weights, "-o", file}));
  EXPECT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(read_file(file), nn::to_onnx(network));
  got = run(program({"export", "--weights", weights, "--network", "linear(4,8)+silu+linear(8,2)",
                     "--opset", "18", "-o", directory / "again.safetensors"}));
  EXPECT_EQ(got.status, 0) << got.err;
  nn::Sequential again = nn::load(directory / "again.safetensors");
  EXPECT_EQ(nn::to_string(again.layers()),
            "linear(in_features=4,out_features=8)+silu+linear(in_features=8,out_features=2)");
}

TEST(Export, ANetworkOfImages) {
  using namespace nn;
  const TemporaryDirectory directory;
  Sequential network({1, 6, 6}, Conv2d{1, 2, 3}, BatchNorm2d{2}, Residual{Conv2d{2, 2, 1}, Relu{}},
                     Flatten{}, Linear{32, 3});
  network.initialize(Init::he_normal, 1);
  const auto weights = directory / "w.safetensors";
  save(network, weights);
  const auto file = directory / "n.onnx";
  auto got = run(program({"export", "--weights", weights, "-o", file}));
  EXPECT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(read_file(file), to_onnx(network));
  const std::string layers =
      "conv2d(1,2,3)+batch_norm2d(2)+residual(conv2d(2,2,1)+relu)+flatten+linear(32,3)";
  const auto named = directory / "named.safetensors";
  got = run(program(
      {"export", "--weights", weights, "--network", layers, "--input", "1x6x6", "-o", named}));
  EXPECT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(read_file(named), read_file(weights));
  expect_error(run(program({"export", "--weights", weights, "--network", layers, "-o", file})),
               kUsage, {"before the first Linear: the shape of the samples must be given"});
  expect_error(run(program({"export", "--weights", weights, "--network", layers, "--input", "1x6y",
                            "-o", file})),
               kUsage, {"[export] --input must be lengths, written as 64 or 1x28x28, got '1x6y'"});
}

// What compare has trained is a network that needs no further word.
TEST(Export, WhatCompareHasSaved) {
  const TemporaryDirectory directory;
  ASSERT_NO_FATAL_FAILURE(write_file(directory / "d.csv",
                                     "a,b,label\n1,2,x\n2,1,y\n1,3,x\n3,1,y\n"
                                     "2,4,x\n4,2,y\n1,5,x\n5,1,y\n"));
  auto got = run(program({"compare", "--data", directory / "d.csv", "--activations", "swiglu",
                          "--hidden", "4", "--epochs", "1", "--seeds", "1", "--batch", "4",
                          "--validation", "0", "--save", "--out", directory / "out"}));
  ASSERT_EQ(got.status, 0) << got.err;
  const auto weights = directory / "out" / "weights" / "swiglu-seed-1.safetensors";
  got = run(program({"export", "--weights", weights, "-o", directory / "n.onnx"}));
  EXPECT_EQ(got.status, 0) << got.err;
  nn::Sequential network = nn::load(weights);
  EXPECT_EQ(nn::to_string(network.layers()),
            "linear(in_features=2,out_features=8)+swiglu+linear(in_features=4,out_features=2)");
  EXPECT_EQ(read_file(directory / "n.onnx"), nn::to_onnx(network));
}

void expect_refusal(const Words& arguments, const std::string& what) {
  Words all = {"export"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  expect_error(run(program(all)), kUsage, {what});
}

TEST(Export, Errors) {
  const TemporaryDirectory directory;
  const std::string file = directory / "f.onnx";
  expect_refusal({"gelu", "--opset", "9", "-o", file}, "[onnx] opset must be from 17 to 24, got 9");
  expect_refusal({"-o", file}, "[export] name a function, or a file by --weights");
  expect_refusal({"gelu", "--weights", "w", "-o", file},
                 "[export] takes a function or --weights, not both");
  expect_refusal({"gelu", "--network", "relu", "-o", file},
                 "[export] --network says what --weights is of: name both");
  expect_refusal({"gelu", "--input", "4", "-o", file},
                 "[export] --input is the shape --network takes: name both");
  expect_refusal({"gelu", "-o", directory / "f.txt"},
                 "[export] --output must end in .onnx or .safetensors, or --format say what it is");
  expect_refusal({"gelu", "--format", "onyx", "-o", file},
                 "[export] format must be onnx or safetensors, got 'onyx'");
  expect_refusal({"gelu", "-o", directory / "f.safetensors"},
                 "[export] gelu has no weights: write it as .onnx");
  expect_refusal({"geluu", "-o", file}, "did you mean gelu?");
  expect_refusal({"gelu"}, "--output");
  EXPECT_FALSE(std::filesystem::exists(file));
  write_file(directory / "w", "1234567");
  expect_refusal({"--weights", directory / "w", "-o", file}, "too few for a header's length");
  expect_error(run(program({"export", "--weights", directory / "none", "-o", file})), kFailure,
               {"[safetensors]", "cannot be read: No such file or directory"});
  expect_error(run(program({"export", "gelu", "-o", directory / "none" / "f.onnx"})), kFailure,
               {"[export] cannot write", "No such file or directory"});
}

}  // namespace
}  // namespace actfn::testing
