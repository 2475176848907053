// SPDX-License-Identifier: Apache-2.0
// The same elements in memory of other strides.
#pragma once

#include <actfn/tensor.h>

#include <cstddef>
#include <vector>

#include "elements.h"

namespace actfn::testing {

enum class Layout { dense, reversed_dimensions, every_second, backwards };
inline constexpr Layout kLayouts[] = {Layout::dense, Layout::reversed_dimensions,
                                      Layout::every_second, Layout::backwards};

// A tensor with memory of its own.
template <Element T>
class Laid {
 public:
  Laid(const Shape& shape, Layout layout, const std::vector<T>& elements = {})
      : shape_(shape), strides_(std::vector<std::ptrdiff_t>(shape.count())) {
    const std::size_t count = shape.count();
    const bool columns_first = layout == Layout::reversed_dimensions;
    std::ptrdiff_t next = layout == Layout::every_second ? 2 : 1;
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t i = columns_first ? k : count - 1 - k;
      strides_[i] = next;
      next *= static_cast<std::ptrdiff_t>(shape[i]);
      if (layout == Layout::every_second) next += 3;
    }
    memory_.resize(static_cast<std::size_t>(next) + 1);
    for (std::size_t i = 0; i < count && layout == Layout::backwards; ++i) {
      first_ += strides_[i] * (static_cast<std::ptrdiff_t>(shape[i]) - 1);
      strides_[i] = -strides_[i];
    }
    for (std::size_t i = 0; i < elements.size(); ++i) memory_[place(i)] = elements[i];
  }
  Laid(const Laid&) = delete;
  Laid& operator=(const Laid&) = delete;

  Tensor view() { return Tensor(memory_.data() + first_, shape_, strides_); }
  // In row-major order.
  std::vector<T> elements() const {
    std::vector<T> all(ConstTensor(memory_.data(), shape_).size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = memory_[place(i)];
    return all;
  }

 private:
  std::size_t place(std::size_t i) const {
    std::ptrdiff_t at = first_;
    for (std::size_t k = shape_.count(); k-- > 0; i /= shape_[k]) {
      at += static_cast<std::ptrdiff_t>(i % shape_[k]) * strides_[k];
    }
    return static_cast<std::size_t>(at);
  }

  Shape shape_;
  Strides strides_;
  std::ptrdiff_t first_ = 0;
  std::vector<T> memory_;
};

}  // namespace actfn::testing
