// Powers of positive numbers.
#if defined(ACTFN_ROWS_KERNELS_POWERS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_POWERS_H_
#undef ACTFN_ROWS_KERNELS_POWERS_H_
#else
#define ACTFN_ROWS_KERNELS_POWERS_H_
#endif

#include "math/log.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// x^p for x > 0. Relative error: 2^-51 |p log x| + 2^-53. It takes one vector at a time: the code
// is long, and its double-double numbers fill the registers.
HWY_NOINLINE Lanes<double, 1> PowerOf(const Lanes<double, 1>& x, double p) {
  return Round(ExpOf(Pair<1>::Product(LogOf(x), p)));
}
template <std::size_t K>
HWY_INLINE Lanes<double, K> PowerOf(const Lanes<double, K>& x, double p) {
  Lanes<double, K> r;
  for (std::size_t k = 0; k < K; ++k) {
    Lanes<double, 1> one;
    one.v[0] = x.v[k];
    r.v[k] = PowerOf(one, p).v[0];
  }
  return r;
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
