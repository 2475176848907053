// SPDX-License-Identifier: Apache-2.0
// Trained weights as a file that PyTorch reads.
#pragma once

#include <actfn/nn/sequential.h>

#include "nn/architecture.h"

#include <string>

namespace actfn::lab {

// All learned numbers as the bytes of a safetensors file, under the names and in the layouts that
// the state_dict of a torch.nn.Sequential of the same layers has: "0.weight" [out, in], "0.bias",
// for prelu "1.weight". PyTorch has no names for what other layers learn: "1.values".
std::string weights_file(nn::Sequential& network, const nn::Architecture& architecture);

}  // namespace actfn::lab
