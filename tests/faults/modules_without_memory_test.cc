// SPDX-License-Identifier: Apache-2.0
// Modules that get no memory in a pass that is larger than the last one: std::bad_alloc. Then they
// give the gradients of the last pass, or say that there is none; and the next pass has the bits
// that it would have had.
#include <actfn/actfn.h>
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "failing_memory.h"
#include "nn_reference.h"
#include "no_free_blocks.h"

namespace actfn::nn {
namespace {

using testing::Extent;
using testing::fail_each;
using Numbers = std::vector<float>;

Numbers copy_of(const ConstTensor& t) {
  Numbers all(t.size());
  forward(Identity{}, t, Tensor(all, t.shape()));
  return all;
}

// A module after a small pass; it is to have a large one.
struct Attention {
  MultiheadAttention module{
      {.embed_dim = 8, .num_heads = 2, .dropout = 0.25, .add_bias_kv = true, .batch_first = true}};
  Numbers few = testing::uniform(24, 1, 1), many = testing::uniform(320, 1, 2);

  Attention() {
    module.initialize(1);
    pass(few);
  }
  ConstTensor run(const Numbers& x) {
    const ConstTensor tokens(x, {1, x.size() / 8, 8});
    return module.forward(tokens, tokens, tokens).output;
  }
  Numbers pass(const Numbers& x) { return copy_of(run(x)); }
  Numbers gradients(const Numbers& dy) {
    return copy_of(module.backward({dy, {1, dy.size() / 8, 8}}).query);
  }
};

struct Adaptive {
  AdaptiveLogSoftmaxWithLoss module{8, 60, {4, 20}, {.div_value = 2}};
  Numbers few = testing::uniform(24, 1, 1), many = testing::uniform(320, 1, 2);
  std::vector<std::uint32_t> targets;

  Adaptive() {
    for (std::uint32_t i = 0; i < 40; ++i) targets.push_back(i * 17 % 60);
    module.initialize(1);
    pass(few);
  }
  std::span<const float> run(const Numbers& x) {
    return module.forward(x, std::span(targets).first(x.size() / 8)).output;
  }
  Numbers pass(const Numbers& x) {
    const auto output = run(x);
    return {output.begin(), output.end()};
  }
  Numbers gradients(const Numbers& dy) {
    const auto dx = module.backward(std::span(dy).first(dy.size() / 8));
    return {dx.begin(), dx.end()};
  }
};

template <class M>
void expect_no_harm() {
  M whole;
  const Numbers wanted_few = whole.gradients(whole.few);
  const Numbers wanted = whole.pass(whole.many);
  const Numbers wanted_gradients = whole.gradients(whole.many);
  for (const Extent extent : {Extent::one, Extent::all_after}) {
    std::optional<M> own(std::in_place);
    std::optional<testing::NoFreeBlocks> none(std::in_place);
    const auto check = [&](bool threw) {
      EXPECT_TRUE(threw);
      try {
        EXPECT_EQ(own->gradients(own->few), wanted_few);
      } catch (const Error&) {
      }
      EXPECT_EQ(own->pass(own->many), wanted);
      EXPECT_EQ(own->gradients(own->many), wanted_gradients);
      own.emplace();
      none.emplace();
    };
    const auto attempt = [&] { own->run(own->many); };
    EXPECT_GT(fail_each(extent, attempt, check), 5);
  }
}

TEST(ModulesWithoutMemory, MultiheadAttention) { expect_no_harm<Attention>(); }
TEST(ModulesWithoutMemory, AdaptiveLogSoftmaxWithLoss) { expect_no_harm<Adaptive>(); }

}  // namespace
}  // namespace actfn::nn
