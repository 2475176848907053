// SPDX-License-Identifier: Apache-2.0
#include "nn/attention/forward.h"

#include "kernels/entry.h"
#include "memory/share.h"
#include "nn/attention/operands.h"
#include "nn/attention/row_function.h"
#include "nn/attention/scores.h"
#include "nn/attention/tiles.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace actfn::nn::attention {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

Tiling tiling_of(const Problem& p, bool whole) {
  constexpr std::size_t kQueries = 96, kKeys = 256, kBlocks = 4, kLeastQueries = 24;
  constexpr std::size_t kFewQueries = 24, kFewKeys = 512;  // they leave out more of the keys
  constexpr std::size_t kScores = std::size_t{1} << 16;    // of a block of whole rows
  const Sizes& s = p.sizes;
  const std::size_t keys = whole || s.keys <= kKeys ? std::max<std::size_t>(s.keys, 1) : kKeys;
  const std::size_t fitting = std::max<std::size_t>(kScores / keys, 6);
  const bool few = p.leaves_keys_out() && s.keys <= kFewKeys;
  const std::size_t most = std::min(few ? kFewQueries : kQueries, fitting);
  // Blocks of the same size, and some for each of several threads.
  const std::size_t heads = std::max<std::size_t>(s.batches * s.heads, 1);
  const std::size_t blocks = std::max(quotient(s.queries, most), quotient(kBlocks, heads));
  return {std::max(quotient(s.queries, blocks), std::min(kLeastQueries, most)), keys};
}

// One pass. A block of queries of one head is computed by one thread.
class Forward {
 public:
  Forward(const Problem& p, const ForwardOutputs& to);
  void run();

 private:
  // A block's memory and its place.
  struct Block {
    std::size_t batch, head, first, count;
    Left q;
    float *scores, *sums, *max, *most, *total;  // max: of all tiles so far, most: of this one
    bool empty;                                 // sums has nothing yet
  };

  Block block_of(std::size_t worker, std::size_t index) const;
  void prepare(std::size_t worker, std::size_t index) const;
  void compute(std::size_t worker, std::size_t index) const;
  Left queries_of(const Block& b, float* copy) const;
  void begin(Block& b) const;
  void absorb(Block& b, Span keys) const;
  void make_weights(Block& b, std::size_t first, std::size_t end, Span keys) const;
  void weigh(Block& b, std::size_t row, float* s, std::size_t n) const;
  void rescale(Block& b, std::size_t row, float max) const;
  void finish(const Block& b) const;
  void write_weights(const Block& b, std::size_t row, float factor, const Matrices& to) const;
  static float factor_of(float total) { return total == 0 ? 0 : 1 / total; }

  const Problem& p_;
  const ForwardOutputs& to_;
  const Sizes& sizes_;
  const RowOps& ops_ = row_ops();
  void (*multiply_)(const Product&);
  Tiling tiling_;
  bool copies_queries_;
  Scores scores_;
  RowFunction function_;
  PanelOperand keys_;
  RowOperand values_;
  std::size_t row_;  // the distance of rows of scores
  Arena arena_;
  std::size_t q_, scores_at_, sums_, max_, most_, total_, buffer_;
};

Forward::Forward(const Problem& p, const ForwardOutputs& to)
    : p_(p),
      to_(to),
      sizes_(p.sizes),
      multiply_(p.reproducible ? products().rounded : products().fused),
      tiling_(tiling_of(p, p.has_row_function || to.weights || p.sizes.keys <= kLongestWhole)),
      copies_queries_(!has_plain_rows(p.q)),
      scores_(p),
      function_(p),
      keys_(p.k, sizes_.batches, sizes_.kv_heads, sizes_.keys, sizes_.key_width, p.scale),
      values_(p.v, sizes_.batches, sizes_.kv_heads, sizes_.keys, sizes_.out_width),
      row_(round_up(tiling_.keys, kKeyUnit) + kRowUnit) {
  const Size queries = tiling_.queries;
  q_ = arena_.add(copies_queries_ ? queries * sizes_.key_width : Size(0));
  scores_at_ = arena_.add(queries * row_);
  sums_ = arena_.add(queries * values_.width());
  max_ = arena_.add(queries);
  most_ = arena_.add(queries);
  total_ = arena_.add(queries);
  buffer_ = arena_.add(keys_.buffer_size());
}

