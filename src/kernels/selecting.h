// SPDX-License-Identifier: Apache-2.0
// 16-bit arrays through functions that only select: Math<A>::kSelects says that values and first
// derivatives are the argument, perhaps with another sign, or constants. They are computed on the
// bits of the numbers, as many lanes as a vector has, without conversion to float32.
#if defined(ACTFN_KERNELS_SELECTING_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_KERNELS_SELECTING_H_
#undef ACTFN_KERNELS_SELECTING_H_
#else
#define ACTFN_KERNELS_SELECTING_H_
#endif

#include "kernels/evaluate.h"

#include <bit>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

template <class T>
constexpr std::int16_t BitsOf(T x) {
  return std::bit_cast<std::int16_t>(x);
}
template <class T>
inline constexpr std::int16_t kInfinityBits = BitsOf(T(std::numeric_limits<float>::infinity()));
template <class T>
inline constexpr std::int16_t kNanBits = BitsOf(T(std::numeric_limits<float>::quiet_NaN()));

// Whole numbers in the order of the numbers whose bits they are made of: -0 is -1, 0 is 0. Made of
// them, bits again.
constexpr std::int16_t KeyOf(std::int16_t bits) {
  return static_cast<std::int16_t>(bits ^ ((bits >> 15) & 0x7FFF));
}
// The largest key of numbers of T that are at most c.
template <class T>
constexpr std::int16_t KeyBelow(double c) {
  if (c == 0) return 0;
  const T t(static_cast<float>(c));
  const int key = KeyOf(BitsOf(t));
  return static_cast<std::int16_t>(static_cast<double>(float{t}) > c ? key - 1 : key);
}
// The bits of c, and the largest key. Of parameters, calls that compilers move out of loops.
template <class T>
[[gnu::const]] HWY_NOINLINE std::int16_t BitsOfParameter(double c) {
  return BitsOf(T(static_cast<float>(c)));
}
template <class T>
[[gnu::const]] HWY_NOINLINE std::int16_t KeyBelowParameter(double c) {
  return KeyBelow<T>(c);
}

// A number as formulas have it: a constant, or a parameter.
template <class T>
HWY_INLINE std::int16_t BitsAt(double c) {
  return __builtin_constant_p(c) ? BitsOf(T(static_cast<float>(c))) : BitsOfParameter<T>(c);
}
template <class T>
HWY_INLINE std::int16_t KeyAtMost(double c) {
  return __builtin_constant_p(c) ? KeyBelow<T>(c) : KeyBelowParameter<T>(c);
}
// The least key of numbers that are at least c.
template <class T>
HWY_INLINE std::int16_t KeyAtLeast(double c) {
  return static_cast<std::int16_t>(-1 - KeyAtMost<T>(-c));
}

// K vectors of the bits of T, as an N for formulas. NaN: unspecified.
template <class T, std::size_t K>
struct Selected {
  using D = Tag<std::int16_t>;
  using Holds = Mask<std::int16_t, K>;

  hn::Vec<D> v[K];

  Selected() = default;
  HWY_INLINE Selected(double c) {  // NOLINT(google-explicit-constructor): numbers convert
    const auto bits = hn::Set(D(), BitsAt<T>(c));
    for (auto& vector : v) vector = bits;
  }
  static constexpr std::size_t Count() { return K * hn::MaxLanes(D()); }

  HWY_ATTR HWY_INLINE Selected Keys() const {
    Selected r;
    for (std::size_t k = 0; k < K; ++k) {
      const auto flip = hn::And(hn::BroadcastSignBit(v[k]), hn::Set(D(), 0x7FFF));
      r.v[k] = hn::Xor(v[k], flip);
    }
    return r;
  }
  // Numbers that are not negative have the order of their bits.
  HWY_ATTR HWY_INLINE Selected ComparedWith(std::int16_t key) const {
    return __builtin_constant_p(key) && key >= 0 ? *this : Keys();
  }
  HWY_ATTR HWY_INLINE Holds Exceeds(std::int16_t key) const {
    const Selected keys = ComparedWith(key);
    Holds r;
    for (std::size_t k = 0; k < K; ++k) r.m[k] = hn::Gt(keys.v[k], hn::Set(D(), key));
    return r;
  }
  HWY_ATTR HWY_INLINE Holds IsBelow(std::int16_t key) const {
    const Selected keys = ComparedWith(key);
    Holds r;
    for (std::size_t k = 0; k < K; ++k) r.m[k] = hn::Lt(keys.v[k], hn::Set(D(), key));
    return r;
  }

