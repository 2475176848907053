#include <actfn/types.h>

#include <cstdint>
#include <cstring>
#include <random>

#include "libraries.h"

namespace actfn::peers {
namespace {

constexpr std::size_t kPage = 4096 / sizeof(float);
constexpr std::size_t kStagger = 21 * 64 / sizeof(float);  // see src/lab/speed.cc

void fill(float* to, std::size_t n, bool half) {
  std::mt19937 bits(1);
  std::normal_distribution<float> normal(0, 3);
  auto* const halves = reinterpret_cast<std::byte*>(to);
  for (std::size_t i = 0; i < n; ++i) {
    const float x = normal(bits);
    const auto rounded = static_cast<bfloat16>(x).bits;
    if (half) {
      std::memcpy(halves + 2 * i, &rounded, 2);
    } else {
      to[i] = x;
    }
  }
}

}  // namespace

Memory::Memory(std::size_t n, bool half) {
  const std::size_t slot = (n / kPage + 2) * kPage + kStagger;
  memory_.resize(3 * slot + kPage);
  const auto address = reinterpret_cast<std::uintptr_t>(memory_.data()) / sizeof(float);
  x_ = memory_.data() + (kPage - address % kPage) % kPage;
  second_ = x_ + slot;
  out_ = second_ + slot;
  fill(x_, n, half);
  fill(second_, n, half);
}

}  // namespace actfn::peers
