// SPDX-License-Identifier: Apache-2.0
#include "oracle/row_gradients.h"

#include <cmath>
#include <optional>

namespace actfn::oracle {
namespace {

// factor * (diag(s) - s s^T / denominator), s = y^power where y > 0: proposition 2 of Peters,
// Niculae & Martins 2019, arXiv:1905.05702.
struct Jacobian {
  long double power;
  bool over_sum;  // the denominator is sum(s), not 1
  long double factor;
};

std::optional<Jacobian> jacobian_of(const RowActivation& f) {
  if (const auto* const p = std::get_if<Softmax>(&f))
    return Jacobian{1, false, 1 / static_cast<long double>(p->temperature)};
  if (const auto* const p = std::get_if<Softmin>(&f)) {
    return Jacobian{1, false, -1 / static_cast<long double>(p->temperature)};
  }
  if (std::holds_alternative<Softmax1>(f)) return Jacobian{1, false, 1};
  if (std::holds_alternative<Sparsemax>(f)) return Jacobian{0, true, 1};
  if (const auto* const p = std::get_if<Entmax>(&f)) {
    return Jacobian{2 - static_cast<long double>(p->alpha), p->alpha != 1, 1};
  }
  return {};
}

long double raised(long double y, long double power) { return y > 0 ? std::pow(y, power) : 0; }

// A sum of products with s, over the denominator, and the same of sizes.
struct Mean {
  long double value = 0, size = 0;
};

class Weights {
 public:
  Weights(const Jacobian& jacobian, const Row& y) : jacobian_(jacobian) {
    for (const long double p : y) {
      s_.push_back(raised(p, jacobian.power));
      slope_.push_back(jacobian.power * raised(p, 2 * jacobian.power - 1));  // s ds/dy
      sum_ += s_.back();
    }
  }

  Mean mean(const Row& x) const {
    Mean m;
    for (std::size_t i = 0; i < x.size(); ++i) {
      m.value += s_[i] * x[i];
      m.size += s_[i] * std::abs(x[i]);
    }
    return over_denominator(m);
  }
  RowGradient dx(const Row& dy) const;
  RowGradient for_x(const Row& dy, const Row& v) const;

 private:
  Mean over_denominator(Mean m) const {
    if (!jacobian_.over_sum || sum_ == 0) return m;
    return {m.value / sum_, m.size / sum_};
  }

  Jacobian jacobian_;
  Row s_, slope_;
  long double sum_ = 0;
};

RowGradient Weights::dx(const Row& dy) const {
  const Mean m = mean(dy);
  RowGradient g;
  g.slack.resize(dy.size());
  for (std::size_t i = 0; i < dy.size(); ++i) {
    const long double factor = jacobian_.factor * s_[i];
    g.value.push_back(factor * (dy[i] - m.value));
    g.size.push_back(std::abs(factor) * (std::abs(dy[i]) + m.size));
  }
  return g;
}

// With a and b the means of dy and v, <v, dx> = sum(s (dy - a)(v - b)); its gradient by y goes
// through the Jacobian. Softmax1's sink has the term (0 - a)(0 - b).
RowGradient Weights::for_x(const Row& dy, const Row& v) const {
  const Mean a = mean(dy), b = mean(v);
  RowGradient g;
  g.slack.resize(dy.size());
  Mean all;
  for (std::size_t i = 0; i < dy.size(); ++i) {
    g.value.push_back(slope_[i] * (dy[i] - a.value) * (v[i] - b.value));
    g.size.push_back(std::abs(slope_[i]) * (std::abs(dy[i]) + a.size) * (std::abs(v[i]) + b.size));
    all.value += g.value.back();
    all.size += g.size.back();
  }
  if (!jacobian_.over_sum) {
    all.value += (1 - sum_) * a.value * b.value;
    all.size += std::abs(1 - sum_) * a.size * b.size;
  }
  all = over_denominator(all);
  const long double square = jacobian_.factor * jacobian_.factor;
  for (std::size_t i = 0; i < dy.size(); ++i) {
    g.value[i] = square * (g.value[i] - s_[i] * all.value);
    g.size[i] = square * (g.size[i] + s_[i] * all.size);
  }
  return g;
}

// y = z - log(sum(e^z)), z = factor x: dx = factor (dy - p sum(dy)), p = e^y.
RowGradients of_logarithm(long double factor, const Row& y, const Row& dy, const Row& v) {
  Row p;
  for (const long double at : y) p.push_back(std::exp(at));
  Mean sum, mean;
  for (std::size_t i = 0; i < y.size(); ++i) {
    sum.value += dy[i];
    sum.size += std::abs(dy[i]);
    mean.value += p[i] * v[i];
    mean.size += p[i] * std::abs(v[i]);
  }
  RowGradients g;
  for (std::size_t i = 0; i < y.size(); ++i) {
    g.dx.value.push_back(factor * (dy[i] - p[i] * sum.value));
    g.dx.size.push_back(factor * (std::abs(dy[i]) + p[i] * sum.size));
    g.for_x.value.push_back(-factor * factor * sum.value * p[i] * (v[i] - mean.value));
    g.for_x.size.push_back(factor * factor * sum.size * p[i] * (std::abs(v[i]) + mean.size));
    const long double part = p[i] < 0x1p-1022L ? 0x1p-1075L : 0;
    g.dx.slack.push_back(part * factor * sum.size);
    g.for_x.slack.push_back(part * factor * factor * sum.size * (std::abs(v[i]) + mean.size));
  }
  return g;
}

}  // namespace

RowGradients row_gradients(const RowActivation& f, const Row& y, const Row& dy, const Row& v) {
  if (const auto* const p = std::get_if<LogSoftmax>(&f)) {
    return of_logarithm(1 / static_cast<long double>(p->temperature), y, dy, v);
  }
  const auto jacobian = jacobian_of(f);
  if (!jacobian) return {};
  const Weights weights(*jacobian, y);
  return {weights.dx(dy), weights.for_x(dy, v)};
}

}  // namespace actfn::oracle
