// sparsemax and entmax: y = w^p, w = max(0, (alpha - 1) (x - max x) - tau), p = 1 / (alpha - 1),
// tau such that the sum of y is 1. Computed in double for all types.
#if defined(ACTFN_ROWS_SPARSE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_SPARSE_H_
#undef ACTFN_ROWS_SPARSE_H_
#else
#define ACTFN_ROWS_SPARSE_H_
#endif

#include "rows/kernels/powers.h"
#include "rows/kernels/softmax_wide.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

enum class Exponent { one, two, any };

struct Threshold {
  double scale, power, most;
  double tau = -1;

  // w, where it is positive; 0 elsewhere.
  template <class T>
  HWY_INLINE Block<double> Above(const T* x) const {
    const auto z = (LoadLanes<Block<double>>(x) - Block<double>(most)) * Block<double>(scale);
    return Max(z - Block<double>(tau), 0);
  }
};

template <Exponent exponent>
HWY_INLINE Block<double> Raised(const Block<double>& w, double power) {
  if constexpr (exponent == Exponent::one) return w;
  if constexpr (exponent == Exponent::two) return w * w;
  return SelectOrZero(w > 0, PowerOf(Select(w > 0, w, Block<double>(1)), power));
}

// Sums of w^p and of its derivative by w over p.
struct PowerSums {
  double value, slope;
};

template <Exponent exponent, class T>
HWY_NOINLINE PowerSums SumsAt(const Threshold& t, const T* x, std::size_t n) {
  Sums<double> value, slope;
  const auto body = [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
    const Block<double> w = t.Above(from[0]);
    const Block<double> y = Raised<exponent>(w, t.power);
    value.At(place) = value.At(place) + y;
    slope.At(place) =
        slope.At(place) + SelectOrZero(w > 0, exponent == Exponent::one   ? Block<double>(1)
                                              : exponent == Exponent::two ? w
                                                                          : y / w);
  };
  ForBlocks<T, 1, 0>({x}, {}, n, static_cast<T>(-kInfinity), body);
  return {value.Total(), slope.Total()};
}

// The sum's p-th root is convex in tau and nearly a line: Newton's steps from the left never leap
// over the root, and are few. Needs p >= 1.
template <Exponent exponent, class T>
double FindByNewton(Threshold& t, const T* x, std::size_t n) {
  constexpr int kMost = 200;
  double sum = 1;
  for (int i = 0; i < kMost; ++i) {
    const PowerSums sums = SumsAt<exponent>(t, x, n);
    sum = sums.value;
    const double root = exponent == Exponent::one   ? 1
                        : exponent == Exponent::two ? std::sqrt(sum)
                                                    : FirstOf(PowerOf(Wide1(sum), 1 - 1 / t.power));
    const double step = (sum - root) / sums.slope;
    if (!(step > -0x1p-50 * t.tau)) break;
    t.tau += step;
  }
  return sum;
}

// For p < 1, where the sum is not convex: by halves of the ratio, then of the difference.
template <class T>
double FindByBisection(Threshold& t, const T* x, std::size_t n) {
  const double even = FirstOf(ExpOf(LogOf(Wide1(static_cast<double>(n))) * (-1 / t.power)));
  double low = -1, high = -std::max(even, 0x1p-1000);
  while (true) {
    const double middle = low < 4 * high ? -std::sqrt(low * high) : low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    t.tau = middle;
    (SumsAt<Exponent::any>(t, x, n).value >= 1 ? low : high) = middle;
  }
  t.tau = low;
  return SumsAt<Exponent::any>(t, x, n).value;
}

// y = w^p / sum: the sum is 1 but for tau's rounding.
template <Exponent exponent, class T>
HWY_NOINLINE void Sparse(const Threshold& start, const T* x, T* y, std::size_t n) {
  Threshold t = start;
  double sum = 1;
  if constexpr (exponent == Exponent::any) {
    sum = t.power < 1 ? FindByBisection(t, x, n) : FindByNewton<exponent>(t, x, n);
  } else {
    sum = FindByNewton<exponent>(t, x, n);
  }
  const Block<double> inverse = 1 / sum;
  ForBlocks<T, 1, 1>({x}, {y}, n, T(0),
                     [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
                       StoreLanes(Raised<exponent>(t.Above(from[0]), t.power) * inverse, to[0]);
                     });
}

// Of any row.
template <Exponent exponent, class T>
void SparseForward(double alpha, const T* x, T* y, std::size_t n) {
  const Most most = MostOf(x, n, 1);
  if (!most.IsFinite()) return Degenerate({}, Form::probability, most, x, y, n);
  Sparse<exponent>({alpha - 1, 1 / (alpha - 1), most.value}, x, y, n);
}

// 1 for the first of the largest.
template <class T>
void HardmaxForward(const T* x, T* y, std::size_t n) {
  const Most most = MostOf(x, n, 1);
  if (most.nan || most.value == -kInfinity) {
    return Degenerate({}, Form::probability, most, x, y, n);
  }
  std::size_t first = 0;
  while (static_cast<double>(x[first]) != most.value) ++first;
  std::fill_n(y, n, T(0));
  y[first] = T(1);
}

// 0, and NaN in a row of NaN.
template <class T>
void HardmaxGradient(const T* y, T* to, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) to[i] = y[i] - y[i];
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
