// SPDX-License-Identifier: Apache-2.0
#include "kernels/blocks.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/blocks.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/transform.h"
#include "kernels/type.h"

#ifndef ACTFN_BLOCKS_REST
#define ACTFN_BLOCKS_REST
namespace actfn::kernels {
namespace {

// The elements after the last whole block, one by one and for all instruction sets: for so few,
// Transform's copies take longer. Cold: compilers then do not make vectors of these loops.
template <class T>
[[gnu::cold]] HWY_NOINLINE void multiply_rest(const T* a, const T* b, T* product, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) product[i] = canonical(a[i] * b[i]);
}
template <class T>
[[gnu::cold]] HWY_NOINLINE void add_rest(const T* a, const T* b, T* sum, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) sum[i] = canonical(a[i] + b[i]);
}
template <class From, class To>
[[gnu::cold]] HWY_NOINLINE void convert_rest(const From* x, To* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = To(x[i]);
}

}  // namespace
}  // namespace actfn::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

template <class T>
using Block = Lanes<T, 2>;

// The elements of whole blocks.
template <class T>
constexpr std::size_t Whole(std::size_t n) {
  return n / Block<T>::Count() * Block<T>::Count();
}

template <class T>
void Multiply(const T* a, const T* b, T* product, std::size_t n) {
  Transform<Block<T>>({a, b}, {product}, Whole<T>(n),
                      [](const auto& in, auto& out) ACTFN_BODY { out[0] = in[0] * in[1]; });
  const std::size_t at = Whole<T>(n);
  if (at < n) kernels::multiply_rest(a + at, b + at, product + at, n - at);
}

template <class T>
void Add(const T* a, const T* b, T* sum, std::size_t n) {
  Transform<Block<T>>({a, b}, {sum}, Whole<T>(n),
                      [](const auto& in, auto& out) ACTFN_BODY { out[0] = in[0] + in[1]; });
  const std::size_t at = Whole<T>(n);
  if (at < n) kernels::add_rest(a + at, b + at, sum + at, n - at);
}

// Compilers vectorize plain loops such as these.
template <class T>
void Equals(const T* x, T value, std::uint8_t* bytes, std::size_t n) {
  for (std::size_t i = 0; i < n; i += 8) {
    unsigned byte = 0;
    const std::size_t here = n - i < 8 ? n - i : 8;
    for (std::size_t k = 0; k < here; ++k) byte |= (x[i + k] == value ? 1U : 0U) << k;
    bytes[i / 8] = static_cast<std::uint8_t>(byte);
  }
}

template <class T>
void MultiplyByBits(const T* a, const std::uint8_t* bytes, T yes, T no, T* product, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    product[i] = kernels::canonical(a[i] * ((bytes[i / 8] >> (i % 8) & 1) != 0 ? yes : no));
  }
}

template <class From, class To>
void Convert(const From* x, To* y, std::size_t n) {
  Transform<Block<float>, true>({x}, {y}, Whole<float>(n),
                                [](const auto& in, auto& out) ACTFN_BODY { out = in; });
  const std::size_t at = Whole<float>(n);
  if (at < n) kernels::convert_rest(x + at, y + at, n - at);
}
template <class T>
void WidenBlock(const void* x, float* y, std::size_t n) {
  Convert(static_cast<const T*>(x), y, n);
}
template <class T>
void NarrowBlock(const float* x, void* y, std::size_t n) {
  Convert(x, static_cast<T*>(y), n);
}

template <class T>
constexpr kernels::Arithmetic<T> kArithmetic = {Multiply<T>, Add<T>, Equals<T>, MultiplyByBits<T>};

constexpr kernels::Blocks kBlocks = {kArithmetic<float>, kArithmetic<double>};
constexpr kernels::Conversions kConversions = {{WidenBlock<bfloat16>, NarrowBlock<bfloat16>},
                                               {WidenBlock<float16>, NarrowBlock<float16>}};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::kernels {

const Blocks& blocks(Target target) {
  static constexpr PerTarget<Blocks> kAll = ACTFN_PER_TARGET(kBlocks);
  return kAll.of(target);
}

const Conversions& conversions(Target target) {
  static constexpr PerTarget<Conversions> kAll = ACTFN_PER_TARGET(kConversions);
  return kAll.of(target);
}

}  // namespace actfn::kernels
#endif
