// SPDX-License-Identifier: Apache-2.0
// What training does to whole arrays besides products and activations; through Highway, on the
// instruction set that actfn::target() names.
#pragma once

#include <cstddef>
#include <cstdint>

namespace actfn::nn {

// One step's constants of Adam: see optimizer.h.
struct AdamStep {
  float beta1, one_minus_beta1, beta2, one_minus_beta2;
  float step_size;        // lr / (1 - beta1^t)
  float root_correction;  // 1 / sqrt(1 - beta2^t)
  float eps, weight_decay;
};

struct SgdStep {
  float lr, momentum, weight_decay;
};

// n parameters, with their running averages, and their gradients.
struct UpdateBlock {
  float* w;
  float* m;
  float* v;  // Adam alone
  const float* g;
  std::size_t n;
};

struct RowLoss {
  double loss;   // log sum exp(x) - x[label]
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
  RowLoss (*row_cross_entropy)(const float* x, std::size_t columns, std::size_t label, float scale,
                               float* gradient);
};

void adam_update(const AdamStep& step, const UpdateBlock& block);
void sgd_update(const SgdStep& step, const UpdateBlock& block);

// sum[c] = over r of x[r][c], r ascending.
void sum_rows(const float* x, std::size_t rows, std::size_t columns, float* sum);

// sum[i] = over p of x[p * stride + i], p ascending.
void sum_parts(const float* x, std::size_t parts, std::size_t stride, std::size_t n, float* sum);

// x[r][c] += bias[c].
void add_row(const float* bias, std::size_t rows, std::size_t columns, float* x);

// y[i] = x[i] * scale.
void scale_bytes(const std::uint8_t* x, std::size_t n, float scale, float* y);

// Softmax cross-entropy of one row; gradient[c] = scale * (softmax(x)[c] - (c == label)) unless
// gradient is null.
RowLoss row_cross_entropy(const float* x, std::size_t columns, std::size_t label, float scale,
                          float* gradient);

}  // namespace actfn::nn
