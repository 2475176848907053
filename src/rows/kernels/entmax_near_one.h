// SPDX-License-Identifier: Apache-2.0
// Entmax for alpha near 1. With a = alpha - 1, an error of w = a (x - max) - tau is 1 / a times as
// large in w^(1 / a). So the unknown is mu, the logarithm of the largest y, and
// y_i = e^mu (1 + a (x_i - max) e^(-a mu))^(1 / a): an error of the sum is at most as large in each
// y.
#if defined(ACTFN_ROWS_KERNELS_ENTMAX_NEAR_ONE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_ENTMAX_NEAR_ONE_H_
#undef ACTFN_ROWS_KERNELS_ENTMAX_NEAR_ONE_H_
#else
#define ACTFN_ROWS_KERNELS_ENTMAX_NEAR_ONE_H_
#endif

#include "rows/kernels/powers.h"
#include "rows/kernels/softmax_wide.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Of alpha - 1. From here on what the threshold's rounding leaves is below 2^-48.
constexpr double kNearOne = 0x1p-5;

struct NearOne {
  double a, max;
  double mu = 0;

  // a e^(-a mu)
  double Scale() const { return a * FirstOf(Round(ExpOf(Pair<1>(-a * mu)))); }
};

// y = e^mu w^(1 / a), and y / w.
struct NearOneTerms {
  Doubles y, slope;
};
template <class T>
HWY_INLINE NearOneTerms TermsOf(const NearOne& f, const Doubles& scale, const T* x) {
  const Doubles z = (LoadLanes<Doubles>(x) - Doubles(f.max)) * scale;
  const auto inside = z > -1;
  const Doubles c = SelectOrZero(inside, z);
  const Doubles w = c + 1;
  const Doubles y = PowersOf<T>(w, c - (w - 1), {1 / f.a, f.mu});
  return {SelectOrZero(inside, y), SelectOrZero(inside, y / w)};
}

// The sums of y and of y / w, which is the derivative of y by mu.
template <class T>
HWY_NOINLINE PowerSums SumsAt(const NearOne& f, const T* x, std::size_t n) {
  const Doubles scale = f.Scale();
  Sums<double> value, slope;
  ForRow<T, 1, 0>({x}, {}, n, static_cast<T>(-kInfinity),
                  [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
                    const NearOneTerms terms = TermsOf(f, scale, from[0]);
                    value.At(place) = value.At(place) + terms.y;
                    slope.At(place) = slope.At(place) + terms.slope;
                  });
  return {value.Total(), slope.Total()};
}

// By Newton's method: the sum's logarithm is nearly linear in mu.
template <class T>
void EntmaxNearOne(double alpha, double max, const T* x, T* y, std::size_t n) {
  NearOne f = {alpha - 1, max};
  double sum = 1;
  for (double last = kInfinity;;) {
    const PowerSums sums = SumsAt(f, x, n);
    sum = sums.value;
    const double log = FirstOf(LogOf(Wide1(sum)));
    if (!(std::abs(log) > 0x1p-51) || !(std::abs(log) < last)) break;
    last = std::abs(log);
    f.mu -= log * (sum / sums.slope);
  }
  const Doubles scale = f.Scale();
  const Doubles inverse = 1 / sum;
  ForRow<T, 1, 1>({x}, {y}, n, T(0), [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
    StoreLanes(TermsOf(f, scale, from[0]).y * inverse, to[0]);
  });
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
