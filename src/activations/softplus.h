// SPDX-License-Identifier: Apache-2.0
// Softplus.
#include "editor/function_file.h"

template <>
struct Math<Softplus> {
  static constexpr Facts kFacts = {
      .title = "Softplus",
      .formula = "beta * x > threshold ? x : log(1 + exp(beta * x)) / beta",
      .derivative = "beta * x > threshold ? 1 : 1 / (1 + exp(-beta * x))",
      .source = "Dugas, Bengio, Bélisle, Nadeau & Garcia 2001, NeurIPS 13",
      .use =
          "A smooth relu that is always positive: for outputs that must be greater than 0, such as "
          "variances and rates. As a hidden layer it is seldom better than relu and costs more. "
          "Far below 0 the gradient vanishes.",
      .note =
          "beta must be between 2^-100 and 2^100; threshold may be +inf, which never switches, but "
          "not -inf.",
      .from_output = "1 - exp(-beta y), by expm1: as exact as the output.",
  };
  static std::string_view Conflict(const Softplus& p) {
    if (p.beta < 0x1p-100F || p.beta > 0x1p100F) return "beta must be between 2^-100 and 2^100";
    return p.threshold < -0x1.fffffep127F ? "threshold must exceed -inf" : "";
  }
  static constexpr auto kParameters =
      std::tuple{Parameter<&Softplus::beta>{"beta", Condition::positive},
                 Parameter<&Softplus::threshold>{"threshold", Condition::number}};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b11;
  static constexpr int kHalfOrders = 0b11;
  static constexpr int kFastOrders = 0b11;
  static bool SingleFits(const Softplus& p) { return p.beta >= 0x1p-60 && p.beta <= 0x1p60; }

  static constexpr kernels::Exception kNearestExceptions[] = {{0x1.d483ap-12F, 0x1.63017ap-1F}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Softplus& p, const T& x) {
    return x * p.beta > p.threshold ? x : log1p(exp(x * p.beta)) / p.beta;
  }

  // Near the switch two inputs have one output; from 20 on their derivatives differ by 2e-9.
  static std::string_view OutputConflict(const Softplus& p) {
    return p.threshold >= 20 ? "" : "threshold must be at least 20";
  }

