// SPDX-License-Identifier: Apache-2.0
#include "nn/adaptive/layout.h"

#include "catalogue/error.h"
#include "catalogue/number.h"
#include "catalogue/size.h"
#include "nn/buffer.h"
#include "nn/layers/arguments.h"

#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace actfn::nn {
namespace {

constexpr std::size_t kMostParameters = std::size_t{1} << 40U;
// Distances of rows are ints, and longer than the rows: row_stride().
constexpr int kMostColumns = (1 << 30) - 1;

void check_sizes(int in_features, int n_classes) {
  if (in_features < 1) fail(kAdaptive, {"in_features must be positive, got ", in_features});
  if (n_classes < 2) fail(kAdaptive, {"n_classes must be at least 2, got ", n_classes});
  for (const int size : {in_features, n_classes}) {
    if (size > kMostColumns) {
      fail(kAdaptive, {"in_features and n_classes must be at most 2^30 - 1, got ", size});
    }
  }
}

void check_cutoffs(int n_classes, const std::vector<int>& cutoffs) {
  if (cutoffs.empty()) fail(kAdaptive, {"there must be a cutoff"});
  for (std::size_t i = 0; i < cutoffs.size(); ++i) {
    if (cutoffs[i] < 1 || cutoffs[i] >= n_classes) {
      fail(kAdaptive,
           {"cutoff ", i, " is ", cutoffs[i], ", cutoffs are from 1 to ", n_classes - 1});
    }
    if (i > 0 && cutoffs[i] <= cutoffs[i - 1]) {
      fail(kAdaptive, {"cutoff ", i, " is ", cutoffs[i], ", it must be above cutoff ", i - 1, ", ",
                       cutoffs[i - 1]});
    }
  }
}

void check_options(const AdaptiveLogSoftmaxOptions& options) {
  require_positive(kAdaptive, "div_value", options.div_value);
  require_share(kAdaptive, "label_smoothing", options.label_smoothing);
}

// Python's a // b for a >= 0 and b > 0: the rounded quotient may be a whole number too high.
double floor_divide(double a, double b) { return std::round((a - std::fmod(a, b)) / b); }

int features_of(int in_features, double div_value, std::size_t cluster) {
  const double divisor = std::pow(div_value, static_cast<double>(cluster + 1));
  const double features =
      divisor > 0 ? floor_divide(in_features, divisor) : std::numeric_limits<double>::infinity();
  const auto quotient = [&] {
    return std::to_string(in_features) + " // div_value^" + std::to_string(cluster + 1);
  };
  if (features < 1) {
    fail(kAdaptive, {"cluster ", cluster, " has no features: ", quotient(), " is 0 with div_value ",
                     write_number(div_value)});
  }
  constexpr double kMost = 0x1p30 - 1;
  if (!(features <= kMost)) {
    fail(kAdaptive, {"cluster ", cluster, " has too many features: ", quotient(),
                     " with div_value ", write_number(div_value)});
  }
  return static_cast<int>(features);
}

// The place of a parameter of a * b numbers, on cache lines of its own.
std::size_t take(std::size_t& end, int a, int b) {
  const Size size = static_cast<std::size_t>(a) * Size(static_cast<std::size_t>(b));
  if (size + end > kMostParameters) fail(kAdaptive, {"there are more than 2^40 parameters"});
  return std::exchange(end, end + padded(size.value()));
}

}  // namespace

AdaptiveLayout::AdaptiveLayout(int in, int classes, const std::vector<int>& cutoffs,
                               const AdaptiveLogSoftmaxOptions& options)
    : in_features(in), n_classes(classes) {
  check_sizes(in, classes);
  check_cutoffs(classes, cutoffs);
  check_options(options);
  shortlist = cutoffs[0];
  entries = shortlist + static_cast<int>(cutoffs.size());
  head_bias = options.head_bias;
  label_smoothing = options.label_smoothing;
  head_weight = take(parameter_count, entries, in);
  bias = take(parameter_count, head_bias ? entries : 0, 1);
  for (std::size_t i = 0; i < cutoffs.size(); ++i) {
    const int end = i + 1 < cutoffs.size() ? cutoffs[i + 1] : classes;
    const int features = features_of(in, options.div_value, i);
    const std::size_t projection = take(parameter_count, features, in);
    clusters.push_back({cutoffs[i], end - cutoffs[i], features, projection,
                        take(parameter_count, end - cutoffs[i], features)});
  }
}

std::vector<int> AdaptiveLayout::cluster_sizes() const {
  std::vector<int> sizes;
  for (const AdaptiveCluster& cluster : clusters) sizes.push_back(cluster.classes);
  return sizes;
}

}  // namespace actfn::nn
