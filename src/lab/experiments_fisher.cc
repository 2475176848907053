// SPDX-License-Identifier: Apache-2.0
#include <actfn/elementwise.h>

#include "lab/experiments/fisher.h"
#include "lab/norm.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace actfn::lab::experiments {
namespace {

using Vector = std::vector<double>;

// A network in double.
class Mirror {
 public:
  Mirror(nn::Sequential& network, const Activation& f) : linears_(network.linears()), f_(f) {}

  const std::vector<nn::LinearView>& linears() const { return linears_; }
  // What the hidden units gave at the last forward().
  Vector hidden() const {
    Vector all;
    for (std::size_t i = 1; i < inputs_.size(); ++i) {
      all.insert(all.end(), inputs_[i].begin(), inputs_[i].end());
    }
    return all;
  }

  // The probabilities of the classes.
  Vector forward(std::span<const float> x) {
    inputs_ = {Vector(x.begin(), x.end())};
    slopes_.clear();
    for (const nn::LinearView& linear : linears_) {
      Vector z = multiplied(linear, inputs_.back());
      if (inputs_.size() == linears_.size()) return softmax(std::move(z));
      slopes_.push_back(z);
      for (double& v : slopes_.back()) v = evaluate_derivative(f_, v);
      for (double& v : z) v = evaluate(f_, v);
      inputs_.push_back(std::move(z));
    }
    return {};
  }

  // The gradient by all parameters, unit by unit, from that by the logits.
  void backward(Vector by_z, Vector& gradient) const {
    std::size_t end = gradient.size();
    for (std::size_t layer = linears_.size(); layer-- > 0;) {
      const Vector& x = inputs_[layer];
      const std::size_t begin = end - by_z.size() * (x.size() + 1);
      double* to = gradient.data() + begin;
      for (const double d : by_z) {
        for (const double v : x) *to++ = d * v;
        *to++ = d;
      }
      end = begin;
      if (layer > 0) by_z = before(layer, by_z);
    }
  }

 private:
  static Vector multiplied(const nn::LinearView& linear, const Vector& x) {
    Vector z(linear.bias.begin(), linear.bias.end());
    for (std::size_t i = 0; i < x.size(); ++i) {
      for (std::size_t k = 0; k < z.size(); ++k) {
        z[k] += x[i] * static_cast<double>(linear.weight[i * z.size() + k]);
      }
    }
    return z;
  }

  static Vector softmax(Vector z) {
    const double most = *std::ranges::max_element(z);
    for (double& v : z) v = evaluate(Exp{}, v - most);
    const double sum = std::accumulate(z.begin(), z.end(), 0.0);
    for (double& v : z) v /= sum;
    return z;
  }

  // The gradient by the pre-activations in front of a layer, from that by its outputs.
  Vector before(std::size_t layer, const Vector& by_z) const {
    Vector by_x(inputs_[layer].size());
    for (std::size_t i = 0; i < by_x.size(); ++i) {
      for (std::size_t k = 0; k < by_z.size(); ++k) {
        by_x[i] += by_z[k] * static_cast<double>(linears_[layer].weight[i * by_z.size() + k]);
      }
      by_x[i] *= slopes_[layer - 1][i];
    }
    return by_x;
  }

  std::vector<nn::LinearView> linears_;
  Activation f_;
  std::vector<Vector> inputs_;  // of each layer, at the last forward()
  std::vector<Vector> slopes_;  // of hidden units
};

void add_scaled(const Vector& x, double scale, Vector& to) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += scale * x[i];
}

