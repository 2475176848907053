// SPDX-License-Identifier: Apache-2.0
#include "nn/attention/backward.h"

#include "memory/scratch.h"
#include "memory/share.h"
#include "nn/attention/gradient_sums.h"
#include "nn/attention/operands.h"
#include "nn/attention/scores.h"
#include "nn/attention/tiles.h"

#include <algorithm>

namespace actfn::nn::attention {
namespace {

// The more queries, the longer are the sums of products. But fewer ones leave out more keys that
// they may not see, which counts where there are few keys. The bits are the same.
std::size_t queries_of(const Problem& p) {
  constexpr std::size_t kMany = 96, kFew = 48, kShort = 256;
  return p.leaves_keys_out() && p.sizes.keys <= kShort ? kFew : kMany;
}

// Few heads of short rows are cut into smaller tiles: a tile is computed by one thread.
std::size_t keys_of(const Sizes& s) {
  constexpr std::size_t kMost = kPackedRows, kLeast = 64, kTiles = 4;
  std::size_t keys = kMost;
  const auto tiles = [&] { return s.batches * s.kv_heads * quotient(s.keys, keys); };
  while (keys > kLeast && tiles() < kTiles) keys /= 2;
  return keys;
}

// Keys are the outer loop: the gradients of a tile's keys and values stay in the cache, while those
// of the queries are added to in memory.
class Backward {
 public:
  Backward(const Problem& p, const Matrices& dout, const Matrices& out, const RowState* states,
           const Gradients& to);
  void run();

 private:
  // A worker's memory.
  struct Memory {
    float *scores, *weights, *gradient, *capped, *keys, *values;
    float *key_panels, *query_panels, *dout_panels;  // of rows
  };
  // A tile of the keys of one kv head, and the queries of one head that it meets.
  struct Tile {
    std::size_t part, batch, kv_head;
    Span keys;
    std::size_t head = 0, first = 0, count = 0;
    Span seen = {0, 0};  // the keys that these queries may see
    bool empty = true;   // the gradients of its keys and values have nothing yet

    std::size_t columns() const { return seen.end - seen.begin; }
  };

  void prepare_keys(std::size_t worker, std::size_t index) const;
  void prepare_queries(std::size_t worker, std::size_t index);
  void compute_part(std::size_t worker, std::size_t index) const;
  void compute_tile(const Memory& m, Tile& t) const;
  void clear(const Memory& m, Tile& t) const;
  void compute(const Memory& m, const Tile& t) const;
  void differentiate(const Memory& m, const Tile& t) const;
  void add_products(const Memory& m, const Tile& t) const;
  void store_keys(const Memory& m, const Tile& t) const;
  void store_queries(std::size_t index) const;
  void store_sinks(const Tensor& dsinks) const;
  Memory memory_of(std::size_t worker) const;
  std::size_t row_of(const Tile& t) const {
    return (t.batch * sizes_.heads + t.head) * sizes_.queries + t.first;
  }

