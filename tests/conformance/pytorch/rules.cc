// SPDX-License-Identifier: Apache-2.0
#include "conformance/pytorch/rules.h"

#include <actfn/actfn.h>

#include <array>
#include <cmath>

#include "conformance/pytorch/exact.h"
#include "conformance/pytorch/neighbours.h"

namespace actfn::conformance {
namespace {

bool elementwise(const Difference& d) { return d.c.family == "elementwise"; }

double input(const Difference& d, const char* name) { return d.c.input(name)[d.i]; }

bool nan_in(const Difference& d) { return std::isnan(d.got) && has_nan(d); }

bool at_infinity(const Difference& d) {
  return elementwise(d) && std::isinf(input(d, "x")) && is_limit(d);
}

bool at_kink(const Difference& d) {
  if (!elementwise(d) || d.output == "y") return false;
  const double x = std::abs(input(d, "x"));
  return (x == 0 || (d.c.group == "hardswish" && x == 3)) && is_exact(d);
}

bool hardsigmoid(const Difference& d) {
  return d.c.type == Type::float64 && d.c.spec == "hardsigmoid" && is_exact(d);
}

bool sixteen_bits(const Difference& d) {
  return elementwise(d) && size_of(d.c.type) == 2 && is_exact(d);
}

bool from_output(const Difference& d) {
  const std::string& group = d.c.group;
  return (group == "sigmoid" || group == "tanh" || group == "softcap") && d.output != "y" &&
         is_exact(d);
}

bool swish_beta(const Difference& d) {
  return d.c.family == "parameters" && d.c.group == "swish, parameters" && is_exact_beta(d);
}

bool exact(const Difference& d) { return elementwise(d) && is_exact(d); }

bool gate_at_infinity(const Difference& d) {
  return d.c.family == "gates" && has_infinity(d) && is_exact_gate(d);
}

// Where a factor is 0 and another infinite.
bool zero_by_infinity(const Difference& d) {
  return d.c.family == "gates" && std::isnan(d.got) && d.output != "y" && has_infinity(d);
}

bool gate_at_limit(const Difference& d) {
  return d.c.family == "gates" && is_at_limit(d) && is_exact_gate(d);
}

bool gate(const Difference& d) { return d.c.family == "gates" && is_exact_gate(d); }

bool rows(const Difference& d) { return d.c.family == "rows"; }

bool empty_row(const Difference& d) { return rows(d) && is_empty_row(d) && is_exact_row(d); }

bool row_at_infinity(const Difference& d) { return rows(d) && has_infinity(d) && is_exact_row(d); }

bool row(const Difference& d) { return rows(d) && is_exact_row(d); }

bool prelu(const Difference& d) { return d.c.family == "prelu" && is_exact_prelu(d); }

constexpr std::array kRules = {
    Rule{"nan", "NaN in, NaN out, in every function and derivative; PyTorch's comparisons lose it.",
         nan_in},
    Rule{"infinity",
         "At an infinite x, the limit of the function or derivative; PyTorch's formulas make inf - "
         "inf or 0 inf, a NaN.",
         at_infinity},
    Rule{"kink",
         "Derivatives where they jump: of hardswish 0 at -3 and 1 at 3, second ones of the piece "
         "to the left, of celu the mean. PyTorch's second derivatives are 0 there.",
         at_kink},
    Rule{"hardsigmoid", "PyTorch's gradient has 1 / 6 rounded to float32 in float64, too.",
         hardsigmoid},
    Rule{"16 bits",
         "PyTorch rounds results on the way, and some parameters, to 16 bits; arithmetic of 500 "
         "bits agrees with us.",
         sixteen_bits},
    Rule{"from the output",
         "PyTorch's gradients come from the rounded output, which is 1 where it saturates; "
         "arithmetic of 500 bits agrees with us.",
         from_output},
    Rule{"exact",
         "PyTorch's formula cancels, overflows or underflows; arithmetic of 500 bits agrees with "
         "us.",
         exact},
    Rule{"swish beta",
         "PyTorch's sigmoid has its gradient from the output, which is 1 where it saturates; x^2 "
         "sigmoid'(beta x) agrees with us.",
         swish_beta},
    Rule{"prelu",
         "backward takes the slope w at 0, PyTorch's too; its double backward takes 1 there, ours "
         "w. "
         "A slope of 0 gives 0 at -inf, the limit, where PyTorch's 0 inf is NaN. Computed again in "
         "float64 from the definition.",
         prelu},
    Rule{"empty row",
         "A row in which no entry takes part gives zeros, of logarithms -inf, and gradients of 0; "
         "PyTorch's softmax gives NaN.",
         empty_row},
    Rule{"row at infinity",
         "Entries of +inf share the probability, as the limit has it; PyTorch gives NaN. Computed "
         "again in float64 from the definition.",
         row_at_infinity},
    Rule{
        "row",
        "PyTorch's composition cancels, underflows or rounds on the way. Computed again in float64 "
        "from the definition, gradients from our y.",
        row},
    Rule{"gate at infinity",
         "f(a) is the limit before b multiplies it; PyTorch's is NaN. Computed again in float64 "
         "from "
         "the definition.",
         gate_at_infinity},
    Rule{"0 infinity",
         "A derivative that is 0 times an infinite factor is NaN, where PyTorch leaves the product "
         "out: the gate is relu, or a line whose second derivative is 0.",
         zero_by_infinity},
    Rule{
        "gate at its limit",
        "clamped_swiglu's gradient passes at the limits themselves, where PyTorch's clamp gives 0.",
        gate_at_limit},
    Rule{"gate",
         "PyTorch's formula cancels, underflows or rounds on the way. Computed again in float64 "
         "from "
         "the definition.",
         gate},
};

}  // namespace

std::span<const Rule> rules() { return kRules; }

const Rule* rule_for(const Difference& d) {
  for (const Rule& rule : kRules) {
    if (rule.holds(d)) return &rule;
  }
  return nullptr;
}

}  // namespace actfn::conformance
