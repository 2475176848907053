// SPDX-License-Identifier: Apache-2.0
#include <actfn/grouped.h>

#include "conformance/pytorch/families.h"

namespace actfn::conformance {
namespace {

void run_crelu(const Case& c, Results& out) {
  const ConstTensor x = c.input("x").tensor();
  crelu(x, c.axis(), out.at("y").tensor());
  if (!out.contains("dx")) return;
  crelu_backward(x, c.input("dy").tensor(), c.axis(), out.at("dx").tensor());
}

void run_maxout(const Case& c, Results& out) {
  const ConstTensor x = c.input("x").tensor();
  const auto group = c.settings.at("group_size").get<std::size_t>();
  maxout(x, c.axis(), group, out.at("y").tensor());
  if (!out.contains("dx")) return;
  maxout_backward(x, c.input("dy").tensor(), c.axis(), group, out.at("dx").tensor());
}

}  // namespace

void run_grouped(const Case& c, Results& out) {
  (c.spec == "crelu" ? run_crelu : run_maxout)(c, out);
}

}  // namespace actfn::conformance
