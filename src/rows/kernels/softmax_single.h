// Softmax, its logarithm, its gradient and logsumexp of float32 rows in float32 lanes: without
// temperature or sign, a largest entry of at most 128 in magnitude; anything else is left to
// src/rows/kernels/softmax.h.
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
#include "rows/kernels/gradients.h"
#include "rows/kernels/non_temporal.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

constexpr double kSingleMost = 128;
// A float32 row is read thrice where it stays in the cache between, twice in parts that do where
// it would not.
constexpr std::size_t kKept = std::size_t{1} << 16;
constexpr std::size_t kPart = std::size_t{1} << 12;
constexpr std::size_t kSingleVectors = kBlock / hn::MaxLanes(Tag<float>());

HWY_INLINE bool InReach(double most) { return most >= -kSingleMost && most <= kSingleMost; }

// Of a row without NaN; of one with NaN anything.
HWY_NOINLINE double QuickMost(const float* x, std::size_t n) {
  Block<float> most[4][kSums / kBlock];
  for (auto& step : most) {
    for (Block<float>& part : step) part = -kInfinity;
  }
  const auto lowest = static_cast<float>(-kInfinity);
  const auto body = [&](const auto& from, const auto&, const Place& at) HWY_ATTR {
    Block<float>& so_far = most[at.step][at.part];
    so_far = Max(LoadLanes<Block<float>>(from[0]), so_far);
  };
  ForBlocks<float, 1, 0, 4>({x}, {}, n, lowest, body);
  Block<float> all = -kInfinity;
  for (const auto& step : most) {
    for (const Block<float>& part : step) all = Max(part, all);
  }
  return LargestOf<float>(all);
}

// x, but `least` where it is less; NaN stays.
HWY_INLINE Block<float> NoLessThan(const Block<float>& least, const Block<float>& x) {
#if HWY_TARGET <= HWY_SSSE3 && HWY_TARGET != HWY_EMU128
  return Max(least, x);  // the instruction takes the second where either is NaN
#else
  return Select(x < least, least, x);
#endif
}

// e^x 2^(60 - K) (1 + more), |more| < 2^-24. What is below e^-104.5 of the largest counts as that:
// as a probability it is rounded to 0 in any case.
struct ScaledExp {
  int power;  // K
  Block<float> least;
  std::int32_t table[std::size(coefficients::kExpTableSingle)];
  float rests[std::size(coefficients::kExpRestSingle)];

  HWY_INLINE explicit ScaledExp(double most, double more = 0)
      : ScaledExp(PowerOf(most), most - 104.5, more) {}
  HWY_INLINE ScaledExp(int k, double lowest, double more) : power(k), least(lowest) {
    using coefficients::kExpTableSingle;
    for (std::size_t i = 0; i < std::size(table); ++i) {
      // Unsigned: a sum that no e^x reaches may leave the range.
      table[i] = static_cast<std::int32_t>(static_cast<std::uint32_t>(kExpTableSingle[i]) +
                                           (static_cast<std::uint32_t>(60 - power) << 23U));
      rests[i] = coefficients::kExpRestSingle[i] + static_cast<float>(more);
    }
  }
  static int PowerOf(double most) {
    return static_cast<int>(most * 1.4426950408889634 + (most < 0 ? -0.5 : 0.5));
  }
  // As SplitSingleExp() has it, with fewer steps. Error 2^-27.
  HWY_INLINE SingleBent<kSingleVectors> operator()(const float* from) const {
    using V = Block<float>;
    const V x = NoLessThan(least, LoadLanes<V>(from));
    const V magic = 0x1.8p23;
    const V shifted = Fma(x, 0x1.715476p3, magic);
    const V k = shifted - magic;
    V unit, rest;
    for (std::size_t i = 0; i < kSingleVectors; ++i) {
      const Tag<std::int32_t> di;
      const auto bits = hn::BitCast(di, shifted.v[i]);
      const auto entry = hn::BitCast(di, EighthEntry(table, bits));
      unit.v[i] = hn::BitCast(Tag<float>(), hn::Add(entry, hn::ShiftLeft<20>(bits)));
      rest.v[i] = EighthEntry(rests, bits);
    }
    const V r =
        NegFma(k, coefficients::kLn2Single[0], x) + NegFma(k, coefficients::kLn2Single[1], rest);
    return {unit, Fma(r * r, Polynomial(r, coefficients::kExpm1Single), r)};
  }
};

