// SPDX-License-Identifier: Apache-2.0
// Compiles every file of src/random for every instruction set.
#include "random/kernels/table.h"

#include "catalogue/describe.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "random/kernels/table.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/built.h"
#include "random/kernels/formulas.h"
#include "random/kernels/philox_lanes.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

#include "random/functions.inc"

// Converts words to doubles: they become the low bits of 2^52, which is then subtracted.
HWY_INLINE V FromWords(const hn::Vec<Tag<std::uint64_t>> (&words)[kVectors]) {
  const Tag<std::uint64_t> d;
  V v;
  for (std::size_t k = 0; k < kVectors; ++k) {
    v.v[k] = hn::BitCast(Tag<double>(), hn::Or(words[k], hn::Set(d, std::uint64_t{0x4330} << 48U)));
  }
  return v - 0x1p52;
}

HWY_INLINE V LoadDrawn(const std::uint32_t* from) {
  const Tag<std::uint64_t> d;
  const hn::Rebind<std::uint32_t, Tag<std::uint64_t>> half;
  hn::Vec<Tag<std::uint64_t>> words[kVectors];
  for (std::size_t k = 0; k < kVectors; ++k) {
    words[k] = hn::PromoteTo(d, hn::LoadU(half, from + k * hn::MaxLanes(d)));
  }
  return FromWords(words);
}

HWY_INLINE V LoadDrawn(const double* from) { return LoadLanes<V>(from); }

// Takes 2 kStep words at a time: one vector gets the first words of pairs, another one the second.
[[maybe_unused]] static void NormalNumbers(const std::uint32_t* words, double* normals,
                                           std::size_t n) {
  const Tag<std::uint64_t> d;
  constexpr std::size_t kLanes = hn::MaxLanes(d);
  for (std::size_t i = 0; i < n; i += 2 * kStep) {
    hn::Vec<Tag<std::uint64_t>> first[kVectors], second[kVectors];
    for (std::size_t k = 0; k < kVectors; ++k) {
      const std::uint32_t* const at = words + i + 2 * k * kLanes;
      const auto both = hn::LoadU(d, reinterpret_cast<const std::uint64_t*>(at));
      first[k] = hn::And(both, hn::Set(d, 0xFFFFFFFF));
      second[k] = hn::ShiftRight<32>(both);
    }
    const SinCos<V> z = NormalPair(FromWords(first), FromWords(second));
    for (std::size_t k = 0; k < kVectors; ++k) {
      double* const to = normals + i + 2 * k * kLanes;
#if HWY_TARGET == HWY_EMU128
      to[0] = hn::GetLane(z.cos.v[k]);
      to[1] = hn::GetLane(z.sin.v[k]);
#else
      hn::StoreInterleaved2(z.cos.v[k], z.sin.v[k], Tag<double>(), to);
#endif
    }
  }
}

template <class T>
const T* Copied(const T* from, std::size_t n, T* to) {
  std::memcpy(to, from, n * sizeof(T));
  return to;
}

// out[i] = formula(drawn[i], addresses of the inputs), one vector at a time. A whole vector of
// `drawn` may be read past its end. The last elements go through a buffer, so that the same code
// computes them and nothing outside the arrays is touched.
template <class Formula, class Drawn, class T, std::size_t inputs>
HWY_INLINE void Apply(const Formula& formula, const Drawn* drawn, const T* const (&in)[inputs],
                      T* out, std::size_t n) {
  T buffer[inputs][kStep] = {};
  for (std::size_t i = 0; i < n; i += kStep) {
    const bool whole = n - i >= kStep;
    const T* at[inputs];
    for (std::size_t k = 0; k < inputs; ++k) {
      at[k] = in[k] + i;
      if (!whole) at[k] = Copied(at[k], n - i, buffer[k]);
    }
    const V y = formula(LoadDrawn(drawn + i), at);
    StoreResults(y, whole ? out + i : buffer[0]);
    if (!whole) std::memcpy(out + i, buffer[0], (n - i) * sizeof(T));
  }
}

