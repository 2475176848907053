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

#include "rows/powers.h"
#include "rows/softmax.h"

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

// What a Jacobian is made of.
struct Slopes {
  rows::Rule rule;
  double power;   // of s
  double factor;  // softmax: sign / temperature

  HWY_INLINE explicit Slopes(const rows::Function& f)
      : rule(f.rule),
        power(rule == rows::Rule::softmax    ? 1
              : rule == rows::Rule::entmax15 ? 0.5
              : rule == rows::Rule::entmax   ? 2 - f.alpha
                                             : 0),
        factor(f.sign / f.temperature) {}

  HWY_INLINE Doubles At(const Doubles& y) const { return Raised(y, power); }
  // s ds/dy over s: (2 - alpha) y^(3 - 2 alpha).
  HWY_INLINE Doubles Bend(const Doubles& y) const {
    return Doubles(power) * Raised(y, 2 * power - 1);
  }
  // sum(s x) / sum(s)
  double Mean(double sum_of_products, double sum) const {
    if (rule == rows::Rule::softmax) return sum_of_products;
    return sum == 0 ? 0 : sum_of_products / sum;
  }
};

// Gradients for entries that take no part don't count, not even as NaN.
HWY_INLINE Doubles Taking(const Doubles& y, double none, const Doubles& gradient) {
  return Select(y == Doubles(none), 0, gradient);
}

template <class T>
HWY_NOINLINE void BackwardByMean(const rows::Function& f, const T* y, const T* dy, T* dx,
                                 std::size_t n) {
  const Slopes slopes(f);
  Sums<double> products, sums;
  ForBlocks<T, 2, 0>({y, dy}, {}, n, T(0), [&](const auto& from, const auto&, std::size_t i) HWY_ATTR {
    const auto at = LoadLanes<Doubles>(from[0]);
    const auto s = slopes.At(at);
    sums.At(i) = sums.At(i) + s;
    products.At(i) = Fma(s, Taking(at, 0, LoadLanes<Doubles>(from[1])), products.At(i));
  });
  const Doubles mean = slopes.Mean(products.Total(), sums.Total());
  const Doubles factor = slopes.factor;
  ForBlocks<T, 2, 1>({y, dy}, {dx}, n, T(0), [&](const auto& from, const auto& to, std::size_t) HWY_ATTR {
    const auto at = LoadLanes<Doubles>(from[0]);
    const auto apart = Taking(at, 0, LoadLanes<Doubles>(from[1])) - mean;
    StoreLanes(slopes.At(at) * apart * factor, to[0]);
  });
}

// e^y for y <= 0 as precise as T asks for.
template <class T>
HWY_INLINE Doubles Probability(const Doubles& y) {
  if constexpr (sizeof(T) == 4) {
    return KeepNan(y, ExpDown(y));
  } else {
    Doubles r;
    for (std::size_t k = 0; k < sizeof(r.v) / sizeof(r.v[0]); ++k) {
      Wide1 one;
      one.v[0] = y.v[k];
      r.v[k] = Round(ExpOfDistance(Pair<1>(one))).v[0];
    }
    return KeepNan(y, r);
  }
}

template <class T>
HWY_NOINLINE void BackwardOfLog(const rows::Function& f, const T* y, const T* dy, T* dx,
                                std::size_t n) {
  Sums<double> sums;
  const T none = static_cast<T>(-kInfinity);
  ForBlocks<T, 2, 0>({y, dy}, {}, n, none, [&](const auto& from, const auto&, std::size_t i) HWY_ATTR {
    const auto at = LoadLanes<Doubles>(from[0]);
    sums.At(i) = sums.At(i) + Taking(at, -kInfinity, LoadLanes<Doubles>(from[1]));
  });
  const Doubles sum = sums.Total();
  const Doubles factor = Slopes(f).factor;
  ForBlocks<T, 2, 1>({y, dy}, {dx}, n, T(0), [&](const auto& from, const auto& to, std::size_t) HWY_ATTR {
    const auto at = LoadLanes<Doubles>(from[0]);
    const auto gradient = NegFma(Probability<T>(at), sum, LoadLanes<Doubles>(from[1]));
    StoreLanes(Taking(at, -kInfinity, gradient * factor), to[0]);
  });
}

