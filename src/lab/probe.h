// SPDX-License-Identifier: Apache-2.0
// What happens inside a network while it is trained, measured after each epoch on the same samples.
#pragma once

#include "lab/trainer.h"

#include <span>
#include <vector>

namespace actfn::lab {

// The first samples of the validation part, or of the training part where there is none.
inline constexpr std::size_t kProbeSamples = 256;

class Probe {
 public:
  Probe(const nn::Architecture& network, const Nonlinearity& nonlinearity, const Parts& parts);

  // Of each hidden layer; who they are of is left to the caller. The network is in evaluation then,
  // with gradients of these samples; nothing else about it changes.
  std::vector<LayerProbe> measure(Trainer& trainer);

 private:
  std::vector<std::size_t> hidden_;  // indices of their Linears among the layers
  bool has_units_;
  Batches samples_;
};

}  // namespace actfn::lab
