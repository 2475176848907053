// SPDX-License-Identifier: Apache-2.0
// Networks in float64, from the formulas alone: what nn is measured against. And what its tests
// share: numbers to feed it, and comparison by bits.
#pragma once

#include <actfn/actfn.h>
#include <actfn/nn/nn.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <stdexcept>
#include <vector>

namespace actfn::testing {

struct ReferenceActivation {
  Activation activation;
  double (*value)(double);
};

inline double erf_gate(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }
inline double logistic(double x) { return 1 / (1 + std::exp(-x)); }

// Smooth and kinked, bounded and not, monotone and not.
inline const std::vector<ReferenceActivation>& reference_activations() {
  static const std::vector<ReferenceActivation> all = {
      {Elu{}, [](double x) { return x > 0 ? x : std::expm1(x); }},
      {Gelu{}, [](double x) { return x * erf_gate(x); }},
      {LeakyRelu{0.25F}, [](double x) { return x > 0 ? x : 0.25 * x; }},
      {LogSigmoid{}, [](double x) { return -std::log1p(std::exp(-x)); }},
      {Mish{}, [](double x) { return x * std::tanh(std::log1p(std::exp(x))); }},
      {Relu{}, [](double x) { return x > 0 ? x : 0.0; }},
      {Sigmoid{}, [](double x) { return logistic(x); }},
      {Silu{}, [](double x) { return x * logistic(x); }},
      {Softplus{.beta = 2}, [](double x) { return std::log1p(std::exp(2 * x)) / 2; }},
      {Softsign{}, [](double x) { return x / (1 + std::fabs(x)); }},
      {Tanh{}, [](double x) { return std::tanh(x); }},
      {Tanhshrink{}, [](double x) { return x - std::tanh(x); }},
  };
  return all;
}

inline double (*reference_of(const Activation& activation))(double) {
  for (const auto& known : reference_activations()) {
    if (known.activation == activation) return known.value;
  }
  throw std::logic_error("no reference for " + to_string(activation));
}

// Sum over rows of -log softmax(logits)[label].
inline double reference_loss(std::span<const double> logits,
                             std::span<const std::uint32_t> labels) {
  const std::size_t classes = logits.size() / labels.size();
  double loss = 0;
  for (std::size_t r = 0; r < labels.size(); ++r) {
    const auto row = logits.subspan(r * classes, classes);
    const double most = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (const double x : row) sum += std::exp(x - most);
    loss += std::log(sum) + most - row[labels[r]];
  }
  return loss;
}

inline std::vector<double> in_double(std::span<const float> x) { return {x.begin(), x.end()}; }

// In the order weight, bias, weight, bias, … and then what other layers have learned.
inline std::vector<float> parameters(nn::Sequential& net) {
  std::vector<float> all;
  for (const auto& view : net.linears()) {
    all.insert(all.end(), view.weight.begin(), view.weight.end());
    all.insert(all.end(), view.bias.begin(), view.bias.end());
  }
  for (const auto& view : net.learned()) {
    all.insert(all.end(), view.values.begin(), view.values.end());
  }
  return all;
}

inline std::vector<float> gradients(nn::Sequential& net) {
  std::vector<float> all;
  for (const auto& view : net.linears()) {
    all.insert(all.end(), view.weight_gradient.begin(), view.weight_gradient.end());
    all.insert(all.end(), view.bias_gradient.begin(), view.bias_gradient.end());
  }
  return all;
}

// values = values W + b; returns the parameters behind b.
inline std::span<const double> reference_linear(const nn::Linear& shape,
                                                std::span<const double> parameters,
                                                std::vector<double>& values) {
  const auto in = static_cast<std::size_t>(shape.in_features);
  const auto out = static_cast<std::size_t>(shape.out_features);
  const auto weight = parameters.first(in * out);
  const auto bias = parameters.subspan(in * out, out);
  const std::size_t rows = values.size() / in;
  std::vector<double> y(rows * out);
  for (std::size_t r = 0; r < rows; ++r) {
    const auto row = std::span(y).subspan(r * out, out);
    std::copy(bias.begin(), bias.end(), row.begin());
    for (std::size_t i = 0; i < in; ++i) {
      for (std::size_t o = 0; o < out; ++o) row[o] += values[r * in + i] * weight[i * out + o];
    }
  }
  values = std::move(y);
  return parameters.subspan((in + 1) * out);
}

inline std::vector<double> reference_forward(const std::vector<nn::Layer>& layers,
                                             std::span<const double> parameters,
                                             std::span<const float> x) {
  std::vector<double> values(x.begin(), x.end());
  for (const auto& layer : layers) {
    if (const auto* linear = std::get_if<nn::Linear>(&layer)) {
      parameters = reference_linear(*linear, parameters, values);
    } else {
      const auto f = reference_of(std::get<Activation>(std::get<Function>(layer)));
      std::transform(values.begin(), values.end(), values.begin(), f);
    }
  }
  return values;
}

inline std::vector<float> uniform(std::size_t n, float bound, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> draw(-bound, bound);
  std::vector<float> x(n);
  for (float& v : x) v = draw(random);
  return x;
}

inline std::vector<std::uint32_t> some_labels(std::size_t rows, int classes, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::uint32_t> labels(rows);
  for (auto& label : labels) {
    label = static_cast<std::uint32_t>(random() % static_cast<unsigned>(classes));
  }
  return labels;
}

// Weights of a trainable size, and biases that are not 0: initialize() would hide a lost bias.
inline void randomize(nn::Sequential& net, unsigned seed) {
  for (auto& view : net.linears()) {
    const float bound = std::sqrt(3.0F / static_cast<float>(view.shape.in_features));
    const auto weight = uniform(view.weight.size(), bound, ++seed);
    const auto bias = uniform(view.bias.size(), 0.5F, ++seed);
    std::copy(weight.begin(), weight.end(), view.weight.begin());
    std::copy(bias.begin(), bias.end(), view.bias.begin());
  }
}

// Of the absolute values.
template <class Numbers>
double largest(const Numbers& x) {
  double most = 0;
  for (const auto v : x) most = std::max(most, std::abs(static_cast<double>(v)));
  return most;
}

inline std::vector<std::uint32_t> bits(std::span<const float> x) {
  std::vector<std::uint32_t> all;
  all.reserve(x.size());
  for (const float v : x) all.push_back(std::bit_cast<std::uint32_t>(v));
  return all;
}

}  // namespace actfn::testing
