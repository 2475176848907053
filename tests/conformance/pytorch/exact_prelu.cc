// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "conformance/pytorch/exact.h"

namespace actfn::conformance {
namespace {

// A sum, and that of its terms' sizes.
struct Sum {
  double value = 0;
  double size = 0;

  void add(double term) {
    value += term;
    size += std::abs(term);
  }
};

struct Prelu {
  const Case& c;

  double of(const char* name, std::size_t i) const { return c.input(name)[i]; }

  // Which weight belongs to an element.
  std::size_t channel(std::size_t i) const {
    const Shape& shape = c.input("x").layout.shape;
    if (c.input("weight").size() == 1) return 0;
    std::size_t inner = 1;
    for (std::size_t axis = 2; axis < shape.count(); ++axis) inner *= shape[axis];
    return i / inner % shape[1];
  }

  // The gradient by dy of <v_x, dx> + <v_weight, dweight>: what is multiplied by dy there.
  Sum for_dy(std::size_t i) const {
    const double x = of("x", i);
    const std::size_t k = channel(i);
    Sum sum;
    sum.add(of("v_x", i) * (x > 0 ? 1 : of("weight", k)));
    if (!(x > 0) && of("v_weight", k) != 0) sum.add(of("v_weight", k) * x);
    return sum;
  }

  Sum for_weight(std::size_t k) const {
    Sum sum;
    for (std::size_t i = 0; i < c.input("x").size(); ++i) {
      if (channel(i) == k && !(of("x", i) > 0)) sum.add(of("v_x", i) * of("dy", i));
    }
    return sum;
  }
};

// A slope of 0 gives 0 at -inf, too: the limit.
bool prelu_at_infinity(const Difference& d) {
  const Prelu prelu{d.c};
  const double x = prelu.of("x", d.i);
  return std::isinf(x) && x < 0 && prelu.of("weight", prelu.channel(d.i)) == 0 && d.got == 0;
}

}  // namespace

bool is_exact_prelu(const Difference& d) {
  if (d.output == "y") return prelu_at_infinity(d);
  const Prelu prelu{d.c};
  if (d.output == "for_x") {
    const double x = prelu.of("x", d.i);
    const double term = prelu.of("v_weight", prelu.channel(d.i)) * prelu.of("dy", d.i);
    return agree(d.c.type, d.got, x > 0 ? 0 : term, std::abs(term));
  }
  if (d.output != "for_dy" && d.output != "for_weight") return false;
  const Sum sum = d.output == "for_dy" ? prelu.for_dy(d.i) : prelu.for_weight(d.i);
  return agree(d.c.type, d.got, sum.value, sum.size);
}

}  // namespace actfn::conformance
