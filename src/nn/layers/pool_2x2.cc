// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/pool_2x2.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/layers/pool_2x2.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <cstddef>

#include "kernels/memory.h"
#include "kernels/table.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

constexpr std::size_t kLanes = hn::MaxLanes(Tag<float>());
constexpr std::size_t kDoubles = hn::MaxLanes(Tag<double>());

// The maxima of some squares, and which of the last three numbers took the place of those before.
template <class D>
struct Squares {
  using V = hn::Vec<D>;
  using M = hn::Mask<D>;
  V most;
  M second, third, fourth;

  HWY_INLINE Squares(D d, const float* upper, const float* lower) {
    V b, c, e;
    hn::LoadInterleaved2(d, upper, most, b);
    hn::LoadInterleaved2(d, lower, c, e);
    second = Take(b);
    third = Take(c);
    fourth = Take(e);
  }

 private:
  HWY_INLINE M Take(const V x) {
    const M taken = hn::Or(hn::Gt(x, most), hn::IsNaN(x));
    most = hn::IfThenElse(taken, x, most);
    return taken;
  }
};

struct Max {
  const float *upper, *lower;
  float* y;

  template <class D>
  HWY_INLINE void operator()(D d, std::size_t i) const {
    hn::StoreU(Squares<D>(d, upper + 2 * i, lower + 2 * i).most, d, y + i);
  }
};

struct MaxBackward {
  const float *upper, *lower, *dy;
  float *to_upper, *to_lower;

  template <class D>
  HWY_INLINE void operator()(D d, std::size_t i) const {
    const Squares<D> at(d, upper + 2 * i, lower + 2 * i);
    auto rest = hn::Add(hn::Zero(d), hn::LoadU(d, dy + i));  // no -0
    const auto fourth = hn::IfThenElseZero(at.fourth, rest);
    rest = hn::IfThenZeroElse(at.fourth, rest);
    const auto third = hn::IfThenElseZero(at.third, rest);
    rest = hn::IfThenZeroElse(at.third, rest);
    const auto second = hn::IfThenElseZero(at.second, rest);
    hn::StoreInterleaved2(hn::IfThenZeroElse(at.second, rest), second, d, to_upper + 2 * i);
    hn::StoreInterleaved2(third, fourth, d, to_lower + 2 * i);
  }
};

struct Mean {
  const float *upper, *lower;
  double divisor;
  float* y;

  template <class D>
  HWY_INLINE void operator()(D d, std::size_t i) const {
    const hn::Rebind<double, D> wide;
    hn::Vec<D> a, b, c, e;
    hn::LoadInterleaved2(d, upper + 2 * i, a, b);
    hn::LoadInterleaved2(d, lower + 2 * i, c, e);
    auto sum = hn::Zero(wide);  // no -0
    sum = hn::Add(sum, hn::PromoteTo(wide, a));
    sum = hn::Add(sum, hn::PromoteTo(wide, b));
    sum = hn::Add(sum, hn::PromoteTo(wide, c));
    sum = hn::Add(sum, hn::PromoteTo(wide, e));
    hn::StoreU(hn::DemoteTo(d, hn::Div(sum, hn::Set(wide, divisor))), d, y + i);
  }
};

struct MeanBackward {
  const float* dy;
  double divisor;
  float *to_upper, *to_lower;

  template <class D>
  HWY_INLINE void operator()(D d, std::size_t i) const {
    const hn::Rebind<double, D> wide;
    const auto share = hn::Div(hn::PromoteTo(wide, hn::LoadU(d, dy + i)), hn::Set(wide, divisor));
    const auto each = hn::Add(hn::Zero(d), hn::DemoteTo(d, share));
    hn::StoreInterleaved2(each, each, d, to_upper + 2 * i);
    hn::StoreInterleaved2(each, each, d, to_lower + 2 * i);
  }
};

// Results depend on nothing but their own squares, so that the last vector may begin among the ones
// before.
template <std::size_t kCount, class F>
HWY_INLINE void ForEach(std::size_t n, const F& f) {
  const hn::CappedTag<float, kCount> d;
  if (n >= kCount) {
    for (std::size_t i = 0; i + kCount <= n; i += kCount) f(d, i);
    if (n % kCount != 0) f(d, n - kCount);
  } else if constexpr (kCount > 1) {
    ForEach<kCount / 2>(n, f);
  }
}

void MaxRow(const float* upper, const float* lower, std::size_t n, float* y) {
  ForEach<kLanes>(n, Max{upper, lower, y});
}

void MaxRowBackward(const float* upper, const float* lower, const float* dy, std::size_t n,
                    float* to_upper, float* to_lower) {
  ForEach<kLanes>(n, MaxBackward{upper, lower, dy, to_upper, to_lower});
}

void MeanRow(const float* upper, const float* lower, std::size_t n, double divisor, float* y) {
  ForEach<kDoubles>(n, Mean{upper, lower, divisor, y});
}

void MeanRowBackward(const float* dy, std::size_t n, double divisor, float* to_upper,
                     float* to_lower) {
  ForEach<kDoubles>(n, MeanBackward{dy, divisor, to_upper, to_lower});
}

constexpr nn::Pool2x2 kPool2x2 = {MaxRow, MaxRowBackward, MeanRow, MeanRowBackward};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::nn {

const Pool2x2& pool_2x2() {
  static constexpr kernels::PerTarget<Pool2x2> kAll = ACTFN_PER_TARGET(kPool2x2);
  return kAll.of(kernels::active_target());
}

}  // namespace actfn::nn
#endif
