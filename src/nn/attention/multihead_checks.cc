// SPDX-License-Identifier: Apache-2.0
#include "nn/attention/multihead_checks.h"

#include "catalogue/error.h"
#include "catalogue/shape.h"
#include "catalogue/size.h"

#include <limits>
#include <string_view>

namespace actfn::nn::attention {
namespace {

void demand_float32(std::string_view name, const ConstTensor& t) {
  if (t.type() == Type::float32) return;
  fail(kModule, {name, " must be float32, got ", type_name(t.type())});
}

void demand_width(std::string_view name, const ConstTensor& t, std::string_view setting,
                  std::size_t width) {
  const std::size_t have = t.shape()[t.dimensions() - 1];
  if (have == width) return;
  fail(kModule, {name, " has the width ", have, ", ", setting, " is ", width});
}

void demand_equal(std::string_view what, std::string_view a, std::size_t n, std::string_view b,
                  std::size_t m) {
  if (n == m) return;
  fail(kModule, {a, " has ", n, " ", what, ", ", b, " has ", m});
}

// Sizes of products are ints.
void demand_countable(std::string_view name, std::size_t rows, std::size_t width) {
  const Size all = Size(rows) * width;
  if (all > std::size_t{std::numeric_limits<int>::max()}) fail(kModule, {name, " is too large"});
}

const Shape* shape_of(const AttentionMask& mask) {
  if (const auto* const m = std::get_if<ConstMask>(&mask)) return &m->shape();
  if (const auto* const m = std::get_if<MaskedOut>(&mask)) return &m->entries.shape();
  if (const auto* const m = std::get_if<ConstTensor>(&mask)) return &m->shape();
  return nullptr;
}

// [N, S] as [N, 1, 1, S].
AttentionMask over_queries(const AttentionMask& mask, const CallShape& shape) {
  const Shape wide = {shape.batches, 1, 1, shape.keys};
  const auto strides = [&](const Strides& s) {
    return shape.batched ? Strides{s[0], 0, 0, s[1]} : Strides{0, 0, 0, s[0]};
  };
  if (const auto* const m = std::get_if<ConstMask>(&mask)) {
    return ConstMask(m->data(), wide, strides(m->strides()));
  }
  if (const auto* const m = std::get_if<MaskedOut>(&mask)) {
    return MaskedOut{ConstMask(m->entries.data(), wide, strides(m->entries.strides()))};
  }
  const auto& t = std::get<ConstTensor>(mask);
  return t.viewed(wide, strides(t.strides()));
}

}  // namespace

CallShape checked_call(const MultiheadAttentionSettings& s, const ConstTensor& query,
                       const ConstTensor& key, const ConstTensor& value) {
  demand_float32("query", query);
  demand_float32("key", key);
  demand_float32("value", value);
  const std::size_t dims = query.dimensions();
  if (dims != 2 && dims != 3) {
    fail(kModule, {"query must have 2 or 3 dimensions, its shape is ", text(query.shape())});
  }
  demand_equal("dimensions", "key", key.dimensions(), "query", dims);
  demand_equal("dimensions", "value", value.dimensions(), "query", dims);
  demand_width("query", query, "embed_dim", s.embed_dim);
  demand_width("key", key, "kdim", s.kdim.value_or(s.embed_dim));
  demand_width("value", value, "vdim", s.vdim.value_or(s.embed_dim));
  const bool batched = dims == 3;
  const std::size_t row = batched && s.batch_first ? 1 : 0, batch = 1 - row;
  const auto batches = [&](const ConstTensor& t) { return batched ? t.shape()[batch] : 1; };
  demand_equal("batches", "key", batches(key), "query", batches(query));
  demand_equal("batches", "value", batches(value), "query", batches(query));
  demand_equal("rows", "value", value.shape()[row], "key", key.shape()[row]);
  const CallShape shape = {batches(query), query.shape()[row], key.shape()[row], batched};
  demand_countable("query", Size(shape.batches * shape.queries).value(), s.embed_dim);
  demand_countable("key", shape.batches * (shape.keys + 2), s.kdim.value_or(s.embed_dim));
  demand_countable("value", shape.batches * (shape.keys + 2), s.vdim.value_or(s.embed_dim));
  return shape;
}

void add_masks(Problem& p, const MultiheadAttentionOptions& options, const CallShape& shape) {
  const Shape scores = {shape.batches, p.sizes.heads, shape.queries, shape.keys};
  p.add_mask(options.attn_mask, "attn_mask", scores, Type::float32);
  const Shape* const have = shape_of(options.key_padding_mask);
  if (have == nullptr) return;
  const Shape want = shape.batched ? Shape{shape.batches, shape.keys} : Shape{shape.keys};
  if (*have != want) {
    fail(kModule, {"key_padding_mask has the shape ", text(*have), ", ", text(want), " is needed"});
  }
  p.add_mask(over_queries(options.key_padding_mask, shape), "key_padding_mask", scores,
             Type::float32);
}

void demand_output_gradient(const ConstTensor& dy, const std::optional<Shape>& last) {
  if (!last) fail(kModule, {"backward() needs a forward() before it"});
  demand_float32("dy", dy);
  if (dy.shape() == *last) return;
  fail(kModule, {"dy has the shape ", text(dy.shape()), ", the last forward() gave ", text(*last)});
}

ConstTensor view_of_rows(const Stream& s, std::size_t width, bool batch_first) {
  const float* const data = s.input_gradient.data();
  if (s.shape.count() == 2) return {data, s.shape};
  const auto step = [&](std::size_t rows) { return static_cast<std::ptrdiff_t>(rows * width); };
  const std::ptrdiff_t batch = step(s.layout.batch_step()), row = step(s.layout.row_step());
  return {data, s.shape, batch_first ? Strides{batch, row, 1} : Strides{row, batch, 1}};
}

}  // namespace actfn::nn::attention
