// Softmax, its logarithm and logsumexp of float32 rows in float32 lanes: no temperature, a largest
// entry of at most 128 in magnitude; anything else is left to src/rows/softmax.h.
//
// x less the row's largest would have to be rounded, and e^x makes 64 ulp of half an ulp of 128.
// Taken instead is e^x 2^(60 - K), where 2^K is near e^largest: a whole number added to exponents,
// which rounds nothing and keeps all that counts a normal number.
#if defined(ACTFN_ROWS_SOFTMAX_SINGLE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_SOFTMAX_SINGLE_H_
#undef ACTFN_ROWS_SOFTMAX_SINGLE_H_
#else
#define ACTFN_ROWS_SOFTMAX_SINGLE_H_
#endif

#include "math/single.h"
#include "rows/softmax.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

constexpr double kSingleMost = 128;
// A float32 row is read thrice where it stays in the cache between, twice in parts that do where
// it would not.
constexpr std::size_t kKept = std::size_t{1} << 16;
constexpr std::size_t kPart = std::size_t{1} << 12;

HWY_INLINE bool InReach(const Most& most) {
  return !most.nan && most.value >= -kSingleMost && most.value <= kSingleMost;
}

// e^x 2^(60 - K); 0 where it is below 2^-150 of the largest.
struct ScaledExp {
  double sign;
  int power;  // K
  Block<float> least;
  std::int32_t shift;

  HWY_INLINE ScaledExp(double s, double most) : sign(s) {
    power = static_cast<int>(most * 1.4426950408889634 + (most < 0 ? -0.5 : 0.5));
    least = most - 104.5;
    shift = (60 - power) * (1 << 23);
  }
  // hi = Fma(unit, bent, unit)
  HWY_INLINE auto operator()(const float* x) const {
    const Block<float> at = LoadLanes<Block<float>>(x) * Block<float>(sign);
    auto e = SplitSingleExp(Max(at, least), shift);
    e.unit = SelectOrZero(at >= least, e.unit);
    return e;
  }
};

// The sum of e(x), which is also kept where `kept` is an array.
template <bool kKeep>
HWY_INLINE double SumOf(const ScaledExp& e, const float* x, float* kept, std::size_t n) {
  Sums<double> sums;
  Sums<float> rests;
  const auto body = [&](const auto& from, const auto& to, std::size_t i) HWY_ATTR {
    const auto parts = e(from[0]);
    const auto hi = Fma(parts.unit, parts.bent, parts.unit);
    rests.At(i) = rests.At(i) + Fma(parts.unit, parts.bent, parts.unit - hi);
    sums.At(i) = sums.At(i) + ToDoubles(hi);
    if constexpr (kKeep) StoreLanes(hi, to[0]);
  };
  const auto none = static_cast<float>(-e.sign * kInfinity);
  if constexpr (kKeep) {
    ForBlocks<float, 1, 1>({x}, {kept}, n, none, body);
  } else {
    ForBlocks<float, 1, 0>({x}, {}, n, none, body);
  }
  return sums.Total() + rests.Total();
}

// The sum of a row in parts, each read twice while it is in the cache.
struct PartedSum {
  bool fits = true;
  double most = -kInfinity;
  double sum = 0;  // of e^x 2^(60 - K), K as ScaledExp has it for `most`
};

HWY_NOINLINE PartedSum SumInParts(const float* x, std::size_t n, double sign) {
  PartedSum all;
  int power = 0;
  for (std::size_t i = 0; i < n; i += kPart) {
    const std::size_t here = std::min(kPart, n - i);
    const Most most = MostOf(x + i, here, sign);
    if (!most.nan && most.value == -kInfinity) continue;
    if (!InReach(most)) return {false};
    const ScaledExp e(sign, most.value);
    const double sum = SumOf<false>(e, x + i, nullptr, here);
    const int larger = all.sum == 0 ? e.power : std::max(power, e.power);
    all.sum = std::ldexp(all.sum, power - larger) + std::ldexp(sum, e.power - larger);
    all.most = std::max(all.most, most.value);
    power = larger;
  }
  all.fits = all.sum > 0;
  return all;
}

