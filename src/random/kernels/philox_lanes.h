// SPDX-License-Identifier: Apache-2.0
// Philox 4x32-10 in vectors. random/kernels/philox.h has its definition.
#if defined(ACTFN_RANDOM_PHILOX_LANES_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_RANDOM_PHILOX_LANES_H_
#undef ACTFN_RANDOM_PHILOX_LANES_H_
#else
#define ACTFN_RANDOM_PHILOX_LANES_H_
#endif

#include "math/lanes.h"
#include "random/kernels/table.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

using Counters = hn::Vec<Tag<std::uint64_t>>;  // a 32-bit word in the lower half of each lane

// The products of the lower halves; the upper halves are ignored.
HWY_INLINE Counters ProductOfWords(Counters a, std::uint64_t b) {
  const Tag<std::uint64_t> d;
#if HWY_TARGET == HWY_EMU128
  // GCC before 12.3 computes wrong high halves of 32-bit products (bug 106322), so this multiplies
  // 64 bits.
  return hn::Set(d, (hn::GetLane(a) & 0xFFFFFFFFU) * b);
#else
  const hn::Repartition<std::uint32_t, Tag<std::uint64_t>> words;
  return hn::MulEven(hn::BitCast(words, a), hn::BitCast(words, hn::Set(d, b)));
#endif
}

// Blocks first, first + 1, …, one per lane.
struct PhiloxLanes {
  Counters word[4];

  HWY_INLINE PhiloxLanes(const random::Key& key, std::uint64_t first) {
    const Tag<std::uint64_t> d;
    const auto index = hn::Add(hn::Set(d, first), hn::Iota(d, 0));
    word[0] = index;
    word[1] = hn::And(hn::ShiftRight<32>(index), hn::Set(d, 0x3FFFFFFF));
    word[2] = hn::Set(d, key.stream);
    word[3] = hn::Set(d, key.purpose);
  }

  HWY_INLINE void Round(std::uint32_t key_low, std::uint32_t key_high) {
    const Tag<std::uint64_t> d;
    const Counters a = ProductOfWords(word[0], 0xD2511F53);
    const Counters b = ProductOfWords(word[2], 0xCD9E8D57);
    word[0] = hn::Xor(hn::Xor(hn::ShiftRight<32>(b), word[1]), hn::Set(d, key_low));
    word[2] = hn::Xor(hn::Xor(hn::ShiftRight<32>(a), word[3]), hn::Set(d, key_high));
    word[1] = b;
    word[3] = a;
  }

  HWY_INLINE void Store(std::uint32_t* to) const {
    const Tag<std::uint64_t> d;
    const auto low = hn::Set(d, 0xFFFFFFFF);
    const auto first = hn::Or(hn::And(word[0], low), hn::ShiftLeft<32>(word[1]));
    const auto second = hn::Or(hn::And(word[2], low), hn::ShiftLeft<32>(word[3]));
#if HWY_TARGET == HWY_EMU128
    const std::uint64_t pair[] = {hn::GetLane(first), hn::GetLane(second)};
    std::memcpy(to, pair, sizeof pair);
#else
    hn::StoreInterleaved2(first, second, d, reinterpret_cast<std::uint64_t*>(to));
#endif
  }
};

// Two vectors at once hide the latency of the products.
[[maybe_unused]] static void PhiloxWords(const random::Key& key, std::uint64_t first,
                                         std::size_t blocks, std::uint32_t* words) {
  constexpr std::size_t kLanes = hn::MaxLanes(Tag<std::uint64_t>());
  for (std::size_t i = 0; i < blocks; i += 2 * kLanes) {
    PhiloxLanes a(key, first + i), b(key, first + i + kLanes);
    auto low = static_cast<std::uint32_t>(key.seed);
    auto high = static_cast<std::uint32_t>(key.seed >> 32U);
    for (int round = 0; round < 10; ++round) {
      a.Round(low, high);
      b.Round(low, high);
      low += 0x9E3779B9;
      high += 0xBB67AE85;
    }
    a.Store(words + 4 * i);
    b.Store(words + 4 * (i + kLanes));
  }
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