// The sum of e(x), which is also kept where `kept` is an array. NaN where x has one.
//
// Of unit + unit bent the first part, all but what bent adds (4.5 percent), is added up by
// itself: `coarse` starts above any unit, so that what an addition rounds off is exact and goes to
// `fine`, which passes it on to doubles after 8 additions. Error: 0.45 2^-24.
template <bool kKeep>
HWY_INLINE double SumOf(const ScaledExp& e, const float* x, float* kept, std::size_t n,
                        std::size_t ahead = 0) {
  constexpr std::size_t kStretch = 2 * 8 * kSums;
  constexpr double kStart = 0x1p61;
  Sums<float> coarse(kStart);
  Sums<double> sums;
  for (std::size_t i = 0; i < n; i += kStretch) {
    Sums<float, 2> fine;
    const auto body = [&](const auto& from, const auto& to, const Place& place) HWY_ATTR {
      const auto parts = e(from[0]);
      AskFor(from[0], ahead);
      Block<float>& sum = coarse.At({0, place.part});
      const Block<float> before = sum;
      sum = sum + parts.unit;
      const Block<float> lost = parts.unit - (sum - before);
      fine.At(place) = fine.At(place) + Fma(parts.unit, parts.bent, lost);
      if constexpr (kKeep) StoreLanes(Fma(parts.unit, parts.bent, parts.unit), to[0]);
    };
    const auto none = static_cast<float>(-kInfinity);
    const std::size_t here = std::min(kStretch, n - i);
    if constexpr (kKeep) {
      ForBlocks<float, 1, 1, 2>({x + i}, {kept + i}, here, none, body);
    } else {
      ForBlocks<float, 1, 0, 2>({x + i}, {}, here, none, body);
    }
    AddTo(sums, fine);
  }
  const Sums<float>& all = coarse;
  for (std::size_t part = 0; part < kSums / kBlock; ++part) {
    Block<double>& sum = sums.At({0, part});
    sum = sum + (ToDoubles(all.OfAllSteps(part)) - kStart);
  }
  return sums.Total();
}

// The same without that error, for logarithms near 0.
HWY_NOINLINE double PreciseSumOf(const ScaledExp& e, const float* x, std::size_t n) {
  Sums<double> sums;
  Sums<float> rests;
  const auto body = [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
    const auto parts = e(from[0]);
    const auto hi = Fma(parts.unit, parts.bent, parts.unit);
    rests.At(place) = rests.At(place) + Fma(parts.unit, parts.bent, parts.unit - hi);
    sums.At(place) = sums.At(place) + ToDoubles(hi);
  };
  ForBlocks<float, 1, 0>({x}, {}, n, static_cast<float>(-kInfinity), body);
  return sums.Total() + rests.Total();
}

// The sum of a row in parts, each read twice while it is in the cache.
struct PartedSum {
  bool fits = true;
  double most = -kInfinity;
  double sum = 0;  // of e^x 2^(60 - K), K as ScaledExp has it for `most`
};

// 2^n where it is a normal number.
HWY_INLINE double NormalPower(int n) {
  return std::bit_cast<double>((std::int64_t{1023} + n) << 52);
}

HWY_NOINLINE PartedSum SumInParts(const float* x, std::size_t n, bool precise,
                                  const Traffic& traffic) {
  PartedSum all;
  const std::size_t ahead = traffic.past_caches && n > kPart ? kPart : 0;  // the next part
  int power = 0;
  for (std::size_t i = 0; i < n; i += kPart) {
    const std::size_t here = std::min(kPart, n - i);
    const double most = QuickMost(x + i, here);
    if (most == -kInfinity && !MostOf(x + i, here, 1).nan) continue;
    if (!InReach(most)) return {false};
    const ScaledExp e(most);
    const double sum =
        precise ? PreciseSumOf(e, x + i, here) : SumOf<false>(e, x + i, nullptr, here, ahead);
    const int larger = all.sum == 0 ? e.power : std::max(power, e.power);
    if (all.sum != 0) all.sum *= NormalPower(power - larger);
    all.sum += sum * NormalPower(e.power - larger);
    all.most = std::max(all.most, most);
    power = larger;
  }
  all.fits = all.sum > 0;  // and not NaN
  return all;
}

