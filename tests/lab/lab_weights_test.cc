// SPDX-License-Identifier: Apache-2.0
// The weights that a training leaves: names, layouts, and of which epoch they are.
#include "nn/state_dict.h"

#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <map>

#include "files/safetensors.h"
#include "lab/compare.h"
#include "lab/sha256.h"
#include "lab/training_name.h"
#include "toy_data.h"

namespace actfn::lab {
namespace {

static_assert(std::endian::native == std::endian::little);  // read() below copies numbers

struct Tensor {
  std::vector<std::size_t> shape;
  std::vector<float> values;
};

std::map<std::string, Tensor> read(const std::string& bytes) {
  const auto file = files::Safetensors::parse(bytes, "F");
  EXPECT_EQ(file.metadata("format"), "pt");
  std::map<std::string, Tensor> tensors;
  for (const auto& [name, entry] : file.entries()) {
    EXPECT_EQ(entry.type, "F32");
    Tensor tensor{entry.shape, std::vector<float>(entry.bytes.size() / sizeof(float))};
    std::memcpy(tensor.values.data(), entry.bytes.data(), entry.bytes.size());
    tensors.emplace(name, std::move(tensor));
  }
  return tensors;
}

std::map<std::string, Tensor> tensors_of(const std::vector<nn::Layer>& layers) {
  const nn::Architecture architecture(layers);
  nn::Sequential network(architecture);
  float next = 0;
  for (const auto& view : network.linears()) {
    for (float& w : view.weight) w = next++;
    for (float& b : view.bias) b = next++;
  }
  for (const auto& view : network.learned()) {
    for (float& v : view.values) v = next++;
  }
  return read(nn::weights_file(network));
}

std::vector<nn::Layer> layers(const std::string& between, int in, int out) {
  std::vector<nn::Layer> all = {nn::Linear{2, in}};
  for (const auto& layer : nn::parse_layers(between)) all.push_back(layer);
  all.push_back(nn::Linear{out, 1});
  return all;
}

// x W + b with W [in, out] is x A^T + b with A [out, in].
TEST(Weights, AreTransposedAsPyTorchHasThem) {
  const auto all = tensors_of(layers("relu", 3, 3));
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all.at("0.weight").shape, (std::vector<std::size_t>{3, 2}));
  EXPECT_EQ(all.at("0.weight").values, (std::vector<float>{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(all.at("0.bias").shape, (std::vector<std::size_t>{3}));
  EXPECT_EQ(all.at("0.bias").values, (std::vector<float>{6, 7, 8}));
  EXPECT_EQ(all.at("2.weight").shape, (std::vector<std::size_t>{1, 3}));
  EXPECT_EQ(all.at("2.weight").values, (std::vector<float>{9, 10, 11}));
  EXPECT_EQ(all.at("2.bias").values, (std::vector<float>{12}));
}

// For `actfn export`.
TEST(Weights, TheLayersAreNamed) {
  nn::Sequential network(layers("swiglu", 6, 3));
  const auto file = files::Safetensors::parse(nn::weights_file(network), "F");
  EXPECT_EQ(file.metadata("network"),
            "linear(in_features=2,out_features=6)+swiglu+linear(in_features=3,out_features=1)");
}

TEST(Weights, PreluHasAWeight) {
  const auto one = tensors_of(layers("prelu", 3, 3));
  ASSERT_EQ(one.size(), 5U);
  EXPECT_EQ(one.at("1.weight").shape, (std::vector<std::size_t>{1}));
  EXPECT_EQ(one.at("1.weight").values, (std::vector<float>{13}));
  const auto several = tensors_of(layers("prelu(num_parameters=3)", 3, 3));
  EXPECT_EQ(several.at("1.weight").values, (std::vector<float>{13, 14, 15}));
}

TEST(Weights, LayersThatLearnNothingCountToo) {
  const auto gate = tensors_of(layers("swiglu", 6, 3));
  ASSERT_EQ(gate.size(), 4U);
  EXPECT_EQ(gate.at("0.weight").shape, (std::vector<std::size_t>{6, 2}));
  EXPECT_EQ(gate.at("2.weight").shape, (std::vector<std::size_t>{1, 3}));
  const auto learned = tensors_of(layers("dropout+learnable(swish)", 3, 3));
  ASSERT_EQ(learned.size(), 5U);
  EXPECT_EQ(learned.at("2.values").shape, (std::vector<std::size_t>{1}));
  EXPECT_EQ(learned.at("3.weight").shape, (std::vector<std::size_t>{1, 3}));
}

CompareSettings settings() {
  CompareSettings s;
  s.activations = {Relu{}, Nonlinearity(nn::parse_layers("prelu"))};
  s.seeds = {7};
  s.hidden = {4};
  s.epochs = 12;
  s.lr = {0.05};  // so large that the last epoch is not the best
  s.save = true;
  return s;
}

// Files by the name of the training, and the rows that they belong to.
struct Kept {
  Comparison comparison;
  std::map<std::string, std::string> files;
};

Kept run(const CompareSettings& s) {
  Kept kept;
  std::vector<Live> live(1);
  const auto nothing = [](const EpochResult&) {};
  const auto save = [&](const Training& t, const std::string& file) {
    EXPECT_TRUE(kept.files.emplace(training_name(s, t.activation, t.seed, t.lr), file).second);
  };
  static const data::Dataset data = testing::toy_data();
  kept.comparison = compare(Plan(s), data, live, {}, {nothing, nothing, save});
  return kept;
}

std::string hash_of(const std::map<std::string, Tensor>& all, bool prelu) {
  Sha256 hash;
  for (const std::string layer : {"0", "2"}) {
    const Tensor& weight = all.at(layer + ".weight");
    std::vector<float> ours(weight.values.size());  // [in, out] again
    const std::size_t out = weight.shape[0];
    const std::size_t in = weight.shape[1];
    for (std::size_t i = 0; i < ours.size(); ++i) ours[i] = weight.values[i % out * in + i / out];
    hash.add(ours);
    hash.add(all.at(layer + ".bias").values);
  }
  if (prelu) hash.add(all.at("1.weight").values);
  return hash.digits();
}

TEST(Weights, WithoutValidationAreThoseOfTheLastEpoch) {
  CompareSettings s = settings();
  s.validation = 0;
  s.epochs = 2;
  const Kept kept = run(s);
  ASSERT_EQ(kept.files.size(), 2U);
  for (const std::size_t a : {0U, 1U}) {
    const auto all = read(kept.files.at(training_name(s, a, 7, 0.05)));
    EXPECT_EQ(hash_of(all, a == 1), kept.comparison.epochs[3 * a + 2].sha256.value().last_weights);
  }
}

// The weights of a run that ends with its best epoch.
TEST(Weights, AreThoseOfTheBestEpoch) {
  const CompareSettings s = settings();
  const Kept kept = run(s);
  bool earlier = false;
  for (const std::size_t a : {0U, 1U}) {
    CompareSettings alone = s;
    alone.activations = {s.activations[a]};
    alone.epochs = best_epoch(std::span(kept.comparison.epochs).subspan(13 * a, 13));
    earlier = earlier || alone.epochs < s.epochs;
    const std::string name = training_name(s, a, 7, 0.05);
    const auto all = read(kept.files.at(name));
    EXPECT_EQ(hash_of(all, a == 1), run(alone).comparison.epochs.back().sha256->last_weights);
  }
  EXPECT_TRUE(earlier);
}

TEST(Weights, AreKeptOnlyWhereAskedFor) {
  CompareSettings s = settings();
  s.epochs = 1;
  s.save = false;
  EXPECT_TRUE(run(s).files.empty());
}

TEST(TrainingName, IsSafeAndOfOneTraining) {
  CompareSettings s;
  s.activations = {Relu{}, Hardtanh{-2, 2},
                   Nonlinearity(nn::parse_layers("selu+alpha_dropout(p=0.05)"))};
  EXPECT_EQ(training_name(s, 0, 3, 0.001), "relu-seed-3");
  EXPECT_EQ(training_name(s, 1, 3, 0.001), "hardtanh_min_val--2_max_val-2-seed-3");
  EXPECT_EQ(training_name(s, 2, 12, 0.001), "selu+alpha_dropout_p-0.05-seed-12");
  s.lr = {0.001, 0.01};
  EXPECT_EQ(training_name(s, 0, 3, 0.01), "relu-seed-3-lr-0.01");
}

TEST(TrainingName, IsShortEnoughForAFile) {
  CompareSettings s;
  std::string spec = "relu";
  for (int i = 0; i < 80; ++i) spec += "+relu";
  s.activations = {Nonlinearity(nn::parse_layers(spec)),
                   Nonlinearity(nn::parse_layers(spec + "+gelu"))};
  const std::string one = training_name(s, 0, 1, 0.001);
  EXPECT_LT(one.size(), 200U);
  EXPECT_NE(one, training_name(s, 1, 1, 0.001));
}

}  // namespace
}  // namespace actfn::lab
