// SPDX-License-Identifier: Apache-2.0
// Learnable.
#include "editor/function_file.h"

template <>
struct LearnedMath<Learnable> {
  static constexpr Facts kFacts = {
      .title = "Learnable",
      .formula = "f(x), with the parameters of f learned",
      .derivative = "f'(x), and df/dp for each parameter",
      .source = "Ramachandran et al. 2017, arXiv:1710.05941",
      .use =
          "Makes the parameters of an activation part of training: learnable(swish) finds its"
          " beta, learnable(snake) its frequency. The learned values are one number for the "
          "whole layer.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Learnable::activation>{"activation", Condition::function}};
};
