// SPDX-License-Identifier: Apache-2.0
#include "memory/overlap.h"

#include "kernels/type.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <numeric>

namespace actfn::memory {
namespace {

// Whether coefficients c_k and counts u_k can make a number: whether sum c_k n_k equals it for some
// 0 <= n_k <= u_k. All are in bytes or numbers of elements below 2^63.
class Sums {
 public:
  // Adds a term. Terms with the same coefficient are one; the largest coefficient comes first.
  void add(std::uint64_t coefficient, std::uint64_t count) {
    if (coefficient == 0 || count == 0) return;
    std::size_t k = 0;
    while (k < size_ && terms_[k].coefficient > coefficient) ++k;
    if (k < size_ && terms_[k].coefficient == coefficient) {
      terms_[k].count += count;
      return;
    }
    std::copy_backward(terms_.begin() + k, terms_.begin() + size_, terms_.begin() + size_ + 1);
    terms_[k] = {coefficient, count, 0, 0};
    ++size_;
  }

  bool has(std::uint64_t coefficient) const {
    return std::any_of(terms_.begin(), terms_.begin() + size_,
                       [&](const Term& t) { return t.coefficient == coefficient; });
  }

  // Whether some sum equals `number`; if `without_all_halves`, other than by n_k = u_k / 2 for all
  // k. True also if the search takes too long.
  bool reach(std::uint64_t number, bool without_all_halves = false) {
    std::uint64_t rest = 0, divisor = 0;
    for (std::size_t k = size_; k-- > 0;) {
      terms_[k].rest = rest;
      rest += terms_[k].coefficient * terms_[k].count;
      divisor = std::gcd(divisor, terms_[k].coefficient);
      terms_[k].divisor = divisor;
    }
    if (number > rest) return false;
    steps_ = 0;
    return search(0, number, without_all_halves);
  }

 private:
  struct Term {
    std::uint64_t coefficient, count;
    std::uint64_t rest;     // the largest sum of the terms after it
    std::uint64_t divisor;  // the greatest common one of it and the terms after it
  };
  static constexpr std::size_t kMaxSteps = 10000;

  bool search(std::size_t k, std::uint64_t number, bool without_all_halves) {
    if (k == size_) return number == 0 && !without_all_halves;
    const Term& t = terms_[k];
    if (number % t.divisor != 0) return false;
    const std::uint64_t max = std::min(t.count, number / t.coefficient);
    const std::uint64_t over = number > t.rest ? number - t.rest : 0;
    for (std::uint64_t n = (over + t.coefficient - 1) / t.coefficient; n <= max; ++n) {
      if (++steps_ > kMaxSteps) return true;
      const bool halves = without_all_halves && 2 * n == t.count;
      if (search(k + 1, number - n * t.coefficient, halves)) return true;
    }
    return false;
  }

  std::array<Term, 2 * kMaxDimensions + 1> terms_;
  std::size_t size_ = 0;
  std::size_t steps_ = 0;
};

std::uint64_t magnitude(std::ptrdiff_t stride) {
  return static_cast<std::uint64_t>(std::abs(stride));
}

// Addresses are numbers because C++ does not define comparisons of pointers into different arrays.
std::uintptr_t address_of(const ConstTensor& t) {
  return reinterpret_cast<std::uintptr_t>(t.address());
}
std::uint64_t bytes_of(const ConstTensor& t) { return t.size() * kernels::size_of(t.type()); }

// The address of the lowest byte. Adds the distances of the other elements from the lowest one.
std::uintptr_t add_elements(const ConstTensor& t, Sums& sums) {
  const auto bytes = static_cast<std::ptrdiff_t>(kernels::size_of(t.type()));
  std::ptrdiff_t low = 0;
  for (std::size_t i = 0; i < t.dimensions(); ++i) {
    const auto steps = static_cast<std::ptrdiff_t>(t.shape()[i]) - 1;
    low += std::min<std::ptrdiff_t>(0, steps * t.strides()[i]);
    sums.add(magnitude(t.strides()[i] * bytes), static_cast<std::uint64_t>(steps));
  }
  return address_of(t) + static_cast<std::uintptr_t>(low * bytes);
}

std::uint64_t reach_of(const ConstTensor& t) {
  std::uint64_t reach = 1;
  for (std::size_t i = 0; i < t.dimensions(); ++i) {
    reach += magnitude(t.strides()[i]) * (t.shape()[i] - 1);
  }
  return reach * kernels::size_of(t.type());
}

// Whether each stride is larger than the reach of the dimensions with smaller ones, as those of
// almost all tensors.
bool is_nested(const ConstTensor& t) {
  std::array<std::size_t, kMaxDimensions> order;  // of dimensions, the smallest stride first
  std::size_t count = 0;
  for (std::size_t i = 0; i < t.dimensions(); ++i) {
    if (t.shape()[i] <= 1) continue;
    std::size_t k = count++;
    for (; k > 0 && magnitude(t.strides()[order[k - 1]]) > magnitude(t.strides()[i]); --k) {
      order[k] = order[k - 1];
    }
    order[k] = i;
  }
  std::uint64_t reach = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const std::uint64_t stride = magnitude(t.strides()[order[k]]);
    if (stride <= reach) return false;
    reach += stride * (t.shape()[order[k]] - 1);
  }
  return true;
}

}  // namespace

bool is_same_view(const ConstTensor& a, const ConstTensor& b) {
  if (a.address() != b.address() || a.type() != b.type() || a.shape() != b.shape()) return false;
  for (std::size_t i = 0; i < a.dimensions(); ++i) {
    if (a.shape()[i] > 1 && a.strides()[i] != b.strides()[i]) return false;
  }
  return true;
}

bool overlap(const ConstTensor& a, const ConstTensor& b) {
  if (a.size() == 0 || b.size() == 0) return false;
  if (a.is_contiguous() && b.is_contiguous()) {
    const std::uintptr_t first = address_of(a), second = address_of(b);
    return first < second + bytes_of(b) && second < first + bytes_of(a);
  }
  Sums sums;
  const std::uintptr_t low_a = add_elements(a, sums);
  const std::uintptr_t low_b = add_elements(b, sums);
  const std::uint64_t reach_a = reach_of(a), reach_b = reach_of(b);
  if (low_a >= low_b ? low_a - low_b >= reach_b : low_b - low_a >= reach_a) return false;
  // Byte p of an element of a and byte q of one of b have the same address where
  // low_a + sum(a) + p = low_b + sum(b) + q. With sum(b) counted from its end, and q likewise,
  // all terms are on one side.
  const std::uint64_t size_a = kernels::size_of(a.type());
  const std::uint64_t size_b = kernels::size_of(b.type());
  sums.add(1, size_a - 1 + size_b - 1);
  return sums.reach(low_b - low_a + reach_b - 1);
}

bool overlaps_itself(const ConstTensor& a) {
  if (a.size() == 0 || a.is_contiguous() || is_nested(a)) return false;
  Sums sums;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < a.dimensions(); ++i) {
    const std::uint64_t steps = a.shape()[i] - 1;
    if (steps == 0) continue;
    if (a.strides()[i] == 0 || sums.has(magnitude(a.strides()[i]))) return true;
    sums.add(magnitude(a.strides()[i]), 2 * steps);
    total += magnitude(a.strides()[i]) * steps;
  }
  return sums.reach(total, true);
}

}  // namespace actfn::memory