void Forward::run() {
  const memory::Crew crew = crew_of(p_, 2);
  arena_.allocate(crew.workers);
  run_turns(crew, sizes_.batches * sizes_.kv_heads, [&](const auto& turn) {
    turn(quotient(sizes_.keys, kPackedRows),
         [&](std::size_t worker, std::size_t i) { prepare(worker, i); });
    turn(sizes_.group() * quotient(sizes_.queries, tiling_.queries),
         [&](std::size_t worker, std::size_t i) { compute(worker, i); });
  });
}

void Forward::prepare(std::size_t worker, std::size_t index) const {
  const std::size_t parts = quotient(sizes_.keys, kPackedRows);
  const std::size_t matrix = index / parts;
  const std::size_t row = index % parts * kPackedRows;
  const std::size_t n = std::min(kPackedRows, sizes_.keys - row);
  const std::size_t batch = matrix / sizes_.kv_heads, head = matrix % sizes_.kv_heads;
  keys_.prepare(batch, head, row, n, arena_.at(worker, buffer_));
  values_.prepare(batch, head, row, n);
}

Forward::Block Forward::block_of(std::size_t worker, std::size_t index) const {
  const std::size_t blocks = quotient(sizes_.queries, tiling_.queries);
  const std::size_t matrix = index / blocks;
  const std::size_t first = index % blocks * tiling_.queries;
  Block b = {matrix / sizes_.heads,
             matrix % sizes_.heads,
             first,
             std::min(tiling_.queries, sizes_.queries - first),
             {},
             arena_.at(worker, scores_at_),
             arena_.at(worker, sums_),
             arena_.at(worker, max_),
             arena_.at(worker, most_),
             arena_.at(worker, total_),
             true};
  b.q = queries_of(b, arena_.at(worker, q_));
  return b;
}

Left Forward::queries_of(const Block& b, float* copy) const {
  if (!copies_queries_) {
    const char* const at = p_.q.at(b.batch, b.head, b.first);
    return {reinterpret_cast<const float*>(at), p_.q.row_stride(), 1};
  }
  const std::size_t width = sizes_.key_width;
  for (std::size_t i = 0; i < b.count; ++i) {
    p_.q.load(b.batch, b.head, b.first + i, 0, width, copy + i * width);
  }
  return {copy, static_cast<std::ptrdiff_t>(width), 1};
}

void Forward::compute(std::size_t worker, std::size_t index) const {
  Block b = block_of(worker, index);
  begin(b);
  Span seen = keys_of_block(p_, b.first, b.first + b.count);
  // Weights, and functions of rows, have all columns.
  if (p_.has_row_function || to_.weights) seen = {0, sizes_.keys};
  for (std::size_t key = seen.begin; key < seen.end;) {
    const std::size_t tile_end = (key / tiling_.keys + 1) * tiling_.keys;
    const std::size_t end = std::min(tile_end, seen.end);
    absorb(b, {key, end});
    key = end;
  }
  finish(b);
}

// What the sink contributes.
void Forward::begin(Block& b) const {
  const float sink = p_.sink_of(b.head);
  for (std::size_t i = 0; i < b.count; ++i) {
    b.max[i] = sink;
    b.total[i] = sink == -kInfinity ? 0 : 1;
  }
}

