// SPDX-License-Identifier: Apache-2.0
// Layers with a shape in float64, element by element, from their formulas alone.
#pragma once

#include <actfn/nn/nn.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <stdexcept>
#include <variant>
#include <vector>

#include "multihead_reference.h"
#include "nn_images_reference.h"
#include "nn_reference.h"

namespace actfn::testing {

class Reference : ImagesReference {
 public:
  using ImagesReference::ImagesReference;

  Batch operator()(const std::vector<nn::Layer>& layers, Batch x) {
    for (const nn::Layer& layer : layers) {
      x = std::visit([&](const auto& one) { return apply(one, x); }, layer);
    }
    return x;
  }

 private:
  using ImagesReference::apply;

  Batch apply(const nn::Linear& l, const Batch& x) {
    const Numbers& w = next();
    const Numbers& b = next();
    Shape sample = x.sample;
    const auto in = static_cast<std::size_t>(l.in_features);
    const auto out = static_cast<std::size_t>(l.out_features);
    sample[sample.count() - 1] = out;
    Batch y = made(x, sample);
    for (std::size_t r = 0; r < x.values.size() / in; ++r) {
      for (std::size_t o = 0; o < out; ++o) {
        double sum = b[o];
        for (std::size_t i = 0; i < in; ++i) sum += w[o * in + i] * x.values[r * in + i];
        y.values[r * out + o] = sum;
      }
    }
    return y;
  }

  // Plain activations, swiglu and prelu.
  Batch apply(const Function& f, const Batch& x) {
    if (const auto* const a = std::get_if<Activation>(&f)) {
      Batch y = x;
      for (double& v : y.values) v = reference_of(*a)(v);
      return y;
    }
    if (const auto* const gate = std::get_if<Gate>(&f)) {
      if (*gate == Gate(Swiglu{})) return swiglu(x);
    }
    if (const auto* const learned = std::get_if<LearnedActivation>(&f)) {
      if (std::holds_alternative<Prelu>(*learned)) return prelu(x);
    }
    throw std::logic_error("no reference for " + to_string(f));
  }

  // [outer, features, inner], where the features of an image are its channels.
  struct Places {
    std::size_t outer = 1, features, inner = 1;
    explicit Places(const Shape& sample) : features(sample[sample.count() - 1]) {
      if (sample.count() == 3) {
        features = sample[0];
        inner = sample[1] * sample[2];
      } else {
        for (std::size_t i = 0; i + 1 < sample.count(); ++i) outer *= sample[i];
      }
    }
  };
  static Shape with_features(Shape sample, std::size_t n) {
    sample[sample.count() == 3 ? 0 : sample.count() - 1] = n;
    return sample;
  }

  static Batch swiglu(const Batch& x) {
    const Places p(x.sample);
    const std::size_t half = p.features / 2;
    Batch y = made(x, with_features(x.sample, half));
    for (std::size_t o = 0; o < x.rows() * p.outer; ++o) {
      for (std::size_t c = 0; c < half; ++c) {
        for (std::size_t i = 0; i < p.inner; ++i) {
          const double a = x.values[(o * p.features + c) * p.inner + i];
          const double b = x.values[(o * p.features + half + c) * p.inner + i];
          y.values[(o * half + c) * p.inner + i] = a * logistic(a) * b;
        }
      }
    }
    return y;
  }

  Batch prelu(const Batch& x) {
    const Numbers& slope = next();
    const Places p(x.sample);
    Batch y = x;
    for (std::size_t i = 0; i < y.values.size(); ++i) {
      const std::size_t c = slope.size() == 1 ? 0 : i / p.inner % p.features;
      if (y.values[i] <= 0) y.values[i] *= slope[c];
    }
    return y;
  }

  static Batch apply(const nn::Flatten& l, const Batch& x) {
    const auto all = static_cast<int>(x.sample.count()) + 1;
    const int start = l.start_dim < 0 ? l.start_dim + all : l.start_dim;
    const int end = l.end_dim < 0 ? l.end_dim + all : l.end_dim;
    std::vector<std::size_t> lengths;
    for (int d = 1; d < all; ++d) {
      const std::size_t length = x.sample[static_cast<std::size_t>(d) - 1];
      if (d > start && d <= end) {
        lengths.back() *= length;
      } else {
        lengths.push_back(length);
      }
    }
    return {Shape(lengths), x.values};
  }