struct DoubleBackward {
  const double *y, *dy, *v;
  double *for_dy, *for_x;
};

// Of <v, dx> = sum(s v dy) - sum(s v) sum(s dy) / sum(s): for_dy as backward() has it, by s
// (v - b)(dy - a), and that through the Jacobian.
HWY_NOINLINE void DoubleByMean(const DoubleBackward& p, const rows::Function& f, std::size_t n) {
  const Slopes slopes(f);
  Sums<double> sums, of_dy, of_v, bends;
  ForBlocks<double, 3, 0>({p.y, p.dy, p.v}, {}, n, 0.0, [&](const auto& from, const auto&, std::size_t i) HWY_ATTR {
    const auto y = LoadLanes<Doubles>(from[0]);
    const auto s = slopes.At(y);
    sums.At(i) = sums.At(i) + s;
    of_dy.At(i) = Fma(s, Taking(y, 0, LoadLanes<Doubles>(from[1])), of_dy.At(i));
    of_v.At(i) = Fma(s, Taking(y, 0, LoadLanes<Doubles>(from[2])), of_v.At(i));
  });
  const double sum = sums.Total();
  const Doubles a = slopes.Mean(of_dy.Total(), sum);
  const Doubles b = slopes.Mean(of_v.Total(), sum);
  const auto bend = [&](const auto& from) HWY_ATTR {
    const auto y = LoadLanes<Doubles>(from[0]);
    const auto apart_v = Taking(y, 0, LoadLanes<Doubles>(from[2]) - b);
    return slopes.Bend(y) * Taking(y, 0, LoadLanes<Doubles>(from[1]) - a) * apart_v;
  };
  ForBlocks<double, 3, 0>({p.y, p.dy, p.v}, {}, n, 0.0, [&](const auto& from, const auto&, std::size_t i) HWY_ATTR {
    bends.At(i) = bends.At(i) + bend(from);
  });
  const Doubles c = slopes.Mean(bends.Total(), sum);
  const Doubles factor = slopes.factor;
  ForBlocks<double, 3, 2>({p.y, p.dy, p.v}, {p.for_dy, p.for_x}, n, 0.0,
                     [&](const auto& from, const auto& to, std::size_t) HWY_ATTR {
                       const auto y = LoadLanes<Doubles>(from[0]);
                       const auto s = slopes.At(y);
                       const auto apart = Taking(y, 0, LoadLanes<Doubles>(from[2])) - b;
                       const auto for_x = (bend(from) - s * c) * factor * factor;
                       StoreLanes(s * apart * factor, to[0]);
                       StoreLanes(for_x, to[1]);
                     });
}

// Of <v, dx> = sum(v dy) - sum(p v) sum(dy), p = e^y.
HWY_NOINLINE void DoubleOfLog(const DoubleBackward& p, const rows::Function& f, std::size_t n) {
  Sums<double> sums, of_v;
  ForBlocks<double, 3, 0>({p.y, p.dy, p.v}, {}, n, -kInfinity, [&](const auto& from, const auto&, std::size_t i) HWY_ATTR {
    const auto y = LoadLanes<Doubles>(from[0]);
    sums.At(i) = sums.At(i) + Taking(y, -kInfinity, LoadLanes<Doubles>(from[1]));
    of_v.At(i) = Fma(Probability<double>(y), Taking(y, -kInfinity, LoadLanes<Doubles>(from[2])), of_v.At(i));
  });
  const Doubles sum = sums.Total();
  const Doubles mean = of_v.Total();
  const Doubles factor = Slopes(f).factor;
  ForBlocks<double, 3, 2>({p.y, p.dy, p.v}, {p.for_dy, p.for_x}, n, 0.0,
                     [&](const auto& from, const auto& to, std::size_t) HWY_ATTR {
                       const auto y = LoadLanes<Doubles>(from[0]);
                       const auto apart = LoadLanes<Doubles>(from[2]) - mean;
                       const auto for_x = -sum * Probability<double>(y) * apart * factor * factor;
                       StoreLanes(Taking(y, -kInfinity, apart * factor), to[0]);
                       StoreLanes(Taking(y, -kInfinity, for_x), to[1]);
                     });
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