// Apply() with the numbers that the function draws.
template <Draw draw, class T, std::size_t inputs, class Formula>
HWY_INLINE void WithDrawn(const Formula& formula, const random::Words& words,
                          const T* const (&in)[inputs], T* out, std::size_t n) {
  if constexpr (draw == Draw::normal) {
    double normals[kernels::kBlock + random::kExtraWords] = {};
    NormalNumbers(words.blocks, normals, words.before + n);
    Apply(formula, normals + words.before, in, out, n);
  } else {
    Apply(formula, words.blocks + words.before, in, out, n);
  }
}

// The first argument of a function's formulas: constants computed from its parameters, or the
// parameters themselves. `single`: whether they are rounded to float32.
template <class F>
HWY_NOINLINE auto ConstantsOf(const F& p, bool single) {
  if constexpr (requires { RandomMath<F>::ConstantsOf(p, single); }) {
    return RandomMath<F>::ConstantsOf(p, single);
  } else {
    return p;
  }
}
template <class F>
using Constants = decltype(ConstantsOf(F(), true));

// The struct with a function's formulas. Formulas that two functions share are compiled once.
template <class Math>
struct FormulasOf {
  using type = Math;
};
template <class Math>
  requires requires { typename Math::Formulas; }
struct FormulasOf<Math> {
  using type = typename Math::Formulas;
};
template <class F>
using Formulas = typename FormulasOf<RandomMath<F>>::type;

template <class Math, class C, class T>
HWY_NOINLINE void RunForward(const C& constants, const random::Words& words, const T* x, T* y,
                             std::size_t n) {
  const auto formula = [&](const V& drawn, const T* const* in) HWY_ATTR {
    return Math::template Value<T>(constants, drawn, LoadLanes<V>(in[0]));
  };
  WithDrawn<Math::kDraw, T, 1>(formula, words, {x}, y, n);
}

template <class Math, class C, class T>
HWY_NOINLINE void RunBackward(const C& constants, const random::Words& words, const T* x,
                              const T* dy, T* dx, std::size_t n) {
  const auto formula = [&](const V& drawn, const T* const* in) HWY_ATTR {
    return Math::template Gradient<T>(constants, drawn, LoadLanes<V>(in[0]), LoadLanes<V>(in[1]));
  };
  WithDrawn<Math::kDraw, T, 2>(formula, words, {x, dy}, dx, n);
}

template <class F, class T>
void Forward(const void* f, const random::Words& words, const T* x, T* y, std::size_t n) {
  const auto constants = ConstantsOf(*static_cast<const F*>(f), sizeof(T) == 4);
  RunForward<Formulas<F>>(constants, words, x, y, n);
}

template <class F, class T>
void Backward(const void* f, const random::Words& words, const T* x, const T* dy, T* dx,
              std::size_t n) {
  const auto constants = ConstantsOf(*static_cast<const F*>(f), sizeof(T) == 4);
  RunBackward<Formulas<F>>(constants, words, x, dy, dx, n);
}

template <class F, class T>
void Perturb(const random::Words& words, const T* x, T* z, std::size_t n) {
  const auto formula = [](const V& drawn, const T* const* in)
                           HWY_ATTR { return LoadLanes<V>(in[0]) + RandomMath<F>::Noise(drawn); };
  WithDrawn<RandomMath<F>::kDraw, T, 1>(formula, words, {x}, z, n);
}

