// SPDX-License-Identifier: Apache-2.0
// Whether views have elements in common.
#pragma once

#include <actfn/tensor.h>

namespace actfn::memory {

// Whether both have the same address, type, shape and strides. Strides of dimensions of length 1
// have no meaning.
bool is_same_view(const ConstTensor& a, const ConstTensor& b);

// Whether some byte belongs to both. Exact for all but contrived strides, where it may be true
// although no byte does.
bool overlap(const ConstTensor& a, const ConstTensor& b);

// Whether two elements have the same address, with the same exception.
bool overlaps_itself(const ConstTensor& a);

}  // namespace actfn::memory
