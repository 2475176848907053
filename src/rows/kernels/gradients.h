// Gradients of rows, from outputs alone, in double for all types.
//
// The Jacobian of all but log_softmax is diag(s) - s s^T / sum(s), s = y^(2 - alpha) where y > 0:
// y itself for softmax (alpha 1, sum(s) 1), 1 for sparsemax (alpha 2).
// Peters, Niculae & Martins 2019, arXiv:1905.05702, proposition 2.
#if defined(ACTFN_ROWS_GRADIENTS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_GRADIENTS_H_
#undef ACTFN_ROWS_GRADIENTS_H_
#else
#define ACTFN_ROWS_GRADIENTS_H_
#endif

#include "rows/kernels/powers.h"
#include "rows/kernels/softmax_wide.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

using Doubles = Block<double>;

// y^power where y > 0; what takes no part, y == 0, counts as 0. NaN stays.
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

// What the s of a Jacobian add up to.
enum class Whole {
  one,        // the probabilities of softmax
  with_sink,  // 1 together with the probability of an entry that is not written, as softmax1 has it
  sum         // any number
};

// factor * (diag(s) - s s^T / whole), s = y^power
struct Jacobian {
  double power;
  Whole whole;
  double factor = 1;

  HWY_INLINE Doubles At(const Doubles& y) const { return Raised(y, power); }
  // s ds/dy over s: (2 - alpha) y^(3 - 2 alpha).
  HWY_INLINE Doubles Bend(const Doubles& y) const {
    return Doubles(power) * Raised(y, 2 * power - 1);
  }
  // sum(s x) / sum(s)
  double Mean(double sum_of_products, double sum) const {
    if (whole != Whole::sum) return sum_of_products;
    return sum == 0 ? 0 : sum_of_products / sum;
  }
};

// Gradients for entries that take no part don't count, not even as NaN.
HWY_INLINE Doubles Taking(const Doubles& y, double none, const Doubles& gradient) {
  return Select(y == Doubles(none), 0, gradient);
}

template <class T>
HWY_NOINLINE void BackwardByMean(const Jacobian& jacobian, const T* y, const T* dy, T* dx,
                                 std::size_t n) {
  Sums<double> products, sums;
  ForBlocks<T, 2, 0>(
      {y, dy}, {}, n, T(0), [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
        const auto at = LoadLanes<Doubles>(from[0]);
        const auto s = jacobian.At(at);
        sums.At(place) = sums.At(place) + s;
        products.At(place) = Fma(s, Taking(at, 0, LoadLanes<Doubles>(from[1])), products.At(place));
      });
  const Doubles mean = jacobian.Mean(products.Total(), sums.Total());
  const Doubles factor = jacobian.factor;
  ForBlocks<T, 2, 1>({y, dy}, {dx}, n, T(0),
                     [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
                       const auto at = LoadLanes<Doubles>(from[0]);
                       const auto apart = Taking(at, 0, LoadLanes<Doubles>(from[1])) - mean;
                       StoreLanes(jacobian.At(at) * apart * factor, to[0]);
                     });
}

// By pairs, a vector at a time: they are long.
template <ScaledPair<1> (*exp)(const Pair<1>&)>
HWY_INLINE Doubles ByPairs(const Doubles& y) {
  Doubles r;
  for (std::size_t k = 0; k < sizeof(r.v) / sizeof(r.v[0]); ++k) {
    Wide1 one;
    one.v[0] = y.v[k];
    r.v[k] = Round(exp(Pair<1>(one))).v[0];
  }
  return r;
}

// e^y for y <= 0 as precise as T asks for.
template <class T>
HWY_INLINE Doubles Probability(const Doubles& y) {
  if constexpr (sizeof(T) == 4) {
    return KeepNan(y, ExpDown(y));
  } else {
    return KeepNan(y, ByPairs<ExpOfPair>(y));
  }
}

// dy - sum e^y. Where the probability is nearly 1 the two may cancel: then by 1 and e^y - 1.
template <class T>
HWY_INLINE Doubles LessShare(const Doubles& dy, const Doubles& sum, const Doubles& y) {
  const auto near = y > -0.3;
  const auto plain = NegFma(Probability<T>(y), sum, dy);
  if (HWY_LIKELY(!AnyOf(near))) return plain;
  Doubles beside_one;
  if constexpr (sizeof(T) == 4) {
    beside_one = Expm1Down(y);
  } else {
    beside_one = ByPairs<Expm1OfPair>(y);
  }
  return Select(near, NegFma(beside_one, sum, dy - sum), plain);
}

// Over what takes part.
template <class T>
HWY_NOINLINE double SumOfTaking(const T* y, const T* dy, std::size_t n) {
  Sums<double> sums;
  const T none = static_cast<T>(-kInfinity);
  const auto body = [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
    const auto at = LoadLanes<Doubles>(from[0]);
    sums.At(place) = sums.At(place) + Taking(at, -kInfinity, LoadLanes<Doubles>(from[1]));
  };
  ForBlocks<T, 2, 0>({y, dy}, {}, n, none, body);
  return sums.Total();
}

