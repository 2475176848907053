// SPDX-License-Identifier: Apache-2.0
// Which elements of the inputs an element of an output is made of.
#pragma once

#include <functional>

#include "conformance/pytorch/compare.h"

namespace actfn::conformance {

// visit(name, input, i) for each.
using Visit = std::function<void(const std::string&, const Block&, std::size_t)>;
void for_each_origin(const Difference& d, const Visit& visit);

// Whether one of them is NaN, or infinite.
bool has_nan(const Difference& d);
bool has_infinity(const Difference& d);

// Where an element of a tensor lies beside an axis of x. The tensor's own axis may be longer, or
// shorter, or missing.
struct Along {
  std::size_t outer, place, inner;
  std::size_t length;  // of the tensor's axis
  std::size_t behind;  // elements in all axes behind it

  // Of the element i of a tensor of so many.
  Along(const Case& c, std::size_t size, std::size_t i);
  std::size_t index() const { return (outer * length + place) * behind + inner; }
};

}  // namespace actfn::conformance
