// SPDX-License-Identifier: Apache-2.0
// The passes of attention for arguments that were checked.
#pragma once

#include <actfn/nn/attention.h>

#include "nn/attention/backward.h"
#include "nn/attention/problem.h"

namespace actfn::nn::attention {

void attend(const Problem& p, const Shapes& shapes, const Tensor& out,
            const AttentionExtras& extras);
void attend_backward(const Problem& p, const Shapes& shapes, const ConstTensor& dout,
                     const Gradients& to, const AttentionSaved& saved);

}  // namespace actfn::nn::attention
