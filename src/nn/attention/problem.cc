// SPDX-License-Identifier: Apache-2.0
#include "nn/attention/problem.h"

#include "catalogue/error.h"
#include "catalogue/number.h"
#include "catalogue/shape.h"
#include "kernels/entry.h"
#include "kernels/type.h"
#include "memory/copy.h"
#include "memory/demand.h"
#include "nn/layers/arguments.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace actfn::nn::attention {
namespace {

// Dimension `from_end` from the end, 1 being the last; 1 where it is missing.
std::size_t length(const Shape& shape, std::size_t from_end) {
  return from_end > shape.count() ? 1 : shape[shape.count() - from_end];
}

std::size_t batch_dimensions(const Shape& shape) {
  return std::max<std::size_t>(shape.count(), 3) - 3;
}

bool is_broadcastable(const Shape& have, const Shape& whole) {
  if (have.count() > whole.count()) return false;
  for (std::size_t i = 1; i <= have.count(); ++i) {
    if (length(have, i) != 1 && length(have, i) != length(whole, i)) return false;
  }
  return true;
}

// The view of a mask [batches * heads, L, S] as [batches, heads, L, S].
template <class T>
T with_batches(const T& mask, const Shape& scores,
               T (*view)(const T&, const Shape&, const Strides&)) {
  const Shape& have = mask.shape();
  if (have.count() != 3 || scores.count() != 4 || have[0] != scores[0] * scores[1]) return mask;
  if (scores[0] == 1) return mask;
  const Strides& s = mask.strides();
  return view(mask, {scores[0], scores[1], have[1], have[2]},
              {s[0] * static_cast<std::ptrdiff_t>(scores[1]), s[0], s[1], s[2]});
}

ConstTensor view_of(const ConstTensor& t, const Shape& shape, const Strides& strides) {
  return t.viewed(shape, strides);
}
ConstMask view_of(const ConstMask& m, const Shape& shape, const Strides& strides) {
  return {m.data(), shape, strides};
}

void demand_scores(std::string_view who, std::string_view name, const Shape& have,
                   const Shape& scores) {
  if (is_broadcastable(have, scores)) return;
  fail(who, {name, " has the shape ", text(have), ", which does not broadcast to the scores' ",
             text(scores)});
}

void demand_shapes(std::string_view who, const ConstTensor& q, const ConstTensor& k,
                   const ConstTensor& v) {
  const Shape &a = q.shape(), &b = k.shape(), &c = v.shape();
  if (a.count() < 2) fail(who, {"q must have 2 to 8 dimensions, its shape is ", text(a)});
  if (b.count() != a.count()) {
    fail(who, {"k has ", b.count(), " dimensions, q has ", a.count()});
  }
  Shape others = b;
  if (c.count() == b.count()) others[c.count() - 1] = c[c.count() - 1];
  if (others != c) {
    fail(who, {"v has the shape ", text(c), ", k has ", text(b), ": only widths may differ"});
  }
  if (length(a, 1) != length(b, 1)) {
    fail(who, {"k has the width ", length(b, 1), ", q has ", length(a, 1)});
  }
  if (!std::equal(a.begin(), a.begin() + batch_dimensions(a), b.begin())) {
    fail(who, {"k has the shape ", text(b), ", q has ", text(a), ": batches must agree"});
  }
  const std::size_t heads = length(a, 3), shared = length(b, 3);
  if (shared == 0 ? heads != 0 : heads % shared != 0) {
    fail(who, {"q's heads must be a multiple of k's, got ", heads, " and ", shared});
  }
}

void demand_types(std::string_view who, const ConstTensor& q, const ConstTensor& k,
                  const ConstTensor& v) {
  if (q.type() == Type::float64) {
    fail(who, {"q must be float32, bfloat16 or float16, got float64"});
  }
  memory::demand_same_type(who, {"q", q}, {"k", k});
  memory::demand_same_type(who, {"q", q}, {"v", v});
  memory::demand_built(who, q.type());
}

Sizes sizes_of(const ConstTensor& q, const ConstTensor& k, const ConstTensor& v) {
  Sizes s;
  for (std::size_t i = 0; i < batch_dimensions(q.shape()); ++i) s.batches *= q.shape()[i];
  s.heads = length(q.shape(), 3);
  s.kv_heads = length(k.shape(), 3);
  s.queries = length(q.shape(), 2);
  s.keys = length(k.shape(), 2);
  s.key_width = length(q.shape(), 1);
  s.out_width = length(v.shape(), 1);
  return s;
}

// Softmax1 is softmax with the same sink for all heads.
void set_activation(Problem& p, const AttentionOptions& options) {
  validate(options.activation);
  const auto* const soft = std::get_if<Softmax>(&options.activation);
  const auto* const with_sink = std::get_if<Softmax1>(&options.activation);
  if (std::holds_alternative<LogSoftmax>(options.activation)) {
    fail(p.who, {"activation must give weights, log_softmax gives logarithms"});
  }
  p.activation = options.activation;
  p.has_row_function = with_sink == nullptr && (soft == nullptr || soft->temperature != 1);
  if (with_sink != nullptr) p.common_sink = static_cast<float>(with_sink->sink);
  if (!options.sinks) return;
  if (soft == nullptr || p.has_row_function) {
    const std::string name = to_string(options.activation);
    fail(p.who, {"sinks need softmax, got ", name});
  }
  const ConstTensor& sinks = *options.sinks;
  if (sinks.type() != Type::float32) {
    fail(p.who, {"sinks is ", type_name(sinks.type()), ", float32 is needed"});
  }
  if (sinks.shape() != Shape{p.sizes.heads}) {
    fail(p.who, {"sinks has the shape ", text(sinks.shape()), ", ", p.sizes.heads, " is needed"});
  }
  p.sinks = sinks;
}

void set_numbers(Problem& p, const AttentionOptions& options) {
  const auto width = static_cast<double>(std::max<std::size_t>(p.sizes.key_width, 1));
  const double scale = options.scale.value_or(1 / std::sqrt(width));
  p.scale = static_cast<float>(scale);
  if (!std::isfinite(p.scale)) fail(p.who, {"scale must be finite, got ", write_both(scale)});
  if (options.softcap) {
    const double cap = *options.softcap;
    const bool fits =
        cap > 0 && std::isfinite(static_cast<float>(cap)) && static_cast<float>(cap) > 0;
    if (!fits) fail(p.who, {"softcap must be finite and positive, got ", write_both(cap)});
  }
  require_share(p.who, "dropout", options.dropout);
  p.softcap = options.softcap;
  p.dropout.p = options.dropout;
  p.noise = options.noise;
  p.causal = options.causal;
  p.window = options.window;
  p.threads = options.threads;
  p.reproducible = options.reproducible;
  memory::demand_threads(p.who, p.threads);
}

}  // namespace

