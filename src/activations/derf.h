// SPDX-License-Identifier: Apache-2.0
// Derf, the dynamic error function.
#include "editor/function_file.h"

template <>
struct Math<Derf> {
  static constexpr Facts kFacts = {
      .title = "Derf",
      .formula = "erf(alpha * x + shift)",
      .derivative = "2 * alpha / sqrt(pi) * exp(-(alpha * x + shift)^2)",
      .source = "Chen et al. 2025 (Stronger Normalization-Free Transformers), arXiv:2512.10938",
      .use =
          "Takes the place of layer normalization in transformers: erf bounds each activation "
          "without the mean and variance of a row. It is said to do better than dynamic_tanh and "
          "than the normalization itself. Learn alpha and shift; fixed, it is only an S curve that "
          "saturates.",
      .note =
          "The paper's Derf multiplies by a weight and adds a bias for each channel, an affine "
          "layer behind this function. One alpha and one shift serve a whole layer; they begin "
          "with 0.5 and 0.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Derf::alpha>{"alpha", Condition::finite},
                 Parameter<&Derf::shift>{"shift", Condition::finite}};
  static constexpr int kSingleOrders = 0b11;
  static bool SingleFits(const Derf& p) {
    const double magnitude = std::abs(p.shift);
    return (magnitude == 0 || (magnitude >= 0x1p-60 && magnitude <= 0x1p60)) &&
           std::abs(p.alpha) >= 0x1p-30 && std::abs(p.alpha) <= 0x1p30;
  }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Derf& p, const T& x) {
    return erf(p.alpha * x + p.shift);
  }

  // alpha, shift, and 2 |alpha| / sqrt(pi).
  struct Form {
    float alpha, shift;
    DensityForm density;
  };
  template <Order order>
  static Form ForSingle(const Derf& p) {
    const double slope = coefficients::kTwoOverSqrtPi[0] * std::abs(p.alpha);
    return {static_cast<float>(p.alpha), static_cast<float>(p.shift), DensityFormOf(slope)};
  }
  template <std::size_t K>
  static HWY_INLINE SinglePair<K> Argument(const Form& p, const Lanes<float, K>& x) {
    const SinglePair<K> product = Times(Clamp(x, -0x1p90, 0x1p90), p.alpha);
    if (p.shift == 0) return product;
    const SinglePair<K> sum = TwoSum(product.hi, Lanes<float, K>(p.shift));
    return Renormalized(SinglePair<K>{sum.hi, sum.lo + product.lo});
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> Value(const Form& p, const Lanes<float, K>& x) {
    using V = Lanes<float, K>;
    const SinglePair<K> z = Argument(p, x);
    const SinglePair<K> y = ErfOfSingle(AbsOf(z));
    const V value = WithSign(y.hi + y.lo, z.hi);
    if (p.shift != 0) return value;
    // So near 0 it is a line, and z may be subnormal.
    const V line = RoundedTimes(x, SinglePair<K>{V(p.density.factor), V(p.density.factor_lo)});
    return Select(Abs(z.hi) < 0x1p-30, CopySign(line, p.alpha < 0 ? -x : x), value);
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> Derivative(const Form& p, const Lanes<float, K>& x) {
    const Lanes<float, K> y = DensityOf(p.density, SquareOf(Argument(p, x)));
    return p.alpha < 0 ? -y : y;
  }

  // c + shift cancels about the root: the product must be exact, and their sum rounded once.
  template <std::size_t K>
  static HWY_INLINE Lanes<double, K> Sum(const Derf& p, const Lanes<double, K>& c) {
    return Fma(c, p.alpha, p.shift);
  }
  template <std::size_t K>
  static HWY_INLINE Pair<K> Sum(const Derf& p, const Pair<K>& c) {
    return Pair<K>::Product(c.hi, p.alpha) + p.shift;
  }

  // z = alpha x + shift, limited to +-1000, where all limits are reached.
  template <class N>
  static HWY_INLINE N Argument(const Derf& p, const N& x) {
    const double most = std::min(0x1p900 / std::abs(p.alpha), std::numeric_limits<double>::max());
    const N c = Clamp(x, -most, most);
    const N z = p.shift == 0 ? c * p.alpha : Sum(p, c);
    return Clamp(z, -1000, 1000);
  }

  template <class N>
  static HWY_INLINE auto Value(const Derf& p, const N& x) {
    const N z = Argument(p, x);
    return CopySign(Round(ErfOfMagnitude(Abs(z))), Leading(z));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Derf& p, const N& x) {
    return ErfSlope(Argument(p, x)) * p.alpha;
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Derf& p, const N& x) {
    const N z = Argument(p, x);
    const N square = N(-2 * p.alpha) * p.alpha;
    if (p.shift != 0) return ErfSlope(z) * square * z;
    // z may be subnormal, and its rounding magnified by alpha^2.
    const double most = std::min(1000 / std::abs(p.alpha), std::numeric_limits<double>::max());
    return ErfSlope(z) * (square * p.alpha) * Clamp(x, -most, most);
  }

  static constexpr std::string_view kLearnable[] = {"alpha", "shift"};

  template <class N>
  static HWY_INLINE auto ParameterDerivative(const Derf& p, const N& x, ParameterIndex<0>) {
    const N z = Argument(p, x);
    const auto product = Round(ErfSlope(z) * Clamp(x, -0x1p1000, 0x1p1000));
    // Beyond, ExpDown is not small enough for any x.
    const auto y = SelectOrZero(Abs(Leading(z)) < 37, product);
    if (p.alpha != 0) return y;
    return Select(Abs(Leading(x)) > std::numeric_limits<double>::max(), Leading(x), y);
  }
  template <class N>
  static HWY_INLINE auto ParameterDerivative(const Derf& p, const N& x, ParameterIndex<1>) {
    return ErfSlope(Argument(p, x));
  }
};
