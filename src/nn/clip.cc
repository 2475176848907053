// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/clip.h>

#include "catalogue/error.h"
#include "catalogue/float_environment.h"
#include "catalogue/number.h"
#include "nn/vector_ops.h"

#include <algorithm>
#include <cmath>

namespace actfn::nn {
namespace {

// As float32 reads it.
void require_positive(const char* who, const char* name, double value) {
  if (static_cast<float>(value) > 0) return;
  fail(who, {name, " must be positive, got ", write_both(value)});
}

}  // namespace

double clip_grad_norm(std::span<const Parameter> parameters, double max_norm,
                      bool error_if_nonfinite) {
  const FloatEnvironment environment;
  require_positive("clip_grad_norm", "max_norm", max_norm);
  double squares = 0;
  for (const Parameter& p : parameters) {
    squares += sum_squares(p.gradients.data(), p.gradients.size());
  }
  const double norm = std::sqrt(squares);
  if (error_if_nonfinite && !std::isfinite(norm)) {
    fail("clip_grad_norm", {"the norm of the gradients is ", write_number(norm)});
  }
  const double scale = std::isinf(max_norm) ? 1 : max_norm / (norm + 1e-6);
  if (scale >= 1) return norm;
  const auto factor = static_cast<float>(scale);
  for (const Parameter& p : parameters) {
    for (float& g : p.gradients) g *= factor;
  }
  return norm;
}

void clip_grad_value(std::span<const Parameter> parameters, double clip_value) {
  const FloatEnvironment environment;
  require_positive("clip_grad_value", "clip_value", clip_value);
  const auto most = static_cast<float>(clip_value);
  for (const Parameter& p : parameters) {
    for (float& g : p.gradients) g = std::clamp(g, -most, most);
  }
}

}  // namespace actfn::nn