Matrices::Matrices(const ConstTensor& t, const Shape& whole)
    : data_(static_cast<char*>(const_cast<void*>(t.address()))),
      type_(t.type()),
      element_(kernels::size_of(t.type())) {
  lay(t.shape(), t.strides(), whole);
}

Matrices::Matrices(const ConstMask& mask, const Shape& whole)
    : data_(reinterpret_cast<char*>(const_cast<std::uint8_t*>(mask.data()))), element_(1) {
  lay(mask.shape(), mask.strides(), whole);
}

void Matrices::lay(const Shape& have, const Strides& strides, const Shape& whole) {
  const auto stride = [&](std::size_t from_end) -> std::ptrdiff_t {
    return length(have, from_end) == 1 ? 0 : strides[have.count() - from_end];
  };
  row_ = stride(2);
  column_ = stride(1);
  head_ = stride(3);
  const std::size_t n = batch_dimensions(whole);
  batch_shape_ = Shape(std::span(whole.begin(), n));
  std::array<std::ptrdiff_t, kMaxDimensions> batches{};
  for (std::size_t i = 0; i < n; ++i) batches[i] = stride(whole.count() - i);
  batch_strides_ = Strides(std::span<const std::ptrdiff_t>(batches.data(), n));
}

char* Matrices::at(std::size_t batch, std::size_t head, std::size_t row, std::size_t column) const {
  const auto signed_of = [](std::size_t i) { return static_cast<std::ptrdiff_t>(i); };
  std::ptrdiff_t offset =
      signed_of(head) * head_ + signed_of(row) * row_ + signed_of(column) * column_;
  for (std::size_t i = batch_shape_.count(); i-- > 0; batch /= batch_shape_[i]) {
    offset += signed_of(batch % batch_shape_[i]) * batch_strides_[i];
  }
  return data_ + offset * signed_of(element_);
}

