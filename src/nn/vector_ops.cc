#include "nn/vector_ops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/vector_ops.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <cmath>
#include <cstring>

#include "kernels/entry.h"
#include "math/exp.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace math = actfn::HWY_NAMESPACE;
using Tag = hn::ScalableTag<float>;
using V = hn::Vec<Tag>;

HWY_INLINE V LoadPart(const float* from, size_t n) {
  HWY_ALIGN float buffer[hn::MaxLanes(Tag())] = {};
  std::memcpy(buffer, from, n * sizeof(float));
  return hn::Load(Tag(), buffer);
}

HWY_INLINE void StorePart(V v, float* to, size_t n) {
  HWY_ALIGN float buffer[hn::MaxLanes(Tag())];
  hn::Store(v, Tag(), buffer);
  std::memcpy(to, buffer, n * sizeof(float));
}

struct Adam {
  V beta1, one_minus_beta1, beta2, one_minus_beta2, step_size, root_correction, eps, weight_decay;

  explicit HWY_INLINE Adam(const AdamStep& s)
      : beta1(hn::Set(Tag(), s.beta1)),
        one_minus_beta1(hn::Set(Tag(), s.one_minus_beta1)),
        beta2(hn::Set(Tag(), s.beta2)),
        one_minus_beta2(hn::Set(Tag(), s.one_minus_beta2)),
        step_size(hn::Set(Tag(), s.step_size)),
        root_correction(hn::Set(Tag(), s.root_correction)),
        eps(hn::Set(Tag(), s.eps)),
        weight_decay(hn::Set(Tag(), s.weight_decay)) {}

  HWY_INLINE void operator()(V& w, V& m, V& v, V gradient) const {
    const V g = math::Fma(weight_decay, w, gradient);
    m = math::Fma(beta1, m, hn::Mul(one_minus_beta1, g));
    v = math::Fma(beta2, v, hn::Mul(one_minus_beta2, hn::Mul(g, g)));
    const V root = math::Fma(hn::Sqrt(v), root_correction, eps);
    w = hn::Sub(w, hn::Div(hn::Mul(step_size, m), root));
  }
};

struct Sgd {
  V lr, momentum, weight_decay;

  explicit HWY_INLINE Sgd(const SgdStep& s)
      : lr(hn::Set(Tag(), s.lr)),
        momentum(hn::Set(Tag(), s.momentum)),
        weight_decay(hn::Set(Tag(), s.weight_decay)) {}

  HWY_INLINE void operator()(V& w, V& m, V& /*v*/, V gradient) const {
    m = math::Fma(momentum, m, math::Fma(weight_decay, w, gradient));
    w = math::NegFma(lr, m, w);
  }
};

template <class Rule>
HWY_INLINE void UpdateRow(const Rule& rule, float* w, float* m, float* v, const float* g,
                          size_t n) {
  const Tag d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    V wi = hn::LoadU(d, w + i);
    V mi = hn::LoadU(d, m + i);
    V vi = hn::LoadU(d, v + i);
    rule(wi, mi, vi, hn::LoadU(d, g + i));
    hn::StoreU(wi, d, w + i);
    hn::StoreU(mi, d, m + i);
    hn::StoreU(vi, d, v + i);
  }
  if (i == n) return;
  V wi = LoadPart(w + i, n - i);
  V mi = LoadPart(m + i, n - i);
  V vi = LoadPart(v + i, n - i);
  rule(wi, mi, vi, LoadPart(g + i, n - i));
  StorePart(wi, w + i, n - i);
  StorePart(mi, m + i, n - i);
  StorePart(vi, v + i, n - i);
}

void AdamUpdate(const AdamStep& step, const UpdateBlock& b) {
  UpdateRow(Adam(step), b.w, b.m, b.v, b.g, b.n);
}
void SgdUpdate(const SgdStep& step, const UpdateBlock& b) {
  UpdateRow(Sgd(step), b.w, b.m, b.v, b.g, b.n);
}

void SumParts(const float* x, size_t parts, size_t stride, size_t n, float* sum) {
  const Tag d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    V total = hn::LoadU(d, x + i);
    for (size_t p = 1; p < parts; ++p) total = hn::Add(total, hn::LoadU(d, x + p * stride + i));
    hn::StoreU(total, d, sum + i);
  }
  for (; i < n; ++i) {
    float total = x[i];
    for (size_t p = 1; p < parts; ++p) total += x[p * stride + i];
    sum[i] = total;
  }
}

