// SPDX-License-Identifier: Apache-2.0
// What BatchNorm1d and BatchNorm2d share.
#pragma once

#include "nn/layers/text.h"
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
template <class L>
LayerText batch_norm_text(std::string_view name, const L& example) {
  return {name,
          example,
          {required<&L::num_features>("num_features"), optional<&L::eps>("eps"),
           optional<&L::momentum>("momentum"), optional<&L::affine>("affine")}};
}

}  // namespace actfn::nn
