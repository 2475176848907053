// SPDX-License-Identifier: Apache-2.0
// Functions and tensors made of an input's bytes.
#pragma once

#include <actfn/actfn.h>

#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "support/stream.h"

namespace actfn::fuzz {

// A function of any kind, or of one, with parameters of all sorts; none where they don't fit.
std::optional<Function> draw_function(Stream& in);
std::optional<Function> draw_function(Stream& in, Kind kind);

// Up to 4 dimensions, mostly a few elements, at most some thousand.
Shape draw_shape(Stream& in);

// A tensor with memory of its own, which has nothing behind its last element. Between its elements
// are bytes that must stay as they are.
class Drawn {
 public:
  // Row-major.
  Drawn(Type type, const Shape& shape);
  // Any order of dimensions, gaps, negative strides; of what is only read, strides of 0.
  Drawn(Stream& in, Type type, const Shape& shape, bool is_read_only);

  Tensor tensor() { return {address(0), type_, shape_, strides_}; }
  std::size_t size() const { return places_.size(); }
  Type type() const { return type_; }
  const Shape& shape() const { return shape_; }
  // Of the element i in row-major order.
  std::byte* address(std::size_t i);
  const std::byte* address(std::size_t i) const;
  template <Element T>
  T at(std::size_t i) const {
    T value;
    std::memcpy(&value, address(i), sizeof value);
    return value;
  }

  // Numbers of all sorts.
  void fill(Stream& in);
  void copy_from(const Drawn& other);
  // The elements [i], in this order, as a contiguous tensor of that shape.
  Drawn picked(const std::vector<std::size_t>& elements, const Shape& shape) const;
  // All memory, gaps too.
  const std::vector<std::byte>& memory() const { return memory_; }
  // Whether the bytes between the elements are as they were.
  bool is_whole() const;

 private:
  void make_places();

  Type type_;
  Shape shape_;
  Strides strides_;
  std::vector<std::ptrdiff_t> places_;  // of the elements, in row-major order
  std::size_t extent_ = 0;              // elements from the first address to the last
  std::vector<std::byte> memory_;
};

// Equal bits, or NaN both: a NaN that a formula makes has the instruction set's sign.
bool same_number(Type type, const std::byte* a, const std::byte* b);

std::string text_of(Type type, const std::byte* at);
std::string text_of(const Shape& shape);

}  // namespace actfn::fuzz
