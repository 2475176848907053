// SPDX-License-Identifier: Apache-2.0
// The definitions of random activations that their files carry. For one test file: it compiles
// src/random/ for portable code.
#pragma once

#include <actfn/catalogue.h>

#include <hwy/highway.h>

#include "catalogue/descriptor.h"
#include "random/kernels/formulas.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
#include "random/functions.inc"
}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace actfn::testing {

// f with its parameters as arrays of this type read them.
inline RandomActivation read_as(Type type, RandomActivation f) {
  if (type == Type::float64) return f;
  for (const ParameterInfo& p : functions::descriptor(f).info.parameters) {
    if (p.condition == functions::Condition::probability.text) continue;
    void* const leaf = functions::leaf_of(f);
    p.set_number(leaf, static_cast<double>(static_cast<float>(p.number_of(leaf))));
  }
  return f;
}

// f(x), given the element's word and its standard normal number.
inline long double random_reference(const RandomActivation& f, Type type, double x,
                                    std::uint32_t word, double normal) {
  return std::visit(
      [&]<class F>(const F& p) {
        using Math = HWY_NAMESPACE::RandomMath<F>;
        const bool by_word = Math::kDraw == HWY_NAMESPACE::Draw::word;
        const long double noise = by_word ? static_cast<long double>(word) : normal;
        return Math::Reference(p, static_cast<long double>(x), noise);
      },
      read_as(type, f));
}

}  // namespace actfn::testing