// Checks a file, with better messages than those of the templates that use it.
template <class F>
struct Demand {
  using Math = RandomMath<F>;
  static_assert(
      requires(const F& p) { Activation(Math::Evaluated(p)); },
      "src/random/NAME.h of F needs Evaluated(p): what takes its place in evaluation");
  static_assert(
      requires { Math::kDraw == Draw::word; },
      "src/random/NAME.h of F needs kDraw: what it draws for each element");
  static_assert(
      requires(const Constants<F>& c, const V& v) { Math::template Value<float>(c, v, v); },
      "src/random/NAME.h of F needs Value<T>(constants, drawn, x)");
  static_assert(
      requires(const Constants<F>& c, const V& v) { Math::template Gradient<float>(c, v, v, v); },
      "src/random/NAME.h of F needs Gradient<T>(constants, drawn, x, dy)");
  static_assert(
      requires(const F& p, const long double& x) { Math::Reference(p, x, x); },
      "src/random/NAME.h of F needs Reference(p, x, drawn): its definition, for the tests");
};

template <class F>
struct DemandRow {
  using Math = RandomMath<F>;
  static_assert(
      requires(const F& p) { RowActivation(Math::Evaluated(p)); },
      "src/random/NAME.h of F needs Evaluated(p): the row function that gets x, or x + noise");
  static_assert(
      requires(const F& p) { RowActivation(Math::Relaxed(p)); },
      "src/random/NAME.h of F needs Relaxed(p): the row function that the gradient is taken of");
  static_assert(
      requires(const V& v) { Math::Noise(v); },
      "src/random/NAME.h of F needs Noise(drawn), which is added to x");
  static_assert(
      requires(const long double& word) { Math::Reference(word); },
      "src/random/NAME.h of F needs Reference(drawn): the noise, for the tests");
};

// Nothing for types that the build leaves out.
template <class F, class T>
constexpr random::Perturb<T> PerturbOf() {
  if constexpr (kernels::kHasType<T>) return {Perturb<F, T>};
  return {};
}
template <class F, class T>
constexpr random::Loops<T> LoopsOf() {
  if constexpr (kernels::kHasType<T>) return {Forward<F, T>, Backward<F, T>};
  return {};
}

template <class F>
constexpr auto Loops() {
  if constexpr (std::is_same_v<functions::ListFor<F>, RandomRow>) {
    static_assert(sizeof(DemandRow<F>) != 0);
    return kernels::PerType<random::Perturb, float, double>{PerturbOf<F, float>(),
                                                            PerturbOf<F, double>()};
  } else {
    static_assert(sizeof(Demand<F>) != 0);
    return kernels::PerType<random::Loops, float, double>{LoopsOf<F, float>(),
                                                          LoopsOf<F, double>()};
  }
}
template <class F>
constexpr auto kLoops = Loops<F>();

constexpr random::Table kTable = {PhiloxWords, NormalNumbers};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::functions {
#include "random/describe.inc"
}  // namespace actfn::functions

namespace actfn::random {

const Table& table(kernels::Target target) {
  static constexpr kernels::PerTarget<Table> kAll = ACTFN_PER_TARGET_WITH_FMA(kTable);
  return kAll.of(target);
}

}  // namespace actfn::random

namespace actfn::kernels {
namespace {

template <class F>
auto evaluated(const void* f) {
  using Result = std::conditional_t<std::is_same_v<functions::ListFor<F>, RandomRow>, RowActivation,
                                    Activation>;
  return Result(HWY_NAMESPACE::RandomMath<F>::Evaluated(*static_cast<const F*>(f)));
}

template <class F>
RowActivation relaxed(const void* f) {
  return HWY_NAMESPACE::RandomMath<F>::Relaxed(*static_cast<const F*>(f));
}

template <class F>
constexpr EntryOf<functions::ListFor<F>> make_entry() {
  if constexpr (std::is_same_v<functions::ListFor<F>, RandomRow>) {
    return {functions::descriptor_of<F>, evaluated<F>, relaxed<F>,
            ACTFN_PER_TARGET_WITH_FMA(kLoops<F>)};
  } else {
    return {functions::descriptor_of<F>, evaluated<F>, ACTFN_PER_TARGET_WITH_FMA(kLoops<F>)};
  }
}

}  // namespace
}  // namespace actfn::kernels

namespace actfn {
#include "random/entries.inc"
}  // namespace actfn
#endif
