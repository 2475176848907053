// SPDX-License-Identifier: Apache-2.0
// A training step allocates nothing: malloc is counted in the whole program. oneDNN's products take
// memory of their own, which is left out.
#include <actfn/nn/nn.h>
#include <dnnl.h>
#include <gtest/gtest.h>

#include "layer_cases.h"
#include "malloc_count.h"
#include "nn_reference.h"

// The linker puts it in the place of oneDNN's function: --wrap.
extern "C" {
decltype(dnnl_sgemm) __real_dnnl_sgemm, __wrap_dnnl_sgemm;

dnnl_status_t __wrap_dnnl_sgemm(char transa, char transb, dnnl_dim_t m, dnnl_dim_t n, dnnl_dim_t k,
                                float alpha, const float* a, dnnl_dim_t lda, const float* b,
                                dnnl_dim_t ldb, float beta, float* c, dnnl_dim_t ldc) {
  const actfn::testing::MallocPause pause;
  return __real_dnnl_sgemm(transa, transb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
}

namespace actfn::nn {
namespace {

struct Step {
  std::vector<float> x, gradient;
  std::vector<std::uint32_t> labels;
};

Step make_step(const Sequential& net, std::size_t rows) {
  return {testing::uniform(rows * static_cast<std::size_t>(net.in_features()), 1, 1),
          std::vector<float>(rows * static_cast<std::size_t>(net.out_features())),
          testing::some_labels(rows, net.out_features(), 2)};
}

// With a learning rate of its own.
void take(Sequential& net, Optimizer& optimizer, Step& step) {
  constexpr Schedule kSchedule = {.after = CosineAnnealingLr{}, .warmup = 5};
  optimizer.set_lr(learning_rate(kSchedule, 0.01, static_cast<std::int64_t>(step.x.size()), 100));
  cross_entropy(net.forward(step.x), step.labels, step.gradient);
  net.backward(step.gradient, optimizer);
}

void take_apart(Sequential& net, Optimizer& optimizer, std::span<const Parameter> parameters,
                Step& step) {
  cross_entropy(net.forward(step.x), step.labels);
  net.backward(step.gradient);
  clip_grad_norm(parameters, 0.1);
  clip_grad_value(parameters, 0.1);
  optimizer.step(net);
}

// A layer of every kind of function.
std::vector<Layer> layers() {
  std::vector<Layer> all = {Linear{300, 200}, Mish{}, Gelu{}};
  const std::string functions =
      "swiglu+prelu+dropout+gumbel_softmax+learnable(swish)+crelu+maxout+softmax";
  for (const Layer& layer : parse_layers(functions)) all.push_back(layer);
  all.insert(all.end(), {Linear{100, 300}, Tanh{}, Linear{300, 10}});
  return all;
}

// Samples are [16, 24], so that attention has work for two threads.
Sequential transformer() {
  const SelfAttention plain = {.embed_dim = 24, .num_heads = 3, .dropout = 0.1, .sinks = true};
  const SelfAttention other = {.embed_dim = 24,
                               .num_heads = 6,
                               .is_causal = true,
                               .kv_heads = 2,
                               .softcap = 20.0,
                               .activation = Softmax1{}};
  const SelfAttention sparse = {.embed_dim = 24, .num_heads = 2, .activation = Entmax{}};
  return {{16, 24},
          Residual{LayerNorm{{24}}, plain},
          Residual{RmsNorm{{24}}, other},
          sparse,
          Flatten{},
          Linear{384, 10}};
}

long allocations_after_warm_up(Sequential net, const UpdateRule& rule, int threads) {
  net.initialize(Init::he_normal, 1);
  net.set_threads(threads);
  Optimizer optimizer(rule, net);
  const auto parameters = net.parameters();
  Step full = make_step(net, 33);
  Step rest = make_step(net, 5);
  const auto both = [&] {
    for (Step* step : {&full, &rest}) {
      take(net, optimizer, *step);
      take_apart(net, optimizer, parameters, *step);
    }
  };
  both();
  const long before = testing::malloc_count();
  for (int i = 0; i < 10; ++i) both();
  return testing::malloc_count() - before;
}

TEST(Allocations, AreCounted) {
  if (!testing::mallocs_are_counted()) GTEST_SKIP() << "a sanitizer has replaced malloc";
  const long before = testing::malloc_count();
  const std::vector<float> ours(100);
  testing::keep(ours.data());
  EXPECT_EQ(testing::malloc_count() - before, 1);
}

TEST(Allocations, AreNoneInAStepOfATransformer) {
  for (const int threads : {1, 2}) {
    EXPECT_LE(allocations_after_warm_up(transformer(), Adam{}, threads), threads - 1) << threads;
  }
}

TEST(Allocations, AreNoneInAStep) {
  for (const int threads : {1, 2}) {
    // A helper allocates once in its life, when it first takes part: OpenMP's settings for it.
    const int helpers = threads - 1;
    EXPECT_LE(allocations_after_warm_up(Sequential(layers()), Adam{}, threads), helpers) << threads;
    EXPECT_LE(allocations_after_warm_up(Sequential(layers()), AdamW{}, threads), helpers)
        << threads;
    EXPECT_LE(allocations_after_warm_up(Sequential(layers()), Sgd{.momentum = 0.9}, threads),
              helpers)
        << threads;
  }
}

// Of batches of two sizes, in one call and in two.
long allocations_after_warm_up(const cases::LayerCase& c, int threads) {
  Sequential net(c.sample, c.layers);
  net.initialize(Init::he_normal, 1);
  net.set_threads(threads);
  Optimizer optimizer(AdamW{}, net);
  cases::LayerCase wide = c;
  wide.rows = c.rows + 32;
  const std::vector<float> inputs[] = {cases::input_of(wide), cases::input_of(c)};
  const auto gradient = testing::uniform(net.forward(inputs[0]).size(), 1, 7);
  const auto both = [&] {
    for (const auto& x : inputs) {
      for (const bool in_one : {true, false}) {
        const auto dy = std::span(gradient).first(net.forward(x).size());
        if (in_one) {
          net.backward(dy, optimizer);
        } else {
          net.backward(dy);
          optimizer.step(net);
        }
      }
    }
  };
  both();
  const long before = testing::malloc_count();
  for (int i = 0; i < 5; ++i) both();
  return testing::malloc_count() - before;
}

class AllocationsOfLayers : public ::testing::TestWithParam<cases::LayerCase> {};

TEST_P(AllocationsOfLayers, AreNoneInAStep) {
  EXPECT_EQ(allocations_after_warm_up(GetParam(), 1), 0);
  EXPECT_LE(allocations_after_warm_up(GetParam(), 2), 1);  // a helper's, as above
}

INSTANTIATE_TEST_SUITE_P(All, AllocationsOfLayers, ::testing::ValuesIn(cases::all()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace actfn::nn
