// SPDX-License-Identifier: Apache-2.0
// The calls that bench measures, for functions of every kind.
#pragma once

#include <actfn/catalogue.h>
#include <actfn/threads.h>

#include "lab/speed.h"

#include <cstddef>
#include <functional>

namespace actfn::lab {

// Memory for the larger of x and y each.
struct TimedArrays {
  Type type;
  Layout layout;
  std::byte* x;
  std::byte* gradients;
  std::byte* out;
  std::byte* outputs;  // for y where backward reads it; null where it does not
};

Tensor array_at(std::byte* start, Type type, std::size_t n);

bool needs_outputs(const Function& f, Work work);

// What one call computes; elementwise functions with the accuracy. Throws Error where f cannot do
// the work.
std::function<void()> timed_call(const Function& f, Work work, const TimedArrays& arrays,
                                 Threads threads, Accuracy accuracy = Accuracy::accurate);

}  // namespace actfn::lab
