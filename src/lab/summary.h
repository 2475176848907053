// One line an activation: where its trainings ended.
#pragma once

#include "lab/results.h"

#include <string>
#include <vector>

namespace actfn::lab {

struct Spread {
  double mean = 0;
  double least = 0;
  double most = 0;
  int count = 0;
};

struct Summary {
  std::string activation;
  // Over the seeds, each at its last finished epoch.
  Spread train_loss, test_loss, test_accuracy;
  double seconds = 0;  // an epoch, median over all but each training's first
};

// In the order of the comparison; activations without a finished epoch are left out.
std::vector<Summary> summarize(const Comparison& comparison);

// "0.2958", or "0.2958 (0.2931–0.2980)" where there are several.
std::string spread_text(const Spread& spread, int decimals);

}  // namespace actfn::lab
