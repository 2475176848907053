// SPDX-License-Identifier: Apache-2.0
// Tensors that lie in memory in many ways, for tests of functions that should not care.
#pragma once

#include <actfn/tensor.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include "elements.h"
#include "uniform.h"

namespace actfn::testing {

enum class Layout { dense, reversed, gapped, backwards };
inline constexpr std::array kLayouts = {Layout::dense, Layout::reversed, Layout::gapped,
                                        Layout::backwards};

inline std::size_t elements(const Shape& shape) {
  std::size_t n = 1;
  for (const std::size_t length : shape) n *= length;
  return n;
}

// The strides of `layout`; gaps are of two elements and one row.
inline Strides strides_of(const Shape& shape, Layout layout) {
  const std::size_t count = shape.count();
  std::vector<std::ptrdiff_t> strides(count);
  std::ptrdiff_t next = layout == Layout::gapped ? 3 : 1;
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t i = layout == Layout::reversed ? k : count - 1 - k;
    strides[i] = layout == Layout::backwards ? -next : next;
    next *= static_cast<std::ptrdiff_t>(shape[i]) + (layout == Layout::gapped ? 1 : 0);
  }
  return Strides(std::span<const std::ptrdiff_t>(strides));
}

// Memory, the tensor in it, and what lies between its elements, which nobody may touch.
template <Element T>
class Placed {
 public:
  Placed(const Shape& shape, Layout layout) : shape_(shape), strides_(strides_of(shape, layout)) {
    std::ptrdiff_t low = 0, high = 0;
    for (std::size_t i = 0; i < shape.count() && elements(shape) > 0; ++i) {
      const auto reach = (static_cast<std::ptrdiff_t>(shape[i]) - 1) * strides_[i];
      (reach < 0 ? low : high) += reach;
    }
    memory_.assign(static_cast<std::size_t>(high - low + 1), canary());
    origin_ = -low;
  }
  Placed(const Shape& shape, Layout layout, const std::vector<T>& values) : Placed(shape, layout) {
    if (layout == Layout::dense) {
      std::copy(values.begin(), values.end(), memory_.begin());
    } else {
      for (std::size_t i = 0; i < values.size(); ++i) memory_[place(i)] = values[i];
    }
  }

  Tensor tensor() { return {memory_.data() + origin_, shape_, strides_}; }

  // In the order of indices, the last fastest.
  std::vector<T> values() const {
    std::vector<T> all(elements(shape_));
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = memory_[place(i)];
    return all;
  }

  // Whether what is between the elements is as it was.
  bool gaps_intact() const {
    auto rest = memory_;
    for (std::size_t i = 0; i < elements(shape_); ++i) rest[place(i)] = canary();
    return std::all_of(rest.begin(), rest.end(), [](T v) { return bits(v) == bits(canary()); });
  }

 private:
  static T canary() { return as<T>(12345); }

  std::size_t place(std::size_t i) const {
    std::ptrdiff_t at = origin_;
    for (std::size_t d = shape_.count(); d-- > 0;) {
      at += static_cast<std::ptrdiff_t>(i % shape_[d]) * strides_[d];
      i /= shape_[d];
    }
    return static_cast<std::size_t>(at);
  }

  Shape shape_;
  Strides strides_;
  std::vector<T> memory_;
  std::ptrdiff_t origin_ = 0;
};

// Where the i-th element of one part of a tensor of `shape`, divided along `axis` into `parts`
// that are neighbours (woven) or lie one behind the other, stands in the whole.
inline std::size_t whole_index(const Shape& part_shape, std::size_t axis, std::size_t parts,
                               std::size_t part, bool woven, std::size_t i) {
  std::size_t at = 0, step = 1;
  for (std::size_t d = part_shape.count(); d-- > 0;) {
    const std::size_t index = i % part_shape[d];
    i /= part_shape[d];
    const std::size_t there = woven ? index * parts + part : part * part_shape[d] + index;
    at += (d == axis ? there : index) * step;
    step *= part_shape[d] * (d == axis ? parts : 1);
  }
  return at;
}

inline std::string describe(const Shape& shape, std::size_t axis, Layout layout) {
  std::string all;
  for (const std::size_t length : shape) all += std::to_string(length) + " ";
  return all + "axis " + std::to_string(axis) + " layout " +
         std::to_string(static_cast<int>(layout));
}

// n numbers of a normal distribution; integer multiples of 1/4 give ties. They are repeated from a
// prime on, at which no part of an array begins.
inline constexpr std::size_t kPeriod = 65537;
template <Element T>
std::vector<T> drawn(std::size_t n, unsigned seed, double deviation = 3, bool ties = false) {
  std::mt19937 random(seed);
  const Normal normal(0, deviation);
  std::vector<T> all(n);
  for (std::size_t i = 0; i < std::min(n, kPeriod); ++i) {
    const double x = normal(random);
    all[i] = as<T>(ties ? std::round(x * 4) / 4 : x);
  }
  for (std::size_t i = kPeriod; i < n; ++i) all[i] = all[i - kPeriod];
  return all;
}

}  // namespace actfn::testing
