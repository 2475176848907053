// SPDX-License-Identifier: Apache-2.0
// Loops along a row in steps of 16 elements, whatever the width of vectors: element i is added to
// running sum i % 16, and one tree adds the 16 sums up. So no sum depends on the instruction set.
#if defined(ACTFN_ROWS_KERNELS_ROW_LANES_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_ROW_LANES_H_
#undef ACTFN_ROWS_KERNELS_ROW_LANES_H_
#else
#define ACTFN_ROWS_KERNELS_ROW_LANES_H_
#endif

#include "kernels/memory.h"
#include "kernels/type.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// The number of running sums of a row.
constexpr std::size_t kSums = 16;

// How many elements the body of a loop gets at once: all 16 where registers hold them, and one
// vector without FMA, where the code is slow in any case and kept small: loops over the parts of 16
// elements are not unrolled then.
constexpr std::size_t kRowLanes = HWY_NATIVE_FMA ? kSums : hn::MaxLanes(Tag<float>());
constexpr int kUnrolled = HWY_NATIVE_FMA ? 16 : 1;
template <class T>
using RowLanes = Lanes<T, kRowLanes / hn::MaxLanes(Tag<T>())>;
using Floats = RowLanes<float>;
using Doubles = RowLanes<double>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
HWY_INLINE bool IsFinite(double x) { return x - x == 0; }

// Names the running sums that the elements of one call of a body are added to: those of `step`,
// from part * kRowLanes on.
struct Place {
  std::size_t step, part;
};

// Loads `count` < 16 elements and fills the rest of the 16 with `padding`.
template <class T>
HWY_INLINE void LoadTail(const T* from, std::size_t count, T padding, T* to) {
#if HWY_TARGET <= HWY_AVX2
  const Tag<T> d;
  const auto none = hn::Set(d, padding);
  for (std::size_t k = 0; k < kSums; k += hn::MaxLanes(d)) {
    const auto mask = hn::FirstN(d, k < count ? count - k : 0);
    hn::StoreU(hn::IfThenElse(mask, hn::MaskedLoad(mask, d, from + k), none), d, to + k);
  }
#else
  std::fill_n(std::copy_n(from, count, to), kSums - count, padding);
#endif
}
template <class T>
HWY_INLINE void StoreTail(const T* from, std::size_t count, T* to) {
#if HWY_TARGET <= HWY_AVX2
  const Tag<T> d;
  for (std::size_t k = 0; k < kSums; k += hn::MaxLanes(d)) {
    hn::BlendedStore(hn::LoadU(d, from + k), hn::FirstN(d, k < count ? count - k : 0), d, to + k);
  }
#else
  std::copy_n(from, count, to);
#endif
}

// Calls body(in, out, place) for the 16 elements from i on, kRowLanes at a time.
template <class T, std::size_t inputs, std::size_t outputs, class Body>
HWY_INLINE void ForSixteen(const std::array<const T*, inputs>& in,
                           const std::array<T*, outputs>& out, std::size_t i, std::size_t step,
                           const Body& body) {
#pragma GCC unroll kUnrolled
  for (std::size_t part = 0; part < kSums / kRowLanes; ++part) {
    std::array<const T*, inputs> from;
    std::array<T*, outputs> to;
    for (std::size_t k = 0; k < inputs; ++k) from[k] = in[k] + i + part * kRowLanes;
    for (std::size_t k = 0; k < outputs; ++k) to[k] = out[k] + i + part * kRowLanes;
    body(from, to, Place{step, part});
  }
}

// Calls body(in, out, place) for all n elements of some arrays, kRowLanes at a time, with pointers
// to these elements. While 16 * steps elements are left, the loop takes them together: each step of
// 16 has its own running sums. The rest, 16 at a time, goes to the sums of step 0. Past the row's
// end the inputs read `padding`.
template <class T, std::size_t inputs, std::size_t outputs, std::size_t steps = 1, class Body>
HWY_INLINE void ForRow(const std::array<const T*, inputs>& in, const std::array<T*, outputs>& out,
                       std::size_t n, T padding, const Body& body) {
  std::size_t i = 0;
  if constexpr (steps > 1 && HWY_NATIVE_FMA) {
    for (; n - i >= kSums * steps; i += kSums * steps) {
      for (std::size_t s = 0; s < steps; ++s) ForSixteen(in, out, i + s * kSums, s, body);
    }
  }
  // Without FMA, the loop below does all of it: the body is long there. GCC would make two loops of
  // a condition, hence the product.
  const std::size_t stepped = HWY_NATIVE_FMA ? 0 : n / (kSums * steps) * (kSums * steps);
  T buffer[inputs + outputs][kSums];
  for (; i < n; i += kSums) {  // the body is compiled once, for whole sixteens and for the end
    const std::size_t here = n - i;
    std::array<const T*, inputs> from;
    std::array<T*, outputs> to;
    for (std::size_t k = 0; k < inputs; ++k) from[k] = in[k] + i;
    for (std::size_t k = 0; k < outputs; ++k) to[k] = out[k] + i;
    if (HWY_UNLIKELY(here < kSums)) {
      for (std::size_t k = 0; k < inputs; ++k) {
        LoadTail(from[k], here, padding, buffer[k]);
        from[k] = buffer[k];
      }
      for (std::size_t k = 0; k < outputs; ++k) to[k] = buffer[inputs + k];
    }
    ForSixteen(from, to, 0, (i < stepped ? 1 : 0) * (i / kSums % steps), body);
    if (HWY_UNLIKELY(here < kSums)) {
      for (std::size_t k = 0; k < outputs; ++k) StoreTail(to[k], here, out[k] + i);
    }
  }
}

