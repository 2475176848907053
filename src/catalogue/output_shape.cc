// SPDX-License-Identifier: Apache-2.0
// The shape of y, for functions of any kind.
#include <actfn/catalogue.h>

#include "catalogue/error.h"
#include "catalogue/lists.h"
#include "catalogue/shape.h"
#include "catalogue/size.h"

namespace actfn {
namespace {

bool ignores_axis(const Function& f) {
  return std::holds_alternative<Activation>(f) || std::holds_alternative<RandomActivation>(f) ||
         std::holds_alternative<LearnedActivation>(f);
}

}  // namespace

functions::Lengths functions::lengths_of(const Function& f) {
  const Descriptor& function = descriptor_of_any(f);
  return std::visit([&](auto list) { return function.lengths(function.leaf(&list)); }, f);
}

Shape output_shape(const Function& f, const Shape& x, int axis) {
  validate(f);
  const std::string_view who = info(f).name;
  const functions::Lengths lengths = functions::lengths_of(f);
  if (ignores_axis(f)) return x;
  const std::size_t at = axis_of(who, axis, "x", x);
  if (lengths.x == lengths.y || (lengths.x == 0 && x.count() == 0)) return x;
  if (x.count() == 0) fail(who, {"x is a scalar: it has no axis"});
  Shape y = x;
  if (lengths.x == 0) {
    y[at] = 1;
    return y;
  }
  if (x[at] % lengths.x != 0) {
    fail(who,
         {"axis ", at, " of x has the length ", x[at], ", which ", lengths.x, " does not divide"});
  }
  y[at] = (Size(x[at] / lengths.x) * lengths.y).value();
  if (y[at] == Size::kMost) fail(who, {"axis ", at, " of x is too long"});
  return y;
}

}  // namespace actfn
