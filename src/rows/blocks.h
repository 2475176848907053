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

// body(in, out, i) for each block of some arrays, the pointers moved to element i. Behind the row's
// end the inputs read `beyond`.
template <class T, std::size_t inputs, std::size_t outputs, class Body>
HWY_INLINE void ForBlocks(const std::array<const T*, inputs>& in,
                          const std::array<T*, outputs>& out, std::size_t n, T beyond,
                          const Body& body) {
  T buffer[inputs + outputs][kBlock];
  for (std::size_t i = 0; i < n; i += kBlock) {
    std::array<const T*, inputs> from;
    std::array<T*, outputs> to;
    for (std::size_t k = 0; k < inputs; ++k) from[k] = in[k] + i;
    for (std::size_t k = 0; k < outputs; ++k) to[k] = out[k] + i;
    const std::size_t here = n - i < kBlock ? n - i : kBlock;
    if (HWY_UNLIKELY(here < kBlock)) {
      for (std::size_t k = 0; k < inputs; ++k) {
        std::fill_n(std::copy_n(from[k], here, buffer[k]), kBlock - here, beyond);
        from[k] = buffer[k];
      }
      for (std::size_t k = 0; k < outputs; ++k) to[k] = buffer[inputs + k];
    }
    body(from, to, i);
    if (HWY_UNLIKELY(here < kBlock)) {
      for (std::size_t k = 0; k < outputs; ++k) std::copy_n(to[k], here, out[k] + i);
    }
  }
}

// 16 running sums.
template <class T>
class Sums {
 public:
  HWY_INLINE Sums() {
    for (Block<T>& part : parts_) part = 0.0;
  }
  // For element i and those behind it.
  HWY_INLINE Block<T>& At(std::size_t i) { return parts_[kParts == 1 ? 0 : i / kBlock % kParts]; }
  HWY_NOINLINE double Total() const {
    T all[kSums];
    for (std::size_t k = 0; k < kParts; ++k) StoreLanes(parts_[k], all + k * kBlock);
    for (std::size_t width = kSums / 2; width > 0; width /= 2) {
      for (std::size_t i = 0; i < width; ++i) all[i] += all[i + width];
    }
    return static_cast<double>(all[0]);
  }

 private:
  static constexpr std::size_t kParts = kSums / kBlock;
  Block<T> parts_[kParts];
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
HWY_NOINLINE Most MostOf(const T* x, std::size_t n, double sign) {
  const auto lowest = static_cast<T>(-kInfinity);
  const Block<T> direction = sign;
  Block<T> most = static_cast<double>(lowest);
  auto nan = IsNan(most);
  const auto body = [&](const auto& from, const auto&, std::size_t) HWY_ATTR {
    const auto at = LoadLanes<Block<T>>(from[0]) * direction;
    nan = Or(nan, IsNan(at));
    most = Max(most, at);
  };
  ForBlocks<T, 1, 0>({x}, {}, n, static_cast<T>(sign) * lowest, body);
  if (AnyOf(nan)) return {0, true};
  T all[kBlock];
  StoreLanes(most, all);
  // Without a zero's sign: which one a maximum takes is the instruction set's business.
  return {static_cast<double>(*std::max_element(all, all + kBlock)) + 0.0, false};
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
