// SPDX-License-Identifier: Apache-2.0
// Modules by themselves: the gradients of what they learn do not depend on whether the gradient by
// the input is asked for; the noise of those that draw much.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <vector>

#include "messages.h"
#include "nn/module.h"
#include "nn/team.h"
#include "nn_reference.h"

namespace actfn::nn {
namespace {

using testing::bits;
using testing::uniform;

// Of a forward and a backward pass of 3 samples.
std::vector<std::uint32_t> gradient_bits(const Module& module, bool with_dx) {
  constexpr std::size_t kRows = 3;
  const auto learned = uniform(module.parameter_count().value(), 0.5F, 3);
  const auto x = uniform(kRows * module.in_size(), 1, 1);
  const auto dy = uniform(kRows * module.out_size(), 1, 2);
  Buffer workspace(module.workspace_size(kRows).value());
  std::vector<Buffer> scratch(1, Buffer(module.scratch_size(kRows).value()));
  std::vector<float> buffers(module.buffer_count());
  module.initialize_buffers(buffers);
  Team team(1);
  const Pass pass = {.rows = kRows,
                     .training = true,
                     .noise = {.seed = 5},
                     .learned = learned,
                     .buffers = buffers,
                     .workspace = workspace.data(),
                     .scratch = scratch,
                     .team = &team};
  std::vector<float> y(dy.size()), dx(x.size()), gradients(learned.size());
  module.forward(pass, x.data(), y.data());
  module.backward(pass, {x.data(), y.data(), dy.data(), with_dx ? dx.data() : nullptr, gradients});
  return bits(gradients);
}

struct Nested {
  Shape in;
  Layer layer;
  bool works_without_dx;
};

std::vector<Nested> nested() {
  const std::vector<Layer> norm_and_linear = {LayerNorm{{4}}, Linear{4, 4}};
  const std::vector<Layer> relu_and_linear = {Relu{}, Linear{4, 4}};
  return {{{4}, Residual{Linear{4, 6}, Gelu{}, Linear{6, 4}}, true},
          {{5, 4}, Residual{LayerNorm{{4}}, SelfAttention{.embed_dim = 4, .num_heads = 2}}, true},
          {{4}, Residual{Residual{BatchNorm1d{4}, Relu{}}, Dropout{.p = 0.5}}, true},
          {{4}, Residual{Relu{}, Linear{4, 4}}, false},
          {{4}, Parallel{Linear{4, 2}, Linear{4, 3}}, true},
          {{4}, Parallel{relu_and_linear, norm_and_linear, relu_and_linear}, true},
          {{2, 6, 6}, Parallel{Conv2d{2, 3, 1}, std::vector<Layer>{Relu{}, Conv2d{2, 2, 1}}}, true},
          {{4}, Residual{std::vector<Layer>{Parallel{Linear{4, 1}, Linear{4, 3}}}}, true}};
}

TEST(NestedModules, HaveTheSameGradientsWithoutDx) {
  for (const auto& [in, layer, works_without_dx] : nested()) {
    SCOPED_TRACE(to_string(std::span(&layer, 1)));
    const ModulePointer module = make_any_module(layer, in);
    ASSERT_EQ(module->works_without_dx(), works_without_dx);
    const auto want = gradient_bits(*module, true);
    EXPECT_NE(want, std::vector<std::uint32_t>(want.size()));
    if (works_without_dx) {
      EXPECT_EQ(gradient_bits(*module, false), want);
    }
  }
}

TEST(NestedModules, AreResidualsAlone) {
  const ModulePointer module = make_any_module(Relu{}, {4});
  const Pass pass = {.rows = 1, .training = true, .noise = {}, .learned = {}};
  EXPECT_EQ(testing::message([&] { module->inner(pass, 2); }),
            "[sequential] there is no layer 2 inside of a layer");
}

TEST(UnboundedNoise, HasTheNumberOfThePassInItsSeed) {
  const auto of_pass = [](std::uint64_t pass) {
    return unbounded({.seed = 5, .first = (pass << kNoiseBits) + 7});
  };
  EXPECT_EQ(of_pass(0).seed, 5U);
  std::set<std::uint64_t> seeds;
  for (std::uint64_t pass = 0; pass < 1000; ++pass) {
    EXPECT_EQ(of_pass(pass).first, 7U) << pass;
    seeds.insert(of_pass(pass).seed);
  }
  EXPECT_EQ(seeds.size(), 1000U);
}

}  // namespace
}  // namespace actfn::nn
