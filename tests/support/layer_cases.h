// SPDX-License-Identifier: Apache-2.0
// Networks that hold every layer with a shape, for the tests of all of them.
#pragma once

#include <actfn/nn/nn.h>

#include <ostream>
#include <string>
#include <vector>

namespace actfn::nn::cases {

struct LayerCase {
  std::string name;
  Shape sample;
  std::vector<Layer> layers;
  std::size_t rows = 3;
  bool whole = false;  // whether the input holds whole numbers, below 7
};

inline std::ostream& operator<<(std::ostream& out, const LayerCase& c) { return out << c.name; }

// One for each argument of each layer, and more.
std::vector<LayerCase> all();

// Of c.rows samples.
std::vector<float> input_of(const LayerCase& c);

}  // namespace actfn::nn::cases