// Reduces n numbers to one: join(i, i + n / 2) in the first half, then in the first quarter, and so
// on.
template <std::size_t n, std::size_t width = 1, class T, class Join>
HWY_INLINE T TreeOf(const T* all, const Join& join) {
  if constexpr (width == n) {
    return all[0];
  } else {
    return join(TreeOf<n, 2 * width>(all, join), TreeOf<n, 2 * width>(all + width, join));
  }
}

// kSums running sums for each step.
template <class T, std::size_t steps = 1>
class Sums {
 public:
  HWY_INLINE explicit Sums(double first = 0.0) {
    for (auto& step : parts_) {
#pragma GCC unroll kUnrolled
      for (RowLanes<T>& part : step) part = first;
    }
  }
  HWY_INLINE RowLanes<T>& At(const Place& place) { return parts_[place.step][place.part]; }
  HWY_INLINE RowLanes<T> OfAllSteps(std::size_t part) const {
    RowLanes<T> sums[steps];
    for (std::size_t s = 0; s < steps; ++s) sums[s] = parts_[s][part];
    for (std::size_t width = steps / 2; width > 0; width /= 2) {
      for (std::size_t s = 0; s < width; ++s) sums[s] = sums[s] + sums[s + width];
    }
    return sums[0];
  }
  ACTFN_PIECE double Total() const {
    T all[kSums];
#pragma GCC unroll kUnrolled
    for (std::size_t k = 0; k < kSums / kRowLanes; ++k)
      StoreLanes(OfAllSteps(k), all + k * kRowLanes);
    return static_cast<double>(TreeOf<kSums>(all, std::plus<T>()));
  }

 private:
  RowLanes<T> parts_[steps][kSums / kRowLanes];
};

HWY_INLINE Doubles ToDoubles(const Floats& x) {
  const Tag<double> d;
  const hn::Rebind<float, Tag<double>> half;
  constexpr std::size_t kHalves = kRowLanes / hn::MaxLanes(Tag<float>());
  Doubles r;
  for (std::size_t k = 0; k < kHalves; ++k) {
    r.v[2 * k] = hn::PromoteTo(d, hn::LowerHalf(half, x.v[k]));
    r.v[2 * k + 1] = hn::PromoteTo(d, hn::UpperHalf(half, x.v[k]));
  }
  return r;
}

template <std::size_t steps>
HWY_INLINE void AddTo(Sums<double>& sums, const Sums<float, steps>& more) {
#pragma GCC unroll kUnrolled
  for (std::size_t part = 0; part < kSums / kRowLanes; ++part) {
    Doubles& sum = sums.At({0, part});
    sum = sum + ToDoubles(more.OfAllSteps(part));
  }
}

template <class T, std::size_t K>
HWY_INLINE Mask<T, K> IsNan(const Lanes<T, K>& x) {
  Mask<T, K> r;
  for (std::size_t k = 0; k < K; ++k) r.m[k] = hn::IsNaN(x.v[k]);
  return r;
}

template <class T>
ACTFN_PIECE double MaxOfLanes(const RowLanes<T>& lanes) {
  T all[kRowLanes];
  StoreLanes(lanes, all);
  const T largest = TreeOf<kRowLanes>(all, [](T a, T b) { return std::max(a, b); });
  // + 0.0 drops the sign of a zero: instruction sets differ in which zero a maximum takes.
  return static_cast<double>(largest) + 0.0;
}

// The largest of sign * x in a row; NaN where the row has one.
template <class T>
HWY_NOINLINE double RowMaxOf(const T* x, std::size_t n, double sign) {
  const auto lowest = static_cast<T>(-kInfinity);
  const RowLanes<T> direction = sign;
  RowLanes<T> max = static_cast<double>(lowest);
  auto nan = IsNan(max);
  const auto body = [&](const auto& from, const auto&, const Place&) HWY_ATTR {
    const auto at = LoadLanes<RowLanes<T>>(from[0]) * direction;
    nan = Or(nan, IsNan(at));
    max = Max(max, at);
  };
  ForRow<T, 1, 0>({x}, {}, n, static_cast<T>(sign) * lowest, body);
  return AnyOf(nan) ? std::numeric_limits<double>::quiet_NaN() : MaxOfLanes(max);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