void AddRow(const float* bias, size_t rows, size_t columns, float* x) {
  const Tag d;
  const size_t lanes = hn::Lanes(d);
  for (float* row = x; row != x + rows * columns; row += columns) {
    size_t c = 0;
    for (; c + lanes <= columns; c += lanes) {
      hn::StoreU(hn::Add(hn::LoadU(d, row + c), hn::LoadU(d, bias + c)), d, row + c);
    }
    for (; c < columns; ++c) row[c] += bias[c];
  }
}

void ScaleBytes(const uint8_t* x, size_t n, float scale, float* y) {
  const Tag d;
  const hn::Rebind<uint8_t, Tag> bytes;
  const hn::RebindToSigned<Tag> ints;
  const V factor = hn::Set(d, scale);
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
  const Tag d;
  const size_t lanes = hn::Lanes(d);
  const V shift = hn::Set(d, most);
  for (size_t i = 0; i < n; i += lanes) {
    const size_t here = HWY_MIN(lanes, n - i);
    const V value = hn::Sub(LoadPart(x + i, here), shift);
    StorePart(math::Round(math::ExpOfNegative(math::Exactly(value))), e + i, here);
  }
  for (size_t i = 0; i < n; ++i) total += e[i];
  return total;
}

RowLoss RowCrossEntropy(const float* x, size_t n, size_t label, float scale, float* gradient) {
  constexpr size_t kBlock = 256;
  float scratch[kBlock];
  const size_t best = FirstMaximum(x, n);
  const float most = x[best];
  // In double: the difference may be beyond float32. Now: the gradient may take x's place.
  const double above = static_cast<double>(most) - static_cast<double>(x[label]);
  float total = 0;
  if (gradient != nullptr) {
    total = RowExp(x, n, most, gradient, 0);
    const float factor = scale / total;
    for (size_t i = 0; i < n; ++i) gradient[i] *= factor;
    gradient[label] -= scale;
  } else {
    for (size_t i = 0; i < n; i += kBlock) {
      total = RowExp(x + i, HWY_MIN(kBlock, n - i), most, scratch, total);
    }
  }
  const double loss = std::log(static_cast<double>(total)) + above;
  return {loss, best == label && !std::isnan(loss)};
}

struct Ops {
  decltype(&AdamUpdate) adam;
  decltype(&SgdUpdate) sgd;
  decltype(&SumParts) sum_parts;
  decltype(&AddRow) add_row;
  decltype(&ScaleBytes) scale_bytes;
  decltype(&RowCrossEntropy) row_cross_entropy;
};

inline constexpr Ops kOps = {AdamUpdate, SgdUpdate, SumParts, AddRow, ScaleBytes, RowCrossEntropy};

}  // namespace actfn::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::nn {
namespace {

using kernels::Target;
using Ops = HWY_NAMESPACE::Ops;

template <class From>
constexpr Ops copy(const From& f) {
  return {f.adam, f.sgd, f.sum_parts, f.add_row, f.scale_bytes, f.row_cross_entropy};
}

Ops choose() {
  switch (kernels::active_target()) {
#if HWY_TARGETS & HWY_AVX3
    case Target::avx3:
      return copy(N_AVX3::kOps);
#endif
#if HWY_TARGETS & HWY_AVX2
    case Target::avx2:
      return copy(N_AVX2::kOps);
#endif
#if HWY_TARGETS & HWY_SSE4
    case Target::sse4:
      return copy(N_SSE4::kOps);
#endif
#if HWY_TARGETS & HWY_NEON
    case Target::neon:
      return copy(N_NEON::kOps);
#endif
    default:
      return copy(HWY_NAMESPACE::kOps);  // the baseline, EMU128
  }
}

const Ops& ops() {
  static const Ops chosen = choose();
  return chosen;
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
RowLoss row_cross_entropy(const float* x, std::size_t columns, std::size_t label, float scale,
                          float* gradient) {
  return ops().row_cross_entropy(x, columns, label, scale, gradient);
}

}  // namespace actfn::nn
#endif
