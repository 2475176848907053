// SPDX-License-Identifier: Apache-2.0
#include <actfn/learnable.h>

#include "conformance/pytorch/families.h"

namespace actfn::conformance {

void run_prelu(const Case& c, Results& out) {
  const Block& x = c.input("x");
  const ConstTensor weight = c.input("weight").array();
  prelu(x.tensor(), weight, out.at("y").tensor());
  if (out.contains("dx")) {
    prelu_backward(x.tensor(), weight, c.input("dy").tensor(), out.at("dx").tensor(),
                   out.at("dweight").array());
  }
  if (out.contains("for_dy")) {
    prelu_double_backward(x.tensor(), weight, c.input("dy").tensor(), c.input("v_x").tensor(),
                          c.input("v_weight").array(), out.at("for_dy").tensor(),
                          out.at("for_x").tensor(), out.at("for_weight").array());
  }
}

}  // namespace actfn::conformance