// One tile: scores, weights, and their products with the values.
void Forward::absorb(Block& b, Span keys) const {
  const std::size_t n = keys.end - keys.begin;
  const std::size_t kv_head = b.head / sizes_.group();
  multiply_({b.count, round_up(n, products().panel), sizes_.key_width, b.q,
             keys_.of(b.batch, kv_head, keys.begin), b.scores, row_});
  constexpr std::size_t kAtOnce = 4;  // each step of several rows: no row waits for another
  for (std::size_t i = 0; i < b.count; i += kAtOnce) {
    make_weights(b, i, std::min(i + kAtOnce, b.count), keys);
  }
  const FloatRows v = values_.of(b.batch, kv_head).from(keys.begin);
  multiply_({b.count,
             values_.width(),
             n,
             {b.scores, static_cast<std::ptrdiff_t>(row_), 1},
             {v.at, v.stride, products().panel},
             b.sums,
             values_.width(),
             !b.empty});
  b.empty = false;
}

// Makes weights of the scores of some rows.
void Forward::make_weights(Block& b, std::size_t first, std::size_t end, Span keys) const {
  const std::size_t n = keys.end - keys.begin, whole = round_up(n, kRowUnit);
  const auto place = [&](std::size_t i) { return Place{b.batch, b.head, b.first + i, keys.begin}; };
  for (std::size_t i = first; i < end; ++i) {
    scores_.finish(place(i), b.scores + i * row_, whole);
    if (!p_.has_row_function) b.most[i] = ops_.max(b.scores + i * row_, whole);
  }
  for (std::size_t i = first; i < end; ++i) {
    float* const s = b.scores + i * row_;
    if (p_.has_row_function) {
      function_.apply(s, n);
      b.total[i] = 1;
    } else {
      weigh(b, i, s, whole);
    }
    if (scores_.drops()) scores_.drop(place(i), s, s, n);
  }
}

// Makes e^(score - max) of a row of scores and adds them to the row's total.
void Forward::weigh(Block& b, std::size_t row, float* s, std::size_t n) const {
  const float most = b.most[row];
  if (most == -kInfinity || std::isnan(most)) {
    const float all = most == -kInfinity ? 0 : most;
    b.total[row] += all;
    std::fill_n(s, n, all);
    return;
  }
  if (most > b.max[row]) rescale(b, row, most);
  if (b.max[row] == kInfinity) {  // the limit: infinite scores share the row evenly
    for (std::size_t j = 0; j < n; ++j) s[j] = s[j] == kInfinity ? 1.0F : 0.0F;
    b.total[row] += static_cast<float>(std::count(s, s + n, 1.0F));
    return;
  }
  b.total[row] += ops_.exp(s, n, b.max[row]);
}

void Forward::rescale(Block& b, std::size_t row, float max) const {
  if (b.empty && b.total[row] == 0) {  // there is nothing yet, as in most first tiles
    b.max[row] = max;
    return;
  }
  const float factor = ops_.exp_of(b.max[row] - max);
  b.max[row] = max;
  b.total[row] *= factor;
  if (b.empty) return;
  ops_.scale(b.sums + row * values_.width(), values_.width(), factor);
}

void Forward::finish(const Block& b) const {
  const std::size_t width = values_.width();
  for (std::size_t i = 0; i < b.count; ++i) {
    float* const sum = b.sums + i * width;
    const float factor = factor_of(b.total[i]);
    if (factor == 0 || b.empty) {
      std::fill_n(sum, width, 0.0F);
    } else {
      ops_.scale(sum, width, factor);
    }
    to_.out.store(sum, b.batch, b.head, b.first + i, sizes_.out_width);
    if (to_.weights) write_weights(b, i, factor, *to_.weights);
    if (to_.states == nullptr) continue;
    const std::size_t row = (b.batch * sizes_.heads + b.head) * sizes_.queries + b.first + i;
    to_.states[row] = {factor == 0 ? 0 : b.max[i], factor};
  }
}

void Forward::write_weights(const Block& b, std::size_t row, float factor,
                            const Matrices& to) const {
  float* const s = b.scores + row * row_;
  if (sizes_.keys == 0) return;
  ops_.scale(s, round_up(sizes_.keys, kRowUnit), factor);
  to.store(s, b.batch, b.head, b.first + row, sizes_.keys);
}

}  // namespace

void forward(const Problem& p, const ForwardOutputs& to) {
  if (p.sizes.rows() == 0) return;
  Forward(p, to).run();
}

}  // namespace actfn::nn::attention
