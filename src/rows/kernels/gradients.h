// SPDX-License-Identifier: Apache-2.0
// Gradients of row functions, computed in double for all types. They need only the outputs y.
//
// The Jacobian of all functions but log_softmax is diag(s) - s s^T / sum(s), with
// s = y^(2 - alpha) where y > 0, and s = 0 elsewhere. Softmax has alpha = 1: s = y, sum(s) = 1.
// Sparsemax has alpha = 2: s = 1.
// Peters, Niculae & Martins 2019, arXiv:1905.05702, proposition 2.
#if defined(ACTFN_ROWS_KERNELS_GRADIENTS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_GRADIENTS_H_
#undef ACTFN_ROWS_KERNELS_GRADIENTS_H_
#else
#define ACTFN_ROWS_KERNELS_GRADIENTS_H_
#endif

#include "rows/kernels/powers.h"
#include "rows/kernels/softmax_wide.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// y^power where y > 0, 0 where y == 0, NaN where y is NaN. Entries with y == 0 have no part in the
// Jacobian, whatever the power.
HWY_NOINLINE Doubles RaisedAny(const Doubles& y, double power) {
  const auto number = y > 0;
  const auto raised = PowerOf(Select(number, y, Doubles(1)), power);
  return Select(y == 0, 0, Select(number, raised, y));
}
HWY_INLINE Doubles Raised(const Doubles& y, double power) {
  if (power == 1) return y;
  if (power == 0) return Select(y == 0, 0, Select(IsNan(y), y, Doubles(1)));
  if (power == 0.5) return Sqrt(y);
  return RaisedAny(y, power);
}

// What s s^T is divided by in a Jacobian.
enum class Denominator {
  one,            // s are softmax's probabilities: their sum is 1
  one_with_sink,  // s and the probability of softmax1's sink have the sum 1
  sum             // sum(s), any number
};

// factor * (diag(s) - s s^T / denominator), s = y^power. The factor multiplies first what is of
// ordinary size: products with a subnormal y have few digits.
struct Jacobian {
  double power;
  Denominator denominator;
  double factor = 1;

  HWY_INLINE Doubles At(const Doubles& y) const { return Raised(y, power); }
  // s ds/dy = power * y^(2 power - 1)
  HWY_INLINE Doubles SlopeOfS(const Doubles& y) const {
    return Doubles(power) * Raised(y, 2 * power - 1);
  }
  // sum(s x) / sum(s)
  double Mean(double sum_of_products, double sum) const {
    if (denominator != Denominator::sum) return sum_of_products;
    return sum == 0 ? 0 : sum_of_products / sum;
  }
};

// The gradient where y is not `masked_y`, the output of a masked entry; 0 elsewhere, even where the
// gradient is NaN.
HWY_INLINE Doubles Unmasked(const Doubles& y, double masked_y, const Doubles& gradient) {
  return Select(y == Doubles(masked_y), 0, gradient);
}

template <class T>
HWY_NOINLINE void BackwardByMean(const Jacobian& jacobian, const T* y, const T* dy, T* dx,
                                 std::size_t n) {
  Sums<double> products, sums;
  ForRow<T, 2, 0>({y, dy}, {}, n, T(0),
                  [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
                    const auto at = LoadLanes<Doubles>(from[0]);
                    const auto s = jacobian.At(at);
                    sums.At(place) = sums.At(place) + s;
                    products.At(place) =
                        Fma(s, Unmasked(at, 0, LoadLanes<Doubles>(from[1])), products.At(place));
                  });
  const Doubles mean = jacobian.Mean(products.Total(), sums.Total());
  const Doubles factor = jacobian.factor;
  ForRow<T, 2, 1>({y, dy}, {dx}, n, T(0),
                  [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
                    const auto at = LoadLanes<Doubles>(from[0]);
                    const auto centred = Unmasked(at, 0, LoadLanes<Doubles>(from[1])) - mean;
                    StoreResults(jacobian.At(at) * (centred * factor), to[0]);
                  });
}

// Evaluates `exp` in double-double numbers, one vector at a time: their code is long.
template <ScaledPair<1> (*exp)(const Pair<1>&)>
HWY_INLINE Doubles InDoubleDouble(const Doubles& y) {
  Doubles r;
  for (std::size_t k = 0; k < sizeof(r.v) / sizeof(r.v[0]); ++k) {
    Wide1 one;
    one.v[0] = y.v[k];
    r.v[k] = Round(exp(Pair<1>(one))).v[0];
  }
  return r;
}

// e^y for y <= 0: in double for float32, in double-double for float64.
template <class T>
HWY_INLINE Doubles Probability(const Doubles& y) {
  if constexpr (sizeof(T) == 4) {
    return KeepNan(y, ExpDown(y));
  } else {
    return KeepNan(y, InDoubleDouble<ExpOfPair>(y));
  }
}

// dy - sum e^y. Where e^y is near 1 the two may cancel; there it is (dy - sum) - sum (e^y - 1).
template <class T>
HWY_INLINE Doubles SubtractShare(const Doubles& dy, const Doubles& sum, const Doubles& y) {
  const auto near = y > -0.3;
  const auto plain = NegFma(Probability<T>(y), sum, dy);
  if (HWY_LIKELY(!AnyOf(near))) return plain;
  Doubles expm1;
  if constexpr (sizeof(T) == 4) {
    expm1 = Expm1Down(y);
  } else {
    expm1 = InDoubleDouble<Expm1OfPair>(y);
  }
  return Select(near, NegFma(expm1, sum, dy - sum), plain);
}

