#include "kernels/blocks.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/blocks.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/memory.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {

constexpr std::size_t kVectors = 2;

template <class T>
using Block = Lanes<T, kVectors>;

template <class T>
void Multiply(const T* a, const T* b, T* product, std::size_t n) {
  constexpr std::size_t kStep = Block<T>::Count();
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    StoreLanes(LoadLanes<Block<T>>(a + i) * LoadLanes<Block<T>>(b + i), product + i);
  }
  for (; i < n; ++i) product[i] = a[i] * b[i];
}

template <class T>
void Add(const T* a, const T* b, T* sum, std::size_t n) {
  constexpr std::size_t kStep = Block<T>::Count();
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    StoreLanes(LoadLanes<Block<T>>(a + i) + LoadLanes<Block<T>>(b + i), sum + i);
  }
  for (; i < n; ++i) sum[i] = a[i] + b[i];
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
    product[i] = a[i] * ((bytes[i / 8] >> (i % 8) & 1) != 0 ? yes : no);
  }
}

template <class T>
void WidenBlock(const T* x, float* y, std::size_t n) {
  constexpr std::size_t kStep = hn::MaxLanes(Tag<float>());
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) hn::StoreU(Widen(x + i), Tag<float>(), y + i);
  for (; i < n; ++i) y[i] = x[i];
}

template <class T>
void NarrowBlock(const float* x, T* y, std::size_t n) {
  constexpr std::size_t kStep = hn::MaxLanes(Tag<float>());
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) Narrow(hn::LoadU(Tag<float>(), x + i), y + i);
  for (; i < n; ++i) y[i] = T(x[i]);
}

constexpr kernels::Blocks kBlocks = {
    {Multiply<float>, Add<float>, Equals<float>, MultiplyByBits<float>},
    {Multiply<double>, Add<double>, Equals<double>, MultiplyByBits<double>},
    WidenBlock<bfloat16>,
    WidenBlock<float16>,
    NarrowBlock<bfloat16>,
    NarrowBlock<float16>};

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "kernels/collect.h"

namespace actfn::kernels {

const Blocks& blocks(Target target) {
  static constexpr auto kAll = ACTFN_PER_TARGET(const Blocks*, &, kBlocks);
  return *kAll[static_cast<std::size_t>(target)];
}

}  // namespace actfn::kernels
#endif
