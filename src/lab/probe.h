// SPDX-License-Identifier: Apache-2.0
// What happens inside a network while it is trained, measured after each epoch on the same samples.
#pragma once

#include "lab/trainer.h"
#include "nn/inside.h"

#include <cstddef>
#include <span>
#include <string>
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
  // A layer with weights that the activation follows.
  struct Hidden {
    nn::Inside::Path path;
    std::string weight;  // its name among the network's parameters
    std::size_t units;
    bool has_places;  // of an image: each unit has a number for each
  };

  void find_hidden(std::span<const nn::Layer> layers, nn::Inside::Path& at);

  std::vector<Hidden> hidden_;
  bool has_units_;
  Batches samples_;
};

}  // namespace actfn::lab
