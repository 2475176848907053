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
  static constexpr int kHalfOrders = 0b01;
  static constexpr int kFastOrders = 0b01;

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
    if (p.approximate == Gelu::Approximate::tanh) {
      if constexpr (kIsSingle<N>) {
        return TimesLogistic(x, SplitTanhExp(-Min(x, kTanhRight)));
      } else if constexpr (kIsFast<N>) {
        return x / N(1 + Rounded(SplitTanhExp(-Min(x.v, kTanhRight))));
      } else {
        return TimesLogistic(x, InnerOf(Clamp(x, -30, 30)).z);
      }
    }
    return TimesGaussCdf(x);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Gelu& p, const N& x) {
    if (p.approximate == Gelu::Approximate::tanh) return Round(TanhSlope(x));
    return TimesGaussCdfSlope(x);
  }

  template <std::size_t K>
  static HWY_INLINE SingleValueAndSlope<K> ValueAndDerivative(const Gelu& p,
                                                              const Lanes<float, K>& x) {
    if (p.approximate == Gelu::Approximate::tanh) return {Value(p, x), TanhSlope(x)};
    return TimesGaussCdfAndSlope(x);
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Gelu& p, const Lanes<float, K>& x) {
    double left = -kSingleGaussReach;
    if (p.approximate == Gelu::Approximate::tanh) left = order == Order::value ? -9.9 : -kTanhLeft;
    if constexpr (order == Order::value) return And(x > left, x < kSingleMost);
    return x > left;
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Gelu& p, const Lanes<float, K>& x) {
    constexpr bool kValue = order == Order::value;
    const bool tanh = p.approximate == Gelu::Approximate::tanh;
    const auto left = tanh ? FarTanh<kValue>(x) : FarGauss<kValue>(x);
    return kValue ? Select(x > 0, x, left) : left;
  }

  // z = b x (x^2 + c) in float32: e^z is 2^(k/8) e^(b r), with r in units of b.
  static constexpr double kTanhRight = 8;  // beyond, limits are reached
  static constexpr double kTanhLeft = 9.6;
  template <int lift = 0, std::size_t K>
  static HWY_INLINE SingleExp<K> SplitTanhExp(const Lanes<float, K>& x) {
    using V = Lanes<float, K>;
    const V square = x * x;
    const V square_lo = FmaSub(x, x, square) + coefficients::kGeluTanhShift[1];
    const V c = coefficients::kGeluTanhShift[0];
    const SinglePair<K> sum = SumOfPositive(square, c);
    const V w = x * sum.hi;
    const V w_lo = Fma(x, sum.lo + square_lo, FmaSub(x, sum.hi, w));
    const V shifted = Fma(w, 1 / coefficients::kGeluTanhStep, 0x1.8p23);
    const V k = shifted - 0x1.8p23;
    const V r = NegFma(k, coefficients::kGeluTanhStep, w);
    const SingleSteps<K> e = StepsOf<lift>(shifted, k, r, V(coefficients::kGeluTanhStepRest));
    const V scale = coefficients::kGeluTanhScale;
    return PartsOf(e.unit, FmaSub(scale, r, NegFma(scale, w_lo, e.rest)));
  }

  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> TanhSlope(const Lanes<float, K>& x) {
    const Lanes<float, K> c = Clamp(x, -kTanhLeft, kTanhRight);
    return TimesLogisticSlope(TimesInnerSlope(c), SplitTanhExp(-c));
  }
  // x dz/dx = b x (3 x^2 + c)
  template <std::size_t K>
  static HWY_INLINE SinglePair<K> TimesInnerSlope(const Lanes<float, K>& x) {
    using V = Lanes<float, K>;
    // c in two parts, of which the first has few bits: so c - sum is exact.
    constexpr double kShort = 0x1.65dp4;
    constexpr double kRest =
        (coefficients::kGeluTanhShift[0] - kShort) + coefficients::kGeluTanhShift[1];
    const V square = x * x;
    const V c = kShort;
    const V sum = Fma(3, square, c);
    const V sum_lo = Fma(3, FmaSub(x, x, square), Fma(3, square, c - sum)) + kRest;
    const V product = x * sum;
    const V product_lo = Fma(x, sum_lo, FmaSub(x, sum, product));
    const SinglePair<K> scale =
        InSingles<K>(coefficients::kGeluTanhCubic[0], coefficients::kGeluTanhCubic[1]);
    const SinglePair<K> w = Times(product, scale);
    return {w.hi, Fma(scale.hi, product_lo, w.lo)};
  }

  // Below the reach: x e^z, or (1 + x z') e^z. Beyond -11 they are 0.
  template <bool value, std::size_t K>
  static HWY_INLINE Lanes<float, K> FarTanh(const Lanes<float, K>& x) {
    const Lanes<float, K> c = Max(x, -11);
    const SinglePair<K> e = SumOf(SplitTanhExp<100>(c));
    SinglePair<K> factor = {c, 0};
    if constexpr (!value) {
      factor = TimesInnerSlope(c);
      factor.hi = factor.hi + 1;
    }
    return Lowered(factor, e);
  }
  // x g e^(-x^2/2), or (g + x/sqrt(2 pi)) e^(-x^2/2). Beyond -14.8 they are 0.
  template <bool value, std::size_t K>
  static HWY_INLINE Lanes<float, K> FarGauss(const Lanes<float, K>& x) {
    return FarGaussCdf<value>(Max(x, -14.8));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Gelu& p, const N& x) {
    return p.approximate == Gelu::Approximate::tanh ? TanhSecondDerivative(x)
                                                    : ExactSecondDerivative(x);
  }
};
