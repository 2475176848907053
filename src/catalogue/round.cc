// SPDX-License-Identifier: Apache-2.0
// Parameters as tensors of float32 read them.
#include "catalogue/lists.h"

namespace actfn::functions {

void round_to_float32(const Descriptor& function, void* leaf) {
  for (const ParameterInfo& p : function.info.parameters) {
    if (is_function(p)) {
      *p.function_of(leaf) = function.nested->rounded(*p.function_of(leaf));
    } else if (p.type == ParameterInfo::Type::number) {
      p.set_number(leaf, static_cast<double>(static_cast<float>(p.number_of(leaf))));
    }
  }
}

}  // namespace actfn::functions
