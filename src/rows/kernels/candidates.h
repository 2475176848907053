// SPDX-License-Identifier: Apache-2.0
// The entries that may have a probability above 0.
#if defined(ACTFN_ROWS_KERNELS_CANDIDATES_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_CANDIDATES_H_
#undef ACTFN_ROWS_KERNELS_CANDIDATES_H_
#else
#define ACTFN_ROWS_KERNELS_CANDIDATES_H_
#endif

#include "rows/kernels/row_lanes.h"

#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// The entries of a row within `reach` of its largest, in their order, and perhaps others: a copy of
// them where it is short, and the row itself otherwise. So a search over them, which takes many
// passes, is short where few entries can have a probability. For a far reach it is the row, too.
template <class T>
class Candidates {
 public:
  HWY_NOINLINE Candidates(double max, double reach, const T* x, std::size_t n) : x_(x), n_(n) {
    constexpr double kFar = 32;
    constexpr double kMargin = 0x1p-20;  // for the roundings of this difference
    if (reach >= kFar) return;
    const double lowest = max - reach;
    const auto limit = static_cast<T>(lowest - kMargin * (reach + std::abs(max)));
    std::size_t count = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (count == kMost) return;
      copy_[count] = x[i];
      count += x[i] >= limit ? 1 : 0;
    }
    x_ = copy_;
    n_ = count;
  }

  const T* x() const { return x_; }
  std::size_t size() const { return n_; }

 private:
  static constexpr std::size_t kMost = 2048;

  const T* x_;
  std::size_t n_;
  T copy_[kMost];
};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
