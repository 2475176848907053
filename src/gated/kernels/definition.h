// The mathematics of a gate as data, taken from the gate's file.
#pragma once

#include <actfn/gated.h>

#include <optional>

namespace actfn::gated {

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
  bool second_is_gate;  // y = a f(b)
  Limits limits;
};

Definition definition_of(const Gate& gate);

}  // namespace actfn::gated
