// SPDX-License-Identifier: Apache-2.0
#include <actfn/random.h>

#include "conformance/pytorch/families.h"

namespace actfn::conformance {

// What draws has no counterpart: what takes its place in evaluation has.
void run_random(const Case& c, Results& out) {
  run_activation(evaluated(parse_random_activation(c.spec)), c, out);
}

}  // namespace actfn::conformance
