// SPDX-License-Identifier: Apache-2.0
#include "memory/copy.h"

#include "kernels/blocks.h"
#include "kernels/interleaving.h"
#include "kernels/type.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace actfn::memory {
namespace {

template <class T>
constexpr bool kIsSixteenBit = std::is_same_v<T, bfloat16> || std::is_same_v<T, float16>;

template <class To, class From>
To converted(From x) {
  if constexpr (std::is_same_v<To, From>) {
    return x;
  } else if constexpr (kIsSixteenBit<To> || kIsSixteenBit<From>) {
    return To(static_cast<float>(x));
  } else {
    return static_cast<To>(x);
  }
}

template <class T>
const kernels::Conversion& conversion() {
  return kernels::conversions(kernels::active_target()).of(kTypeOf<T>);
}

// n elements without gaps.
template <class From, class To>
void copy(const From* from, To* to, std::size_t n) {
  if constexpr (std::is_same_v<To, From>) {
    if (n > 0) std::memcpy(to, from, n * sizeof(To));
  } else if constexpr (kIsSixteenBit<From> && std::is_same_v<To, float>) {
    conversion<From>().widen(from, to, n);
  } else if constexpr (kIsSixteenBit<To> && std::is_same_v<From, float>) {
    conversion<To>().narrow(from, to, n);
  } else {
    for (std::size_t i = 0; i < n; ++i) to[i] = converted<To>(from[i]);
  }
}

// Calls body(first, n) for pieces of at most kernels::kBlock elements.
template <class Body>
void in_pieces(std::size_t n, const Body& body) {
  for (std::size_t i = 0; i < n; i += kernels::kBlock) body(i, std::min(kernels::kBlock, n - i));
}

template <class T, class B>
void load_row(const T* from, std::ptrdiff_t stride, std::size_t n, B* to) {
  if (stride == 1) return copy(from, to, n);
  if constexpr (kIsSixteenBit<T> && std::is_same_v<B, float>) {
    T buffer[kernels::kBlock];
    in_pieces(n, [&](std::size_t first, std::size_t count) {
      load_row(from + static_cast<std::ptrdiff_t>(first) * stride, stride, count, buffer);
      copy(buffer, to + first, count);
    });
  } else {
    for (std::size_t i = 0; i < n; ++i, from += stride) to[i] = converted<B>(*from);
  }
}

template <class T, class B>
void store_row(const B* from, T* to, std::ptrdiff_t stride, std::size_t n) {
  if (stride == 1) return copy(from, to, n);
  if constexpr (kIsSixteenBit<T> && std::is_same_v<B, float>) {
    T buffer[kernels::kBlock];
    in_pieces(n, [&](std::size_t first, std::size_t count) {
      copy(from + first, buffer, count);
      store_row(buffer, to + static_cast<std::ptrdiff_t>(first) * stride, stride, count);
    });
  } else {
    for (std::size_t i = 0; i < n; ++i, to += stride) *to = converted<T>(from[i]);
  }
}

// Where rows are neighbours, one element of each after the other: so whole cache lines are read.
template <class T, class B>
void load(const Strided& s, void* block) {
  const T* const from = reinterpret_cast<const T*>(s.at);
  B* const to = static_cast<B*>(block);
  if (s.rows == 1 || s.stride == 1) {
    for (std::size_t r = 0; r < s.rows; ++r) {
      load_row(from + static_cast<std::ptrdiff_t>(r) * s.row_stride, s.stride, s.n, to + r * s.n);
    }
    return;
  }
  for (std::size_t i = 0; i < s.n; ++i) {
    const T* at = from + static_cast<std::ptrdiff_t>(i) * s.stride;
    for (std::size_t r = 0; r < s.rows; ++r, at += s.row_stride)
      to[r * s.n + i] = converted<B>(*at);
  }
}

template <class T, class B>
void store(const void* block, const Strided& s) {
  const B* const from = static_cast<const B*>(block);
  T* const to = reinterpret_cast<T*>(s.at);
  if (s.rows == 1 || s.stride == 1) {
    for (std::size_t r = 0; r < s.rows; ++r) {
      store_row(from + r * s.n, to + static_cast<std::ptrdiff_t>(r) * s.row_stride, s.stride, s.n);
    }
    return;
  }
  for (std::size_t i = 0; i < s.n; ++i) {
    T* at = to + static_cast<std::ptrdiff_t>(i) * s.stride;
    for (std::size_t r = 0; r < s.rows; ++r, at += s.row_stride)
      *at = converted<T>(from[r * s.n + i]);
  }
}

// Numbers of 16 bits are interleaved as bits.
template <class T>
using Bits = std::conditional_t<kIsSixteenBit<T>, std::uint16_t, T>;
template <class T>
const kernels::Pairs<Bits<T>>& pairs() {
  return kernels::interleaving(kernels::active_target()).of<Bits<T>>();
}

template <class T, class B>
void load_pair(const char* from, void* a, void* b, std::size_t n) {
  const auto* const pair = reinterpret_cast<const Bits<T>*>(from);
  B *const to_a = static_cast<B*>(a), *const to_b = static_cast<B*>(b);
  if constexpr (std::is_same_v<Bits<T>, B>) {
    pairs<T>().deinterleave(pair, to_a, to_b, n);
  } else {
    T narrow[2][kernels::kBlock];
    in_pieces(n, [&](std::size_t first, std::size_t count) {
      pairs<T>().deinterleave(pair + 2 * first, &narrow[0]->bits, &narrow[1]->bits, count);
      copy(narrow[0], to_a + first, count);
      copy(narrow[1], to_b + first, count);
    });
  }
}

template <class T, class B>
void store_pair(const void* a, const void* b, char* to, std::size_t n) {
  const B *const from_a = static_cast<const B*>(a), *const from_b = static_cast<const B*>(b);
  auto* const pair = reinterpret_cast<Bits<T>*>(to);
  if constexpr (std::is_same_v<Bits<T>, B>) {
    pairs<T>().interleave(from_a, from_b, pair, n);
  } else {
    T narrow[2][kernels::kBlock];
    in_pieces(n, [&](std::size_t first, std::size_t count) {
      copy(from_a + first, narrow[0], count);
      copy(from_b + first, narrow[1], count);
      pairs<T>().interleave(&narrow[0]->bits, &narrow[1]->bits, pair + 2 * first, count);
    });
  }
}

template <class T>
using Computed = std::conditional_t<std::is_same_v<T, double>, double, float>;

template <class T, class B>
constexpr Copies kCopies = {load<T, B>, store<T, B>, sizeof(T), sizeof(B)};
template <class T>
constexpr PairCopies kPairCopies = {load_pair<T, Computed<T>>, store_pair<T, Computed<T>>};

}  // namespace

template <BlockType block>
const Copies& copies(Type type) {
  return kernels::for_type(type, []<class T>() -> const Copies& {
    if constexpr (block == BlockType::stored) {
      return kCopies<Bits<T>, Bits<T>>;
    } else if constexpr (block == BlockType::computed) {
      return kCopies<T, Computed<T>>;
    } else {
      return kCopies<T, double>;
    }
  });
}
template const Copies& copies<BlockType::stored>(Type type);
template const Copies& copies<BlockType::computed>(Type type);
template const Copies& copies<BlockType::doubles>(Type type);

const PairCopies& pair_copies(Type type) {
  return kernels::for_type(type, []<class T>() -> const PairCopies& { return kPairCopies<T>; });
}

}  // namespace actfn::memory
