// The inside of an Optimizer.
#pragma once

#include <actfn/nn/optimizer.h>

#include "nn/buffer.h"
#include "nn/vector_ops.h"

#include <cstdint>

namespace actfn::nn {

struct Optimizer::State {
  std::variant<Adam, Sgd> rule;
  Buffer m, v;
  std::int64_t steps = 0;
  std::variant<AdamStep, SgdStep> now;  // the current step's constants

  void begin_step();
  // Moves a block of the parameters, which begins at w + offset.
  void update(float* w, std::size_t offset, const float* g, std::size_t rows, std::size_t columns,
              std::size_t stride, std::size_t g_stride);
};

}  // namespace actfn::nn
