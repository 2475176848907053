// Softmax, its logarithm, its gradient and logsumexp of float32 rows in float32 lanes: without
// temperature or sign, a largest entry of at most 128 in magnitude; anything else is left to
// src/rows/softmax.h.
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
#include "rows/gradients.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

constexpr double kSingleMost = 128;
// A float32 row is read thrice where it stays in the cache between, twice in parts that do where
// it would not.
constexpr std::size_t kKept = std::size_t{1} << 16;
constexpr std::size_t kPart = std::size_t{1} << 12;

HWY_INLINE bool InReach(double most) { return most >= -kSingleMost && most <= kSingleMost; }

// Of a row without NaN; of one with NaN anything.
HWY_NOINLINE double QuickMost(const float* x, std::size_t n) {
  Block<float> most = -kInfinity;
  const auto lowest = static_cast<float>(-kInfinity);
  ForBlocks<float, 1, 0>({x}, {}, n, lowest,
                         [&](const auto& from, const auto&, std::size_t)
                             HWY_ATTR { most = Max(LoadLanes<Block<float>>(from[0]), most); });
  return LargestOf<float>(most);
}

// x, but `least` where it is less; NaN stays.
HWY_INLINE Block<float> NoLessThan(const Block<float>& least, const Block<float>& x) {
#if HWY_TARGET <= HWY_SSSE3 && HWY_TARGET != HWY_EMU128
  return Max(least, x);  // the instruction takes the second where either is NaN
#else
  return Select(x < least, least, x);
#endif
}

// e^x 2^(60 - K). What is below e^-104.5 of the largest counts as that: as a probability it is
// rounded to 0 in any case.
struct ScaledExp {
  int power;  // K
  Block<float> least;
  std::int32_t table[std::size(coefficients::kExpTableSingle)];

  HWY_INLINE explicit ScaledExp(double most) : ScaledExp(PowerOf(most), most - 104.5) {}
  HWY_INLINE ScaledExp(int k, double lowest) : power(k), least(lowest) {
    for (std::size_t i = 0; i < std::size(table); ++i) {
      table[i] = coefficients::kExpTableSingle[i] + (60 - power) * (1 << 23);
    }
  }
  static int PowerOf(double most) {
    return static_cast<int>(most * 1.4426950408889634 + (most < 0 ? -0.5 : 0.5));
  }
  HWY_INLINE auto operator()(const float* x) const {
    return SplitSingleExp(NoLessThan(least, LoadLanes<Block<float>>(x)), table);
  }
};

// The sum of e(x), which is also kept where `kept` is an array. NaN where x has one.
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
  const auto none = static_cast<float>(-kInfinity);
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

