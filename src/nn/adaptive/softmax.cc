// SPDX-License-Identifier: Apache-2.0
#include "nn/adaptive/softmax.h"

#include <actfn/rows.h>

#include "nn/adaptive/ops.h"
#include "nn/sums.h"
#include "nn/vector_ops.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace actfn::nn {
namespace {

// Logits of a tile stay in the second cache level from one use to the next.
constexpr int kTile = 1 << 18;
constexpr int kLeastColumns = 512;
constexpr int kMostColumns = 4096;

}  // namespace

void PaddedRows::resize(int rows, int columns) {
  stride_ = row_stride(columns);
  const auto size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(stride_);
  if (data_.size() < size) data_.resize(size);
}

void PaddedRows::copy(Team& team, const float* x, int columns, Range rows) {
  constexpr int kRows = 64;
  team.run(part_count(rows.size(), kRows), [&](int /*member*/, int block) {
    const Range some = part(rows.size(), kRows, block);
    for (int r = some.begin; r < some.end; ++r) {
      std::copy_n(x + static_cast<std::ptrdiff_t>(rows.begin + r) * columns, columns, row(r));
    }
  });
}

void PaddedRows::gather(const PaddedRows& x, int columns, std::span<const int> rows) {
  int to = 0;
  for (const int r : rows) std::copy_n(x.row(r), columns, row(to++));
}

struct AdaptiveSoftmax::Pass {
  const SoftmaxParameters& p;
  const PaddedRows& h;
  std::span<const int> labels;
  std::span<const RowGradient> gradients;
  Range rows;  // of the piece

  bool first() const { return rows.begin == 0; }
};

AdaptiveSoftmax::AdaptiveSoftmax(int features, int entries, std::vector<int> clusters)
    : features_(features), entries_(entries), clusters_(std::move(clusters)) {}

double AdaptiveSoftmax::class_count() const {
  const double own = entries_ - static_cast<int>(clusters_.size());
  return std::accumulate(clusters_.begin(), clusters_.end(), own);
}

int AdaptiveSoftmax::tile_columns() const {
  return std::clamp(kTile / piece_rows_, kLeastColumns, kMostColumns);
}

void AdaptiveSoftmax::reserve(int rows) {
  kept_ = false;
  const int most = std::max(1, kMostNumbers / row_stride(entries_));
  const int piece = std::min(rows, most);
  log_probs_.resize(piece, entries_);
  rows_ = rows;
  piece_rows_ = piece;
}

void AdaptiveSoftmax::multiply(Team& team, const SoftmaxParameters& p, const PaddedRows& h,
                               Range rows) {
  const int most = tile_columns();
  team.run(part_count(entries_, most), [&](int /*member*/, int tile) {
    const Range c = part(entries_, most, tile);
    const float* weight = p.weight.data + static_cast<std::ptrdiff_t>(c.begin) * p.weight.stride;
    p.products.multiply(rows.size(), c.size(), features_, h.matrix(rows.begin),
                        {weight, p.weight.stride, true}, log_probs_.row(0) + c.begin,
                        log_probs_.stride());
    if (p.bias == nullptr) return;
    for (int r = 0; r < rows.size(); ++r) {
      add_row(p.bias + c.begin, 1, index(c.size()), log_probs_.row(r) + c.begin);
    }
  });
}

void AdaptiveSoftmax::normalize(Range rows) {
  const Rows<float> z{.data = log_probs_.row(rows.begin),
                      .rows = index(rows.size()),
                      .columns = index(entries_),
                      .row_stride = log_probs_.stride()};
  log_softmax(z, -1, z);
}

// Over all classes.
double AdaptiveSoftmax::sum_of(const float* log_probs) const {
  double sum =
      sum_over(index(entries_), [&](std::size_t i) { return static_cast<double>(log_probs[i]); });
  const float* entry = log_probs + entries_ - clusters_.size();
  for (const int classes : clusters_) sum += (classes - 1) * static_cast<double>(*entry++);
  return sum;
}

