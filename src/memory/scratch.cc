// SPDX-License-Identifier: Apache-2.0
#include "memory/scratch.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <limits>
#include <new>

namespace actfn::memory {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr int kSmallest = 12;                            // blocks have 2^12 bytes at least
constexpr std::size_t kMostKept = std::size_t{1} << 26;  // bytes of all free blocks

// A free block: its address, and in the low bits, which are 0 there, the logarithm of its size. So
// an exchange takes both.
using Cell = std::uintptr_t;
constexpr Cell kSizeBits = kAlignment - 1;

constinit std::array<std::atomic<Cell>, 16> cells{};
constinit std::atomic<std::size_t> kept{0};
constinit std::atomic<bool> ended{false};

int size_of(Cell cell) { return static_cast<int>(cell & kSizeBits); }
std::size_t bytes_of(int size) { return std::size_t{1} << size; }
std::byte* address_of(Cell cell) { return reinterpret_cast<std::byte*>(cell & ~kSizeBits); }

std::byte* allocate(int size) {
  return static_cast<std::byte*>(::operator new(bytes_of(size), std::align_val_t{kAlignment}));
}
void release(std::byte* p) { ::operator delete(p, std::align_val_t{kAlignment}); }

int size_for(std::size_t bytes) {
  if (bytes > std::numeric_limits<std::size_t>::max() / 2) throw std::bad_alloc();
  return std::max(kSmallest, static_cast<int>(std::bit_width(std::max<std::size_t>(bytes, 1) - 1)));
}

// The smallest free block of at least this size, else the largest one; null if there is none.
// Others may take it in the meantime.
std::atomic<Cell>* best_for(int size) {
  std::atomic<Cell>* best = nullptr;
  const auto better = [size](int a, int b) {
    return a >= size ? b < size || a < b : b < size && a > b;
  };
  int best_size = 0;
  for (auto& cell : cells) {
    const int has = size_of(cell.load(std::memory_order_relaxed));
    if (has == 0 || (best != nullptr && !better(has, best_size))) continue;
    best = &cell;
    best_size = has;
  }
  return best;
}

// 0 if others were faster.
Cell take(std::atomic<Cell>& cell) {
  const Cell got = cell.exchange(0, std::memory_order_acquire);
  if (got != 0) kept -= bytes_of(size_of(got));
  return got;
}

void put(std::byte* data, int size) {
  const Cell block = reinterpret_cast<Cell>(data) | static_cast<Cell>(size);
  if (kept.fetch_add(bytes_of(size)) + bytes_of(size) <= kMostKept && !ended.load()) {
    for (auto& cell : cells) {
      Cell empty = 0;
      if (cell.compare_exchange_strong(empty, block, std::memory_order_release,
                                       std::memory_order_relaxed)) {
        return;
      }
    }
  }
  kept -= bytes_of(size);
  release(data);
}

// Later calls, of static objects that are destroyed after this one, keep nothing.
const struct FreesAtExit {
  FreesAtExit() {}  // not trivial: the destructor must run
  ~FreesAtExit() {
    ended.store(true);
    for (auto& cell : cells) {
      if (const Cell block = take(cell); block != 0) release(address_of(block));
    }
  }
} frees_at_exit;

}  // namespace

Scratch::Scratch(std::size_t bytes) : data_(nullptr), size_(size_for(bytes)) {
  while (auto* const cell = best_for(size_)) {
    const Cell block = take(*cell);
    if (block == 0) continue;
    if (size_of(block) >= size_) {
      data_ = address_of(block);
      size_ = size_of(block);
      return;
    }
    // The new block takes the place of this one.
    release(address_of(block));
    break;
  }
  data_ = allocate(size_);
}

Scratch::~Scratch() { put(data_, size_); }

}  // namespace actfn::memory