HWY_NOINLINE PartedSum SumInParts(const float* x, std::size_t n) {
  PartedSum all;
  int power = 0;
  for (std::size_t i = 0; i < n; i += kPart) {
    const std::size_t here = std::min(kPart, n - i);
    const double most = QuickMost(x + i, here);
    if (most == -kInfinity && !MostOf(x + i, here, 1).nan) continue;
    if (!InReach(most)) return {false};
    const ScaledExp e(most);
    const double sum = SumOf<false>(e, x + i, nullptr, here);
    const int larger = all.sum == 0 ? e.power : std::max(power, e.power);
    all.sum = std::ldexp(all.sum, power - larger) + std::ldexp(sum, e.power - larger);
    all.most = std::max(all.most, most);
    power = larger;
  }
  all.fits = all.sum > 0;  // and not NaN
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

HWY_NOINLINE void KeptSoftmax(double most, const float* x, float* y, std::size_t n) {
  const double sum = SumOf<true>(ScaledExp(most), x, y, n);
  if (sum != sum) {
    std::fill_n(y, n, std::numeric_limits<float>::quiet_NaN());
    return;
  }
  const TwoFloats inverse(1 / sum);
  ForBlocks<float, 1, 1>({y}, {y}, n, 0.0F,
                         [&](const auto& from, const auto& to, std::size_t) HWY_ATTR {
                           const auto at = LoadLanes<Block<float>>(from[0]);
                           StoreLanes(Fma(at, inverse.hi, at * inverse.lo), to[0]);
                         });
}

HWY_NOINLINE void PartedSoftmax(const PartedSum& total, const float* x, float* y, std::size_t n) {
  const ScaledExp e(total.most);
  const double sum = total.sum;
  const TwoFloats inverse(1 / sum);
  ForBlocks<float, 1, 1>(
      {x}, {y}, n, 0.0F, [&](const auto& from, const auto& to, std::size_t) HWY_ATTR {
        const auto parts = e(from[0]);
        const auto hi = Fma(parts.unit, parts.bent, parts.unit);
        const auto lo = Fma(parts.unit, parts.bent, parts.unit - hi);
        StoreLanes(Fma(hi, inverse.hi, Fma(hi, inverse.lo, lo * inverse.hi)), to[0]);
      });
}

// Whether it could be done.
bool SingleSoftmax(const rows::Function& f, const float* x, float* y, std::size_t n) {
  if (f.temperature != 1 || f.sign != 1) return false;
  if (n <= kKept) {
    const double most = QuickMost(x, n);
    if (InReach(most)) KeptSoftmax(most, x, y, n);
    return InReach(most);
  }
  const PartedSum total = SumInParts(x, n);
  if (total.fits) PartedSoftmax(total, x, y, n);
  return total.fits;
}

// log(sum_j e^(x_j - most)); negative where doubles are needed: the sum is nearly 1.
HWY_NOINLINE double SingleLogSum(const PartedSum& total) {
  if (!total.fits) return -1;
  // The largest as the sum has it: taking it out leaves the others exactly.
  float most[kBlock];
  std::fill_n(most, kBlock, static_cast<float>(total.most));
  const auto parts = ScaledExp(total.most)(most);
  const auto hi = Fma(parts.unit, parts.bent, parts.unit);
  const auto one = ToDoubles(hi) + ToDoubles(Fma(parts.unit, parts.bent, parts.unit - hi));
  double ones[kBlock];
  StoreLanes(one, ones);
  const double others = (total.sum - ones[0]) / ones[0];
  return others < 0x1p-10 ? -1 : FirstOf(Log1pOf(Wide1(others)));
}

bool SingleLogSoftmax(const rows::Function& f, const float* x, float* y, std::size_t n) {
  if (f.temperature != 1 || f.sign != 1) return false;
  const PartedSum total = SumInParts(x, n);
  const double log = SingleLogSum(total);
  if (log < 0) return false;
  const TwoFloats less(total.most + log);
  // Two roundings, the first of what is exact where they cancel.
  ForBlocks<float, 1, 1>(
      {x}, {y}, n, 0.0F, [&](const auto& from, const auto& to, std::size_t) HWY_ATTR {
        StoreLanes((LoadLanes<Block<float>>(from[0]) - less.hi) - less.lo, to[0]);
      });
  return true;
}

bool SingleLogSumExp(const float* x, float* y, std::size_t n) {
  const PartedSum total = SumInParts(x, n);
  const double log = SingleLogSum(total);
  if (log >= 0) *y = static_cast<float>(total.most + log);
  return log >= 0;
}

// dx = y (dy - sum(y dy)); false, and nothing written, where the sum is not finite.
bool SingleSoftmaxBackward(const rows::Function& f, const float* y, const float* dy, float* dx,
                           std::size_t n) {
  if (f.temperature != 1 || f.sign != 1) return false;
  Sums<double> products;
  ForBlocks<float, 2, 0>(
      {y, dy}, {}, n, 0.0F, [&](const auto& from, const auto&, std::size_t i) HWY_ATTR {
        const auto at = ToDoubles(LoadLanes<Block<float>>(from[0]));
        products.At(i) = Fma(at, ToDoubles(LoadLanes<Block<float>>(from[1])), products.At(i));
      });
  const double sum = products.Total();
  const TwoFloats mean(sum);
  if (!(std::abs(sum) <= static_cast<double>(std::numeric_limits<float>::max()))) return false;
  ForBlocks<float, 2, 1>({y, dy}, {dx}, n, 0.0F,
                         [&](const auto& from, const auto& to, std::size_t) HWY_ATTR {
                           const auto at = LoadLanes<Block<float>>(from[0]);
                           const auto apart = LoadLanes<Block<float>>(from[1]) - mean.hi;
                           StoreLanes(Fma(at, apart, -(at * mean.lo)), to[0]);
                         });
  return true;
}

// dx = dy - e^y sum(dy), as BackwardOfLog() has it, where y is near 0 by its doubles; false, and
// nothing written, where the sum is out of float32's middle range.
bool SingleLogBackward(const rows::Function& f, const float* y, const float* dy, float* dx,
                       std::size_t n) {
  if (f.temperature != 1 || f.sign != 1) return false;
  const double sum = SumOfTaking(y, dy, n);
  if (!(std::abs(sum) < 0x1p100 && (sum == 0 || std::abs(sum) > 0x1p-40))) return false;
  const ScaledExp e(0, -128);
  const TwoFloats share(sum * 0x1p-60);
  const Doubles sums = sum;
  const auto none = static_cast<float>(-kInfinity);
  const auto body = [&](const auto& from, const auto& to, std::size_t) HWY_ATTR {
    const auto at = LoadLanes<Block<float>>(from[0]);
    const auto parts = e(from[0]);
    const auto hi = Fma(parts.unit, parts.bent, parts.unit);
    const auto lo = Fma(parts.unit, parts.bent, parts.unit - hi);
    const auto rough = NegFma(hi, share.hi, LoadLanes<Block<float>>(from[1]));
    const auto gradient = rough - Fma(lo, share.hi, hi * share.lo);
    auto out = Select(at == Block<float>(-kInfinity), 0, gradient);
    const auto below = at <= -0.3;  // not: near 0, or NaN
    if (HWY_UNLIKELY(!AllOf(below))) {
      float exact[kBlock];
      StoreLanes(LogGradient<float>(from[0], from[1], sums, 1), exact);
      out = Select(below, out, LoadLanes<Block<float>>(exact));
    }
    StoreLanes(out, to[0]);
  };
  ForBlocks<float, 2, 1>({y, dy}, {dx}, n, none, body);
  return true;
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
