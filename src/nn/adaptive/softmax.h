// SPDX-License-Identifier: Apache-2.0
// One softmax over many classes: the head of an adaptive softmax, or a cluster.
#pragma once

#include "nn/buffer.h"
#include "nn/cut.h"
#include "nn/product_reproducible.h"
#include "nn/team.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace actfn::nn {

constexpr std::size_t index(int i) { return static_cast<std::size_t>(i); }

// A distance between rows of n numbers that products are fast with: where rows are a multiple of
// 1024 bytes apart, few sets of a cache hold a column.
constexpr int row_stride(int n) {
  const int whole = static_cast<int>(padded(static_cast<std::size_t>(n)));
  return whole % 256 == 0 ? whole + 16 : whole;
}

// Rows of numbers, row_stride() apart.
class PaddedRows {
 public:
  void resize(int rows, int columns);
  float* row(int r) { return data_.data() + static_cast<std::ptrdiff_t>(r) * stride_; }
  const float* row(int r) const { return data_.data() + static_cast<std::ptrdiff_t>(r) * stride_; }
  int stride() const { return stride_; }
  Matrix matrix(int first = 0, bool transposed = false) const {
    return {row(first), stride_, transposed};
  }
  // Copies rows of x, which are `columns` apart; of x, those that are listed.
  void copy(Team& team, const float* x, int columns, Range rows);
  void gather(const PaddedRows& x, int columns, std::span<const int> rows);

 private:
  Buffer data_;
  int stride_ = 0;
};

// [classes, features], [classes] or null, and their gradients, whose rows are `features` apart; and
// how they are multiplied.
struct SoftmaxParameters {
  Matrix weight;
  const float* bias;
  float* weight_gradient;
  float* bias_gradient;
  ProductKind products;
};

// The gradient of the loss by a row's log-probabilities: of its label's, and of each class'.
struct RowGradient {
  double label, uniform;
};

// What forward() gives for a row.
struct RowResult {
  double label;  // the log-probability of its label; 0 where it has none
  double sum;    // of the log-probabilities of all classes
};

inline constexpr int kNoLabel = -1;

class AdaptiveSoftmax {
 public:
  // The last entries stand for clusters of so many classes.
  AdaptiveSoftmax(int features, int entries, std::vector<int> clusters = {});

  // Makes room for so many rows.
  void reserve(int rows);

  // From h [rows, features]. `sums`: whether results need them.
  void forward(Team& team, const SoftmaxParameters& p, const PaddedRows& h,
               std::span<const int> labels, bool sums, std::span<RowResult> results);

  // The gradients of the parameters, and of h into dh. As many rows as in the last forward().
  void backward(Team& team, const SoftmaxParameters& p, const PaddedRows& h,
                std::span<const int> labels, std::span<const RowGradient> gradients,
                PaddedRows& dh);

  // f(row, its log-probabilities) for all rows, whose number is that of reserve(). Threads share
  // them.
  template <class F>
  void for_each_row(Team& team, const SoftmaxParameters& p, const PaddedRows& h, F&& f) {
    for_each_piece(team, p, h, [&](Range rows) {
      team.run(part_count(rows.size(), kRowsAtOnce), [&](int /*member*/, int block) {
        const Range some = part(rows.size(), kRowsAtOnce, block);
        for (int r = some.begin; r < some.end; ++r) f(rows.begin + r, log_probs_.row(r));
      });
    });
  }

 private:
  // There are log-probabilities of so many rows at a time that they are no more than this.
  static constexpr int kMostNumbers = 1 << 24;
  static constexpr int kRowsAtOnce = 16;

  // Threads share logits by columns; their number plays no part in where these are cut.
  int tile_columns() const;
  // The logits of a piece of the rows.
  void multiply(Team& team, const SoftmaxParameters& p, const PaddedRows& h, Range rows);
  // Logits to log-probabilities; of some rows of the piece.
  void normalize(Range rows);
  // f(rows) when log_probs_ are theirs.
  template <class F>
  void for_each_piece(Team& team, const SoftmaxParameters& p, const PaddedRows& h, F&& f) {
    for (int i = 0; i < part_count(rows_, piece_rows_); ++i) {
      const Range rows = part(rows_, piece_rows_, i);
      multiply(team, p, h, rows);
      team.run(part_count(rows.size(), kRowsAtOnce), [&](int /*member*/, int block) {
        normalize(part(rows.size(), kRowsAtOnce, block));
      });
      f(rows);
    }
  }
  double sum_of(const float* log_probs) const;
  double class_count() const;

  // Over a piece of the rows.
  struct Pass;
  void differentiate_row(const Pass& pass, int row, Range columns);
  void differentiate_tile(const Pass& pass, int tile);
  void differentiate_piece(Team& team, const Pass& pass, PaddedRows& dh);

  int features_, entries_;
  std::vector<int> clusters_;
  int rows_ = 0;
  int piece_rows_ = 1;
  bool kept_ = false;     // whether log_probs_ are those of all rows
  PaddedRows log_probs_;  // of one piece
  Buffer partial_;        // [tiles, rows of a piece, features]: parts of dh
};

}  // namespace actfn::nn
