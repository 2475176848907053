// SPDX-License-Identifier: Apache-2.0
#include "nn/attention/projection.h"

#include "nn/cut.h"
#include "nn/vector_ops.h"

#include <algorithm>

namespace actfn::nn::attention {
namespace {

// Rows of one product.
constexpr int kMostRows = 128;

// f(rows) for each part of n, which may be 0.
template <class F>
void for_each_part(Team& team, int n, const F& f) {
  if (n == 0) return;
  team.run(part_count(n, kMostRows), [&](int /*member*/, int i) {
    const Range r = part(n, kMostRows, i);
    if (r.size() > 0) f(r);
  });
}

}  // namespace

void Projector::project(const Projection& f, const float* x, std::size_t rows, float* y) const {
  const auto in = static_cast<int>(f.inputs), outs = static_cast<int>(f.outputs);
  for_each_part(team, static_cast<int>(rows), [&](const Range& r) {
    float* const to = y + std::ptrdiff_t{r.begin} * outs;
    multiply(r.size(), outs, in, {x + std::ptrdiff_t{r.begin} * in, in},
             {parameters + f.weight, in, true}, to, outs);
    if (!f.bias) return;
    add_row(parameters + *f.bias, static_cast<std::size_t>(r.size()), f.outputs, to);
  });
}

void Projector::differentiate(const Projection& f, const float* x, const float* dy,
                              std::size_t rows, float* gradients, float* dx) const {
  const auto n = static_cast<int>(rows);
  const auto in = static_cast<int>(f.inputs), outs = static_cast<int>(f.outputs);
  float* const g = gradients + f.weight;
  if (f.bias) std::fill_n(gradients + *f.bias, f.outputs, 0.0F);
  if (rows == 0) return static_cast<void>(std::fill_n(g, f.outputs * f.inputs, 0.0F));
  if (f.bias) sum_rows(dy, rows, f.outputs, gradients + *f.bias);
  for_each_part(team, outs, [&](const Range& r) {
    multiply(r.size(), in, n, {dy + r.begin, outs, true}, {x, in}, g + std::ptrdiff_t{r.begin} * in,
             in);
  });
  if (dx == nullptr) return;
  for_each_part(team, n, [&](const Range& r) {
    multiply(r.size(), in, outs, {dy + std::ptrdiff_t{r.begin} * outs, outs},
             {parameters + f.weight, in}, dx + std::ptrdiff_t{r.begin} * in, in);
  });
}

}  // namespace actfn::nn::attention
