// SPDX-License-Identifier: Apache-2.0
#include "data/dataset.h"

namespace actfn::data {

std::string to_string(const SampleShape& shape) {
  const std::string plane = std::to_string(shape.height) + "x" + std::to_string(shape.width);
  return shape.channels == 1 ? plane : std::to_string(shape.channels) + "x" + plane;
}

}  // namespace actfn::data