void Matrices::load(std::size_t batch, std::size_t head, std::size_t row, std::size_t column,
                    std::size_t n, float* to) const {
  memory::computed_copies(type_).load({at(batch, head, row, column), column_, n}, to);
}

void Matrices::store(const float* from, std::size_t batch, std::size_t head, std::size_t row,
                     std::size_t n) const {
  memory::computed_copies(type_).store(from, {at(batch, head, row), column_, n});
}

Span Problem::keys_of(std::size_t query) const {
  const auto i = static_cast<std::ptrdiff_t>(query);
  const auto all = static_cast<std::ptrdiff_t>(real_keys());
  const std::ptrdiff_t last = all - static_cast<std::ptrdiff_t>(sizes.queries);
  std::ptrdiff_t begin = 0, end = all;
  if (causal != Causal::none) end = i + 1 + (causal == Causal::bottom_right ? last : 0);
  if (window) {
    const std::ptrdiff_t at = i + (window->diagonal == Diagonal::bottom_right ? last : 0);
    // A side longer than all keys limits nothing, and must not overflow.
    const auto most = sizes.keys + sizes.queries;
    if (window->left) begin = at - static_cast<std::ptrdiff_t>(std::min(*window->left, most));
    if (window->right) {
      end = std::min(end, at + 1 + static_cast<std::ptrdiff_t>(std::min(*window->right, most)));
    }
  }
  end = std::clamp<std::ptrdiff_t>(end, 0, all);
  begin = std::clamp<std::ptrdiff_t>(begin, 0, end);
  return {static_cast<std::size_t>(begin), static_cast<std::size_t>(end)};
}

float Problem::sink_of(std::size_t head) const {
  constexpr float kNone = -std::numeric_limits<float>::infinity();
  if (!sinks) return common_sink.value_or(kNone);
  return sinks->data<float>()[static_cast<std::ptrdiff_t>(head) * sinks->strides()[0]];
}

void Problem::add_mask(const AttentionMask& mask, std::string_view name, const Shape& scores,
                       Type type) {
  const auto add = [&](Mask::Kind kind, const auto& entries) {
    demand_scores(who, name, entries.shape(), scores);
    masks.at(mask_count++) = {kind, Matrices(entries, scores)};
  };
  if (const auto* const keep = std::get_if<ConstMask>(&mask)) {
    add(Mask::Kind::keep, with_batches<ConstMask>(*keep, scores, view_of));
  } else if (const auto* const out = std::get_if<MaskedOut>(&mask)) {
    add(Mask::Kind::exclude, with_batches<ConstMask>(out->entries, scores, view_of));
  } else if (const auto* const numbers = std::get_if<ConstTensor>(&mask)) {
    if (numbers->type() != type && numbers->type() != Type::float32) {
      fail(who, {name, " is ", type_name(numbers->type()), ", float32 or q's type is needed"});
    }
    add(Mask::Kind::add, with_batches<ConstTensor>(*numbers, scores, view_of));
  }
}

Problem checked(std::string_view who, const ConstTensor& q, const ConstTensor& k,
                const ConstTensor& v, const AttentionOptions& options, Shapes& shapes) {
  demand_types(who, q, k, v);
  demand_shapes(who, q, k, v);
  Problem p;
  p.who = who;
  p.sizes = sizes_of(q, k, v);
  set_numbers(p, options);
  set_activation(p, options);
  shapes.scores = q.shape();
  shapes.scores[q.dimensions() - 1] = p.sizes.keys;
  shapes.out = q.shape();
  shapes.out[q.dimensions() - 1] = p.sizes.out_width;
  p.add_mask(options.mask, "mask", shapes.scores, q.type());
  p.q = Matrices(q, q.shape());
  p.k = Matrices(k, k.shape());
  p.v = Matrices(v, v.shape());
  return p;
}

void demand_like(std::string_view who, std::string_view name, const ConstTensor& t,
                 const Shape& shape, const ConstTensor& q) {
  memory::demand_same_type(who, {"q", q}, {name, t});
  if (t.shape() == shape) return;
  fail(who, {name, " has the shape ", text(t.shape()), ", ", text(shape), " is needed"});
}

}  // namespace actfn::nn::attention
