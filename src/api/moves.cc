#include "api/moves.h"

#include <cstring>

namespace actfn {
namespace {

template <class T>
constexpr bool kIsSixteenBit = sizeof(T) == 2;
// The type of a block's elements.
template <class T>
using Wide = std::conditional_t<kIsSixteenBit<T>, float, T>;

std::uint16_t* bits(bfloat16* p) { return &p->bits; }
std::uint16_t* bits(float16* p) { return &p->bits; }

template <class T>
void gather(const T* from, std::ptrdiff_t stride, T* to, std::size_t n) {
  if (stride == 1) {
    std::memcpy(to, from, n * sizeof(T));
    return;
  }
  for (std::size_t i = 0; i < n; ++i, from += stride) to[i] = *from;
}

template <class T>
void scatter(const T* from, T* to, std::ptrdiff_t stride, std::size_t n) {
  if (stride == 1) {
    std::memcpy(to, from, n * sizeof(T));
    return;
  }
  for (std::size_t i = 0; i < n; ++i, to += stride) *to = from[i];
}

template <class T>
void load(const Moves& moves, char* memory, std::ptrdiff_t stride, void* block, std::size_t first,
          std::size_t n) {
  const T* const from = reinterpret_cast<T*>(memory);
  Wide<T>* const to = static_cast<Wide<T>*>(block) + first;
  if constexpr (kIsSixteenBit<T>) {
    if (stride == 1) return moves.blocks->widen(from, to, n);
    T narrow[kMaxBlock];
    gather(from, stride, narrow, n);
    moves.blocks->widen(narrow, to, n);
  } else {
    gather(from, stride, to, n);
  }
}

template <class T>
void store(const Moves& moves, char* memory, std::ptrdiff_t stride, void* block, std::size_t first,
           std::size_t n) {
  T* const to = reinterpret_cast<T*>(memory);
  const Wide<T>* const from = static_cast<Wide<T>*>(block) + first;
  if constexpr (kIsSixteenBit<T>) {
    if (stride == 1) return moves.blocks->narrow(from, to, n);
    T narrow[kMaxBlock];
    moves.blocks->narrow(from, narrow, n);
    scatter(narrow, to, stride, n);
  } else {
    scatter(from, to, stride, n);
  }
}

template <class T>
void load_pair(const Moves& moves, char* memory, void* a, void* b, std::size_t first,
               std::size_t n) {
  T* const from = reinterpret_cast<T*>(memory);
  Wide<T>* const to_a = static_cast<Wide<T>*>(a) + first;
  Wide<T>* const to_b = static_cast<Wide<T>*>(b) + first;
  if constexpr (kIsSixteenBit<T>) {
    T narrow[2][kMaxBlock];
    moves.interleaving->of_bits.deinterleave(bits(from), bits(narrow[0]), bits(narrow[1]), n);
    moves.blocks->widen(narrow[0], to_a, n);
    moves.blocks->widen(narrow[1], to_b, n);
  } else {
    moves.interleaving->of<T>().deinterleave(from, to_a, to_b, n);
  }
}

template <class T>
void store_pair(const Moves& moves, char* memory, void* a, void* b, std::size_t first,
                std::size_t n) {
  T* const to = reinterpret_cast<T*>(memory);
  const Wide<T>* const from_a = static_cast<Wide<T>*>(a) + first;
  const Wide<T>* const from_b = static_cast<Wide<T>*>(b) + first;
  if constexpr (kIsSixteenBit<T>) {
    T narrow[2][kMaxBlock];
    moves.blocks->narrow(from_a, narrow[0], n);
    moves.blocks->narrow(from_b, narrow[1], n);
    moves.interleaving->of_bits.interleave(bits(narrow[0]), bits(narrow[1]), bits(to), n);
  } else {
    moves.interleaving->of<T>().interleave(from_a, from_b, to, n);
  }
}

template <class T>
Moves moves() {
  const kernels::Target target = kernels::active_target();
  return {load<T>,
          store<T>,
          load_pair<T>,
          store_pair<T>,
          &kernels::blocks(target),
          &kernels::interleaving(target)};
}

}  // namespace

Moves moves_of(Type type) {
  switch (type) {
    case Type::float64:
      return moves<double>();
    case Type::bfloat16:
      return moves<bfloat16>();
    case Type::float16:
      return moves<float16>();
    default:
      return moves<float>();
  }
}

}  // namespace actfn
