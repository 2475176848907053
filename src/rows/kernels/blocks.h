// Walks along a row by blocks of 16 elements, whatever the width of vectors: element i belongs to
// the running sum i modulo 16, and the 16 are added up by one tree. No sum depends on the
// instruction set.
#if defined(ACTFN_ROWS_BLOCKS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_BLOCKS_H_
#undef ACTFN_ROWS_BLOCKS_H_
#else
#define ACTFN_ROWS_BLOCKS_H_
#endif

#include "kernels/memory.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

constexpr std::size_t kSums = 16;

// So many elements at a time: all 16 where vectors are long.
#if HWY_NATIVE_FMA
constexpr std::size_t kBlock = 16;
#else
constexpr std::size_t kBlock = hn::MaxLanes(Tag<float>());  // slow in any case: keep it small
#endif
template <class T>
using Block = Lanes<T, kBlock / hn::MaxLanes(Tag<T>())>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Which running sum a block belongs to.
struct Place {
  std::size_t step, part;
};

// `count` < 16 elements, `beyond` behind them.
template <class T>
HWY_INLINE void LoadTail(const T* from, std::size_t count, T beyond, T* to) {
#if HWY_TARGET <= HWY_AVX2
  const Tag<T> d;
  const auto none = hn::Set(d, beyond);
  for (std::size_t k = 0; k < kSums; k += hn::MaxLanes(d)) {
    const auto mask = hn::FirstN(d, k < count ? count - k : 0);
    hn::StoreU(hn::IfThenElse(mask, hn::MaskedLoad(mask, d, from + k), none), d, to + k);
  }
#else
  std::fill_n(std::copy_n(from, count, to), kSums - count, beyond);
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

// body(in, out, place) for 16 elements, by blocks.
template <class T, std::size_t inputs, std::size_t outputs, class Body>
HWY_INLINE void AtSixteen(const std::array<const T*, inputs>& in,
                          const std::array<T*, outputs>& out, std::size_t i, std::size_t step,
                          const Body& body) {
  for (std::size_t part = 0; part < kSums / kBlock; ++part) {
    std::array<const T*, inputs> from;
    std::array<T*, outputs> to;
    for (std::size_t k = 0; k < inputs; ++k) from[k] = in[k] + i + part * kBlock;
    for (std::size_t k = 0; k < outputs; ++k) to[k] = out[k] + i + part * kBlock;
    body(from, to, Place{step, part});
  }
}

// body(in, out, place) for each block of some arrays, the pointers moved to its elements: 16 times
// `steps` of them side by side as long as there are so many, then 16, which count as the first
// step's. Behind the row's end the inputs read `beyond`.
template <class T, std::size_t inputs, std::size_t outputs, std::size_t steps = 1, class Body>
HWY_INLINE void ForBlocks(const std::array<const T*, inputs>& in,
                          const std::array<T*, outputs>& out, std::size_t n, T beyond,
                          const Body& body) {
  std::size_t i = 0;
  if constexpr (steps > 1) {
    for (; n - i >= kSums * steps; i += kSums * steps) {
      for (std::size_t s = 0; s < steps; ++s) AtSixteen(in, out, i + s * kSums, s, body);
    }
  }
  T buffer[inputs + outputs][kSums];
  for (; i < n; i += kSums) {  // one copy of the body for whole sixteens and for the end
    const std::size_t here = n - i;
    std::array<const T*, inputs> from;
    std::array<T*, outputs> to;
    for (std::size_t k = 0; k < inputs; ++k) from[k] = in[k] + i;
    for (std::size_t k = 0; k < outputs; ++k) to[k] = out[k] + i;
    if (HWY_UNLIKELY(here < kSums)) {
      for (std::size_t k = 0; k < inputs; ++k) {
        LoadTail(from[k], here, beyond, buffer[k]);
        from[k] = buffer[k];
      }
      for (std::size_t k = 0; k < outputs; ++k) to[k] = buffer[inputs + k];
    }
    AtSixteen(from, to, 0, 0, body);
    if (HWY_UNLIKELY(here < kSums)) {
      for (std::size_t k = 0; k < outputs; ++k) StoreTail(to[k], here, out[k] + i);
    }
  }
}

// join(i, i + n / 2) for the first half of n numbers, then for the first quarter, and so on.
template <std::size_t n, std::size_t width = 1, class T, class Join>
HWY_INLINE T TreeOf(const T* all, const Join& join) {
  if constexpr (width == n) {
    return all[0];
  } else {
    return join(TreeOf<n, 2 * width>(all, join), TreeOf<n, 2 * width>(all + width, join));
  }
}

// 16 running sums a step.
template <class T, std::size_t steps = 1>
class Sums {
 public:
  HWY_INLINE explicit Sums(double first = 0.0) {
    for (auto& step : parts_) {
      for (Block<T>& part : step) part = first;
    }
  }
  HWY_INLINE Block<T>& At(const Place& place) { return parts_[place.step][place.part]; }
  HWY_INLINE Block<T> OfAllSteps(std::size_t part) const {
    Block<T> sums[steps];
    for (std::size_t s = 0; s < steps; ++s) sums[s] = parts_[s][part];
    for (std::size_t width = steps / 2; width > 0; width /= 2) {
      for (std::size_t s = 0; s < width; ++s) sums[s] = sums[s] + sums[s + width];
    }
    return sums[0];
  }
  HWY_INLINE double Total() const {
    T all[kSums];
    for (std::size_t k = 0; k < kSums / kBlock; ++k) StoreLanes(OfAllSteps(k), all + k * kBlock);
    return static_cast<double>(TreeOf<kSums>(all, std::plus<T>()));
  }

 private:
  Block<T> parts_[steps][kSums / kBlock];
};

HWY_INLINE Block<double> ToDoubles(const Block<float>& x) {
  const Tag<double> d;
  const hn::Rebind<float, Tag<double>> half;
  constexpr std::size_t kHalves = kBlock / hn::MaxLanes(Tag<float>());
  Block<double> r;
  for (std::size_t k = 0; k < kHalves; ++k) {
    r.v[2 * k] = hn::PromoteTo(d, hn::LowerHalf(half, x.v[k]));
    r.v[2 * k + 1] = hn::PromoteTo(d, hn::UpperHalf(half, x.v[k]));
  }
  return r;
}

template <std::size_t steps>
HWY_INLINE void AddTo(Sums<double>& sums, const Sums<float, steps>& more) {
  for (std::size_t part = 0; part < kSums / kBlock; ++part) {
    Block<double>& sum = sums.At({0, part});
    sum = sum + ToDoubles(more.OfAllSteps(part));
  }
}

template <class T, std::size_t K>
HWY_INLINE Mask<T, K> IsNan(const Lanes<T, K>& x) {
  Mask<T, K> r;
  for (std::size_t k = 0; k < K; ++k) r.m[k] = hn::IsNaN(x.v[k]);
  return r;
}

// The largest of sign * x; no NaN: that is known apart.
struct Most {
  double value;
  bool nan;

  bool IsFinite() const { return !nan && value - value == 0; }
};

template <class T>
HWY_INLINE double LargestOf(const Block<T>& lanes) {
  T all[kBlock];
  StoreLanes(lanes, all);
  const T largest = TreeOf<kBlock>(all, [](T a, T b) { return std::max(a, b); });
  // Without a zero's sign: which one a maximum takes is the instruction set's business.
  return static_cast<double>(largest) + 0.0;
}

template <class T>
HWY_NOINLINE Most MostOf(const T* x, std::size_t n, double sign) {
  const auto lowest = static_cast<T>(-kInfinity);
  const Block<T> direction = sign;
  Block<T> most = static_cast<double>(lowest);
  auto nan = IsNan(most);
  const auto body = [&](const auto& from, const auto&, const Place&) HWY_ATTR {
    const auto at = LoadLanes<Block<T>>(from[0]) * direction;
    nan = Or(nan, IsNan(at));
    most = Max(most, at);
  };
  ForBlocks<T, 1, 0>({x}, {}, n, static_cast<T>(sign) * lowest, body);
  if (AnyOf(nan)) return {0, true};
  return {LargestOf(most), false};
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
