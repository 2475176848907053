// Softmax and its logarithm, forward and backward, by the fastest kernels that a row fits.
#if defined(ACTFN_ROWS_KERNELS_SOFTMAX_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_SOFTMAX_H_
#undef ACTFN_ROWS_KERNELS_SOFTMAX_H_
#else
#define ACTFN_ROWS_KERNELS_SOFTMAX_H_
#endif

#include "rows/kernels/gradients.h"
#include "rows/kernels/softmax_single.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

using rows::Scale;
using rows::Stores;

template <class T>
HWY_NOINLINE void SoftmaxForward(const Scale& scale, const T* x, T* y, std::size_t n,
                                 Stores stores) {
  if constexpr (sizeof(T) == 4) {
    if (scale.is_one() && SingleSoftmax(x, y, n, stores)) return;
  }
  const Most most = MostOf(x, n, scale.sign);
  if (!most.IsFinite()) return Degenerate(scale, Form::probability, most, x, y, n);
  WideShares(scale, most.value, SumBesideOne(scale, most.value, x, n), 1, x, y, n);
}

// `whole`: one, or with_sink.
template <class T>
HWY_NOINLINE void SoftmaxBackward(const Scale& scale, Whole whole, const T* y, const T* dy, T* dx,
                                  std::size_t n, Stores stores) {
  if constexpr (sizeof(T) == 4) {
    if (scale.is_one() && SingleSoftmaxBackward(y, dy, dx, n, stores)) return;
  }
  BackwardByMean({1, whole, scale.factor()}, y, dy, dx, n);
}

template <class T>
HWY_NOINLINE void LogSoftmaxForward(const Scale& scale, const T* x, T* y, std::size_t n,
                                    Stores stores) {
  if constexpr (sizeof(T) == 4) {
    if (scale.is_one() && SingleLogSoftmax(x, y, n, stores)) return;
  }
  const Most most = MostOf(x, n, scale.sign);
  if (!most.IsFinite()) return Degenerate(scale, Form::logarithm, most, x, y, n);
  WideLogSoftmax(scale, most.value, x, y, n);
}

template <class T>
HWY_NOINLINE void LogSoftmaxBackward(const Scale& scale, const T* y, const T* dy, T* dx,
                                     std::size_t n, Stores stores) {
  if constexpr (sizeof(T) == 4) {
    if (scale.is_one() && SingleLogBackward(y, dy, dx, n, stores)) return;
  }
  BackwardOfLog(scale, y, dy, dx, n);
}

// log(sum_j e^x_j)
template <class T>
T LogSumExp(const T* x, std::size_t n) {
  if constexpr (sizeof(T) == 4) {
    float y = 0;
    if (SingleLogSumExp(x, &y, n)) return y;
  }
  const Most most = MostOf(x, n, 1);
  if (most.nan) return std::numeric_limits<T>::quiet_NaN();
  if (!most.IsFinite()) return static_cast<T>(most.value);
  const Pair<1> log = LogOfSum(SumBesideOne({}, most.value, x, n));
  return static_cast<T>(FirstOf(Round(Pair<1>(most.value) + log)));
}

// y = weight softmax(x)
HWY_NOINLINE void WeightedSoftmax(const double* x, double weight, double* y, std::size_t n) {
  const Most most = MostOf(x, n, 1);
  if (most.IsFinite()) {
    return WideShares({}, most.value, SumBesideOne({}, most.value, x, n), weight, x, y, n);
  }
  Degenerate({}, Form::probability, most, x, y, n);
  for (std::size_t i = 0; i < n; ++i) y[i] *= weight;
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
