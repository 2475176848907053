// SPDX-License-Identifier: Apache-2.0
// What BatchNorm1d and BatchNorm2d share.
#pragma once

#include "nn/module.h"

#include <optional>
#include <string_view>

namespace actfn::nn {

struct BatchNorm {
  std::string_view who;
  int num_features;
  double eps;
  std::optional<double> momentum;
  bool affine;
};

// The channels are the first dimension of a sample.
ModulePointer make_batch_norm(const BatchNorm& norm, const Shape& in);

}  // namespace actfn::nn
