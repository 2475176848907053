// SPDX-License-Identifier: Apache-2.0
// gumbel_softmax.
#include "editor/function_file.h"

template <>
struct RandomMath<GumbelSoftmax> {
  static constexpr Facts kFacts = {
      .title = "gumbel_softmax",
      .formula =
          "softmax((x + g) / tau), g = -log(-log(u)), u uniform in (0, 1) for each element; "
          "hard: 1 for the largest entry, 0 for the others",
      .derivative =
          "dy_i/dx_j = s_i * ((i == j) - s_j) / tau, s = softmax((x + g) / tau); hard: the same",
      .source = "Jang et al. 2016, arXiv:1611.01144; Maddison et al. 2016, arXiv:1611.00712",
      .use =
          "Draws from a categorical distribution with the scores x in a way that has a gradient: "
          "for discrete latent variables, routing and architecture search. A small tau comes "
          "nearer to a true draw but makes gradients noisy, so tau is often lowered during "
          "training. In evaluation it is softmax(x / tau), or hardmax.",
      .note =
          "PyTorch draws in evaluation too. With 16 bits x + g has few digits: entries then "
          "tie, and hard takes the first.",
  };
  static constexpr std::string_view kHard[] = {"false", "true"};
  static constexpr auto kParameters =
      std::tuple{Parameter<&GumbelSoftmax::tau>{"tau", Condition::positive},
                 Parameter<&GumbelSoftmax::hard>{"hard", Condition::choice, kHard}};

  // The row function that is applied to x in evaluation, and to x plus noise in training.
  static RowActivation Evaluated(const GumbelSoftmax& p) {
    return p.hard ? RowActivation(Hardmax{}) : RowActivation(Softmax{p.tau});
  }
  // The row function whose gradient is used.
  static RowActivation Relaxed(const GumbelSoftmax& p) { return Softmax{p.tau}; }

  // The definition of the noise, for the tests.
  template <class T>
  static T Reference(const T& word) {
    return -std::log(-std::log((word + T(0.5)) * T(0x1p-32)));
  }

  static constexpr Draw kDraw = Draw::word;

  // g. Error: at most 2^-48 max(1, |g|). u has 33 bits, so 1 - u is exact, and log(u) is precise
  // even where u is near 1.
  static HWY_INLINE V Noise(const V& word) {
    return -LogBySeries(-LogBySeries((word + 0.5) * 0x1p-32));
  }
};
