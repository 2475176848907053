// SPDX-License-Identifier: Apache-2.0
// The mathematics of a gate as data, taken from the gate's file.
#pragma once

#include <actfn/gated.h>

#include "kernels/entry.h"

#include <optional>

namespace actfn {
namespace gated {

// y = min(f(min(a, limits.a)), limits.value) * (min(max(b, -limits.b), limits.b) + limits.added).
// A limit that is not set does not apply. The gradient passes at the limit itself and is 0 beyond
// it.
struct Limits {
  std::optional<double> a;
  std::optional<double> value;
  std::optional<double> b;
  double added = 0;
};

struct Definition {
  Activation f;
  const kernels::EntryOf<Activation>* entry;          // of f
  const kernels::GradientsOf<Activation>* gradients;  // of f
  bool second_is_gate;                                // y = a f(b)
  Limits limits;
};

Definition definition_of(const ListRef<Gate>& gate);

}  // namespace gated

template <>
struct kernels::EntryOf<Gate> {
  const functions::Descriptor& (*descriptor)();
  gated::Definition (*definition)(const void* gate);
};

inline gated::Definition gated::definition_of(const ListRef<Gate>& gate) {
  return gate.entry().definition(gate.parameters());
}

}  // namespace actfn