// Solves a x = b, where a [n, n] is symmetric and positive definite and has its lower half: by its
// Cholesky factor, which takes a's place.
Vector solved(Vector a, Vector b) {
  const std::size_t n = b.size();
  for (std::size_t i = 0; i < n; ++i) {
    double* row = a.data() + i * n;
    for (std::size_t k = 0; k <= i; ++k) {
      const double* other = a.data() + k * n;
      double sum = row[k];
      for (std::size_t j = 0; j < k; ++j) sum -= row[j] * other[j];
      row[k] = k == i ? std::sqrt(sum) : sum / other[k];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= a[i * n + k] * b[k];
    b[i] /= a[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= a[k * n + i] * b[k];
    b[i] /= a[i * n + i];
  }
  return b;
}

}  // namespace

Fisher::Fisher(nn::Sequential& network, const Activation& f, const data::Samples& samples,
               const Materials& materials) {
  Mirror mirror(network, f);
  for (std::size_t layer = 0; layer < mirror.linears().size(); ++layer) {
    const nn::Linear shape = mirror.linears()[layer].shape;
    for (int unit = 0; unit < shape.out_features; ++unit) {
      units_.push_back({layer, size_, static_cast<std::size_t>(shape.in_features)});
      size_ += units_.back().size();
    }
  }
  fisher_.resize(size_ * size_);
  gradient_.resize(size_);
  Vector one(size_);
  const double share = 1 / static_cast<double>(samples.count);
  for (std::size_t i = 0; i < samples.count; ++i) {
    materials.go_on();
    const std::span all(samples.floats);
    const Vector p = mirror.forward(all.subspan(i * samples.features, samples.features));
    for (std::size_t c = 0; c < p.size(); ++c) {
      Vector by_logits = p;
      by_logits[c] -= 1;
      mirror.backward(std::move(by_logits), one);
      add(one, share * p[c]);
      if (c == samples.labels[i]) add_scaled(one, share, gradient_);
    }
    means_.resize(mirror.hidden().size());
    add_scaled(mirror.hidden(), share, means_);
  }
}

void Fisher::add(std::span<const double> gradient, double weight) {
  for (std::size_t i = 0; i < size_; ++i) {
    const double g = weight * gradient[i];
    double* row = fisher_.data() + i * size_;
    for (std::size_t k = 0; k <= i; ++k) row[k] += g * gradient[k];
  }
}

double Fisher::cosine(double damping) const { return cosine({{0, 0, size_ - 1}}, damping); }
double Fisher::unit_cosine(double damping) const { return cosine(units_, damping); }

double Fisher::cosine(const std::vector<Unit>& blocks, double damping) const {
  double trace = 0;
  for (std::size_t i = 0; i < size_; ++i) trace += at(i, i);
  Vector natural;
  for (const Unit& block : blocks) {
    const std::size_t n = block.size();
    Vector a(n * n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t k = 0; k <= i; ++k) a[i * n + k] = at(block.begin + i, block.begin + k);
      a[i * n + i] += damping * trace / static_cast<double>(size_);
    }
    const auto begin = gradient_.begin() + static_cast<std::ptrdiff_t>(block.begin);
    const Vector part = solved(std::move(a), Vector(begin, begin + static_cast<std::ptrdiff_t>(n)));
    natural.insert(natural.end(), part.begin(), part.end());
  }
  const double product = std::inner_product(natural.begin(), natural.end(), gradient_.begin(), 0.0);
  return product / (norm(natural) * norm(gradient_));
}

double Fisher::bias_shift() const {
  double sum = 0;
  double count = 0;
  for (const Unit& unit : units_) {
    const std::size_t bias = unit.begin + unit.inputs;
    double between = 0;
    double weights = 0;
    for (std::size_t i = unit.begin; i < bias; ++i) {
      between += at(bias, i) * at(bias, i);
      weights += at(i, i);
    }
    const double product = weights * at(bias, bias);
    if (unit.layer == 0 || product == 0) continue;  // a dead unit has no entries
    sum += std::sqrt(between / product);
    ++count;
  }
  return sum / count;
}

double Fisher::mean_activation() const {
  double sum = 0;
  for (const double mean : means_) sum += std::fabs(mean);
  return sum / static_cast<double>(means_.size());
}

}  // namespace actfn::lab::experiments