template <class T>
HWY_INLINE Doubles LogGradient(const T* y, const T* dy, const Doubles& sum, const Doubles& factor) {
  const auto at = LoadLanes<Doubles>(y);
  const auto gradient = LessShare<T>(LoadLanes<Doubles>(dy), sum, at);
  return Taking(at, -kInfinity, gradient * factor);
}

template <class T>
HWY_NOINLINE void BackwardOfLog(const rows::Scale& scale, const T* y, const T* dy, T* dx,
                                std::size_t n) {
  const Doubles sum = SumOfTaking(y, dy, n);
  const Doubles factor = scale.factor();
  const auto body = [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
    StoreLanes(LogGradient<T>(from[0], from[1], sum, factor), to[0]);
  };
  ForBlocks<T, 2, 1>({y, dy}, {dx}, n, static_cast<T>(-kInfinity), body);
}

using rows::DoubleBackward;

// Of <v, dx> = sum(s v dy) - sum(s v) sum(s dy) / sum(s): for_dy as backward() has it, by s
// (v - b)(dy - a), and that through the Jacobian.
HWY_NOINLINE void DoubleByMean(const Jacobian& jacobian, const DoubleBackward& p, std::size_t n) {
  Sums<double> sums, of_dy, of_v, bends;
  ForBlocks<double, 3, 0>(
      {p.y, p.dy, p.v}, {}, n, 0.0,
      [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
        const auto y = LoadLanes<Doubles>(from[0]);
        const auto s = jacobian.At(y);
        sums.At(place) = sums.At(place) + s;
        of_dy.At(place) = Fma(s, Taking(y, 0, LoadLanes<Doubles>(from[1])), of_dy.At(place));
        of_v.At(place) = Fma(s, Taking(y, 0, LoadLanes<Doubles>(from[2])), of_v.At(place));
      });
  const double sum = sums.Total();
  const double mean_dy = jacobian.Mean(of_dy.Total(), sum);
  const double mean_v = jacobian.Mean(of_v.Total(), sum);
  const Doubles a = mean_dy;
  const Doubles b = mean_v;
  const auto bend = [&](const auto& from) HWY_ATTR {
    const auto y = LoadLanes<Doubles>(from[0]);
    const auto apart_v = Taking(y, 0, LoadLanes<Doubles>(from[2]) - b);
    return jacobian.Bend(y) * Taking(y, 0, LoadLanes<Doubles>(from[1]) - a) * apart_v;
  };
  ForBlocks<double, 3, 0>({p.y, p.dy, p.v}, {}, n, 0.0,
                          [&](const auto& from, const auto&, const Place& place)
                              HWY_ATTR { bends.At(place) = bends.At(place) + bend(from); });
  double total = bends.Total();
  // The entry that is not written has no gradients: (0 - a) (0 - b), times its probability.
  if (jacobian.whole == Whole::with_sink) total += (1 - sum) * mean_dy * mean_v;
  const Doubles c = jacobian.Mean(total, sum);
  const Doubles factor = jacobian.factor;
  ForBlocks<double, 3, 2>({p.y, p.dy, p.v}, {p.for_dy, p.for_x}, n, 0.0,
                          [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
                            const auto y = LoadLanes<Doubles>(from[0]);
                            const auto s = jacobian.At(y);
                            const auto apart = Taking(y, 0, LoadLanes<Doubles>(from[2])) - b;
                            const auto for_x = (bend(from) - s * c) * factor * factor;
                            StoreLanes(s * apart * factor, to[0]);
                            StoreLanes(for_x, to[1]);
                          });
}

// Of <v, dx> = sum(v dy) - sum(p v) sum(dy), p = e^y.
HWY_NOINLINE void DoubleOfLog(const rows::Scale& scale, const DoubleBackward& p, std::size_t n) {
  Sums<double> sums, of_v;
  ForBlocks<double, 3, 0>(
      {p.y, p.dy, p.v}, {}, n, -kInfinity,
      [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
        const auto y = LoadLanes<Doubles>(from[0]);
        sums.At(place) = sums.At(place) + Taking(y, -kInfinity, LoadLanes<Doubles>(from[1]));
        of_v.At(place) = Fma(Probability<double>(y),
                             Taking(y, -kInfinity, LoadLanes<Doubles>(from[2])), of_v.At(place));
      });
  const Doubles sum = sums.Total();
  const Doubles mean = of_v.Total();
  const Doubles factor = scale.factor();
  ForBlocks<double, 3, 2>({p.y, p.dy, p.v}, {p.for_dy, p.for_x}, n, 0.0,
                          [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
                            const auto y = LoadLanes<Doubles>(from[0]);
                            const auto apart = LoadLanes<Doubles>(from[2]) - mean;
                            const auto for_x =
                                -sum * Probability<double>(y) * apart * factor * factor;
                            StoreLanes(Taking(y, -kInfinity, apart * factor), to[0]);
                            StoreLanes(Taking(y, -kInfinity, for_x), to[1]);
                          });
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