  template <class N>
  static HWY_INLINE auto Value(const Softplus& p, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SingleValue(p, x);
    } else if constexpr (kIsFast<N>) {
      return FastValue(p, x);
    } else {
      const N z = x * p.beta;
      const Scaled<N> gap = Log1pOfDecay(Abs(z)) / p.beta;
      const auto y = Round(Select(z < 0, gap, Scaled<N>(x + Unscaled(gap))));
      return Select(Or(z > p.threshold, z > 800), Leading(x), y);
    }
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Softplus& p, const N& x) {
    if constexpr (kIsSingle<N>) {
      if (p.beta == 1) return WithEnds(p, x, Logistic(Max(x, -kSingleReach)), N(1));
      const auto z = ArgumentOf(p, x);
      const auto y = Reciprocal(OnePlus(SplitSingleExp(Negated(Ordinary(z)))));
      const auto above = Or(Above(z, p.threshold), z.hi >= kLine);
      return Select(above, 1, SelectOrZero(z.hi > kGone, y));
    } else if constexpr (kIsFast<N>) {
      if (p.beta == 1) return WithEnds(p, x.v, Logistic(Max(x, -kSingleReach)), N(1));
      const auto z = ArgumentOf(p, x.v);
      const auto above = Or(Above(z, p.threshold), z.hi >= kLine);
      const N y = 1 / (1 + ExpOf(Negated(Ordinary(z))));
      return Select(above, N(1), SelectOrZero(z.hi > kGone, y));
    } else {
      const N z = x * p.beta;
      return Select(z > p.threshold, Scaled<N>(1), Scaled<N>(Logistic(z)));
    }
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Softplus& p, const Lanes<float, K>& x) {
    return Or(NearHalf<order>(p, x), x * p.beta < kGone);
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> NearHalf(const Softplus& p, const Lanes<float, K>& x) {
    const auto z = p.beta == 1 ? x : x * p.beta;
    if constexpr (order == Order::value) return And(z > LowestOf(p), z < kSingleMost);
    return z > -kSingleReach;
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Softplus& p, const Lanes<float, K>& x) {
    const auto z = ArgumentOf(p, x);
    if constexpr (order == Order::value) {
      const auto left = FarBelow(InSingles<K>(1 / p.beta, 0), z);
      return Select(Or(x > 0, Above(z, p.threshold)), x, left);
    }
    return Select(Above(z, p.threshold), 1, FarBelow(SinglePair<K>{1, 0}, z));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Softplus& p, const N& x) {
    const N z = x * p.beta;
    return Select(z > p.threshold, Scaled<N>(0), LogisticSlope(DecayOf(Abs(z))) * p.beta);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Softplus& p, const N& y) {
    const N z = y * p.beta;
    return Select(z > p.threshold, N(1), -Expm1Down(-z));
  }

 private:
  // Where results are 0: e^-150 2^60 is below half of float32's smallest number.
  static constexpr double kGone = -150;
  // From here on they are x and 1: e^-100 is below 2^-24 of any.
  static constexpr double kLine = 100;
  // Down to here the low part of a value is a normal number: of log(1 + e^z) / beta > 2^-100. For a
  // beta above 1, its exponent gives a bound of its logarithm.
  static HWY_INLINE double LowestOf(const Softplus& p) {
    if (p.beta <= 1) return -kCleanReach;
    const std::uint64_t exponent = (std::bit_cast<std::uint64_t>(p.beta) >> 52U) - 1022;
    return 0.69315 * static_cast<double>(exponent) - 69.3;
  }

  // beta x as hi + lo, with lo = 0 where |beta x| is 200 or more.
  template <std::size_t K>
  static HWY_INLINE SinglePair<K> ArgumentOf(const Softplus& p, const Lanes<float, K>& x) {
    const SinglePair<K> z = Times(x, p.beta);
    return {z.hi, SelectOrZero(Abs(z.hi) < 200, z.lo)};
  }
  // z, with 0 where results are 0, x or 1, so that nothing there is subnormal, which is slow.
  template <std::size_t K>
  static HWY_INLINE SinglePair<K> Ordinary(const SinglePair<K>& z) {
    return {SelectOrZero(And(z.hi > kGone, z.hi < kLine), z.hi), z.lo};
  }
  // z > c for a c of float32
  template <std::size_t K>
  static HWY_INLINE Mask<float, K> Above(const SinglePair<K>& z, double c) {
    return Or(z.hi > c, And(z.hi == c, z.lo > 0));
  }
  // -z, with numbers beyond kSingleReach as that
  template <std::size_t K>
  static HWY_INLINE SinglePair<K> Negated(const SinglePair<K>& z) {
    return {-Min(z.hi, kSingleReach), SelectOrZero(z.hi < kSingleReach, -z.lo)};
  }

  // y, but `right` above the threshold and 0 far below, for beta = 1.
  template <std::size_t K, class N>
  static HWY_INLINE N WithEnds(const Softplus& p, const Lanes<float, K>& x, const N& y,
                               const N& right) {
    return Select(x > p.threshold, right, SelectOrZero(x > kGone, y));
  }

  template <std::size_t K>
  static HWY_INLINE Fast<K> FastValue(const Softplus& p, const Fast<K>& x) {
    if (p.beta == 1) return WithEnds(p, x.v, Max(x, 0) + Log1pOfDecay(Abs(x)), x);
    const SinglePair<K> z = ArgumentOf(p, x.v);
    const auto negative = z.hi < 0;
    const auto a = SelectOrZero(And(z.hi > kGone, z.hi < kLine), Abs(z.hi));
    const SinglePair<K> decay = {-Min(a, kSingleReach), Select(negative, z.lo, -z.lo)};
    const Fast<K> log = Log1pOf(ExpOf(decay));
    const SinglePair<K> inverse = InSingles<K>(1 / p.beta, 0);
    const Fast<K> y = Fma(log, Fast<K>(inverse.hi), Fma(log, Fast<K>(inverse.lo), Max(x, 0)));
    const auto above = Or(Above(z, p.threshold), z.hi >= kLine);
    return Select(above, x, SelectOrZero(z.hi > kGone, y));
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> SingleValue(const Softplus& p, const Lanes<float, K>& x) {
    if (p.beta == 1) return WithEnds(p, x, Log1pOfExp(SinglePairOf(x)).Rounded(), x);
    const auto z = ArgumentOf(p, x);
    const auto above = Or(Above(z, p.threshold), z.hi >= kLine);
    const SinglePair<K> log = Log1pOfExp(Ordinary(z)).AsPair();
    const SinglePair<K> inverse = InSingles<K>(1 / p.beta, 0);
    const auto y = Fma(log.hi, inverse.hi, Fma(log.lo, inverse.hi, log.hi * inverse.lo));
    return Select(above, x, SelectOrZero(z.hi > kGone, y));
  }
};
