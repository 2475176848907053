// SPDX-License-Identifier: Apache-2.0
// A function of any kind over rows of numbers: what eval and show print, and plot draws.
#pragma once

#include <actfn/catalogue.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace actfn::lab {

inline constexpr int kHighestOrder = 2;  // of derivatives

// The function of one number that f is in evaluation and before training: relu for noisy_relu,
// leaky_relu(0.25) for prelu. None for functions of rows, gates and grouped functions.
std::optional<Activation> curve_of(const Function& f);

struct Evaluation {
  int order = 0;  // 1, 2: a derivative, of functions of one number
  // Random functions draw as in training; without it they are what they are in evaluation.
  std::optional<std::uint64_t> seed;
  Accuracy accuracy = Accuracy::accurate;  // of functions of one number
};

// Throws Error where f cannot be evaluated so: "[softmax] order must be 0, got 1: …".
void validate(const Function& f, const Evaluation& how);

// f for rows of `columns` numbers each. Returns rows of the length that output_shape() gives.
// Throws Error where f cannot be evaluated so, or `columns` does not fit f.
template <Element T>
std::vector<T> evaluate(const Function& f, std::span<const T> x, std::size_t columns,
                        const Evaluation& how = {});

}  // namespace actfn::lab
