// SPDX-License-Identifier: Apache-2.0
#include <actfn/learnable.h>

#include <cmath>

#include "conformance/pytorch/families.h"

namespace actfn::conformance {
namespace {

// Beside the sum of the terms' sizes, an error of the sum counts.
double sum_of_sizes(const Block& dy, const Block& dydp) {
  double sum = 0;
  for (std::size_t i = 0; i < dy.size(); ++i) sum += std::abs(dy[i] * dydp[i]);
  return sum;
}

}  // namespace

void run_parameters(const Case& c, Results& out) {
  const Activation f = parse(c.spec);
  const Block& x = c.input("x");
  const Block& dy = c.input("dy");
  std::vector<double> sums(learnable_parameters(f).size());
  parameter_gradient(f, x.array(), dy.array(), sums);
  for (std::size_t k = 0; k < sums.size(); ++k) {
    Block& dydp = out.at("dydp" + std::to_string(k));
    parameter_derivative(f, k, x.array(), dydp.array());
    Buffer& pair = out.at("sums" + std::to_string(k)).buffer;
    pair.set(0, sums[k]);
    pair.set(1, sum_of_sizes(dy, dydp));
  }
}

}  // namespace actfn::conformance
