// SPDX-License-Identifier: Apache-2.0
// Networks that experiments train.
#pragma once

#include <actfn/nn/nn.h>

#include "lab/batches.h"
#include "lab/experiment.h"
#include "lab/results.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab::experiments {

// What a network is and how it is trained. Products are reproducible.
struct Recipe {
  Shape in = {784};
  std::vector<nn::Layer> layers;
  nn::Init init = nn::Init::glorot_uniform;
  nn::UpdateRule rule = nn::Adam{};
  int batch = 32;
  double clip = 0;  // the largest norm of the gradient; 0: any
  std::uint64_t seed = 1;
};

// Linear layers with so many inputs, hidden units and outputs, and the layers of `between` behind
// each but the last: widths = {784, 128, 10}, between = "relu" or "selu+alpha_dropout(p=0.05)".
std::vector<nn::Layer> dense(const std::vector<int>& widths, std::string_view between);

// The first `count` samples.
data::Samples first_of(const data::Samples& samples, std::size_t count);

class Study {
 public:
  // The samples must live as long.
  Study(const Recipe& recipe, const data::Samples& train);

  nn::Sequential& network() { return network_; }

  // One epoch, in an order of its own. Returns the means over it, while it was learned. A loss
  // that is not finite stays so: nothing throws.
  Score train_epoch(const Materials& materials);

  // Of samples, in evaluation.
  Score score(const data::Samples& samples, const Materials& materials);

  // Passes the first `count` samples through the network, in evaluation, so that output() can be
  // asked.
  void look(const data::Samples& samples, std::size_t count);
  // What layer `index` gave then: [count, its features]. Valid until the next pass.
  std::span<const float> output(std::size_t index) const;

 private:
  nn::Sequential network_;
  std::vector<nn::Parameter> parameters_;
  nn::Optimizer optimizer_;
  Batches batches_;
  std::vector<float> gradient_;
  std::vector<float> looked_at_;
  std::span<const float> last_;
  std::uint64_t seed_;
  double clip_;
  int epoch_ = 0;
};

}  // namespace actfn::lab::experiments
