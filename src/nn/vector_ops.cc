// SPDX-License-Identifier: Apache-2.0
#include "nn/vector_ops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/vector_ops.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "kernels/memory.h"
#include "kernels/table.h"
#include "math/log.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using nn::AdamStep;
using nn::RowLoss;
using nn::RowTarget;
using nn::SgdStep;
using nn::UpdateBlock;
using V = Lanes<float, 1>;

// x, or 0 in the place of subnormal numbers, which many CPUs are slow with: without gradients,
// moments would become such numbers, and stay it.
HWY_INLINE V NormalOrZero(const V& x) {
  return SelectOrZero(Abs(x) >= V(std::numeric_limits<float>::min()), x);
}

template <bool kDecoupled>
struct Adam {
  V beta1, one_minus_beta1, beta2, one_minus_beta2, step_size, root_correction, eps, weight_decay;
  V decay;

  explicit HWY_INLINE Adam(const AdamStep& s)
      : beta1(s.beta1),
        one_minus_beta1(s.one_minus_beta1),
        beta2(s.beta2),
        one_minus_beta2(s.one_minus_beta2),
        step_size(s.step_size),
        root_correction(s.root_correction),
        eps(s.eps),
        weight_decay(s.weight_decay),
        decay(s.decay) {}

  HWY_INLINE void operator()(V& w, V& m, V& v, const V& gradient) const {
    const V g = kDecoupled ? gradient : Fma(weight_decay, w, gradient);
    m = NormalOrZero(Fma(beta1, m, one_minus_beta1 * g));
    v = NormalOrZero(Fma(beta2, v, one_minus_beta2 * (g * g)));
    const V root = Fma(Sqrt(v), root_correction, eps);
    const V step = step_size * m / root;
    // The sum first: 1 - decay would lose most digits of a small decay.
    w = w - (kDecoupled ? Fma(decay, w, step) : step);
  }
};

template <bool kNesterov>
struct Sgd {
  V lr, momentum, weight_decay, keep;

  explicit HWY_INLINE Sgd(const SgdStep& s)
      : lr(s.lr), momentum(s.momentum), weight_decay(s.weight_decay), keep(s.keep) {}

  HWY_INLINE void operator()(V& w, V& m, V& /*v*/, const V& gradient) const {
    const V g = Fma(weight_decay, w, gradient);
    m = NormalOrZero(Fma(momentum, m, keep * g));
    w = NegFma(lr, kNesterov ? Fma(momentum, m, g) : m, w);
  }
};

// By value: numbers and pointers stay in registers, whatever the stores to memory may be.
template <class Rule>
void UpdateRow(const Rule rule, const UpdateBlock b) {
  constexpr std::size_t kStep = V::Count();
  using Part = Tail<float, kStep>;
  std::size_t i = 0;
  for (; i + kStep <= b.n; i += kStep) {
    V w = LoadLanes<V>(b.w + i);
    V m = LoadLanes<V>(b.m + i);
    V v = LoadLanes<V>(b.v + i);
    rule(w, m, v, LoadLanes<V>(b.g + i));
    StoreLanes(w, b.w + i);
    StoreLanes(m, b.m + i);
    StoreLanes(v, b.v + i);
  }
  if (i == b.n) return;
  const std::size_t rest = b.n - i;
  Part w(b.w + i, rest);
  Part m(b.m + i, rest);
  Part v(b.v + i, rest);
  Part g(b.g + i, rest);
  UpdateRow(rule, UpdateBlock{w.data, m.data, v.data, g.data, kStep});
  w.CopyTo(b.w + i);
  m.CopyTo(b.m + i);
  v.CopyTo(b.v + i);
}

void AdamUpdate(const AdamStep& step, const UpdateBlock& b) {
  if (step.decay != 0) return UpdateRow(Adam<true>(step), b);
  UpdateRow(Adam<false>(step), b);
}
void SgdUpdate(const SgdStep& step, const UpdateBlock& b) {
  if (step.nesterov) return UpdateRow(Sgd<true>(step), b);
  UpdateRow(Sgd<false>(step), b);
}

