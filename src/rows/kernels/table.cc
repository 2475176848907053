#include "rows/kernels/table.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rows/kernels/table.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "rows/kernels/gradients.h"
#include "rows/kernels/softmax_single.h"
#include "rows/kernels/sparse.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

using rows::Rules;
using rows::Rule;

template <class T>
bool BySingle(const Rules& f, const T* x, T* y, std::size_t n) {
  if constexpr (sizeof(T) == 4) {
    if (f.rule == Rule::softmax) return SingleSoftmax(f, x, y, n);
    if (f.rule == Rule::log_softmax) return SingleLogSoftmax(f, x, y, n);
  }
  return false;
}

template <class T>
void Forward(const Rules& f, const T* x, T* y, std::size_t n) {
  if (BySingle(f, x, y, n)) return;
  const Most most = MostOf(x, n, f.sign);
  if (f.rule == Rule::hardmax && !most.nan && most.value > -kInfinity) {
    return Hardmax(most, x, y, n);
  }
  if (!most.IsFinite()) return Degenerate(f, most, x, y, n);
  if (f.rule == Rule::softmax) return WideSoftmax(f, most, 1, x, y, n);
  if (f.rule == Rule::log_softmax) return WideLogSoftmax(f, most, x, y, n);
  Sparse(f, most, x, y, n);
}

// 0, and NaN in a row of NaN.
template <class T>
void Flat(const T* y, T* to, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) to[i] = y[i] - y[i];
}

template <class T>
void Backward(const Rules& f, const T* y, const T* dy, T* dx, std::size_t n) {
  if (f.rule == Rule::hardmax) return Flat(y, dx, n);
  if constexpr (sizeof(T) == 4) {
    if (f.rule == Rule::softmax && SingleSoftmaxBackward(f, y, dy, dx, n)) return;
    if (f.rule == Rule::log_softmax && SingleLogBackward(f, y, dy, dx, n)) return;
  }
  if (f.rule == Rule::log_softmax) return BackwardOfLog(f, y, dy, dx, n);
  BackwardByMean(f, y, dy, dx, n);
}

void BackwardTwice(const Rules& f, const double* y, const double* dy, const double* v,
                   double* for_dy, double* for_x, std::size_t n) {
  if (f.rule == Rule::hardmax) {
    Flat(y, for_dy, n);
    std::copy_n(for_dy, n, for_x);
    return;
  }
  if (f.rule == Rule::log_softmax) return DoubleOfLog({y, dy, v, for_dy, for_x}, f, n);
  DoubleByMean({y, dy, v, for_dy, for_x}, f, n);
}

template <class T>
void LogSumExp(const T* x, T* y, std::size_t n) {
  if constexpr (sizeof(T) == 4) {
    if (SingleLogSumExp(x, y, n)) return;
  }
  const Most most = MostOf(x, n, 1);
  if (most.IsFinite()) return WideLogSumExp(most, x, y, n);
  *y = most.nan ? std::numeric_limits<T>::quiet_NaN() : static_cast<T>(most.value);
}

void WeightedSoftmax(const double* x, double weight, double* y, std::size_t n) {
  const Most most = MostOf(x, n, 1);
  if (most.IsFinite()) return WideSoftmax({}, most, weight, x, y, n);
  Degenerate({}, most, x, y, n);
  for (std::size_t i = 0; i < n; ++i) y[i] *= weight;
}

// Without fused multiply-adds the portable code is as fast: it serves these targets too.
constexpr bool kLeaveToPortable = HWY_TARGET == HWY_SSE4 && (HWY_TARGETS & HWY_EMU128) != 0;

template <class T>
constexpr rows::Kernels<T> KernelsOf() {
  if constexpr (kLeaveToPortable) {
    return {};
  } else if constexpr (sizeof(T) == 4) {
    return {Forward<T>, Backward<T>, LogSumExp<T>, nullptr, nullptr};
  } else {
    return {Forward<T>, Backward<T>, LogSumExp<T>, BackwardTwice, WeightedSoftmax};
  }
}

}  // namespace

constexpr rows::Table kTable = {KernelsOf<float>(), KernelsOf<double>()};

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "kernels/collect.h"

#include <algorithm>

namespace actfn::rows {

template <class T>
void fill_shares(const T* x, T largest, T share, T none, T* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = x[i] == largest ? share : none;
}
template void fill_shares(const float*, float, float, float, float*, std::size_t);
template void fill_shares(const double*, double, double, double, double*, std::size_t);

template <class T>
std::size_t count_of(const T* x, T value, std::size_t n) {
  return static_cast<std::size_t>(std::count(x, x + n, value));
}
template std::size_t count_of(const float*, float, std::size_t);
template std::size_t count_of(const double*, double, std::size_t);

const Table& table(kernels::Target target) {
  static constexpr auto kAll = ACTFN_PER_TARGET(const Table*, &, kTable);
  const Table* const own = kAll[static_cast<std::size_t>(target)];
  if (own->of_float.forward != nullptr) return *own;
  return *kAll[static_cast<std::size_t>(kernels::Target::emu128)];
}

}  // namespace actfn::rows
#endif
