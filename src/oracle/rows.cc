// SPDX-License-Identifier: Apache-2.0
#include "oracle/rows.h"

#include <hwy/highway.h>

#include "rows/kernels/row_math.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
#include "rows/functions.inc"
}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace actfn::oracle {

using HWY_NAMESPACE::RowMath;

Row row_values(const RowActivation& f, const Row& x) {
  return std::visit([&]<class F>(const F& p) { return RowMath<F>::Reference(p, x); }, f);
}

long double row_value(const RowReduction& f, const Row& x) {
  return std::visit([&]<class F>(const F& p) { return RowMath<F>::Reference(p, x); }, f);
}

double row_tolerance(const RowActivation& f) {
  return std::visit(
      []<class F>(const F& p) {
        if constexpr (requires { RowMath<F>::Tolerance(p); }) {
          return RowMath<F>::Tolerance(p);
        } else {
          return 0.0;
        }
      },
      f);
}

}  // namespace actfn::oracle