  Batch batch_norm(const Batch& x, double eps, bool affine) {
    const Numbers ones(x.sample[0], 1.0);
    const Numbers zeros(x.sample[0], 0.0);
    const Numbers& weight = affine ? next() : ones;
    const Numbers& bias = affine ? next() : zeros;
    const Numbers& running_mean = next_buffer();
    const Numbers& running_var = next_buffer();
    next_buffer();
    const std::size_t plane = x.size() / x.sample[0];
    Batch y = x;
    for (std::size_t c = 0; c < x.sample[0]; ++c) {
      const auto each = [&](const auto& f) {
        for (std::size_t i = 0; i < x.values.size(); ++i) {
          if (i / plane % x.sample[0] == c) f(i);
        }
      };
      const auto n = static_cast<double>(x.rows() * plane);
      double mean = 0;
      double var = 0;
      each([&](std::size_t i) { mean += x.values[i] / n; });
      each([&](std::size_t i) { var += (x.values[i] - mean) * (x.values[i] - mean) / n; });
      if (!is_training()) {
        mean = running_mean[c];
        var = running_var[c];
      }
      each([&](std::size_t i) {
        y.values[i] = (x.values[i] - mean) / std::sqrt(var + eps) * weight[c] + bias[c];
      });
    }
    return y;
  }
  Batch apply(const nn::BatchNorm1d& l, const Batch& x) { return batch_norm(x, l.eps, l.affine); }
  Batch apply(const nn::BatchNorm2d& l, const Batch& x) { return batch_norm(x, l.eps, l.affine); }

  Batch row_norm(const Batch& x, const Shape& last, double eps, bool centered, bool has_weight,
                 bool has_bias) {
    std::size_t n = 1;
    for (const std::size_t length : last) n *= length;
    const Numbers ones(n, 1.0);
    const Numbers zeros(n, 0.0);
    const Numbers& weight = has_weight ? next() : ones;
    const Numbers& bias = has_bias ? next() : zeros;
    Batch y = x;
    for (std::size_t at = 0; at < x.values.size(); at += n) {
      double mean = 0;
      double var = 0;
      for (std::size_t i = 0; i < n && centered; ++i) {
        mean += x.values[at + i] / static_cast<double>(n);
      }
      for (std::size_t i = 0; i < n; ++i) {
        var += (x.values[at + i] - mean) * (x.values[at + i] - mean) / static_cast<double>(n);
      }
      for (std::size_t i = 0; i < n; ++i) {
        y.values[at + i] = (x.values[at + i] - mean) / std::sqrt(var + eps) * weight[i] + bias[i];
      }
    }
    return y;
  }
  Batch apply(const nn::LayerNorm& l, const Batch& x) {
    return row_norm(x, l.normalized_shape, l.eps, true, l.elementwise_affine,
                    l.elementwise_affine && l.bias);
  }
  Batch apply(const nn::RmsNorm& l, const Batch& x) {
    return row_norm(x, l.normalized_shape, l.eps.value_or(0x1p-23), false, l.elementwise_affine,
                    false);
  }

  Batch apply(const nn::Embedding& l, const Batch& x) {
    const Numbers& weight = next();
    const auto dim = static_cast<std::size_t>(l.embedding_dim);
    std::vector<std::size_t> lengths(x.sample.begin(), x.sample.end());
    lengths.push_back(dim);
    Batch y{Shape(lengths), {}};
    for (const double index : x.values) {
      for (std::size_t k = 0; k < dim; ++k) {
        y.values.push_back(weight[static_cast<std::size_t>(index) * dim + k]);
      }
    }
    return y;
  }

  static Batch apply(const nn::PositionalEncoding& l, const Batch& x) {
    Batch y = x;
    const auto features = static_cast<std::size_t>(l.d_model);
    for (std::size_t i = 0; i < y.values.size(); ++i) {
      const std::size_t feature = i % features;
      const auto position = static_cast<double>(i / features % x.sample[0]);
      const double exponent = static_cast<double>(feature / 2 * 2) / static_cast<double>(features);
      const double angle = position / std::pow(10000.0, exponent);
      y.values[i] += feature % 2 == 0 ? std::sin(angle) : std::cos(angle);
    }
    return y;
  }