  friend HWY_ATTR HWY_INLINE Holds operator>(const Selected& a, double c) {
    return a.Exceeds(KeyAtMost<T>(c));
  }
  friend HWY_ATTR HWY_INLINE Holds operator<(const Selected& a, double c) {
    return a.IsBelow(KeyAtLeast<T>(c));
  }
  friend HWY_ATTR HWY_INLINE Holds operator>=(const Selected& a, double c) {
    return a.Exceeds(static_cast<std::int16_t>(KeyAtLeast<T>(c) - 1));
  }
  friend HWY_ATTR HWY_INLINE Selected Min(const Selected& a, double c) {
    return Select(a > c, c, a);
  }
  friend HWY_ATTR HWY_INLINE Selected Abs(const Selected& a) {
    Selected r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::And(a.v[k], hn::Set(D(), 0x7FFF));
    return r;
  }
  friend HWY_ATTR HWY_INLINE Selected CopySign(const Selected& magnitude, const Selected& sign) {
    const auto bit = hn::Set(D(), std::numeric_limits<std::int16_t>::min());
    Selected r;
    for (std::size_t k = 0; k < K; ++k) {
      r.v[k] = hn::Or(hn::And(bit, sign.v[k]), hn::AndNot(bit, magnitude.v[k]));
    }
    return r;
  }
  friend HWY_ATTR HWY_INLINE Selected WithSign(const Selected& magnitude, const Selected& sign) {
    const auto bit = hn::Set(D(), std::numeric_limits<std::int16_t>::min());
    Selected r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::Or(magnitude.v[k], hn::And(bit, sign.v[k]));
    return r;
  }
  friend HWY_ATTR HWY_INLINE Selected Select(const Holds& mask, const Selected& yes,
                                             const Selected& no) {
    Selected r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::IfThenElse(mask.m[k], yes.v[k], no.v[k]);
    return r;
  }
  friend HWY_ATTR HWY_INLINE Selected SelectOrZero(const Holds& mask, const Selected& yes) {
    Selected r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::IfThenElseZero(mask.m[k], yes.v[k]);
    return r;
  }
  friend HWY_ATTR HWY_INLINE Selected Round(const Selected& a) { return a; }

  // x is NaN ? the canonical NaN : y.
  friend HWY_ATTR HWY_INLINE Selected ResultOf(const Selected& x, const Selected& y) {
    const auto nan = hn::Set(D(), kNanBits<T>);
    const Selected magnitude = Abs(x);
    Selected r;
    for (std::size_t k = 0; k < K; ++k) {
      const auto is_nan = hn::Gt(magnitude.v[k], hn::Set(D(), kInfinityBits<T>));
      r.v[k] = hn::IfThenElse(is_nan, nan, y.v[k]);
    }
    return r;
  }
};

template <class T, std::size_t K>
HWY_INLINE Selected<T, K> Clamp(const Selected<T, K>& x, double lo, double hi) {
  return Select(x > hi, Selected<T, K>(hi), Select(x < lo, Selected<T, K>(lo), x));
}

template <class T, std::size_t K>
HWY_INLINE void LoadInto(Selected<T, K>& a, const T* from) {
  const Tag<std::int16_t> d;
  for (std::size_t k = 0; k < K; ++k) {
    a.v[k] = hn::LoadU(d, reinterpret_cast<const std::int16_t*>(from) + k * hn::MaxLanes(d));
  }
}
template <class T, std::size_t K>
HWY_INLINE void StoreLanes(const Selected<T, K>& a, T* to) {
  const Tag<std::int16_t> d;
  for (std::size_t k = 0; k < K; ++k) {
    hn::StoreU(a.v[k], d, reinterpret_cast<std::int16_t*>(to) + k * hn::MaxLanes(d));
  }
}

// Whether there is a loop of this file.
template <Order order, class A, class T>
inline constexpr bool kSelectsFrom = [] {
  constexpr bool kOrder = order == Order::value || order == Order::derivative;
  return kOrder && sizeof(T) == 2 && HWY_NATIVE_FMA && requires { Math<A>::kSelects; };
}();

template <Order order, class A, class T>
HWY_INLINE void MapSelecting(const void* activation, const void* x, void* y, std::size_t n) {
  using N = Selected<T, 2>;
  const A p = *static_cast<const A*>(activation);
  Transform<N, true>({static_cast<const T*>(x)}, {static_cast<T*>(y)}, n,
                     [&](const auto& in, auto& out)
                         ACTFN_BODY { out[0] = ResultOf(in[0], Evaluate<order, A>(p, in[0])); });
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
