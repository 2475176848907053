#include <actfn/catalogue.h>

#include "catalogue/error.h"
#include "catalogue/lists.h"

#include <limits>

namespace actfn {

functions::Lengths functions::lengths_of(const Function& f) {
  const Descriptor& function = descriptor_of_any(f);
  return std::visit([&](auto list) { return function.lengths(function.leaf(&list)); }, f);
}

Shape output_shape(const Function& f, const Shape& x, int axis) {
  validate(f);
  const std::string_view who = info(f).name;
  const functions::Lengths lengths = functions::lengths_of(f);
  if (lengths.x == lengths.y) return x;
  const auto count = static_cast<int>(x.count());
  if (axis < -count || axis >= count) {
    fail(who, {"axis ", axis, " is out of range: x has ", count, " dimensions"});
  }
  const auto at = static_cast<std::size_t>(axis < 0 ? axis + count : axis);
  Shape y = x;
  if (lengths.x == 0) {
    y[at] = 1;
    return y;
  }
  if (x[at] % lengths.x != 0) {
    fail(who,
         {"axis ", at, " of x has the length ", x[at], ", which ", lengths.x, " does not divide"});
  }
  y[at] = x[at] / lengths.x;
  if (y[at] > std::numeric_limits<std::size_t>::max() / lengths.y) {
    fail(who, {"axis ", at, " of x is too long"});
  }
  y[at] *= lengths.y;
  return y;
}

}  // namespace actfn
