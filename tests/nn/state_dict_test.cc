// SPDX-License-Identifier: Apache-2.0
// Weights in files: what save() has written, load() reads bit for bit, and nothing else.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "files/safetensors.h"
#include "layer_cases.h"
#include "messages.h"
#include "nn_reference.h"
#include "temporary_directory.h"

namespace actfn::nn {
namespace {

using testing::bits;
using testing::message;
using testing::parameters;
using testing::TemporaryDirectory;

constexpr const char* kLayers =
    "linear(in_features=3,out_features=4)+prelu(num_parameters=4)+"
    "linear(in_features=4,out_features=2)+learnable(swish)";

// Numbers of all sorts, none twice.
void fill(Sequential& network) {
  float next = 1;
  for (const auto& view : network.linears()) {
    for (float& w : view.weight) w = next = -next * 1.1F;
    for (float& b : view.bias) b = next = -next * 1.1F;
  }
  for (const auto& view : network.learned()) {
    for (float& v : view.values) v = next = -next * 1.1F;
  }
  network.linears()[0].weight[0] = -0.0F;
  network.linears()[0].weight[1] = std::numeric_limits<float>::quiet_NaN();
  network.linears()[0].weight[2] = std::numeric_limits<float>::denorm_min();
}

TEST(StateDict, IsReadBackBitForBit) {
  const TemporaryDirectory directory;
  const auto file = directory / "w.safetensors";
  Sequential saved(parse_network(kLayers));
  fill(saved);
  save(saved, file);
  Sequential loaded(parse_network(kLayers));
  load(loaded, file);
  EXPECT_EQ(bits(parameters(loaded)), bits(parameters(saved)));
  Sequential made = load(file);
  EXPECT_EQ(to_string(made.layers()), kLayers);
  EXPECT_EQ(bits(parameters(made)), bits(parameters(saved)));
}

TEST(StateDict, HasPyTorchsNamesAndLayouts) {
  const TemporaryDirectory directory;
  Sequential network(parse_network("linear(2,3)+prelu+linear(3,1)"));
  float next = 0;
  for (const auto& view : network.linears()) {
    for (float& w : view.weight) w = next++;
    for (float& b : view.bias) b = next++;
  }
  save(network, directory / "w");
  const auto read = files::Safetensors::read(directory / "w");
  EXPECT_EQ(read.entries().size(), 5U);
  EXPECT_EQ(read.metadata("format"), "pt");
  EXPECT_EQ(read.entry("0.weight").shape, (std::vector<std::size_t>{3, 2}));
  EXPECT_EQ(read.entry("2.bias").shape, std::vector<std::size_t>{1});
  EXPECT_EQ(read.entry("1.weight").shape, std::vector<std::size_t>{1});
  const float transposed[] = {0, 3, 1, 4, 2, 5};
  EXPECT_EQ(std::memcmp(read.entry("0.weight").bytes.data(), transposed, sizeof transposed), 0);
}

// PyTorch's state_dict() has the running statistics, too, and counts batches in int64.
TEST(StateDict, HasBuffers) {
  const TemporaryDirectory directory;
  Sequential network({2, 4, 4}, Conv2d{2, 3, 3}, BatchNorm2d{3});
  for (const Parameter& p : network.buffers()) std::ranges::fill(p.values, 7.0F);
  save(network, directory / "w");
  const auto read = files::Safetensors::read(directory / "w");
  EXPECT_EQ(read.entries().size(), 7U);
  EXPECT_EQ(read.entry("1.num_batches_tracked").type, "I64");
  EXPECT_EQ(read.entry("1.num_batches_tracked").shape, std::vector<std::size_t>{});
  EXPECT_EQ(read.entry("1.num_batches_tracked").bytes, std::string("\7\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(read.entry("1.running_var").type, "F32");
  Sequential other({2, 4, 4}, Conv2d{2, 3, 3}, BatchNorm2d{3});
  load(other, directory / "w");
  for (const Parameter& p : other.buffers()) {
    EXPECT_TRUE(std::ranges::all_of(p.values, [](float v) { return v == 7; })) << p.name;
  }
}

// A count that float32 or int64 cannot have is no count of batches.
TEST(StateDict, CountsHaveARange) {
  const TemporaryDirectory directory;
  Sequential network({2}, BatchNorm1d{2});
  save(network, directory / "w");
  std::string file = testing::read_file(directory / "w");
  const auto read = files::Safetensors::read(directory / "w");
  const std::string_view bytes = read.entry("0.num_batches_tracked").bytes;
  const std::size_t at = file.find(bytes, file.size() - bytes.size());
  for (const auto& [value, text] :
       {std::pair{std::string("\0\0\0\0\0\0\0\x80", 8), "-9223372036854775808"},
        {std::string("\1\0\0\0\0\0\x20\0", 8), "9007199254740993"}}) {
    testing::write_file(directory / "w", file.replace(at, 8, value));
    EXPECT_EQ(message([&] { load(network, directory / "w"); }),
              "[safetensors] " + (directory / "w").string() +
                  ": '0.num_batches_tracked' must be from 0 to 2^53, got " + text);
  }
  testing::write_file(directory / "w", file.replace(at, 8, std::string("\0\0\0\0\0\0\x20\0", 8)));
  load(network, directory / "w");
  save(network, directory / "w");
  EXPECT_EQ(testing::read_file(directory / "w"), file);
}

// Writes a file with such tensors, and gives what load() says of it, without the file's name.
std::string refusal(const std::vector<files::NamedTensor>& tensors) {
  const TemporaryDirectory directory;
  const auto file = directory / "w";
  testing::write_file(file, files::safetensors(tensors, {}));
  Sequential network(parse_network("linear(2,1)"));
  network.initialize(Init::he_normal, 1);
  const auto before = bits(parameters(network));
  const std::string text = message([&] { load(network, file); });
  EXPECT_TRUE(text == "no error" || bits(parameters(network)) == before);
  const std::string begin = "[safetensors] " + file.string() + ": ";
  return text.starts_with(begin) ? text.substr(begin.size()) : text;
}

TEST(StateDict, WhatDoesNotFitIsNamedAndChangesNothing) {
  const files::NamedTensor weight = {"0.weight", {1, 2}, {1, 2}};
  const files::NamedTensor bias = {"0.bias", {1}, {3}};
  EXPECT_EQ(refusal({weight, bias}), "no error");
  EXPECT_EQ(refusal({weight}), "there is no tensor '0.bias'");
  EXPECT_EQ(refusal({bias}), "there is no tensor '0.weight'");
  EXPECT_EQ(refusal({weight, bias, {"2.weight", {1}, {1}}}),
            "the network has no parameter '2.weight'");
  EXPECT_EQ(refusal({{"0.weight", {2, 1}, {1, 2}}, bias}),
            "'0.weight' has the shape 2x1, the network's is 1x2");
  EXPECT_EQ(refusal({weight, {"0.bias", {}, {3}}}),
            "'0.bias' has the shape (), the network's is 1");
}

TEST(StateDict, OtherTypesAreRefused) {
  const TemporaryDirectory directory;
  const std::string header = R"({"0.weight":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]},)"
                             R"("0.bias":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})";
  std::string length(8, '\0');
  length[0] = static_cast<char>(header.size());
  testing::write_file(directory / "w", length + header + "12345678");
  Sequential network(parse_network("linear(2,1)"));
  EXPECT_EQ(
      message([&] { load(network, directory / "w"); }),
      "[safetensors] " + (directory / "w").string() + ": '0.weight' is F16: only F32 is read");
}

TEST(StateDict, AFileWithoutLayersMakesNoNetwork) {
  const TemporaryDirectory directory;
  testing::write_file(directory / "w", files::safetensors({}, {}));
  EXPECT_EQ(message([&] { load(directory / "w"); }),
            "[safetensors] " + (directory / "w").string() + ": the metadata has no 'network'");
}

TEST(StateDict, FilesThatCannotBe) {
  const TemporaryDirectory directory;
  const std::string none = (directory / "none" / "w").string();
  Sequential network(parse_network("linear(2,1)"));
  EXPECT_EQ(message<std::runtime_error>([&] { save(network, none); }),
            "[save] cannot write " + none + ": No such file or directory");
  EXPECT_EQ(message<std::runtime_error>([&] { load(network, none); }),
            "[safetensors] " + none + ": cannot be read: No such file or directory");
}

// Modules other than networks.
struct NamedShape {
  std::string name;
  std::vector<std::size_t> shape;
};

template <class M>
void fill_module(M& module) {
  float next = 1;
  for (const Parameter& p : module.parameters()) {
    for (float& v : p.values) v = next = -next * 1.1F;
  }
  module.parameters()[0].values[0] = std::numeric_limits<float>::quiet_NaN();
}

// A file of `saved` has what is wanted and nothing else, and `loaded` gets it bit for bit.
template <class M>
void expect_exchange(M saved, M loaded, const std::vector<NamedShape>& want) {
  const TemporaryDirectory directory;
  fill_module(saved);
  save(saved, directory / "w");
  const auto read = files::Safetensors::read(directory / "w");
  EXPECT_EQ(read.metadata("format"), "pt");
  EXPECT_EQ(read.entries().size(), want.size());
  for (const NamedShape& one : want) EXPECT_EQ(read.entry(one.name).shape, one.shape) << one.name;
  load(loaded, directory / "w");
  const auto there = saved.parameters(), here = loaded.parameters();
  for (std::size_t i = 0; i < there.size(); ++i) {
    EXPECT_EQ(bits(here[i].values), bits(there[i].values)) << there[i].name;
  }
}

TEST(StateDict, OfMultiheadAttention) {
  const auto expect = [](const MultiheadAttentionSettings& s, const std::vector<NamedShape>& want) {
    expect_exchange(MultiheadAttention(s), MultiheadAttention(s), want);
  };
  expect({.embed_dim = 4, .num_heads = 2}, {{"in_proj_weight", {12, 4}},
                                            {"in_proj_bias", {12}},
                                            {"out_proj.weight", {4, 4}},
                                            {"out_proj.bias", {4}}});
  expect({.embed_dim = 4, .num_heads = 2, .add_bias_kv = true, .kdim = 3, .vdim = 5},
         {{"q_proj_weight", {4, 4}},
          {"k_proj_weight", {4, 3}},
          {"v_proj_weight", {4, 5}},
          {"in_proj_bias", {12}},
          {"bias_k", {1, 1, 4}},
          {"bias_v", {1, 1, 4}},
          {"out_proj.weight", {4, 4}},
          {"out_proj.bias", {4}}});
  expect({.embed_dim = 4, .num_heads = 2, .bias = false, .kv_heads = 1, .sinks = true},
         {{"in_proj_weight", {8, 4}}, {"sinks", {2}}, {"out_proj.weight", {4, 4}}});
}

TEST(StateDict, OfAdaptiveLogSoftmaxWithLoss) {
  const auto expect = [](const AdaptiveLogSoftmaxOptions& options,
                         const std::vector<NamedShape>& want) {
    const auto made = [&] { return AdaptiveLogSoftmaxWithLoss(16, 20, {5, 12}, options); };
    expect_exchange(made(), made(), want);
  };
  std::vector<NamedShape> want = {{"head.weight", {7, 16}},
                                  {"tail.0.0.weight", {4, 16}},
                                  {"tail.0.1.weight", {7, 4}},
                                  {"tail.1.0.weight", {1, 16}},
                                  {"tail.1.1.weight", {8, 1}}};
  expect({}, want);
  want.push_back({"head.bias", {7}});
  expect({.head_bias = true}, want);
}

TEST(StateDict, OfNetworksWithSelfAttention) {
  const auto made = [] {
    return Sequential({3, 4}, Residual{LayerNorm{{4}}, SelfAttention{4, 2}},
                      SelfAttention{.embed_dim = 4, .num_heads = 2, .bias = false});
  };
  expect_exchange(made(), made(),
                  {{"0.0.weight", {4}},
                   {"0.0.bias", {4}},
                   {"0.1.in_proj_weight", {12, 4}},
                   {"0.1.in_proj_bias", {12}},
                   {"0.1.out_proj.weight", {4, 4}},
                   {"0.1.out_proj.bias", {4}},
                   {"1.in_proj_weight", {12, 4}},
                   {"1.out_proj.weight", {4, 4}}});
}

TEST(StateDict, WhatDoesNotFitAModuleChangesNothing) {
  const TemporaryDirectory directory;
  const std::string begin = "[safetensors] " + (directory / "w").string() + ": ";
  MultiheadAttention saved({.embed_dim = 4, .num_heads = 2, .add_bias_kv = true});
  save(saved, directory / "w");
  const auto refusal_of = [&](auto module) {
    fill_module(module);
    const auto bits_of = [&] {
      std::vector<std::vector<std::uint32_t>> all;
      for (const Parameter& p : module.parameters()) all.push_back(bits(p.values));
      return all;
    };
    const auto before = bits_of();
    const std::string text = message([&] { load(module, directory / "w"); });
    EXPECT_EQ(bits_of(), before);
    return text;
  };
  EXPECT_EQ(refusal_of(MultiheadAttention({.embed_dim = 4, .num_heads = 2})),
            begin + "the module has no parameter 'bias_k'");
  EXPECT_EQ(refusal_of(MultiheadAttention({.embed_dim = 4, .num_heads = 2, .kdim = 3})),
            begin + "there is no tensor 'q_proj_weight'");
  EXPECT_EQ(refusal_of(MultiheadAttention({.embed_dim = 6, .num_heads = 2, .add_bias_kv = true})),
            begin + "'in_proj_weight' has the shape 12x4, the module's is 18x6");
  EXPECT_EQ(refusal_of(AdaptiveLogSoftmaxWithLoss(16, 20, {5})),
            begin + "there is no tensor 'head.weight'");
}

class StateDictOfLayers : public ::testing::TestWithParam<cases::LayerCase> {};

// The file alone makes the same network again: layers, shape, parameters and buffers.
TEST_P(StateDictOfLayers, MakesTheNetworkAgain) {
  const TemporaryDirectory directory;
  Sequential network(GetParam().sample, GetParam().layers);
  network.initialize(Init::he_normal, 1);
  const auto x = cases::input_of(GetParam());
  network.forward(x);  // which moves running statistics
  save(network, directory / "w");
  Sequential again = load(directory / "w");
  EXPECT_EQ(to_string(again.layers()), to_string(GetParam().layers));
  EXPECT_EQ(again.in_shape(), GetParam().sample);
  network.set_training(false);
  again.set_training(false);
  EXPECT_EQ(bits(again.forward(x)), bits(network.forward(x)));
}

INSTANTIATE_TEST_SUITE_P(All, StateDictOfLayers, ::testing::ValuesIn(cases::all()),
                         [](const auto& test) { return test.param.name; });

std::string input_of(const Shape& in, const std::string& layers) {
  const TemporaryDirectory directory;
  Sequential network(in, parse_network(layers));
  save(network, directory / "w");
  const auto read = files::Safetensors::read(directory / "w");
  const auto found = read.all_metadata().find("input");
  return found == read.all_metadata().end() ? "none" : found->second;
}

TEST(StateDict, HasTheShapeOfASampleUnlessTheFirstLayerTellsIt) {
  EXPECT_EQ(input_of({4}, "linear(4,2)"), "none");
  EXPECT_EQ(input_of({3, 4}, "linear(4,2)"), "3x4");
  EXPECT_EQ(input_of({4}, "relu+linear(4,2)"), "4");
  EXPECT_EQ(input_of({1, 6, 5}, "conv2d(1,2,3)"), "1x6x5");
}

// Files that this library would not write, with a tensor of 6 numbers.
std::string refused_metadata(const std::string& network, const std::string& input) {
  const TemporaryDirectory directory;
  const std::pair<std::string, std::string> metadata[] = {{"network", network}, {"input", input}};
  const files::NamedTensor tensors[] = {{"0.weight", {6}, std::vector<float>(6)}};
  testing::write_file(directory / "w", files::safetensors(tensors, metadata));
  const std::string text = message([&] { load(directory / "w"); });
  const std::string begin = "[safetensors] " + (directory / "w").string() + ": ";
  return text.starts_with(begin) ? text.substr(begin.size()) : text;
}

TEST(StateDict, MetadataThatMakeNoNetworkAreErrors) {
  EXPECT_EQ(refused_metadata("linear(2,1)", "x"),
            "the metadata's 'input' must be lengths, written as 64 or 1x28x28, got 'x'");
  EXPECT_EQ(refused_metadata("linear(2,1)", "3"),
            "[sequential] a Linear takes 2 features where 3 come in");
  EXPECT_EQ(refused_metadata("conv2d(1,1,0)", "1x2x2"),
            "[conv2d] kernel_size must be at least 1, got 0");
  EXPECT_EQ(refused_metadata("linear(2,1000000)+linear(1000000,1000000)", "2"),
            "the network has 1000004000000 parameters, all tensors have 6 numbers");
  EXPECT_EQ(refused_metadata("linear(2147483647,2147483647)", "2147483647"),
            "the network has 4611686016279904256 parameters, all tensors have 6 numbers");
}

}  // namespace
}  // namespace actfn::nn