// Long sums are sums of short ones, which lose fewer digits.
constexpr size_t kTogether = 64;

template <class T>
T LoadAs(const float* x) {
  if constexpr (std::is_same_v<T, float>) {
    return *x;
  } else {
    return LoadLanes<T>(x);
  }
}

template <class T>
T SumInOrder(const float* x, size_t parts, size_t stride) {
  T total = LoadAs<T>(x);
  for (size_t p = 1; p < parts; ++p) total = total + LoadAs<T>(x + p * stride);
  return total;
}

template <class T>
T SumOfSums(const float* x, size_t parts, size_t stride) {
  T total = SumInOrder<T>(x, std::min(parts, kTogether), stride);
  for (size_t p = kTogether; p < parts; p += kTogether) {
    total = total + SumInOrder<T>(x + p * stride, std::min(parts - p, kTogether), stride);
  }
  return total;
}

void SumParts(const float* x, size_t parts, size_t stride, size_t n, float* sum) {
  constexpr std::size_t kStep = V::Count();
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) StoreLanes(SumOfSums<V>(x + i, parts, stride), sum + i);
  for (; i < n; ++i) sum[i] = SumOfSums<float>(x + i, parts, stride);
}

void AddRow(const float* bias, size_t rows, size_t columns, float* x) {
  constexpr std::size_t kStep = V::Count();
  for (float* row = x; row != x + rows * columns; row += columns) {
    size_t c = 0;
    for (; c + kStep <= columns; c += kStep) {
      StoreLanes(LoadLanes<V>(row + c) + LoadLanes<V>(bias + c), row + c);
    }
    for (; c < columns; ++c) row[c] += bias[c];
  }
}

void ScaleBytes(const uint8_t* x, size_t n, float scale, float* y) {
  const Tag<float> d;
  const hn::Rebind<uint8_t, Tag<float>> bytes;
  const hn::RebindToSigned<Tag<float>> ints;
  const auto factor = hn::Set(d, scale);
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto wide = hn::PromoteTo(ints, hn::LoadU(bytes, x + i));
    hn::StoreU(hn::Mul(hn::ConvertTo(d, wide), factor), d, y + i);
  }
  for (; i < n; ++i) y[i] = static_cast<float>(x[i]) * scale;
}

size_t FirstMaximum(const float* x, size_t n) {
  size_t best = 0;
  for (size_t i = 1; i < n; ++i) best = x[i] > x[best] ? i : best;
  return best;
}

// exp(x - most) into e; their sum on top of `total`. Number after number, the same for every width
// of vector.
float RowExp(const float* x, size_t n, float most, float* e, float total) {
  using N = Lanes<double, 2>;
  constexpr std::size_t kStep = N::Count();
  for (size_t i = 0; i < n; i += kStep) {
    Tail<float, kStep> part(x + i, HWY_MIN(kStep, n - i));
    const N below = LoadLanes<N>(part.data) - N(most);
    StoreLanes(KeepNan(below, ExpDown(below)), part.data);
    part.CopyTo(e + i);
  }
  for (size_t i = 0; i < n; ++i) total += e[i];
  return total;
}

// By how much the row's maximum is above the target's mean of x. In double: the difference may be
// beyond float32. Without smoothing an x of -inf counts only if it is the label's.
double AboveTarget(const float* x, size_t n, float most, const RowTarget& target) {
  const double above = static_cast<double>(most) - static_cast<double>(x[target.label]);
  if (target.smoothing == 0) return above;
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += static_cast<double>(most) - static_cast<double>(x[i]);
  const double mean = target.smoothing * (sum / static_cast<double>(n));
  return target.smoothing == 1 ? mean : (1 - target.smoothing) * above + mean;
}

