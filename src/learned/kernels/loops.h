// A loop for formulas of several arrays.
#if defined(ACTFN_LEARNED_LOOPS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_LEARNED_LOOPS_H_
#undef ACTFN_LEARNED_LOOPS_H_
#else
#define ACTFN_LEARNED_LOOPS_H_
#endif

#include "kernels/memory.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// out[i] = Formula(in[0][i], in[1][i], …), computed in W. `out` may be one of `in`. The last
// elements go through a buffer, so that the same code computes them and nothing outside the arrays
// is touched.
template <class Formula, class W, class T, std::size_t inputs, class Out>
HWY_INLINE void Zip(const T* const (&in)[inputs], Out* out, std::size_t n) {
  using N = Lanes<W, HWY_NATIVE_FMA ? 2 : 1>;
  constexpr std::size_t kStep = N::Count();
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) StoreLanes(Formula::template At<N, T>(in, i), out + i);
  if (i >= n) return;
  T tail[inputs][kStep] = {};
  const T* rows[inputs];
  for (std::size_t k = 0; k < inputs; ++k) {
    std::memcpy(tail[k], in[k] + i, (n - i) * sizeof(T));
    rows[k] = tail[k];
  }
  Out results[kStep];
  StoreLanes(Formula::template At<N, T>(rows, 0), results);
  std::memcpy(out + i, results, (n - i) * sizeof(Out));
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