// A double as two floats.
struct TwoFloats {
  double leading, rest;
  Block<float> hi, lo;

  HWY_INLINE explicit TwoFloats(double a)
      : leading(static_cast<double>(static_cast<float>(a))),
        rest(a - leading),
        hi(leading),
        lo(rest) {}
  // Relative to the first.
  HWY_INLINE double Rest() const { return leading == 0 ? 0 : rest / leading; }
};

// Where what is written and asked for next lies. Of rows that L2 holds the next one is asked for;
// of shorter and of longer ones processors see to that themselves.
Traffic TrafficOf(rows::Stores stores, std::size_t n) {
  return {stores == rows::Stores::non_temporal, n > kPart && n <= kKept ? n : 0};
}

// Short rows of three arrays measured slower past the caches.
Traffic GradientTraffic(rows::Stores stores, std::size_t n) {
  return n <= kPart ? Traffic() : TrafficOf(stores, n);
}

HWY_NOINLINE void KeptSoftmax(double most, const float* x, float* y, std::size_t n,
                              const Traffic& traffic) {
  alignas(kLine) float buffer[kPart];
  float* const kept = traffic.past_caches && n <= kPart ? buffer : y;
  const double sum = SumOf<true>(ScaledExp(most), x, kept, n, traffic.ahead);
  if (sum != sum) {
    std::fill_n(y, n, std::numeric_limits<float>::quiet_NaN());
    return;
  }
  const TwoFloats inverse(1 / sum);
  Write<1>({kept}, y, n, 0.0F, {traffic.past_caches, 0}, [&](const auto& from) HWY_ATTR {
    const auto at = LoadLanes<Block<float>>(from[0]);
    return Fma(at, inverse.hi, at * inverse.lo);
  });
}

HWY_NOINLINE void PartedSoftmax(const PartedSum& total, const float* x, float* y, std::size_t n,
                                const Traffic& traffic) {
  const TwoFloats inverse(1 / total.sum);
  const ScaledExp e(total.most, inverse.Rest());
  Write<1>({x}, y, n, 0.0F, traffic, [&](const auto& from) HWY_ATTR {
    const auto parts = e(from[0]);
    return Fma(parts.unit, parts.bent, parts.unit) * inverse.hi;
  });
}

