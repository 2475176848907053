// SPDX-License-Identifier: Apache-2.0
// What training does to whole arrays besides products and activations; through Highway, on the
// instruction set that actfn::target() names.
#pragma once

#include <cstddef>
#include <cstdint>

namespace actfn::nn {

// One step's constants of Adam and AdamW: see optimizer.h.
struct AdamStep {
  float beta1, one_minus_beta1, beta2, one_minus_beta2;
  float step_size;        // lr / (1 - beta1^t)
  float root_correction;  // 1 / sqrt(1 - beta2^t)
  float eps;
  float weight_decay;  // Adam's
  float decay = 0;     // AdamW's: lr * weight_decay
};

struct SgdStep {
  float lr, momentum, weight_decay;
  float keep = 1;  // 1 - dampening
  bool nesterov = false;
};

// n parameters, with their running averages, and their gradients.
struct UpdateBlock {
  float* w;
  float* m;
  float* v;  // of Adam and AdamW
  const float* g;
  std::size_t n;
};

// What a row should be: the class `label`, with a share `smoothing` of the probability spread over
// all classes.
struct RowTarget {
  std::size_t label;
  double smoothing = 0;
};

struct RowLoss {
  double loss;   // -sum over c of target[c] log softmax(x)[c]
  bool correct;  // x[label] is the row's maximum, the first of several
};

// One instruction set's.
struct Ops {
  void (*adam)(const AdamStep& step, const UpdateBlock& block);
  void (*sgd)(const SgdStep& step, const UpdateBlock& block);
  void (*sum_parts)(const float* x, std::size_t parts, std::size_t stride, std::size_t n,
                    float* sum);
  void (*add_row)(const float* bias, std::size_t rows, std::size_t columns, float* x);
  void (*scale_bytes)(const std::uint8_t* x, std::size_t n, float scale, float* y);
  RowLoss (*row_cross_entropy)(const float* x, std::size_t columns, const RowTarget& target,
                               double scale, float* gradient);
  double (*sum_squares)(const float* x, std::size_t n);
};

void adam_update(const AdamStep& step, const UpdateBlock& block);
void sgd_update(const SgdStep& step, const UpdateBlock& block);

// sum[c] = over r of x[r][c]: sums of 64 rows, one after the other, are added.
void sum_rows(const float* x, std::size_t rows, std::size_t columns, float* sum);

// sum[i] = over p of x[p * stride + i], in the same order.
void sum_parts(const float* x, std::size_t parts, std::size_t stride, std::size_t n, float* sum);

// x[r][c] += bias[c].
void add_row(const float* bias, std::size_t rows, std::size_t columns, float* x);

// y[i] = x[i] * scale.
void scale_bytes(const std::uint8_t* x, std::size_t n, float scale, float* y);

// Softmax cross-entropy of one row; gradient[c] = scale * (softmax(x)[c] - target[c]) unless
// gradient is null.
RowLoss row_cross_entropy(const float* x, std::size_t columns, const RowTarget& target,
                          double scale, float* gradient);

// The sum of x[i]^2 in double: 16 running sums, element i in sum i % 16, added up in one order.
double sum_squares(const float* x, std::size_t n);

}  // namespace actfn::nn
