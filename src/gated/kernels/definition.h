// What a gate's file says of the gate's mathematics, as data.
#pragma once

#include <actfn/gated.h>

#include <optional>

namespace actfn::gated {

// y = min(f(a), value) * (b + added), with a at most `a` before f, and b within [-b, b]. A gradient
// passes at a limit itself and is 0 beyond it. What is not set is not limited.
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
