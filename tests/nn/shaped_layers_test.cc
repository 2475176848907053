// SPDX-License-Identifier: Apache-2.0
// Layers with a shape against float64: results, gradients, and what must not change their bits.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "differences.h"
#include "layer_cases.h"
#include "nn_layers_reference.h"

namespace actfn::nn {
namespace {

using cases::input_of;
using testing::Batch;
using testing::bits;
using testing::difference;
using testing::largest;
using testing::State;
using testing::uniform;
using Case = cases::LayerCase;

Batch as_batch(const Case& c, std::span<const float> x) { return {c.sample, {x.begin(), x.end()}}; }

// Nothing is 0 or 1 any more.
void randomize(Sequential& net) {
  unsigned seed = 1;
  for (const auto& p : net.parameters()) {
    const std::size_t fan = p.shape.count() > 1 ? p.values.size() / p.shape[0] : 2;
    const float bound = std::sqrt(3.0F / static_cast<float>(fan));
    const auto drawn = uniform(p.values.size(), bound, ++seed);
    std::copy(drawn.begin(), drawn.end(), p.values.begin());
  }
  for (const auto& p : net.buffers()) {
    const auto drawn = uniform(p.values.size(), 0.5F, ++seed);
    for (std::size_t i = 0; i < drawn.size(); ++i) p.values[i] = 1 + drawn[i];
  }
}

class ShapedLayers : public ::testing::TestWithParam<Case> {};

void expect_reference(Sequential& net, const Case& c, bool training) {
  net.set_training(training);
  const State state = testing::state_of(net, training);
  const auto x = input_of(c);
  const Batch want = testing::reference(c.layers, state, as_batch(c, x));
  const auto got = net.forward(x);
  EXPECT_EQ(net.out_shape(), want.sample);
  ASSERT_EQ(got.size(), want.values.size());
  const double bound = 4e-6 * std::max(1.0, largest(want.values));
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], want.values[i], bound) << i;
}

TEST_P(ShapedLayers, ForwardIsTheReference) {
  Sequential net(GetParam().sample, GetParam().layers);
  for (const bool training : {true, false}) {
    randomize(net);
    expect_reference(net, GetParam(), training);
  }
}

// The products of our own take another path.
TEST_P(ShapedLayers, ForwardIsTheReferenceWhenReproducible) {
  Sequential net(GetParam().sample, GetParam().layers);
  net.set_reproducible(true);
  randomize(net);
  expect_reference(net, GetParam(), true);
}

double loss(const Case& c, const State& state, const Batch& x, std::span<const float> weights) {
  const Batch y = testing::reference(c.layers, state, x);
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    sum += static_cast<double>(weights[i]) * y.values[i];
  }
  return sum;
}

// By definition it has no gradient.
void clear_padding(const Layer& layer, testing::Numbers& slopes) {
  const auto* const l = std::get_if<Embedding>(&layer);
  if (l == nullptr || !l->padding_idx) return;
  const int row = *l->padding_idx + (*l->padding_idx < 0 ? l->num_embeddings : 0);
  const auto first = slopes.begin() + std::ptrdiff_t{row} * l->embedding_dim;
  std::fill(first, first + l->embedding_dim, 0.0);
}

// The loss is a sum of results; its slope along each parameter, from differences in float64.
void expect_gradients_are_slopes(const Case& c, bool training) {
  Sequential net(c.sample, c.layers);
  randomize(net);
  net.set_training(training);
  State state = testing::state_of(net, training);
  const auto x = input_of(c);
  const auto dy = uniform(net.forward(x).size(), 1, 7);
  net.backward(dy);
  const std::size_t most = x.size() > 5000 ? 20 : 200;  // slopes: each takes two passes
  const auto parameters = net.parameters();
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    const auto got = testing::as_pytorch(parameters[p], parameters[p].gradients);
    testing::Numbers want(got.size());
    const std::size_t step = got.size() / most + 1;
    for (std::size_t i = 0; i < got.size(); i += step) {
      want[i] = difference(
          state.parameters[p][i], [&] { return loss(c, state, as_batch(c, x), dy); }, 1e-6);
    }
    if (p == 0) clear_padding(c.layers.front(), want);
    const double bound = 2e-5 * std::max(1.0, largest(want));
    for (std::size_t i = 0; i < got.size(); i += step) {
      EXPECT_NEAR(got[i], want[i], bound) << parameters[p].name << " " << i;
    }
  }
}

TEST_P(ShapedLayers, GradientsAreTheSlopesOfTheLoss) {
  expect_gradients_are_slopes(GetParam(), true);
}
TEST_P(ShapedLayers, GradientsAreTheSlopesOfTheLossInEvaluation) {
  expect_gradients_are_slopes(GetParam(), false);
}

// All bits of a training, with more rows than there are pieces.
std::vector<std::uint32_t> trained(const Case& given, int threads, bool in_one) {
  Case c = given;
  c.rows = 37;
  Sequential net(c.sample, c.layers);
  net.initialize(Init::he_normal, 3);
  net.set_threads(threads);
  Optimizer optimizer(Adam{.lr = 0.01, .weight_decay = 0.1}, net);
  const auto x = input_of(c);
  std::vector<std::uint32_t> all;
  const auto add = [&all](std::span<const float> numbers) {
    const auto some = bits(numbers);
    all.insert(all.end(), some.begin(), some.end());
  };
  for (int step = 0; step < 3; ++step) {
    const auto y = net.forward(x);
    add(y);
    const auto dy = uniform(y.size(), 1, 7);
    if (in_one) {
      net.backward(dy, optimizer);
    } else {
      net.backward(dy);
      optimizer.step(net);
    }
  }
  for (const auto& p : net.parameters()) add(p.values);
  for (const auto& p : net.buffers()) add(p.values);
  return all;
}

TEST_P(ShapedLayers, ThreadsDoNotChangeABit) {
  const auto want = trained(GetParam(), 1, true);
  EXPECT_TRUE(trained(GetParam(), 1, false) == want);
  for (const int threads : {2, 3, 5}) {
    EXPECT_TRUE(trained(GetParam(), threads, threads != 3) == want) << threads;
  }
}

INSTANTIATE_TEST_SUITE_P(All, ShapedLayers, ::testing::ValuesIn(cases::all()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace actfn::nn