void AdaptiveSoftmax::forward(Team& team, const SoftmaxParameters& p, const PaddedRows& h,
                              std::span<const int> labels, bool sums,
                              std::span<RowResult> results) {
  for_each_row(team, p, h, [&](int row, const float* log_probs) {
    const int label = labels[index(row)];
    const double of_label = label == kNoLabel ? 0 : static_cast<double>(log_probs[label]);
    results[index(row)] = {of_label, sums ? sum_of(log_probs) : 0};
  });
  kept_ = piece_rows_ == rows_;
}

// From log-probabilities to the gradient by logits: some columns of one row of the piece.
void AdaptiveSoftmax::differentiate_row(const Pass& pass, int row, Range columns) {
  const std::size_t i = index(pass.rows.begin + row);
  const RowGradient& g = pass.gradients[i];
  const int label = pass.labels[i];
  float* z = log_probs_.row(row);
  if (entries_ == 1) {  // its probability is 1, or NaN
    z[0] *= 0.0F;
    return;
  }
  const double all = g.uniform * class_count() + (label == kNoLabel ? 0 : g.label);
  softmax_gradient(static_cast<float>(g.uniform), static_cast<float>(all), z + columns.begin,
                   index(columns.size()));
  if (columns.begin <= label && label < columns.end) z[label] += static_cast<float>(g.label);
  if (g.uniform == 0) return;
  int entry = entries_ - static_cast<int>(clusters_.size());
  for (const int classes : clusters_) {
    if (columns.begin <= entry && entry < columns.end) {
      z[entry] += static_cast<float>(g.uniform * (classes - 1));
    }
    ++entry;
  }
}

void AdaptiveSoftmax::differentiate_tile(const Pass& pass, int tile) {
  const int rows = pass.rows.size();
  const Range c = part(entries_, tile_columns(), tile);
  for (int r = 0; r < rows; ++r) differentiate_row(pass, r, c);
  const float* dz = log_probs_.row(0) + c.begin;
  const auto first = static_cast<std::ptrdiff_t>(c.begin);
  const ProductKind& products = pass.p.products;
  const auto multiply = pass.first() ? products.multiply : products.add;
  multiply(c.size(), features_, rows, {dz, log_probs_.stride(), true},
           pass.h.matrix(pass.rows.begin), pass.p.weight_gradient + first * features_, features_);
  if (pass.p.bias != nullptr) {
    float* sum = pass.p.bias_gradient + first;
    if (pass.first()) std::fill_n(sum, c.size(), 0.0F);
    for (int r = 0; r < rows; ++r) add_row(log_probs_.row(r) + c.begin, 1, index(c.size()), sum);
  }
  const Matrix weight{pass.p.weight.data + first * pass.p.weight.stride, pass.p.weight.stride};
  const std::size_t at = index(tile) * index(rows) * index(features_);
  products.multiply(rows, features_, c.size(), {dz, log_probs_.stride()}, weight,
                    partial_.data() + at, features_);
}

void AdaptiveSoftmax::differentiate_piece(Team& team, const Pass& pass, PaddedRows& dh) {
  const int tiles = part_count(entries_, tile_columns());
  const int rows = pass.rows.size();
  team.run(tiles, [&](int /*member*/, int tile) { differentiate_tile(pass, tile); });
  team.run(part_count(rows, kRowsAtOnce), [&](int /*member*/, int block) {
    const Range some = part(rows, kRowsAtOnce, block);
    for (int r = some.begin; r < some.end; ++r) {
      sum_parts(partial_.data() + index(r) * index(features_), index(tiles),
                index(rows) * index(features_), index(features_), dh.row(pass.rows.begin + r));
    }
  });
}

void AdaptiveSoftmax::backward(Team& team, const SoftmaxParameters& p, const PaddedRows& h,
                               std::span<const int> labels, std::span<const RowGradient> gradients,
                               PaddedRows& dh) {
  const std::size_t tiles = index(part_count(entries_, tile_columns()));
  const std::size_t size = tiles * index(piece_rows_) * index(features_);
  if (partial_.size() < size) partial_.resize(size);
  const bool kept = std::exchange(kept_, false);
  if (kept) {
    differentiate_piece(team, {p, h, labels, gradients, {0, rows_}}, dh);
    return;
  }
  for_each_piece(team, p, h, [&](Range rows) {
    differentiate_piece(team, {p, h, labels, gradients, rows}, dh);
  });
}

}  // namespace actfn::nn
