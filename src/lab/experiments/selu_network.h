// SPDX-License-Identifier: Apache-2.0
// Means and variances in deep networks of selu that nothing was learned in yet.
#pragma once

#include "lab/experiments/moments.h"
#include "lab/experiments/seeds.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab::experiments {

struct SeluSize {
  int depth, width;
  int networks;  // that each seed stands for: one network's layers are few units, and their mean
                 // is off by the square root of 1 / width
  std::size_t images;
};
SeluSize selu_size(const Scope& scope);
std::string name_of(const SeluSize& size);  // for trials

// The seed of a network.
std::uint64_t seed_of_draw(int seed, int draw);

// Of a seed's networks, the means by layer.
class LayerMoments {
 public:
  void add(const std::vector<Moments>& network);
  std::vector<Moments> means() const;

 private:
  std::vector<Moments> sums_;
  double count_ = 0;
};
// Rows of case, seed, layer, mean, variance.
std::vector<Row> rows_of(std::string_view name, int seed, const LayerMoments& moments);

struct LastLayer {
  Point mean, variance;  // with their intervals
};
LastLayer last_layer(const Readings& of_case);
// Whether both stay where selu should keep them.
Holds in_corridor(const LastLayer& last);
std::string text_of(const LastLayer& last);  // "0.01 and 0.98"
std::string corridor_text();
std::string measured_of(const Readings& readings);

// Means and variances by layer, a line for each case. The first has the title.
std::vector<Chart> moments_figures(const Readings& readings, const std::string& title);

}  // namespace actfn::lab::experiments
