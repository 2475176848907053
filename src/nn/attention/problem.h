// SPDX-License-Identifier: Apache-2.0
// The arguments of attention, checked, and how they lie in memory.
#pragma once

#include <actfn/nn/attention.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace actfn::nn::attention {

// How many rows and columns there are.
struct Sizes {
  std::size_t batches = 1;
  std::size_t heads = 1, kv_heads = 1;
  std::size_t queries = 0, keys = 0;         // L, S
  std::size_t key_width = 0, out_width = 0;  // d, e

  std::size_t group() const { return kv_heads == 0 ? 0 : heads / kv_heads; }
  std::size_t rows() const { return batches * heads * queries; }
};

// A tensor as matrices, one for each batch and head.
class Matrices {
 public:
  Matrices() = default;
  // Broadcast to the shape `whole`, [.., heads, rows, columns], to which it must fit.
  Matrices(const ConstTensor& t, const Shape& whole);
  Matrices(const ConstMask& mask, const Shape& whole);

  Type type() const { return type_; }
  // The address of an element.
  char* at(std::size_t batch, std::size_t head, std::size_t row, std::size_t column = 0) const;
  std::ptrdiff_t row_stride() const { return row_; }
  std::ptrdiff_t column_stride() const { return column_; }
  // A row of n elements from a column on, as float32; and back.
  void load(std::size_t batch, std::size_t head, std::size_t row, std::size_t column, std::size_t n,
            float* to) const;
  void store(const float* from, std::size_t batch, std::size_t head, std::size_t row,
             std::size_t n) const;

 private:
  void lay(const Shape& have, const Strides& strides, const Shape& whole);

  char* data_ = nullptr;
  Type type_ = Type::float32;
  std::size_t element_ = 4;  // bytes
  Shape batch_shape_;
  Strides batch_strides_;
  std::ptrdiff_t head_ = 0, row_ = 0, column_ = 0;
};

// A mask, broadcast to the scores.
struct Mask {
  enum class Kind { keep, exclude, add } kind;
  Matrices entries;
};

// Keys [begin, end) of one query.
struct Span {
  std::size_t begin, end;
};

// The scores that are computed, and what becomes of them.
struct Problem {
  std::string_view who;
  Sizes sizes;
  std::size_t extra_keys = 0;  // the last ones, which all queries see, whatever masks say
  Matrices q, k, v;
  std::array<Mask, 2> masks;
  std::size_t mask_count = 0;
  Causal causal = Causal::none;
  std::optional<Window> window;
  float scale = 1;
  std::optional<double> softcap;
  std::optional<ConstTensor> sinks;  // one a head
  std::optional<float> common_sink;  // of all heads: that of softmax1
  bool has_row_function = false;     // something else than softmax and sinks
  RowActivation activation;
  Dropout dropout;
  Noise noise;
  Threads threads;
  bool reproducible = false;

  std::size_t real_keys() const { return sizes.keys - extra_keys; }
  // Whether some queries may see fewer keys than others.
  bool leaves_keys_out() const { return causal != Causal::none || window.has_value(); }
  // Of the real keys.
  Span keys_of(std::size_t query) const;
  // -inf where there is none.
  float sink_of(std::size_t head) const;
  // A mask of the scores, with the name that errors have for it.
  void add_mask(const AttentionMask& mask, std::string_view name, const Shape& scores, Type type);
};

// The shapes that a call's tensors must have.
struct Shapes {
  Shape scores, out;
};

// Checks all that forward and backward have in common.
Problem checked(std::string_view who, const ConstTensor& q, const ConstTensor& k,
                const ConstTensor& v, const AttentionOptions& options, Shapes& shapes);

// Demands that a tensor has q's type and the shape.
void demand_like(std::string_view who, std::string_view name, const ConstTensor& t,
                 const Shape& shape, const ConstTensor& q);

}  // namespace actfn::nn::attention
