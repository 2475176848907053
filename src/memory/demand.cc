// SPDX-License-Identifier: Apache-2.0
#include "memory/demand.h"

#include "kernels/type.h"
#include "memory/overlap.h"

namespace actfn::memory {
namespace {

[[noreturn]] void fail_overlap(std::string_view who, const Named& in, const Named& out,
                               bool may_be_same) {
  fail(who, {out.name, " overlaps ", in.name, ": they must be ",
             may_be_same ? "the same or separate" : "separate"});
}

void demand_same_shape(std::string_view who, const Named& in, const Named& out) {
  const Shape &have = out.data.shape(), &want = in.data.shape();
  if (have == want) return;
  const bool alike = (have.count() == 1) == (want.count() == 1);
  fail(who, {out.name, " has ", size_text(have), ", ", in.name, " has ",
             alike ? text(want) : size_text(want)});
}

}  // namespace

void demand_threads(std::string_view who, const Threads& threads) {
  if (threads.count >= 0) return;
  fail(who, {"threads must not be negative, got ", threads.count});
}

std::size_t demand_axis(std::string_view who, int axis, const Named& x) {
  return axis_of(who, axis, x.name, x.data.shape());
}

void demand_same_type(std::string_view who, const Named& in, const Named& out) {
  if (in.data.type() == out.data.type()) return;
  fail(who, {out.name, " is ", type_name(out.data.type()), ", ", in.name, " is ",
             type_name(in.data.type())});
}

void demand_alike(std::string_view who, const Named& first, std::initializer_list<Named> others) {
  for (const Named& other : others) {
    demand_same_type(who, first, other);
    demand_same_shape(who, first, other);
  }
}

void demand_apart(std::string_view who, const Named& a, const Named& b) {
  if (overlap(a.data, b.data)) fail_overlap(who, a, b, false);
}

void demand_outputs(std::string_view who, std::initializer_list<Named> inputs,
                    std::initializer_list<Named> outputs) {
  for (const Named& out : outputs) {
    demand_built(who, out.data.type());
    if (overlaps_itself(out.data)) fail(who, {out.name, " has two elements at one address"});
    for (const Named& in : inputs) {
      if (is_same_view(in.data, out.data) || !overlap(in.data, out.data)) continue;
      fail_overlap(who, in, out, in.data.shape() == out.data.shape());
    }
    for (const Named* before = outputs.begin(); before != &out; ++before) {
      demand_apart(who, *before, out);
    }
  }
}

void demand_tensors(std::string_view who, std::initializer_list<Named> inputs,
                    std::initializer_list<Named> outputs) {
  // Most calls have one output, and tensors that need no closer look.
  bool plain = outputs.size() == 1;
  for (const Named& in : inputs) plain = plain && are_plain(in.data, outputs.begin()->data);
  if (plain) return;
  demand_alike(who, *inputs.begin(), inputs);
  demand_alike(who, *inputs.begin(), outputs);
  demand_outputs(who, inputs, outputs);
}

}  // namespace actfn::memory
