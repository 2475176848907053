// SPDX-License-Identifier: Apache-2.0
#include <actfn/gated.h>

#include "conformance/pytorch/families.h"

namespace actfn::conformance {
namespace {

void run_packed(const Gate& gate, const Case& c, Results& out) {
  const ConstTensor x = c.input("x").tensor();
  const bool halves = c.settings.at("packing") == "halves";
  const GateOptions options{halves ? Packing::halves : Packing::interleaved, {}};
  forward(gate, x, c.axis(), out.at("y").tensor(), options);
  if (!out.contains("dx")) return;
  const ConstTensor dy = c.input("dy").tensor();
  backward(gate, x, dy, c.axis(), out.at("dx").tensor(), options);
  if (!out.contains("for_dy")) return;
  double_backward(gate, x, dy, c.input("v_x").tensor(), c.axis(), out.at("for_dy").tensor(),
                  out.at("for_x").tensor(), options);
}

void run_two(const Gate& gate, const Case& c, Results& out) {
  const ConstTensor a = c.input("a").tensor();
  const ConstTensor b = c.input("b").tensor();
  forward(gate, a, b, out.at("y").tensor());
  if (!out.contains("da")) return;
  backward(gate, a, b, c.input("dy").tensor(), out.at("da").tensor(), out.at("db").tensor());
}

}  // namespace

void run_gates(const Case& c, Results& out) {
  (c.in.contains("x") ? run_packed : run_two)(parse_gate(c.spec), c, out);
}

}  // namespace actfn::conformance
