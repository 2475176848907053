// SPDX-License-Identifier: Apache-2.0
// GELU, the Gaussian error linear unit.
#include "editor/function_file.h"

template <>
struct Math<Gelu> {
  static constexpr Facts kFacts = {
      .title = "GELU",
      .formula =
          "approximate=none: x * Phi(x); tanh: 0.5 * x * (1 + tanh(sqrt(2/pi) * (x + 0.044715 * "
          "x^3)))",
      .derivative = "none: Phi(x) + x * phi(x); tanh: the derivative of that form",
      .source = "Hendrycks & Gimpel 2016, arXiv:1606.08415",
      .use =
          "The usual activation of transformers such as BERT and GPT-2: smooth, near x for large "
          "x, with a small dip below 0 where relu has no gradient. Use the form that a model was "
          "trained with (GPT-2 has tanh). It costs more than relu.",
      .note =
          "Exact by default in PyTorch, ONNX and keras.activations; the tanh form is jax.nn's and "
          "keras.ops' default. They differ by at most 4.74e-4.",
  };
  static constexpr std::string_view kForms[] = {"none", "tanh"};
  static constexpr auto kParameters =
      std::tuple{Parameter<&Gelu::approximate>{"approximate", Condition::choice, kForms}};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b11;
  static constexpr double kSingleReach = kSingleGaussReach;
  static bool SingleFits(const Gelu& p) { return p.approximate == Gelu::Approximate::none; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Gelu& p, const T& x) {
    if (p.approximate == Gelu::Approximate::none) {
      return x * erfc(-x / sqrt(T(2))) / 2;
    }
    const T cubic = T::FromDecimal("0.044715");
    return x / (1 + exp(-2 * sqrt(2 / T::Pi()) * (x + cubic * x * x * x)));
  }

  static int NearestSide(const Gelu&, double x) { return SideOfHalf(x); }

  // phi(x) (2 - x^2)
  template <class N>
  static HWY_INLINE Scaled<N> ExactSecondDerivative(const N& x) {
    const N t = Clamp(x, -60, 60);
    const N square = t * t;
    return ExpDown(-0.5 * square) * (InverseSqrt2Pi<N>() * (2 - square));
  }

  // The tanh form is x / (1 + e^-z), z = 2 sqrt(2/pi) (x + 0.044715 x^3).
  template <class N>
  struct Inner {
    N z;      // for x within 30; beyond, the limits are reached
    N dz;     // dz/dx
    N x_ddz;  // x times the second derivative
  };

  template <class N>
  static HWY_INLINE Inner<N> InnerOf(const N& x) {
    const N linear =
        Constant<N>(coefficients::kGeluTanhLinear[0], coefficients::kGeluTanhLinear[1]);
    const N cubic =
        x * x * Constant<N>(coefficients::kGeluTanhCubic[0], coefficients::kGeluTanhCubic[1]);
    return {x * (linear + cubic), linear + 3 * cubic, 6 * cubic};
  }

  template <class N>
  static HWY_INLINE Scaled<N> TanhSlope(const N& x) {
    const N c = Clamp(x, -30, 30);
    const Inner<N> inner = InnerOf(c);
    return TimesLogisticSlope(c * inner.dz, inner.z);
  }

  // With s the logistic of z: s' (2 z' + x z'' - x z'^2 tanh(z/2)), where s' = s (1 - s).
  template <class N>
  static HWY_INLINE Scaled<N> TanhSecondDerivative(const N& x) {
    const N c = Abs(Clamp(x, -30, 30));  // it is even
    const Inner<N> inner = InnerOf(c);
    const N falling = c * inner.dz * inner.dz * TanhOfMagnitude(0.5 * inner.z);
    return LogisticSlope(DecayOf(inner.z)) * (2 * inner.dz + inner.x_ddz - falling);
  }

  template <class N>
  static HWY_INLINE auto Value(const Gelu& p, const N& x) {
    if constexpr (!kIsSingle<N>) {  // see SingleFits
      if (p.approximate == Gelu::Approximate::tanh) {
        return TimesLogistic(x, InnerOf(Clamp(x, -30, 30)).z);
      }
    }
    return TimesGaussCdf(x);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Gelu& p, const N& x) {
    if constexpr (!kIsSingle<N>) {
      if (p.approximate == Gelu::Approximate::tanh) return Round(TanhSlope(x));
    }
    return TimesGaussCdfSlope(x);
  }

  template <std::size_t K>
  static HWY_INLINE SingleValueAndSlope<K> ValueAndDerivative(const Gelu& /*none*/,
                                                              const Lanes<float, K>& x) {
    return TimesGaussCdfAndSlope(x);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Gelu& p, const N& x) {
    return p.approximate == Gelu::Approximate::tanh ? TanhSecondDerivative(x)
                                                    : ExactSecondDerivative(x);
  }
};
