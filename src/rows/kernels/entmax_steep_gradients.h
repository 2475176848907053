// SPDX-License-Identifier: Apache-2.0
// Gradients of entmax for alpha > 2. In its Jacobian, diag(s) - s s^T / sum(s), s = y^(2 - alpha)
// may exceed all others so far where y is small that dy less the mean of dy, weighted by s, cancels
// there. So means are taken of differences from the dy of the entry with the largest s.
#if defined(ACTFN_ROWS_KERNELS_ENTMAX_STEEP_GRADIENTS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_ENTMAX_STEEP_GRADIENTS_H_
#undef ACTFN_ROWS_KERNELS_ENTMAX_STEEP_GRADIENTS_H_
#else
#define ACTFN_ROWS_KERNELS_ENTMAX_STEEP_GRADIENTS_H_
#endif

#include "rows/kernels/gradients.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Larger s count as this: where one exceeds the others, only these decide the gradients.
constexpr double kLargestS = 0x1p800;

// s = y^(2 - alpha), 0 where y is 0.
HWY_INLINE Doubles SteepWeight(double alpha, const Doubles& y) {
  const Doubles s = Raised(y, 2 - alpha);
  return Select(s > kLargestS, Doubles(kLargestS), s);
}

// The first entry with the smallest y that is not 0; 0 if there is none.
template <class T>
std::size_t SmallestOf(const T* y, std::size_t n) {
  std::size_t smallest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (y[i] > 0 && !(y[smallest] > 0 && y[smallest] <= y[i])) smallest = i;
  }
  return smallest;
}

// A vector less its mean weighted by s, where y is not 0.
struct Centred {
  double origin;    // the vector's value at the smallest y
  double mean = 0;  // of the vector less the origin

  HWY_INLINE Doubles FromOrigin(const Doubles& y, const Doubles& x) const {
    return Unmasked(y, 0, x - Doubles(origin));
  }
  HWY_INLINE Doubles operator()(const Doubles& y, const Doubles& x) const {
    return FromOrigin(y, x) - Doubles(mean);
  }
};

// The vector is of(from), with pointers to the elements of `in`, y first.
template <class T, std::size_t inputs, class Of>
HWY_INLINE Centred CentredOf(double alpha, const std::array<const T*, inputs>& in, std::size_t n,
                             double origin, const Of& of) {
  Centred centred = {origin};
  Sums<double> products, sums;
  ForRow<T, inputs, 0>(
      in, {}, n, T(0), [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
        const auto y = LoadLanes<Doubles>(from[0]);
        const auto s = SteepWeight(alpha, y);
        sums.At(place) = sums.At(place) + s;
        products.At(place) = Fma(s, centred.FromOrigin(y, of(from)), products.At(place));
      });
  const double sum = sums.Total();
  centred.mean = sum == 0 ? 0 : products.Total() / sum;
  return centred;
}

template <class T>
HWY_NOINLINE void BackwardSteep(double alpha, const T* y, const T* dy, T* dx, std::size_t n) {
  const auto of_dy = [](const auto& from) HWY_ATTR { return LoadLanes<Doubles>(from[1]); };
  const auto origin = static_cast<double>(dy[SmallestOf(y, n)]);
  const Centred centred = CentredOf<T, 2>(alpha, {y, dy}, n, origin, of_dy);
  ForRow<T, 2, 1>({y, dy}, {dx}, n, T(0),
                  [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
                    const auto at = LoadLanes<Doubles>(from[0]);
                    StoreResults(SteepWeight(alpha, at) * centred(at, of_dy(from)), to[0]);
                  });
}

// The gradients of <v, dx>, as DoubleByMean has them. With c(x) a vector less its mean: for_dy = s
// c(v), and for_x = s c(k), where k = (2 - alpha) s c(dy) c(v) / y.
HWY_NOINLINE void DoubleBackwardSteep(double alpha, const rows::DoubleBackward& p, std::size_t n) {
  const std::array<const double*, 3> in = {p.y, p.dy, p.v};
  const auto of_dy = [](const auto& from) HWY_ATTR { return LoadLanes<Doubles>(from[1]); };
  const auto of_v = [](const auto& from) HWY_ATTR { return LoadLanes<Doubles>(from[2]); };
  const std::size_t smallest = SmallestOf(p.y, n);
  const Centred dy = CentredOf<double, 3>(alpha, in, n, p.dy[smallest], of_dy);
  const Centred v = CentredOf<double, 3>(alpha, in, n, p.v[smallest], of_v);
  const auto of_k = [&](const Doubles& y, const Doubles& at_dy, const Doubles& at_v) HWY_ATTR {
    const Doubles product = SteepWeight(alpha, y) * dy(y, at_dy) * v(y, at_v);
    return SelectOrZero(y > 0, product / y) * Doubles(2 - alpha);
  };
  const auto of_row = [&](const auto& from) HWY_ATTR {
    return of_k(LoadLanes<Doubles>(from[0]), of_dy(from), of_v(from));
  };
  const double origin =
      FirstOf(of_k(Doubles(p.y[smallest]), Doubles(p.dy[smallest]), Doubles(p.v[smallest])));
  const Centred k = CentredOf<double, 3>(alpha, in, n, origin, of_row);
  ForRow<double, 3, 2>(in, {p.for_dy, p.for_x}, n, 0.0,
                       [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
                         const auto y = LoadLanes<Doubles>(from[0]);
                         const auto s = SteepWeight(alpha, y);
                         const Doubles for_dy = s * v(y, of_v(from));
                         StoreResults(s * k(y, of_row(from)), to[1]);
                         StoreResults(for_dy, to[0]);
                       });
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
