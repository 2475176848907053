// SPDX-License-Identifier: Apache-2.0
// Soft cap: tanh, stretched to an interval.
#include "editor/function_file.h"

template <>
struct Math<Softcap> {
  static constexpr Facts kFacts = {
      .title = "Softcap",
      .formula = "cap * tanh(x / cap)",
      .derivative = "1 - tanh(x / cap)^2",
      .source = "Gemma Team 2024, arXiv:2408.00118",
      .use =
          "Leaves small values nearly as they are and keeps large ones within (-cap, cap): for "
          "attention scores and logits, as in Gemma 2. It keeps them from growing without bound. "
          "Far beyond cap the gradient vanishes.",
      .from_output = "1 - (y / cap)^2: towards +-cap the digits are lost.",
  };
  static constexpr Softcap kExample = {30};
  static constexpr auto kParameters =
      std::tuple{Parameter<&Softcap::cap>{"cap", Condition::positive}};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b01;
  static bool SingleFits(const Softcap& p) {
    return p.cap.value >= 0x1p-60 && p.cap.value <= 0x1p60;
  }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Softcap& p, const T& x) {
    return p.cap.value * tanh(x / p.cap.value);
  }

  // The cap, its inverse in two parts, and where f is x.
  struct Form {
    float cap, inverse, inverse_lo, line;
  };
  template <Order order>
  static Form ForSingle(const Softcap& p) {
    const double cap = p.cap.value;
    const auto inverse = static_cast<float>(1 / cap);
    return {static_cast<float>(cap), inverse, static_cast<float>(1 / cap - inverse),
            static_cast<float>(cap * 0x1p-30)};
  }

  template <std::size_t K>
  static HWY_INLINE SinglePair<K> QuotientOf(const Form& p, const Lanes<float, K>& a) {
    return Times(a, SinglePair<K>{Lanes<float, K>(p.inverse), Lanes<float, K>(p.inverse_lo)});
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> Value(const Form& p, const Lanes<float, K>& x) {
    const Lanes<float, K> a = Abs(x);
    const SinglePair<K> t = TanhOfSingle(QuotientOf(p, a));
    const Lanes<float, K> hi = t.hi * p.cap;
    const Lanes<float, K> y = hi + Fma(t.lo, p.cap, FmaSub(t.hi, p.cap, hi));
    return Select(a < p.line, x, WithSign(y, x));
  }

  template <class N>
  static HWY_INLINE auto Value(const Softcap& p, const N& x) {
    const N z = Abs(x) / p.cap.value;
    const auto y = CopySign(Round(p.cap.value * TanhOfMagnitude(z)), Leading(x));
    // So near 0 the line is exact, and z may be subnormal.
    return Select(z < 0x1p-30, Leading(x), y);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Softcap& p, const N& x) {
    return TanhSlopeOfMagnitude(Abs(x) / p.cap.value);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Softcap& p, const N& x) {
    const auto y = Round(TanhCurvature(Abs(x) / p.cap.value) / p.cap.value);
    // Where x / cap has lost bits it is a line.
    const auto line = Round(Abs(x) * 0x1p300 / p.cap.value / p.cap.value) * 0x1p-299;
    const double most = p.cap.value < 1 ? 0x1p-960 * p.cap.value : 0;
    return CopySign(Select(Abs(Leading(x)) < most, line, y), Leading(-x));
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Softcap& p, const N& y) {
    const N q = Clamp(y / p.cap.value, -1, 1);  // y may be rounded beyond +-cap
    return (1 - q) * (1 + q);
  }
};