// Whether it could be done.
HWY_MAYBE_UNUSED bool SingleSoftmax(const float* x, float* y, std::size_t n, rows::Stores stores) {
  const Traffic traffic = TrafficOf(stores, n);
  if (n <= kKept) {
    const double most = QuickMost(x, n);
    if (InReach(most)) KeptSoftmax(most, x, y, n, traffic);
    return InReach(most);
  }
  const PartedSum total = SumInParts(x, n, false, traffic);
  if (total.fits) PartedSoftmax(total, x, y, n, traffic);
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

// log(sum_j e^x_j), with an error of an ulp at most of its distance from the largest where that is
// 1/4 or more.
HWY_NOINLINE double RoughLog(const PartedSum& total) {
  const int power = ScaledExp::PowerOf(total.most);
  return FirstOf(LogOf(Wide1(total.sum * 0x1p-60))) + power * 0.69314718055994531;
}

HWY_MAYBE_UNUSED bool SingleLogSoftmax(const float* x, float* y, std::size_t n, rows::Stores stores) {
  const Traffic traffic = TrafficOf(stores, n);
  const PartedSum total = SumInParts(x, n, false, traffic);
  if (!total.fits) return false;
  double whole = RoughLog(total);
  if (whole - total.most < 0.25) {
    const double log = SingleLogSum(SumInParts(x, n, true, {}));
    if (log < 0) return false;
    whole = total.most + log;
  }
  const TwoFloats less(whole);
  // Two roundings, the first of what is exact where they cancel.
  Write<1>({x}, y, n, 0.0F, traffic, [&](const auto& from) HWY_ATTR {
    return (LoadLanes<Block<float>>(from[0]) - less.hi) - less.lo;
  });
  return true;
}

HWY_MAYBE_UNUSED bool SingleLogSumExp(const float* x, float* y, std::size_t n) {
  const PartedSum total = SumInParts(x, n, true, {});
  const double log = SingleLogSum(total);
  if (log >= 0) *y = static_cast<float>(total.most + log);
  return log >= 0;
}

// sum(y dy), in floats by eights, then in doubles. Error: 6 2^-24 sum|y dy|.
HWY_NOINLINE double ProductOf(const float* y, const float* dy, std::size_t n) {
  constexpr std::size_t kSteps = 4;
  constexpr std::size_t kStretch = kSteps * 8 * kSums;
  Sums<double> all;
  for (std::size_t i = 0; i < n; i += kStretch) {
    Sums<float, kSteps> products;
    const auto body = [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
      products.At(place) = Fma(LoadLanes<Block<float>>(from[0]), LoadLanes<Block<float>>(from[1]),
                               products.At(place));
    };
    ForBlocks<float, 2, 0, kSteps>({y + i, dy + i}, {}, std::min(kStretch, n - i), 0.0F, body);
    AddTo(all, products);
  }
  return all.Total();
}

// dx = y (dy - sum(y dy)); false, and nothing written, where the sum is not finite.
HWY_MAYBE_UNUSED bool SingleSoftmaxBackward(const float* y, const float* dy, float* dx, std::size_t n,
                           rows::Stores stores) {
  const double sum = ProductOf(y, dy, n);
  const TwoFloats mean(sum);
  if (!(std::abs(sum) <= static_cast<double>(std::numeric_limits<float>::max()))) return false;
  Write<2>({y, dy}, dx, n, 0.0F, GradientTraffic(stores, n), [&](const auto& from) HWY_ATTR {
    const auto at = LoadLanes<Block<float>>(from[0]);
    const auto apart = LoadLanes<Block<float>>(from[1]) - mean.hi;
    return Fma(at, apart, -(at * mean.lo));
  });
  return true;
}

// As SumOfTaking() has it.
HWY_NOINLINE double SingleSumOfTaking(const float* y, const float* dy, std::size_t n) {
  Sums<double, 2> sums;
  const auto none = static_cast<float>(-kInfinity);
  const auto body = [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
    const auto takes_no_part = LoadLanes<Block<float>>(from[0]) == Block<float>(-kInfinity);
    const auto taking = Select(takes_no_part, 0, LoadLanes<Block<float>>(from[1]));
    sums.At(place) = sums.At(place) + ToDoubles(taking);
  };
  ForBlocks<float, 2, 0, 2>({y, dy}, {}, n, none, body);
  return sums.Total();
}

// Out of line: it is long and seldom needed.
HWY_NOINLINE void LogGradientInto(float* dx, const float* y, const float* dy, double sum) {
  StoreLanes(LogGradient<float>(y, dy, sum, 1), dx);
}

// dx = dy - e^y sum(dy), as BackwardOfLog() has it, where y is near 0 by its doubles; false, and
// nothing written, where the sum is out of float32's middle range.
HWY_MAYBE_UNUSED bool SingleLogBackward(const float* y, const float* dy, float* dx, std::size_t n,
                       rows::Stores stores) {
  const double sum = SingleSumOfTaking(y, dy, n);
  if (!(std::abs(sum) < 0x1p100 && (sum == 0 || std::abs(sum) > 0x1p-40))) return false;
  const TwoFloats share(sum * 0x1p-60);
  const ScaledExp e(0, -128, share.Rest());
  const auto none = static_cast<float>(-kInfinity);
  const auto value = [&](const auto& from) HWY_ATTR {
    const auto at = LoadLanes<Block<float>>(from[0]);
    const auto parts = e(from[0]);
    // What e^y adds to its unit, less than 5 percent, is taken off by itself.
    const auto rough = NegFma(parts.unit, share.hi, LoadLanes<Block<float>>(from[1]));
    const auto gradient = NegFma(parts.unit * share.hi, parts.bent, rough);
    auto out = Select(at == Block<float>(-kInfinity), 0, gradient);
    const auto below = at <= -0.3;  // not: near 0, or NaN
    if (HWY_UNLIKELY(!AllOf(below))) {
      float exact[kBlock];
      LogGradientInto(exact, from[0], from[1], sum);
      out = Select(below, out, LoadLanes<Block<float>>(exact));
    }
    return out;
  };
  Write<2>({y, dy}, dx, n, none, GradientTraffic(stores, n), value);
  return true;
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
