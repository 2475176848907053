// SPDX-License-Identifier: Apache-2.0
// The identity.
#include "editor/function_file.h"

template <>
struct Math<Identity> {
  static constexpr Facts kFacts = {
      .title = "Identity",
      .formula = "x",
      .derivative = "1",
      .source = "torch.nn.Identity; Keras, linear",
      .use =
          "Passes x on as it is: for the output of a regression, and where a setting must name an "
          "activation but none is wanted. Between two linear layers it adds nothing: together they "
          "are one linear layer.",
      .from_output = "Exact.",
  };
  static constexpr bool kNative = true;
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Identity&, const T& x) {
    return x;
  }

  template <class N>
  static HWY_INLINE auto Value(const Identity&, const N& x) {
    return x;
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Identity&, const N&) {
    return N(1);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Identity&, const N&) {
    return N(0);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Identity&, const N&) {
    return N(1);
  }
};
