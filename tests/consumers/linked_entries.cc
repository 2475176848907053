// SPDX-License-Identifier: Apache-2.0
// Calls gelu and softmax by their types: it must not link the kernels of other functions.
#include <actfn/elementwise.h>
#include <actfn/rows.h>

#include <vector>

int main(int count, char** /*arguments*/) {
  std::vector<float> x(64, static_cast<float>(count));
  actfn::forward(actfn::Gelu{}, x, x);
  actfn::softmax({x, {8, 8}}, -1, {x, {8, 8}});
  return x[0] > x[1] ? 1 : 0;
}
