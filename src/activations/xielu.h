// SPDX-License-Identifier: Apache-2.0
// xIELU, the expanded integral of the ELU.
#include "editor/function_file.h"

template <>
struct Math<Xielu> {
  static constexpr Facts kFacts = {
      .title = "xIELU",
      .formula = "x > 0 ? alpha_p x^2 + beta x : alpha_n (exp(min(x, eps)) - 1 - x) + beta x",
      .derivative =
          "x > 0 ? 2 alpha_p x + beta : x <= eps ? alpha_n (exp(x) - 1) + beta : beta - "
          "alpha_n",
      .source = "Huang & Schlag 2024, arXiv:2411.13010; Hugging Face",
      .use =
          "A parabola above 0 and an integral of elu below, each with a learned strength: made for "
          "language models, and used in Apertus. It is said to reach a lower loss than "
          "relu_squared and swiglu of the same size. Values grow with the square of x.",
      .note =
          "alpha_p and alpha_n are the effective factors: models store a with alpha_p = "
          "softplus(a) and b with alpha_n = beta + softplus(b). eps is Hugging Face's; eps = "
          "0 gives the paper's definition.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Xielu::alpha_p>{"alpha_p", Condition::finite},
                 Parameter<&Xielu::alpha_n>{"alpha_n", Condition::finite},
                 Parameter<&Xielu::beta>{"beta", Condition::finite},
                 Parameter<&Xielu::eps>{"eps", Condition::nonpositive}};
  static constexpr int kSingleOrders = 0b11;
  // alpha_n x and beta x must not nearly cancel, far below 0 and near 0.
  static bool SingleFits(const Xielu& p) {
    const auto usual = [](double c) { return c >= 0x1p-40 && c <= 0x1p40; };
    return (p.alpha_p == 0 || usual(p.alpha_p)) && usual(p.alpha_n) && usual(p.beta) &&
           p.beta >= p.alpha_n / 8 && std::abs(p.beta - p.alpha_n) >= p.alpha_n / 64;
  }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Xielu& p, const T& x) {
    if (x > 0) return p.alpha_p * x * x + p.beta * x;
    const T exponential = x <= p.eps ? expm1(x) : expm1(T(p.eps));
    return p.alpha_n * (exponential - x) + p.beta * x;
  }

  // beta x and a parabola: alpha_p x^2 above 0, alpha_n x^2 / 2 below eps, where that is near 0.
  // Far below, a line and alpha_n e^x.
  static int NearestSide(const Xielu& p, double x) {
    const double bend = x > 0 ? p.alpha_p : x <= p.eps ? p.alpha_n : 0;
    const bool is_line = x < -30 || std::abs(bend * x) < 0x1p-60 * std::abs(p.beta);
    return is_line ? (bend > 0) - (bend < 0) : 0;
  }

  template <class N>
  static HWY_INLINE auto Value(const Xielu& p, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SingleValue(p, x);
    } else {
      // If alpha_n exceeds beta, it has a root below 0, where only pairs are exact enough.
      return ValueOf(p, AsPair(x));
    }
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Xielu& p, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SingleDerivative(p, x);
    } else {
      const N right = 2 * p.alpha_p * Clamp(x, -0x1p400, 0x1p400) + p.beta;
      const Scaled<N> left = Select(x <= p.eps, ExponentialSlope(p, x), Scaled<N>(Rise<N>(p)));
      const auto y = Round(Select(x > 0, Scaled<N>(right), left));
      if (p.alpha_p == 0) return y;
      return Select(Leading(x) > 0x1p400, 2 * p.alpha_p * Leading(x), y);
    }
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Xielu& p, const Lanes<float, K>& x) {
    const auto ordinary = Abs(x) < 0x1p60;
    if constexpr (order == Order::value) {
      const auto far_from_root = Abs(SingleValue(p, x)) > 0x1p-9 * p.alpha_n;
      return And(ordinary, Or(x > -0.125, far_from_root));
    }
    return ordinary;
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Xielu& p, const N& x) {
    const Scaled<N> left = SelectOrZero(x <= p.eps, ExpDown(x) * p.alpha_n);
    return Select(x > 0, Scaled<N>(2 * p.alpha_p), left);
  }

  static constexpr std::string_view kLearnable[] = {"alpha_p", "alpha_n", "beta"};
  // How models represent them: alpha_p = softplus(a), alpha_n = beta + softplus(b), beta a
  // constant.
  static constexpr kernels::LearnedAs kLearnedAs[] = {
      {.above_floor = true}, {.above_floor = true, .floor = "beta"}, {.fixed = true}};

  template <class N>
  static HWY_INLINE auto ParameterDerivative(const Xielu&, const N& x, ParameterIndex<0>) {
    return SelectOrZero(Leading(x) > 0, Leading(x) * Leading(x));
  }
  template <class N>
  static HWY_INLINE auto ParameterDerivative(const Xielu& p, const N& x, ParameterIndex<1>) {
    // It has a root near eps, where only pairs are exact enough.
    return SlopeByAlphaN(p, AsPair(x));
  }
  template <class N>
  static HWY_INLINE auto ParameterDerivative(const Xielu&, const N& x, ParameterIndex<2>) {
    return Leading(x);
  }

 private:
  // expm1(min(x, eps))
  template <std::size_t K>
  static HWY_INLINE SinglePair<K> SingleGrowth(const Xielu& p, const Lanes<float, K>& x) {
    return Renormalized(Expm1OfSingle(Max(Min(x, p.eps), -kSingleReach)));
  }
  // x (alpha_p x + beta), or alpha_n expm1(min(x, eps)) + (beta - alpha_n) x.
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> SingleValue(const Xielu& p, const Lanes<float, K>& x) {
    using V = Lanes<float, K>;
    const SinglePair<K> slope = Plus(Times(Max(x, 0), p.alpha_p), p.beta);
    const SinglePair<K> rise = InSingles<K>(p.beta - p.alpha_n, 0);
    const SinglePair<K> sum =
        Plus(Times(SingleGrowth(p, x), SinglePairOf(V(p.alpha_n))), Times(Min(x, 0), rise));
    const V left = sum.hi + sum.lo;
    const V y = Select(x > 0, RoundedTimes(x, slope), left);
    // Where the parts may be subnormal it is a line.
    const auto line = And(Abs(x) < 0x1p-60, Or(x > 0, x <= p.eps));
    return Select(line, x * p.beta, y);
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> SingleDerivative(const Xielu& p, const Lanes<float, K>& x) {
    using V = Lanes<float, K>;
    const V right = Fma(x, 2 * p.alpha_p, p.beta);
    const SinglePair<K> m = Times(SingleGrowth(p, x), SinglePairOf(V(p.alpha_n)));
    const SinglePair<K> sum = TwoSum(V(p.beta), m.hi);
    const V rise = p.beta - p.alpha_n;
    return Select(x > 0, right, Select(x <= p.eps, sum.hi + (sum.lo + m.lo), rise));
  }

  // Whether what grows with x nearly cancels on the left.
  static HWY_INLINE bool IsFlat(const Xielu& p) {
    return std::abs(p.beta - p.alpha_n) < 0.25 * std::abs(p.alpha_n);
  }
  // beta - alpha_n
  template <class N>
  static HWY_INLINE N Rise(const Xielu& p) {
    return N(p.beta) - N(p.alpha_n);
  }

  // alpha_n (exp(x) - 1) + beta
  template <class N>
  static HWY_INLINE Scaled<N> ExponentialSlope(const Xielu& p, const N& x) {
    const N near = p.alpha_n * Expm1Down(x) + p.beta;
    if (!IsFlat(p)) return near;
    const Scaled<N> decay = ExpDown(x) * p.alpha_n;
    if (p.beta == p.alpha_n) return decay;
    return Select(x < -1, Scaled<N>(Unscaled(decay) + Rise<N>(p)), Scaled<N>(near));
  }

  template <std::size_t K>
  static HWY_INLINE Lanes<double, K> ValueOf(const Xielu& p, const Pair<K>& x) {
    using N = Pair<K>;
    const auto far = Abs(x.hi) > 0x1p400;  // squares would leave the range
    const N c = Clamp(x, -0x1p400, 0x1p400);
    const N right = c * (p.alpha_p * c + p.beta);
    const N cut = Clamp(c, -0x1p400, p.eps);
    N left = p.alpha_n * (Expm1MinusDown(cut) + (cut - c)) + p.beta * c;
    if (IsFlat(p)) left = Select(c < -1, p.alpha_n * Expm1Down(cut) + Rise<N>(p) * c, left);
    const auto y = Select(x > 0, Round(right), Round(left));
    const auto zero = And(x.hi == 0, y == 0);  // its sign
    return Select(far, Far(p, x.hi), Select(zero, x.hi, y));
  }

  // A parabola or a line on the right, a line or a constant on the left: doubles are enough.
  template <std::size_t K>
  static HWY_INLINE Lanes<double, K> Far(const Xielu& p, const Lanes<double, K>& x) {
    using V = Lanes<double, K>;
    const V line = p.beta == 0 ? V(0) : p.beta * x;
    const V right = p.alpha_p == 0 ? line : x * (p.alpha_p * x + p.beta);
    const double left = p.beta - p.alpha_n;
    return Select(x > 0, right, left == 0 ? V(-p.alpha_n) : left * x);
  }

  // exp(min(x, eps)) - 1 - x for x <= 0, else 0.
  template <std::size_t K>
  static HWY_INLINE Lanes<double, K> SlopeByAlphaN(const Xielu& p, const Pair<K>& x) {
    const auto c = Clamp(x, -0x1p400, 0);
    const auto cut = Clamp(c, -0x1p400, p.eps);
    const auto y = Round(Expm1MinusDown(cut) + (cut - c));
    return SelectOrZero(x.hi <= 0, Select(x.hi < -0x1p400, -x.hi, y));
  }
};
