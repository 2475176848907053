// SPDX-License-Identifier: Apache-2.0
// Where a derivative crosses 0 its error in ULP has no bound: an absolute one counts there.
#pragma once

#include "kernels/evaluator.h"

namespace actfn::lab {

// Whether a derivative with these values on both sides of an input, and `want` there, has a root
// near it: it crosses 0, or comes close to it.
bool has_root_between(double left, double right, double want);

// What float64 kernels say about a function's neighbourhood.
class Roots {
 public:
  // `f` as float64 kernels take it; errors up to `bound` are fine about a root, or up to that part
  // of the derivative's size beside it.
  Roots(const Activation& f, int order, double bound)
      : kernels_(f, Type::float64), order_(static_cast<kernels::Order>(order)), bound_(bound) {}

  // An error at x, where the truth is `want`, that the neighbourhood of a root excuses. A root at 0
  // excuses nothing: next to it numbers are as dense as the truth is small.
  bool excuses(double x, double want, double error) const;

 private:
  kernels::Evaluator kernels_;
  kernels::Order order_;
  double bound_;
};

}  // namespace actfn::lab
