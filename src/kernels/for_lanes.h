// A loop over several contiguous arrays at once, a vector at a time.
#if defined(ACTFN_KERNELS_FOR_LANES_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_KERNELS_FOR_LANES_H_
#undef ACTFN_KERNELS_FOR_LANES_H_
#else
#define ACTFN_KERNELS_FOR_LANES_H_
#endif

#include "kernels/memory.h"

#include <array>

#ifndef ACTFN_KERNELS_COPY_BYTES
#define ACTFN_KERNELS_COPY_BYTES
namespace actfn::kernels {
// Not inline: inlined copies of so few bytes take much code.
static HWY_NOINLINE void copy_bytes(const void* from, void* to, std::size_t bytes) {
  std::memcpy(to, from, bytes);
}
}  // namespace actfn::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Calls body(in, out) for all elements, with one N of each array. The last elements, fewer than an
// N, are copied to a buffer and back.
template <class N, class T, std::size_t inputs, std::size_t outputs, class Body>
HWY_INLINE void ForLanes(const std::array<const T*, inputs>& from,
                         const std::array<T*, outputs>& to, std::size_t n, const Body& body) {
  constexpr std::size_t kStep = N::Count();
  std::array<const T*, inputs> read = from;
  std::array<T*, outputs> written = to;
  const std::size_t whole = n / kStep * kStep;
  const std::size_t rest = (n - whole) * sizeof(T);
  T buffer[inputs > outputs ? inputs : outputs][kStep] = {};
  std::size_t end = whole;
  for (;;) {  // first the arrays, then the buffer: so the compiler makes one copy of `body`
    for (std::size_t i = 0; i < end; i += kStep) {
      std::array<N, inputs> in;
      std::array<N, outputs> out;
      for (std::size_t k = 0; k < inputs; ++k) LoadInto(in[k], read[k] + i);
      body(in, out);
      for (std::size_t k = 0; k < outputs; ++k) StoreLanes(out[k], written[k] + i);
    }
    if (whole == n) return;
    if (read[0] == buffer[0]) break;
    for (std::size_t k = 0; k < inputs; ++k) {
      kernels::copy_bytes(from[k] + whole, buffer[k], rest);
      read[k] = buffer[k];
    }
    for (std::size_t k = 0; k < outputs; ++k) written[k] = buffer[k];
    end = kStep;
  }
  for (std::size_t k = 0; k < outputs; ++k) kernels::copy_bytes(buffer[k], to[k] + whole, rest);
}

// One vector of T.
template <class T>
using One = Lanes<T, 1>;

// max(x, 0), exactly. ±0: 0. NaN: NaN.
template <class N>
HWY_INLINE N PositivePart(const N& x) {
  return KeepNan(x, SelectOrZero(x > N(0), x));
}

// x > 0 ? 1 : 0. NaN: NaN.
template <class N>
HWY_INLINE N OneIfPositive(const N& x) {
  return KeepNan(x, SelectOrZero(x > N(0), N(1)));
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
