// SPDX-License-Identifier: Apache-2.0
// What happens inside a network while it is trained, measured after each epoch on the same samples.
#pragma once

#include <actfn/nn/parameter.h>

#include "lab/batches.h"
#include "lab/parts.h"
#include "nn/inside.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace actfn::lab {

// The samples that are looked at: the first of the validation part, or of the training part where
// there is none.
const data::Samples& probed(const Parts& parts);

class Probe {
 public:
  enum class Scope {
    some,  // LayerProbe without `more`
    all
  };

  // `samples` is how many of them, at most.
  Probe(std::span<const nn::Layer> layers, const Parts& parts, int samples, Scope scope);

  // How many layers are looked at: those with weights that a function follows, maybe behind a
  // normalisation. Those in a Parallel are not.
  std::size_t layers() const { return hidden_.size(); }

  // Of each hidden layer; who they are of is left to the caller. The network is in evaluation then,
  // with gradients of these samples; nothing else about it changes. The first call has the weights
  // that later ones are compared with.
  std::vector<LayerProbe> measure(nn::Sequential& network, double label_smoothing);

 private:
  struct Hidden {
    nn::Inside::Path weights, before, function;  // `before` gives what `function` is applied to
    std::optional<nn::Inside::Path> last;  // the last of several functions, if its output is kept
    std::string name;                      // of the weights among the network's parameters
    std::size_t units;
    bool has_places;  // of an image: each unit has a number for each
    bool has_curve;
    std::vector<float> first = {};  // weights
  };

  void find_hidden(std::span<const nn::Layer> layers, nn::Inside::Path& at);
  void add_hidden(std::span<const nn::Layer> layers, nn::Inside::Path at, std::size_t units);
  static LayerProbe measure(const Hidden& hidden, const nn::Inside& inside, std::size_t rows);
  static void measure_more(Hidden& hidden, const nn::Parameter& weights, const nn::Inside& inside,
                           std::size_t rows, Instruments& more);

  std::vector<Hidden> hidden_;
  Batches samples_;
  Scope scope_;
  nn::Buffer gradient_;
};

}  // namespace actfn::lab
