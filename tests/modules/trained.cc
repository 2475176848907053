// SPDX-License-Identifier: Apache-2.0
// The two modules with weights of their own.
#include <actfn/nn/nn.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include "elements.h"
#include "kernels/type.h"
#include "modules/support.h"

namespace actfn::modules {
namespace {

// Template parameters, so that what a module lacks is no error.
template <class Module>
constexpr bool kHasDoubleBackward = requires { &Module::double_backward; };

bool is_finite(std::span<const float> all) {
  return std::ranges::all_of(all, [](float v) { return std::isfinite(v); });
}

constexpr std::size_t kTokens = 3, kWidth = 4;

bool attends(nn::MultiheadAttention& attention, Type type, bool with_gradients) {
  return kernels::for_type(type, [&]<class T>() {
    const std::vector<T> x(kTokens * kWidth, testing::as<T>(0.5));
    const ConstTensor tokens(x, {kTokens, 1, kWidth});
    try {
      auto y = attention.forward(tokens, tokens, tokens).output;
      if (with_gradients) y = attention.backward(tokens).query;
      return y.type() == Type::float32 && is_finite({y.data<float>(), y.size()});
    } catch (const Error&) {
      return false;  // it takes no such numbers
    }
  });
}

// Whether spans of T are taken at all, and the calls work.
template <class T, class Module>
bool computes(Module& module, bool with_gradients) {
  if constexpr (requires(std::span<const T> x, std::span<const std::uint32_t> targets) {
                  module.forward(x, targets);
                }) {
    const std::vector<T> x(6, testing::as<T>(0.5));
    const std::vector<std::uint32_t> targets = {0, 4, 7};
    const auto result = module.forward(x, targets);
    if (with_gradients && !is_finite(module.backward())) return false;
    return is_finite(result.output) && std::isfinite(result.loss);
  } else {
    return false;
  }
}

template <class Compute>
Support::ByType by_type(const Compute& compute) {
  Support::ByType all{};
  std::ranges::transform(kTypes, all.begin(), compute);
  return all;
}

// A module that gets one is to be called here, as the functions are.
static_assert(!kHasDoubleBackward<nn::MultiheadAttention> &&
              !kHasDoubleBackward<nn::AdaptiveLogSoftmaxWithLoss>);

}  // namespace

Support support_of_multihead_attention() {
  nn::MultiheadAttention attention({.embed_dim = kWidth, .num_heads = 2});
  attention.initialize(1);
  Support all;
  all.value = by_type([&](Type type) { return attends(attention, type, false); });
  all.backward = by_type([&](Type type) { return attends(attention, type, true); });
  nn::Sequential network({kTokens, kWidth}, nn::SelfAttention{kWidth, 2});
  all.exported = exported(network);
  all.layer = runs(std::move(network));
  return all;
}

Support support_of_adaptive_log_softmax() {
  nn::AdaptiveLogSoftmaxWithLoss softmax(2, 8, {2, 5}, {.div_value = 1});
  softmax.initialize(1);
  const auto computed = [&](Type type, bool with_gradients) {
    return kernels::for_type(type, [&]<class T>() { return computes<T>(softmax, with_gradients); });
  };
  Support all;
  all.value = by_type([&](Type type) { return computed(type, false); });
  all.backward = by_type([&](Type type) { return computed(type, true); });
  all.layer = std::is_constructible_v<nn::Layer, nn::AdaptiveLogSoftmaxWithLoss>;
  return all;
}

}  // namespace actfn::modules
