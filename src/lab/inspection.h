// SPDX-License-Identifier: Apache-2.0
// A network that was trained before, looked at once with all instruments.
#pragma once

#include <actfn/nn/sequential.h>

#include "data/dataset.h"
#include "lab/results.h"

#include <string>
#include <vector>

namespace actfn::lab {

struct SavedNetwork {
  std::string file;
  std::string name;  // for the page
  std::string layers;
  std::size_t parameters = 0;
};

struct Inspection {
  SavedNetwork network;
  std::string data;       // path
  double validation = 0;  // share of the training samples
  int samples = 0;        // that were looked at, and of which part they are
  std::string part;
  std::string command;  // that does it again
  Machine machine;
  Score test;  // of all test samples
  std::vector<LayerProbe> layers;
};

// probes.csv: the name of the network is in the place of the activation.
std::string probes_of(const Inspection& inspection);

struct InspectionSettings {
  double validation = 0.1;  // as in training: features are scaled by what is left for that
  int samples = 256;
};

// Fills in all but the network, the data's path and the command. Throws Error where the network
// does not fit the data: "[inspect] the network takes 784 numbers, a sample has 4", "[inspect] the
// network gives 10 numbers, the data have 3 classes"; or has no layer to look at.
Inspection inspect(nn::Sequential& network, const data::Dataset& data,
                   const InspectionSettings& settings);

}  // namespace actfn::lab
