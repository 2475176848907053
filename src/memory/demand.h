// SPDX-License-Identifier: Apache-2.0
// Checks of the arguments of public functions. They throw Error. `who` is the name of the function
// that is called, as parse() reads it.
#pragma once

#include <actfn/tensor.h>
#include <actfn/threads.h>

#include "catalogue/error.h"
#include "catalogue/float_environment.h"
#include "catalogue/shape.h"
#include "kernels/built.h"
#include "kernels/entry.h"
#include "kernels/type.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace actfn::memory {

struct Named {
  std::string_view name;
  const ConstTensor& data;
};

// Demands kernels for the type. Inline, because most builds have all.
inline void demand_built(std::string_view who, Type type) {
  if (kernels::has_type(type)) return;
  fail(who, {"this build has no ", type_name(type), ": ACTFN_TYPES leaves it out"});
}

// Demands that the number is not negative.
void demand_threads(std::string_view who, const Threads& threads);

// What a public function begins with: it demands that f's parameters are in range, and
// demand_threads(). As long as it lives, the thread computes in the default environment.
class Call : FloatEnvironment {
 public:
  template <class List>
  explicit Call(const ListRef<List>& f, const Threads& threads = {}) {
    kernels::demand_valid(f);
    demand_threads(kernels::name_of(f), threads);
  }
};

// A negative axis counts from the end. A scalar counts as a row of one.
std::size_t demand_axis(std::string_view who, int axis, const Named& x);

void demand_same_type(std::string_view who, const Named& in, const Named& out);
// Demands the same type and shape of all.
void demand_alike(std::string_view who, const Named& first, std::initializer_list<Named> others);

// Whether x and y pass demand_alike() and demand_outputs(), and are contiguous; false also where it
// takes longer to find out.
inline bool are_plain(const ConstTensor& x, const ConstTensor& y) {
  if (!x.is_contiguous() || !y.is_contiguous() || x.type() != y.type()) return false;
  if (!kernels::has_type(x.type())) return false;
  if (x.shape() != y.shape()) return false;
  const auto bytes = x.size() * kernels::size_of(x.type());
  const auto a = reinterpret_cast<std::uintptr_t>(x.address());
  const auto b = reinterpret_cast<std::uintptr_t>(y.address());
  return a == b || a + bytes <= b || b + bytes <= a;
}

// Demands that they have no element in common.
void demand_apart(std::string_view who, const Named& a, const Named& b);

// Demands that outputs can be written: that the build has their type, that no two elements of one
// have the same address, that no two outputs have an element in common, and that an output is
// exactly the same view as an input or has no element in common with it.
void demand_outputs(std::string_view who, std::initializer_list<Named> inputs,
                    std::initializer_list<Named> outputs);

// Demands the same type and shape of all, and demand_outputs().
void demand_tensors(std::string_view who, std::initializer_list<Named> inputs,
                    std::initializer_list<Named> outputs);

}  // namespace actfn::memory
