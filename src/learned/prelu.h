// SPDX-License-Identifier: Apache-2.0
// PReLU.
#include "editor/function_file.h"

template <>
struct LearnedMath<Prelu> {
  static constexpr Facts kFacts = {
      .title = "PReLU",
      .formula = "x > 0 ? x : w * x, w learned",
      .derivative = "x > 0 ? 1 : w; dy/dw = x > 0 ? 0 : x",
      .source = "He et al. 2015, arXiv:1502.01852",
      .use =
          "Leaky ReLU that learns its slope, one for all or one for each channel. It costs next to "
          "nothing and can fit better than relu. Do not decay the slopes: that pulls them to 0, "
          "where it is relu.",
      .note = "PyTorch and He et al. start at 0.25, Keras at 0.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Prelu::num_parameters>{"num_parameters", Condition::whole},
                 Parameter<&Prelu::init>{"init", Condition::finite, {}, "weight"}};

  // y
  template <class N>
  static HWY_INLINE N Value(const N& x, const N& w) {
    const N below = Select(w == 0, N(0), x * w);  // 0 * -inf is NaN
    return ResultOf(x, Select(x > 0, x, below));
  }

  // dx
  template <class N>
  static HWY_INLINE N Backward(const N& x, const N& w, const N& dy) {
    return ResultOf(x, dy * Select(x > 0, N(1), w));
  }

  // v f'(x) + v_weight min(x, 0)
  template <class N>
  static HWY_INLINE N ForDy(const N& x, const N& w, const N& v, const N& v_weight) {
    const N slope = Select(x > 0, N(1), w);
    const N below = Select(Or(x > 0, v_weight == 0), N(0), x * v_weight);
    return ResultOf(x, Fma(v, slope, below));
  }

  // x > 0 ? 0 : a b
  template <class N>
  static HWY_INLINE N ProductBelow(const N& x, const N& a, const N& b) {
    return ResultOf(x, Select(x > 0, N(0), a * b));
  }
};
