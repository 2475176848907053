// SPDX-License-Identifier: Apache-2.0
#include "memory/share.h"
#include "nn/attention/backward.h"
#include "nn/attention/gradient_sums.h"
#include "nn/attention/operands.h"
#include "nn/attention/row_function.h"
#include "nn/attention/scores.h"
#include "nn/attention/tiles.h"

#include <algorithm>

namespace actfn::nn::attention {
namespace {

// Queries are the outer loop, a block with all keys at a time: the gradients of keys and values are
// added to in memory.
class BackwardRows {
 public:
  BackwardRows(const Problem& p, const Matrices& dout, const Gradients& to);
  void run();

 private:
  struct Memory {
    float *scores, *weights, *gradient, *capped, *queries;
  };
  // Queries [first, first + count) of one head.
  struct Block {
    std::size_t part, batch, kv_head, head, first, count;
  };

  void prepare(std::size_t worker, std::size_t matrix) const;
  void compute_part(std::size_t worker, std::size_t index) const;
  void compute(const Memory& m, const Block& b) const;
  void differentiate(const Memory& m, const Block& b) const;
  void add_products(const Memory& m, const Block& b) const;
  Memory memory_of(std::size_t worker) const;

  const Problem& p_;
  const Gradients& to_;
  const Sizes& sizes_;
  const RowOps& ops_ = row_ops();
  void (*multiply_)(const Product&);
  std::size_t queries_, blocks_, parts_;
  Scores scores_;
  RowFunction function_;
  PanelOperand key_panels_, value_panels_;
  RowOperand keys_, query_rows_, douts_;
  GradientSums dk_, dv_;
  memory::Crew crew_;
  std::size_t row_;
  Arena arena_;
  std::size_t scores_at_, weights_, gradient_, capped_, dq_, buffer_;
};

// Of whole rows, so many that they stay in the second cache level.
std::size_t queries_of(const Sizes& s) {
  constexpr std::size_t kScores = std::size_t{1} << 16;
  const std::size_t fitting = kScores / std::max<std::size_t>(s.keys, 1);
  return std::clamp<std::size_t>(fitting, 6, 48);
}

BackwardRows::BackwardRows(const Problem& p, const Matrices& dout, const Gradients& to)
    : p_(p),
      to_(to),
      sizes_(p.sizes),
      multiply_(p.reproducible ? products().rounded : products().fused),
      queries_(queries_of(sizes_)),
      blocks_((sizes_.queries + queries_ - 1) / queries_),
      parts_(parts_of(sizes_, blocks_)),
      scores_(p),
      function_(p),
      key_panels_(p.k, sizes_.batches, sizes_.kv_heads, sizes_.keys, sizes_.key_width, p.scale),
      value_panels_(p.v, sizes_.batches, sizes_.kv_heads, sizes_.keys, sizes_.out_width),
      keys_(p.k, sizes_.batches, sizes_.kv_heads, sizes_.keys, sizes_.key_width),
      query_rows_(p.q, sizes_.batches, sizes_.heads, sizes_.queries, sizes_.key_width),
      douts_(dout, sizes_.batches, sizes_.heads, sizes_.queries, sizes_.out_width),
      dk_(parts_, sizes_.batches, sizes_.kv_heads, sizes_.keys, sizes_.key_width),
      dv_(parts_, sizes_.batches, sizes_.kv_heads, sizes_.keys, sizes_.out_width),
      crew_(crew_of(p, 5)),
      row_(round_up(sizes_.keys, kKeyUnit) + kRowUnit) {
  const Size scores = Size(queries_) * row_;
  scores_at_ = arena_.add(scores);
  weights_ = arena_.add(scores_.drops() ? scores : Size(0));
  gradient_ = arena_.add(scores);
  capped_ = arena_.add(p.softcap ? scores : Size(0));
  dq_ = arena_.add(Size(queries_) * keys_.width());
  buffer_ = arena_.add(std::max(key_panels_.buffer_size(), value_panels_.buffer_size()));
  arena_.allocate(crew_.workers);
}

void BackwardRows::run() {
  const auto for_each = [&](std::size_t n, auto&& body) {
    memory::share(n, 1, crew_, [&](std::size_t worker, std::size_t i, std::size_t end) {
      for (; i < end; ++i) body(worker, i);
    });
  };
  const std::size_t matrices = sizes_.batches * sizes_.kv_heads;
  for_each(matrices, [&](std::size_t w, std::size_t i) { prepare(w, i); });
  for_each(matrices * parts_, [&](std::size_t w, std::size_t i) { compute_part(w, i); });
  for_each(matrices, [&](std::size_t, std::size_t i) {
    const std::size_t batch = i / sizes_.kv_heads, head = i % sizes_.kv_heads;
    dk_.store(batch, head, p_.scale, to_.dk);
    dv_.store(batch, head, 1, to_.dv);
  });
}

void BackwardRows::prepare(std::size_t worker, std::size_t matrix) const {
  const std::size_t batch = matrix / sizes_.kv_heads, kv_head = matrix % sizes_.kv_heads;
  float* const buffer = arena_.at(worker, buffer_);
  for (std::size_t row = 0; row < sizes_.keys; row += kPackedRows) {
    const std::size_t n = std::min(kPackedRows, sizes_.keys - row);
    key_panels_.prepare(batch, kv_head, row, n, buffer);
    value_panels_.prepare(batch, kv_head, row, n, buffer);
  }
  keys_.prepare(batch, kv_head, 0, sizes_.keys);
  for (std::size_t h = 0; h < sizes_.group(); ++h) {
    query_rows_.prepare(batch, kv_head * sizes_.group() + h, 0, sizes_.queries);
    douts_.prepare(batch, kv_head * sizes_.group() + h, 0, sizes_.queries);
  }
}

BackwardRows::Memory BackwardRows::memory_of(std::size_t worker) const {
  float* const scores = arena_.at(worker, scores_at_);
  return {scores, scores_.drops() ? arena_.at(worker, weights_) : scores,
          arena_.at(worker, gradient_), arena_.at(worker, capped_), arena_.at(worker, dq_)};
}

void BackwardRows::compute_part(std::size_t worker, std::size_t index) const {
  const std::size_t matrix = index / parts_, part = index % parts_;
  const std::size_t batch = matrix / sizes_.kv_heads, kv_head = matrix % sizes_.kv_heads;
  const Memory m = memory_of(worker);
  dk_.clear(part, batch, kv_head);
  dv_.clear(part, batch, kv_head);
  for (std::size_t h = 0; h < sizes_.group(); ++h) {
    for (std::size_t block = part; block < blocks_; block += parts_) {
      const std::size_t first = block * queries_;
      compute(m, {part, batch, kv_head, kv_head * sizes_.group() + h, first,
                  std::min(queries_, sizes_.queries - first)});
    }
  }
}

void BackwardRows::compute(const Memory& m, const Block& b) const {
  const std::size_t n = round_up(sizes_.keys, products().panel);
  const FloatRows q = query_rows_.of(b.batch, b.head).from(b.first);
  const FloatRows dout = douts_.of(b.batch, b.head).from(b.first);
  multiply_({b.count,
             n,
             sizes_.key_width,
             {q.at, static_cast<std::ptrdiff_t>(q.stride), 1},
             key_panels_.of(b.batch, b.kv_head, 0),
             m.scores,
             row_});
  multiply_({b.count,
             n,
             sizes_.out_width,
             {dout.at, static_cast<std::ptrdiff_t>(dout.stride), 1},
             value_panels_.of(b.batch, b.kv_head, 0),
             m.gradient,
             row_});
  differentiate(m, b);
  add_products(m, b);
}

// The gradient of the scores, from that of the weights.
void BackwardRows::differentiate(const Memory& m, const Block& b) const {
  const std::size_t keys = sizes_.keys, n = round_up(keys, kRowUnit);
  const float cap = p_.softcap ? static_cast<float>(1 / *p_.softcap) : 0;
  for (std::size_t i = 0; i < b.count; ++i) {
    const Place at = {b.batch, b.head, b.first + i, 0};
    float *const s = m.scores + i * row_, *const dx = m.gradient + i * row_;
    scores_.cap(s, n);
    if (p_.softcap) std::copy_n(s, n, m.capped + i * row_);
    scores_.mask(at, s, n);
    function_.apply(s, keys);
    if (scores_.drops()) {
      scores_.drop(at, s, m.weights + i * row_, keys);
      scores_.drop_gradient(at, dx, keys);
    }
    function_.backward(s, dx, dx, keys);
    if (p_.softcap) ops_.softcap_gradient(m.capped + i * row_, cap, dx, n);
  }
}

void BackwardRows::add_products(const Memory& m, const Block& b) const {
  const std::size_t panel = products().panel;
  const auto row = static_cast<std::ptrdiff_t>(row_);
  const FloatRows q = query_rows_.of(b.batch, b.head).from(b.first);
  const FloatRows dout = douts_.of(b.batch, b.head).from(b.first);
  const FloatRows k = keys_.of(b.batch, b.kv_head);
  multiply_({sizes_.keys,
             dv_.width(),
             b.count,
             {m.weights, 1, row},
             {dout.at, dout.stride, panel},
             dv_.of(b.part, b.batch, b.kv_head),
             dv_.width(),
             true});
  multiply_({sizes_.keys,
             dk_.width(),
             b.count,
             {m.gradient, 1, row},
             {q.at, q.stride, panel},
             dk_.of(b.part, b.batch, b.kv_head),
             dk_.width(),
             true});
  multiply_({b.count,
             keys_.width(),
             sizes_.keys,
             {m.gradient, row, 1},
             {k.at, k.stride, panel},
             m.queries,
             keys_.width()});
  for (std::size_t i = 0; i < b.count; ++i) {
    float* const dq = m.queries + i * keys_.width();
    ops_.scale(dq, keys_.width(), p_.scale);
    to_.dq.store(dq, b.batch, b.head, b.first + i, sizes_.key_width);
  }
}

}  // namespace

void backward_rows(const Problem& p, const Matrices& dout, const Gradients& to) {
  BackwardRows(p, dout, to).run();
}

}  // namespace actfn::nn::attention
