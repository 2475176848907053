// SPDX-License-Identifier: Apache-2.0
// The adaptive softmax as its paper defines it, in double, for tests.
#pragma once

#include <actfn/nn/adaptive_log_softmax.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace actfn::testing {

using Doubles = std::vector<double>;

struct AdaptiveSizes {
  int in_features, n_classes;
  std::vector<int> cutoffs;
  nn::AdaptiveLogSoftmaxOptions options = {};

  nn::AdaptiveLogSoftmaxWithLoss module() const {
    return {in_features, n_classes, cutoffs, options};
  }
};

using Targets = std::vector<std::uint32_t>;

inline Targets spread(std::size_t rows, int n_classes) {
  Targets all;
  for (std::size_t r = 0; r < rows; ++r) {
    all.push_back(static_cast<std::uint32_t>(r * 7919 % static_cast<std::size_t>(n_classes)));
  }
  return all;
}

// The gradient by x, and behind it those of all parameters.
inline std::vector<float> all_gradients(nn::AdaptiveLogSoftmaxWithLoss& module,
                                        std::span<const float> dx) {
  std::vector<float> all(dx.begin(), dx.end());
  for (const nn::Parameter& p : module.parameters()) {
    all.insert(all.end(), p.gradients.begin(), p.gradients.end());
  }
  return all;
}

inline Doubles log_softmax_of(Doubles z) {
  const double most = *std::max_element(z.begin(), z.end());
  double sum = 0;
  for (const double v : z) sum += std::exp(v - most);
  for (double& v : z) v -= most + std::log(sum);
  return z;
}

// w [n, x.size()] times x.
inline Doubles times(const Doubles& w, const Doubles& x) {
  Doubles y(w.size() / x.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    for (std::size_t k = 0; k < x.size(); ++k) y[i] += w[i * x.size() + k] * x[k];
  }
  return y;
}

class AdaptiveReference {
 public:
  AdaptiveReference(const AdaptiveSizes& sizes, nn::AdaptiveLogSoftmaxWithLoss& module)
      : sizes_(sizes) {
    for (const nn::Parameter& p : module.parameters()) {
      parameters[p.name] = Doubles(p.values.begin(), p.values.end());
    }
  }

  // Of all classes.
  Doubles log_probs(const Doubles& x) const {
    Doubles z = times(parameters.at("head.weight"), x);
    if (sizes_.options.head_bias) {
      for (std::size_t i = 0; i < z.size(); ++i) z[i] += parameters.at("head.bias")[i];
    }
    const Doubles head = log_softmax_of(z);
    Doubles all(head.begin(), head.begin() + sizes_.cutoffs[0]);
    for (std::size_t i = 0; i < sizes_.cutoffs.size(); ++i) {
      const std::string name = "tail." + std::to_string(i);
      const Doubles hidden = times(parameters.at(name + ".0.weight"), x);
      const double entry = head[static_cast<std::size_t>(sizes_.cutoffs[0]) + i];
      for (const double v : log_softmax_of(times(parameters.at(name + ".1.weight"), hidden))) {
        all.push_back(entry + v);
      }
    }
    return all;
  }

  double loss(const Doubles& x, std::span<const std::uint32_t> targets) const {
    const double e = sizes_.options.label_smoothing;
    const auto in = static_cast<std::ptrdiff_t>(sizes_.in_features);
    double sum = 0;
    for (std::size_t r = 0; r < targets.size(); ++r) {
      const auto begin = x.begin() + static_cast<std::ptrdiff_t>(r) * in;
      const Doubles p = log_probs(Doubles(begin, begin + in));
      double all = 0;
      for (const double v : p) all += v;
      sum -= (1 - e) * p[targets[r]] + e / sizes_.n_classes * all;
    }
    return sum / static_cast<double>(targets.size());
  }

  std::map<std::string, Doubles> parameters;

 private:
  AdaptiveSizes sizes_;
};

}  // namespace actfn::testing
