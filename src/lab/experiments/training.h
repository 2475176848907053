// SPDX-License-Identifier: Apache-2.0
// Networks that experiments train.
#pragma once

#include <actfn/nn/nn.h>

#include "lab/batches.h"
#include "lab/experiment.h"
#include "lab/results.h"

#include <cstdint>
#include <functional>
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
  double clip = 0;         // the largest norm of the gradient; 0: any
  bool decay_all = false;  // weight decay acts on prelu's slopes and the like, too
  std::uint64_t seed = 1;
};

// Linear layers with so many inputs, hidden units and outputs, and the layers of `between` behind
// each but the last: widths = {784, 128, 10}, between = "relu" or "selu+alpha_dropout(p=0.05)".
std::vector<nn::Layer> dense(const std::vector<int>& widths, std::string_view between);

// Of Fashion-MNIST.
inline constexpr int kPixels = 784;
inline constexpr int kClasses = 10;
// From its pixels through so many equally wide layers to its classes.
std::vector<int> widths_of(int hidden, int width);

// The network with reproducible products, and weights drawn from the seed.
nn::Sequential initialized(nn::Sequential network, nn::Init init, std::uint64_t seed);

// The first `count` samples.
data::Samples first_of(const data::Samples& samples, std::size_t count);
// The first images of Fashion-MNIST.
struct Images {
  data::Samples train, test;
};
Images first_images(std::size_t train, std::size_t test);

// The means over samples of what `loss` gives for each batch.
Score mean_score(const data::Samples& samples, int batch, const Materials& materials,
                 const std::function<nn::LossSum(const Batch&)>& loss);

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
  bool at_once_;
  int epoch_ = 0;
};

}  // namespace actfn::lab::experiments