  Batch apply(const nn::LearnedPositionalEncoding& /*l*/, const Batch& x) {
    const Numbers& weight = next();
    Batch y = x;
    for (std::size_t i = 0; i < y.values.size(); ++i) y.values[i] += weight[i % x.size()];
    return y;
  }

  Batch apply(const nn::Rnn& l, const Batch& x) {
    const auto in = static_cast<std::size_t>(l.input_size);
    const auto units = static_cast<std::size_t>(l.hidden_size);
    const Numbers zeros(units, 0.0);
    const Numbers& from_input = next();
    const Numbers& from_hidden = next();
    const Numbers& first = l.bias ? next() : zeros;
    const Numbers& second = l.bias ? next() : zeros;
    Batch y = made(x, {x.sample[0], units});
    for (std::size_t s = 0; s < x.rows(); ++s) {
      Numbers h(units, 0.0);
      for (std::size_t t = 0; t < x.sample[0]; ++t) {
        Numbers now(units);
        for (std::size_t u = 0; u < units; ++u) {
          double z = first[u] + second[u];
          for (std::size_t i = 0; i < in; ++i) {
            z += from_input[u * in + i] * x.values[(s * x.sample[0] + t) * in + i];
          }
          for (std::size_t k = 0; k < units; ++k) z += from_hidden[u * units + k] * h[k];
          now[u] = reference_of(l.nonlinearity)(z);
          y.values[(s * x.sample[0] + t) * units + u] = now[u];
        }
        h = now;
      }
    }
    return y;
  }

  Batch apply(const nn::SelfAttention& l, const Batch& x) {
    MultiheadCase c;
    c.settings.embed_dim = static_cast<std::size_t>(l.embed_dim);
    c.settings.num_heads = static_cast<std::size_t>(l.num_heads);
    if (l.kv_heads) c.settings.kv_heads = static_cast<std::size_t>(*l.kv_heads);
    c.settings.softcap = l.softcap;
    c.settings.window = l.window;
    c.settings.sinks = l.sinks;
    c.settings.activation = l.activation;
    c.batches = x.rows();
    c.queries = c.keys = x.sample[0];
    c.is_causal = l.is_causal ? nn::Causal::top_left : nn::Causal::none;
    MultiheadData d;
    d.query = d.key = d.value = x.values;
    d.parameters["in_proj_weight"] = next();
    if (l.bias) d.parameters["in_proj_bias"] = next();
    if (l.sinks) d.parameters["sinks"] = next();
    d.parameters["out_proj.weight"] = next();
    if (l.bias) d.parameters["out_proj.bias"] = next();
    return {x.sample, MultiheadReference(c, d)({}).out};
  }

  Batch apply(const nn::Residual& l, const Batch& x) {
    Batch y = (*this)(l.layers, x);
    for (std::size_t i = 0; i < y.values.size(); ++i) y.values[i] += x.values[i];
    return y;
  }

  Batch apply(const nn::Parallel& l, const Batch& x) {
    std::vector<Batch> all;
    std::size_t features = 0;
    for (const auto& branch : l.branches) {
      all.push_back((*this)(branch, x));
      features += Places(all.back().sample).features;
    }
    Batch y = made(x, with_features(all.front().sample, features));
    const Places p(y.sample);
    std::size_t first = 0;
    for (const Batch& part : all) {
      const Places own(part.sample);
      for (std::size_t i = 0; i < part.values.size(); ++i) {
        const std::size_t inner = i % own.inner;
        const std::size_t c = i / own.inner % own.features;
        const std::size_t outer = i / (own.inner * own.features);
        y.values[(outer * features + first + c) * p.inner + inner] = part.values[i];
      }
      first += own.features;
    }
    return y;
  }
};

inline Batch reference(const std::vector<nn::Layer>& layers, const State& state, const Batch& x) {
  return Reference(state)(layers, x);
}

}  // namespace actfn::testing
