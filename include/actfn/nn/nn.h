// SPDX-License-Identifier: Apache-2.0
// Training: layers, losses, optimizers, schedules. Link with the target actfn::nn.
#pragma once

#include <actfn/error.h>                    // IWYU pragma: export
#include <actfn/nn/adaptive_log_softmax.h>  // IWYU pragma: export
#include <actfn/nn/attention.h>             // IWYU pragma: export
#include <actfn/nn/clip.h>                  // IWYU pragma: export
#include <actfn/nn/init.h>                  // IWYU pragma: export
#include <actfn/nn/layers.h>                // IWYU pragma: export
#include <actfn/nn/loss.h>                  // IWYU pragma: export
#include <actfn/nn/multihead_attention.h>   // IWYU pragma: export
#include <actfn/nn/onnx.h>                  // IWYU pragma: export
#include <actfn/nn/optimizer.h>             // IWYU pragma: export
#include <actfn/nn/parameter.h>             // IWYU pragma: export
#include <actfn/nn/schedule.h>              // IWYU pragma: export
#include <actfn/nn/sequential.h>            // IWYU pragma: export
#include <actfn/nn/state_dict.h>            // IWYU pragma: export