// gradient[i] = scale * (e[i] / total - target[i]) in the place of e.
void RowGradient(size_t n, const RowTarget& target, double scale, float total, float* gradient) {
  const float factor = static_cast<float>(scale) / total;
  for (size_t i = 0; i < n; ++i) gradient[i] *= factor;
  if (target.smoothing != 0) {
    const auto each = static_cast<float>(scale * target.smoothing / static_cast<double>(n));
    for (size_t i = 0; i < n; ++i) gradient[i] -= each;
  }
  gradient[target.label] -= static_cast<float>(scale * (1 - target.smoothing));
}

RowLoss RowCrossEntropy(const float* x, size_t n, const RowTarget& target, double scale,
                        float* gradient) {
  constexpr size_t kBlock = 256;
  float scratch[kBlock];
  const size_t best = FirstMaximum(x, n);
  const float most = x[best];
  const double above = AboveTarget(x, n, most, target);  // now: the gradient may take x's place
  float total = 0;
  if (gradient != nullptr) {
    total = RowExp(x, n, most, gradient, 0);
    RowGradient(n, target, scale, total, gradient);
  } else {
    for (size_t i = 0; i < n; i += kBlock) {
      total = RowExp(x + i, HWY_MIN(kBlock, n - i), most, scratch, total);
    }
  }
  const Lanes<double, 1> sum(static_cast<double>(total));  // from 1 to n, or NaN
  const double loss = hn::GetLane(KeepNan(sum, LogOf(sum)).v[0]) + above;
  return {loss, best == target.label && !std::isnan(loss)};
}

double SumSquares(const float* x, size_t n) {
  constexpr size_t kSums = 16;
  using Sums = Lanes<double, kSums / hn::MaxLanes(Tag<double>())>;
  double sums[kSums] = {};
  Sums total(0);
  size_t i = 0;
  for (; i + kSums <= n; i += kSums) {
    const auto part = LoadLanes<Sums>(x + i);
    total = total + part * part;  // the square of a float32 is exact
  }
  StoreLanes(total, sums);
  for (size_t k = 0; i < n; ++i, ++k) {
    sums[k] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  }
  for (size_t half = kSums / 2; half > 0; half /= 2) {
    for (size_t k = 0; k < half; ++k) sums[k] += sums[k + half];
  }
  return sums[0];
}

constexpr nn::Ops kOps = {AdamUpdate, SgdUpdate,       SumParts,  AddRow,
                          ScaleBytes, RowCrossEntropy, SumSquares};

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::nn {
namespace {

const Ops& ops() {
  static constexpr kernels::PerTarget<Ops> kAll = ACTFN_PER_TARGET(kOps);
  return kAll.of(kernels::active_target());
}

}  // namespace

void adam_update(const AdamStep& step, const UpdateBlock& block) { ops().adam(step, block); }
void sgd_update(const SgdStep& step, const UpdateBlock& block) { ops().sgd(step, block); }
void sum_rows(const float* x, std::size_t rows, std::size_t columns, float* sum) {
  ops().sum_parts(x, rows, columns, columns, sum);
}
void sum_parts(const float* x, std::size_t parts, std::size_t stride, std::size_t n, float* sum) {
  ops().sum_parts(x, parts, stride, n, sum);
}
void add_row(const float* bias, std::size_t rows, std::size_t columns, float* x) {
  ops().add_row(bias, rows, columns, x);
}
void scale_bytes(const std::uint8_t* x, std::size_t n, float scale, float* y) {
  ops().scale_bytes(x, n, scale, y);
}
RowLoss row_cross_entropy(const float* x, std::size_t columns, const RowTarget& target,
                          double scale, float* gradient) {
  return ops().row_cross_entropy(x, columns, target, scale, gradient);
}
double sum_squares(const float* x, std::size_t n) { return ops().sum_squares(x, n); }

}  // namespace actfn::nn
#endif
