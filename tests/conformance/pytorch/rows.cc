// SPDX-License-Identifier: Apache-2.0
#include <actfn/catalogue.h>

#include <stdexcept>

#include "conformance/pytorch/families.h"

namespace actfn::conformance {
namespace {

RowOptions options(const Case& c) {
  if (!c.mask) return {};
  const Layout& mask = *c.mask;
  return {ConstMask(c.mask_bytes.data() + mask.offset, mask.shape, mask.strides), {}};
}

void run_function(const RowReduction& f, const Case& c, Results& out) {
  const ConstTensor x = c.input("x").tensor();
  Block& y = out.at("y");
  forward(f, x, c.axis(), y.tensor(), options(c));
  if (!out.contains("dx")) return;
  const ConstTensor dy = c.input("dy").tensor();
  backward(f, x, dy, c.axis(), out.at("dx").tensor(), options(c));
}

void run_row_gradients(const RowActivation& f, const Case& c, const Block& y, Results& out) {
  if (!out.contains("dx")) return;
  const ConstTensor dy = c.input("dy").tensor();
  backward(f, y.tensor(), dy, c.axis(), out.at("dx").tensor());
  if (!out.contains("for_dy")) return;
  double_backward(f, y.tensor(), dy, c.input("v_x").tensor(), c.axis(), out.at("for_dy").tensor(),
                  out.at("for_x").tensor());
}

void run_function(const RowActivation& f, const Case& c, Results& out) {
  Block& y = out.at("y");
  forward(f, c.input("x").tensor(), c.axis(), y.tensor(), options(c));
  run_row_gradients(f, c, y, out);
}

// PyTorch's noise is another, so what takes the function's place in evaluation is compared.
void run_function(const RandomRow& f, const Case& c, Results& out) {
  run_function(evaluated(f), c, out);
}

template <class Other>
void run_function(const Other& /*f*/, const Case& c, Results& /*out*/) {
  throw std::runtime_error(c.spec + " is no function of a row");
}

}  // namespace

void run_rows(const Case& c, Results& out) {
  if (c.spec != "softmax2d") {
    const Function f = parse_function(c.spec);
    return std::visit([&](const auto& one) { run_function(one, c, out); }, f);
  }
  Block& y = out.at("y");
  softmax2d(c.input("x").tensor(), y.tensor());
  run_row_gradients(Softmax{}, c, y, out);
}

}  // namespace actfn::conformance