// sum(dy) over the entries of log_softmax that are not masked.
template <class T>
HWY_NOINLINE double SumOfUnmasked(const T* y, const T* dy, std::size_t n) {
  Sums<double> sums;
  const T none = static_cast<T>(-kInfinity);
  const auto body = [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
    const auto at = LoadLanes<Doubles>(from[0]);
    sums.At(place) = sums.At(place) + Unmasked(at, -kInfinity, LoadLanes<Doubles>(from[1]));
  };
  ForRow<T, 2, 0>({y, dy}, {}, n, none, body);
  return sums.Total();
}

template <class T>
HWY_INLINE Doubles LogGradient(const T* y, const T* dy, const Doubles& sum, const Doubles& factor) {
  const auto at = LoadLanes<Doubles>(y);
  const auto gradient = SubtractShare<T>(LoadLanes<Doubles>(dy), sum, at);
  return Unmasked(at, -kInfinity, gradient * factor);
}

template <class T>
HWY_NOINLINE void BackwardOfLog(const rows::Scale& scale, const T* y, const T* dy, T* dx,
                                std::size_t n) {
  const Doubles sum = SumOfUnmasked(y, dy, n);
  const Doubles factor = scale.factor();
  const auto body = [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
    StoreResults(LogGradient<T>(from[0], from[1], sum, factor), to[0]);
  };
  ForRow<T, 2, 1>({y, dy}, {dx}, n, static_cast<T>(-kInfinity), body);
}

using rows::DoubleBackward;

// The gradients of <v, dx> = sum(s v dy) - sum(s v) sum(s dy) / sum(s) by dy and by x. With a and b
// the means of dy and v weighted by s, for_dy = s (v - b): backward() with v in the place of dy.
// The gradient by y is ds/dy (dy - a)(v - b), and its product with the Jacobian is for_x.
HWY_NOINLINE void DoubleByMean(const Jacobian& jacobian, const DoubleBackward& p, std::size_t n) {
  Sums<double> sums, of_dy, of_v, curvatures;
  ForRow<double, 3, 0>(
      {p.y, p.dy, p.v}, {}, n, 0.0,
      [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
        const auto y = LoadLanes<Doubles>(from[0]);
        const auto s = jacobian.At(y);
        sums.At(place) = sums.At(place) + s;
        of_dy.At(place) = Fma(s, Unmasked(y, 0, LoadLanes<Doubles>(from[1])), of_dy.At(place));
        of_v.At(place) = Fma(s, Unmasked(y, 0, LoadLanes<Doubles>(from[2])), of_v.At(place));
      });
  const double sum = sums.Total();
  const double mean_dy = jacobian.Mean(of_dy.Total(), sum);
  const double mean_v = jacobian.Mean(of_v.Total(), sum);
  const Doubles a = mean_dy;
  const Doubles b = mean_v;
  const Doubles factor = jacobian.factor;
  const auto curvature = [&](const auto& from) HWY_ATTR {
    const auto y = LoadLanes<Doubles>(from[0]);
    const auto centred_dy = Unmasked(y, 0, LoadLanes<Doubles>(from[1]) - a) * factor;
    const auto centred_v = Unmasked(y, 0, LoadLanes<Doubles>(from[2]) - b) * factor;
    return jacobian.SlopeOfS(y) * (centred_dy * centred_v);
  };
  ForRow<double, 3, 0>({p.y, p.dy, p.v}, {}, n, 0.0,
                       [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
                         curvatures.At(place) = curvatures.At(place) + curvature(from);
                       });
  double total = curvatures.Total();
  // softmax1's sink has dy = v = 0: its term is (0 - a)(0 - b) times its probability.
  if (jacobian.denominator == Denominator::one_with_sink) total += (1 - sum) * mean_dy * mean_v;
  const Doubles c = jacobian.Mean(total, sum);
  ForRow<double, 3, 2>({p.y, p.dy, p.v}, {p.for_dy, p.for_x}, n, 0.0,
                       [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
                         const auto y = LoadLanes<Doubles>(from[0]);
                         const auto s = jacobian.At(y);
                         const auto centred = Unmasked(y, 0, LoadLanes<Doubles>(from[2])) - b;
                         const auto for_x = curvature(from) - s * c;  // before `to` may be `from`
                         StoreResults(s * (centred * factor), to[0]);
                         StoreResults(for_x, to[1]);
                       });
}

// The gradients of <v, dx> = sum(v dy) - sum(p v) sum(dy), p = e^y, by dy and by x.
HWY_NOINLINE void DoubleOfLog(const rows::Scale& scale, const DoubleBackward& p, std::size_t n) {
  Sums<double> sums, of_v;
  ForRow<double, 3, 0>(
      {p.y, p.dy, p.v}, {}, n, -kInfinity,
      [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
        const auto y = LoadLanes<Doubles>(from[0]);
        sums.At(place) = sums.At(place) + Unmasked(y, -kInfinity, LoadLanes<Doubles>(from[1]));
        of_v.At(place) = Fma(Probability<double>(y),
                             Unmasked(y, -kInfinity, LoadLanes<Doubles>(from[2])), of_v.At(place));
      });
  const Doubles sum = sums.Total();
  const Doubles mean = of_v.Total();
  const Doubles factor = scale.factor();
  ForRow<double, 3, 2>({p.y, p.dy, p.v}, {p.for_dy, p.for_x}, n, 0.0,
                       [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
                         const auto y = LoadLanes<Doubles>(from[0]);
                         const auto centred = (LoadLanes<Doubles>(from[2]) - mean) * factor;
                         const auto for_x = Probability<double>(y) * (-sum * factor * centred);
                         StoreResults(Unmasked(y, -kInfinity, centred), to[0]);
                         StoreResults(Unmasked(y, -kInfinity, for_x), to[1]);
                       });
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
