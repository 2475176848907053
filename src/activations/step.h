// SPDX-License-Identifier: Apache-2.0
// The unit step.
#include "editor/function_file.h"

template <>
struct Math<Step> {
  static constexpr Facts kFacts = {
      .title = "Step",
      .formula = "x > threshold ? 1 : 0",
      .derivative = "0",
      .source = "McCulloch & Pitts 1943, Bulletin of Mathematical Biophysics 5",
      .use =
          "A decision: 1 above the threshold, else 0, as in the first artificial neurons. Its "
          "gradient is 0 everywhere, so nothing before it learns: for evaluation, or with another "
          "function's gradient in its place.",
      .note =
          "At the threshold it is 0, as in ggml (STEP) and torch.heaviside with values = 0; "
          "NumPy's heaviside takes that value as an argument too. MLX's step (0.32) gives 1 there.",
      .from_output = "Exact.",
  };
  static constexpr bool kNative = true;
  static constexpr bool kSelects = true;
  static constexpr auto kParameters =
      std::tuple{Parameter<&Step::threshold>{"threshold", Condition::finite}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Step& p, const T& x) {
    return x > p.threshold ? T(1) : T(0);
  }

  template <class N>
  static HWY_INLINE auto Value(const Step& p, const N& x) {
    return SelectOrZero(x > p.threshold, N(1));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Step&, const N&) {
    return N(0);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Step&, const N&) {
    return N(0);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Step&, const N&) {
    return N(0);
  }
};