// A double as two floats.
struct TwoFloats {
  Block<float> hi, lo;

  HWY_INLINE explicit TwoFloats(double a) {
    const auto leading = static_cast<float>(a);
    hi = static_cast<double>(leading);
    lo = a - static_cast<double>(leading);
  }
};

HWY_NOINLINE void KeptSoftmax(const ScaledExp& e, const float* x, float* y, std::size_t n) {
  const TwoFloats inverse(1 / SumOf<true>(e, x, y, n));
  ForBlocks<float, 1, 1>({y}, {y}, n, 0.0F, [&](const auto& from, const auto& to, std::size_t) HWY_ATTR {
    const auto at = LoadLanes<Block<float>>(from[0]);
    StoreLanes(Fma(at, inverse.hi, at * inverse.lo), to[0]);
  });
}

HWY_NOINLINE void PartedSoftmax(const ScaledExp& e, double sum, const float* x, float* y,
                                std::size_t n) {
  const TwoFloats inverse(1 / sum);
  ForBlocks<float, 1, 1>({x}, {y}, n, 0.0F, [&](const auto& from, const auto& to, std::size_t) HWY_ATTR {
    const auto parts = e(from[0]);
    const auto hi = Fma(parts.unit, parts.bent, parts.unit);
    const auto lo = Fma(parts.unit, parts.bent, parts.unit - hi);
    StoreLanes(Fma(hi, inverse.hi, Fma(hi, inverse.lo, lo * inverse.hi)), to[0]);
  });
}

// Whether it could be done.
bool SingleSoftmax(const rows::Function& f, const float* x, float* y, std::size_t n) {
  if (f.temperature != 1) return false;
  if (n <= kKept) {
    const Most most = MostOf(x, n, f.sign);
    if (!InReach(most)) return false;
    KeptSoftmax(ScaledExp(f.sign, most.value), x, y, n);
    return true;
  }
  const PartedSum total = SumInParts(x, n, f.sign);
  if (total.fits) PartedSoftmax(ScaledExp(f.sign, total.most), total.sum, x, y, n);
  return total.fits;
}

// log(sum_j e^(x_j - most)); negative where doubles are needed: the sum is nearly 1.
HWY_NOINLINE double SingleLogSum(const PartedSum& total, double sign) {
  // The largest as the sum has it: taking it out leaves the others exactly.
  float most[kBlock];
  std::fill_n(most, kBlock, static_cast<float>(sign * total.most));
  const auto parts = ScaledExp(sign, total.most)(most);
  const auto hi = Fma(parts.unit, parts.bent, parts.unit);
  const auto lo = Fma(parts.unit, parts.bent, parts.unit - hi);
  float his[kBlock], los[kBlock];
  StoreLanes(hi, his);
  StoreLanes(lo, los);
  const double one = static_cast<double>(his[0]) + static_cast<double>(los[0]);
  const double others = (total.sum - one) / one;
  return others < 0x1p-10 ? -1 : FirstOf(Log1pOf(Wide1(others)));
}

bool SingleLogSoftmax(const rows::Function& f, const float* x, float* y, std::size_t n) {
  if (f.temperature != 1 || f.sign != 1) return false;
  const PartedSum total = SumInParts(x, n, 1);
  const double log = total.fits ? SingleLogSum(total, 1) : -1;
  if (log < 0) return false;
  const Block<double> less = total.most + log;
  ForBlocks<float, 1, 1>({x}, {y}, n, 0.0F, [&](const auto& from, const auto& to, std::size_t) HWY_ATTR {
    StoreLanes(LoadLanes<Block<double>>(from[0]) - less, to[0]);
  });
  return true;
}

bool SingleLogSumExp(const float* x, float* y, std::size_t n) {
  const PartedSum total = SumInParts(x, n, 1);
  const double log = total.fits ? SingleLogSum(total, 1) : -1;
  if (log >= 0) *y = static_cast<float>(total.most + log);
  return log >= 0;
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