  const Problem& p_;
  const Matrices& out_;
  const RowState* states_;
  const Gradients& to_;
  const Sizes& sizes_;
  const RowOps& ops_ = row_ops();
  void (*multiply_)(const Product&);
  std::size_t queries_at_once_, keys_at_once_;
  std::size_t row_;  // the distance of rows of scores
  std::size_t tiles_, blocks_, parts_;
  Scores scores_;
  PanelOperand key_panels_, value_panels_;
  RowOperand keys_, queries_, douts_;
  GradientSums dq_;
  memory::Scratch mean_memory_;
  float* means_;  // sum(dout out) of each row
  memory::Crew crew_;
  Arena arena_;
  std::size_t scores_at_, weights_, gradient_, capped_, dk_, dv_, buffer_;
  std::size_t key_rows_, query_rows_, dout_rows_;
};

Backward::Backward(const Problem& p, const Matrices& dout, const Matrices& out,
                   const RowState* states, const Gradients& to)
    : p_(p),
      out_(out),
      states_(states),
      to_(to),
      sizes_(p.sizes),
      multiply_(p.reproducible ? products().rounded : products().fused),
      queries_at_once_(queries_of(p)),
      keys_at_once_(keys_of(sizes_)),
      row_(keys_at_once_ + kRowUnit),
      tiles_(quotient(sizes_.keys, keys_at_once_)),
      blocks_(quotient(sizes_.queries, kPackedRows)),
      parts_(parts_of(sizes_, tiles_)),
      scores_(p),
      key_panels_(p.k, sizes_.batches, sizes_.kv_heads, sizes_.keys, sizes_.key_width, p.scale),
      value_panels_(p.v, sizes_.batches, sizes_.kv_heads, sizes_.keys, sizes_.out_width),
      keys_(p.k, sizes_.batches, sizes_.kv_heads, sizes_.keys, sizes_.key_width),
      queries_(p.q, sizes_.batches, sizes_.heads, sizes_.queries, sizes_.key_width),
      douts_(dout, sizes_.batches, sizes_.heads, sizes_.queries, sizes_.out_width),
      dq_(parts_, sizes_.batches, sizes_.heads, sizes_.queries, sizes_.key_width),
      mean_memory_((Size(sizes_.rows()) * sizeof(float)).value()),
      means_(reinterpret_cast<float*>(mean_memory_.data())),
      crew_(crew_of(p, 5)) {
  const std::size_t scores = queries_at_once_ * row_;
  scores_at_ = arena_.add(scores);
  weights_ = arena_.add(scores_.drops() ? scores : 0);
  gradient_ = arena_.add(scores);
  capped_ = arena_.add(p.softcap ? scores : 0);
  dk_ = arena_.add(Size(keys_at_once_) * keys_.width());
  dv_ = arena_.add(Size(keys_at_once_) * douts_.width());
  key_rows_ = arena_.add(Size(keys_at_once_) * keys_.width());
  query_rows_ = arena_.add(Size(queries_at_once_) * keys_.width());
  dout_rows_ = arena_.add(Size(queries_at_once_) * douts_.width());
  buffer_ =
      arena_.add(std::max(key_panels_.buffer_size(), value_panels_.buffer_size()) + douts_.width());
  arena_.allocate(crew_.workers);
}

void Backward::run() {
  run_turns(crew_, sizes_.batches * sizes_.kv_heads, [&](const auto& turn) {
    turn(tiles_, [&](std::size_t w, std::size_t i) { prepare_keys(w, i); });
    turn(sizes_.group() * blocks_, [&](std::size_t w, std::size_t i) { prepare_queries(w, i); });
    turn(parts_, [&](std::size_t w, std::size_t i) { compute_part(w, i); });
    turn(sizes_.group(), [&](std::size_t, std::size_t i) { store_queries(i); });
  });
  if (to_.dsinks) store_sinks(*to_.dsinks);
}

void Backward::store_queries(std::size_t index) const {
  dq_.store(index / sizes_.heads, index % sizes_.heads, p_.scale, to_.dq);
}

void Backward::prepare_keys(std::size_t worker, std::size_t index) const {
  const std::size_t matrix = index / tiles_, row = index % tiles_ * keys_at_once_;
  const std::size_t batch = matrix / sizes_.kv_heads, head = matrix % sizes_.kv_heads;
  const std::size_t n = std::min(keys_at_once_, sizes_.keys - row);
  float* const buffer = arena_.at(worker, buffer_);
  key_panels_.prepare(batch, head, row, n, buffer);
  value_panels_.prepare(batch, head, row, n, buffer);
  keys_.prepare(batch, head, row, n);
}

void Backward::prepare_queries(std::size_t worker, std::size_t index) {
  const std::size_t matrix = index / blocks_, row = index % blocks_ * kPackedRows;
  const std::size_t batch = matrix / sizes_.heads, head = matrix % sizes_.heads;
  const std::size_t n = std::min(kPackedRows, sizes_.queries - row);
  queries_.prepare(batch, head, row, n);
  douts_.prepare(batch, head, row, n);
  const bool in_place = has_plain_rows(out_) && sizes_.out_width == douts_.width();
  float* const copy = arena_.at(worker, buffer_);
  std::fill_n(copy, douts_.width(), 0.0F);
  float* const means = means_ + matrix * sizes_.queries;
  for (std::size_t i = row; i < row + n; ++i) {
    if (!in_place) out_.load(batch, head, i, 0, sizes_.out_width, copy);
    const float* const out =
        in_place ? reinterpret_cast<const float*>(out_.at(batch, head, i)) : copy;
    means[i] = ops_.dot(out, douts_.of(batch, head).from(i).at, douts_.width());
  }
}

Backward::Memory Backward::memory_of(std::size_t worker) const {
  float* const scores = arena_.at(worker, scores_at_);
  return {scores,
          scores_.drops() ? arena_.at(worker, weights_) : scores,
          arena_.at(worker, gradient_),
          arena_.at(worker, capped_),
          arena_.at(worker, dk_),
          arena_.at(worker, dv_),
          arena_.at(worker, key_rows_),
          arena_.at(worker, query_rows_),
          arena_.at(worker, dout_rows_)};
}

// Some tiles of the keys of one kv head, with the queries of all heads that use it.
void Backward::compute_part(std::size_t worker, std::size_t index) const {
  const std::size_t matrix = index / parts_, part = index % parts_;
  Tile t = {part, matrix / sizes_.kv_heads, matrix % sizes_.kv_heads, {0, 0}};
  const Memory m = memory_of(worker);
  for (std::size_t h = 0; h < sizes_.group(); ++h) {
    dq_.clear(part, t.batch, t.kv_head * sizes_.group() + h);
  }
  // Every parts-th tile: with a causal mask the first ones have more work.
  for (std::size_t tile = part; tile < tiles_; tile += parts_) {
    t.keys = {tile * keys_at_once_, std::min((tile + 1) * keys_at_once_, sizes_.keys)};
    t.empty = true;
    compute_tile(m, t);
  }
}

void Backward::compute_tile(const Memory& m, Tile& t) const {
  const FloatRows k = keys_.of(t.batch, t.kv_head).from(t.keys.begin);
  products().split({k.at, k.stride, t.keys.end - t.keys.begin, keys_.width()}, m.key_panels);
  for (std::size_t h = 0; h < sizes_.group(); ++h) {
    t.head = t.kv_head * sizes_.group() + h;
    for (t.first = 0; t.first < sizes_.queries; t.first += queries_at_once_) {
      t.count = std::min(queries_at_once_, sizes_.queries - t.first);
      const Span seen = keys_of_block(p_, t.first, t.first + t.count);
      t.seen = {std::max(seen.begin, t.keys.begin), std::min(seen.end, t.keys.end)};
      if (t.seen.begin >= t.seen.end) continue;
      if (t.empty && t.columns() < t.keys.end - t.keys.begin) clear(m, t);
      compute(m, t);
      t.empty = false;
    }
  }
  if (t.empty) clear(m, t);
  store_keys(m, t);
}

void Backward::clear(const Memory& m, Tile& t) const {
  std::fill_n(m.keys, keys_at_once_ * keys_.width(), 0.0F);
  std::fill_n(m.values, keys_at_once_ * douts_.width(), 0.0F);
  t.empty = false;
}

void Backward::compute(const Memory& m, const Tile& t) const {
  const std::size_t n = round_up(t.columns(), products().panel);
  const FloatRows q = queries_.of(t.batch, t.head).from(t.first);
  const FloatRows dout = douts_.of(t.batch, t.head).from(t.first);
  multiply_({t.count,
             n,
             sizes_.key_width,
             {q.at, static_cast<std::ptrdiff_t>(q.stride), 1},
             key_panels_.of(t.batch, t.kv_head, t.seen.begin),
             m.scores,
             row_});
  multiply_({t.count,
             n,
             sizes_.out_width,
             {dout.at, static_cast<std::ptrdiff_t>(dout.stride), 1},
             value_panels_.of(t.batch, t.kv_head, t.seen.begin),
             m.gradient,
             row_});
  differentiate(m, t);
  add_products(m, t);
}

// Makes weights of scores, before and after dropout, and the gradient of the scores of that of the
// weights.
void Backward::differentiate(const Memory& m, const Tile& t) const {
  const std::size_t n = round_up(t.columns(), kRowUnit);
  const float cap = p_.softcap ? static_cast<float>(1 / *p_.softcap) : 0;
  for (std::size_t i = 0; i < t.count; ++i) {
    const Place at = {t.batch, t.head, t.first + i, t.seen.begin};
    const RowState state = states_[row_of(t) + i];
    float *const s = m.scores + i * row_, *const dx = m.gradient + i * row_;
    scores_.cap(s, n);
    if (p_.softcap) std::copy_n(s, n, m.capped + i * row_);
    scores_.mask(at, s, n);
    ops_.scaled_exp(s, n, state.max, state.factor);
    if (scores_.drops()) {
      scores_.drop(at, s, m.weights + i * row_, t.columns());
      scores_.drop_gradient(at, dx, t.columns());
    }
    ops_.score_gradient(s, dx, means_[row_of(t) + i], dx, n);
    if (p_.softcap) ops_.softcap_gradient(m.capped + i * row_, cap, dx, n);
  }
}

void Backward::add_products(const Memory& m, const Tile& t) const {
  const std::size_t panel = products().panel;
  const auto row = static_cast<std::ptrdiff_t>(row_);
  const FloatRows q = queries_.of(t.batch, t.head).from(t.first);
  const FloatRows dout = douts_.of(t.batch, t.head).from(t.first);
  const std::size_t at = t.seen.begin - t.keys.begin, keys = t.keys.end - t.keys.begin;
  products().split({dout.at, dout.stride, t.count, douts_.width()}, m.dout_panels);
  products().split({q.at, q.stride, t.count, keys_.width()}, m.query_panels);
  multiply_({t.columns(),
             douts_.width(),
             t.count,
             {m.weights, 1, row},
             {m.dout_panels, panel, t.count * panel},
             m.values + at * douts_.width(),
             douts_.width(),
             !t.empty});
  multiply_({t.columns(),
             keys_.width(),
             t.count,
             {m.gradient, 1, row},
             {m.query_panels, panel, t.count * panel},
             m.keys + at * keys_.width(),
             keys_.width(),
             !t.empty});
  multiply_({t.count,
             keys_.width(),
             t.columns(),
             {m.gradient, row, 1},
             {m.key_panels + at * panel, panel, keys * panel},
             dq_.of(t.part, t.batch, t.head) + t.first * dq_.width(),
             dq_.width(),
             true});
}

void Backward::store_keys(const Memory& m, const Tile& t) const {
  ops_.scale(m.keys, (t.keys.end - t.keys.begin) * keys_.width(), p_.scale);
  for (std::size_t i = 0; i < t.keys.end - t.keys.begin; ++i) {
    const std::size_t key = t.keys.begin + i;
    to_.dk.store(m.keys + i * keys_.width(), t.batch, t.kv_head, key, sizes_.key_width);
    to_.dv.store(m.values + i * douts_.width(), t.batch, t.kv_head, key, sizes_.out_width);
  }
}

// The gradient of a sink is -p sum(dout out) for each row, p being the sink's weight.
void Backward::store_sinks(const Tensor& dsinks) const {
  for (std::size_t head = 0; head < sizes_.heads; ++head) {
    double sum = 0;
    for (std::size_t batch = 0; batch < sizes_.batches; ++batch) {
      const std::size_t first = (batch * sizes_.heads + head) * sizes_.queries;
      for (std::size_t row = first; row < first + sizes_.queries; ++row) {
        const RowState& state = states_[row];
        const float weight = ops_.exp_of(p_.sink_of(head) - state.max) * state.factor;
        sum -= static_cast<double>(weight) * static_cast<double>(means_[row]);
      }
    }
    const auto at = static_cast<std::ptrdiff_t>(head) * dsinks.strides()[0];
    dsinks.data<float>()[at] = static_cast<float>(sum);
  }
}

}  // namespace

void backward(const Problem& p, const Matrices& dout, const Matrices& out, const RowState* states,
              const Gradients& to) {
  Backward(p, dout, out, states, to).run();
}

}  // namespace actfn::nn::attention
