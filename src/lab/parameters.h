// SPDX-License-Identifier: Apache-2.0
// How exact the kernels are for any parameters: the largest errors over drawn parameters and
// inputs, against the oracle. Of elementwise functions, rows and gates.
#pragma once

#include <actfn/catalogue.h>
#include <actfn/tensor.h>

#include <atomic>
#include <cstdint>
#include <vector>

namespace actfn::lab {

struct ParameterSearch {
  Function function;  // of which the parameters are drawn; a choice stays
  std::vector<int> orders = {0, 1, 2};
  Type type = Type::float32;  // or float64
  std::uint64_t sets = 10'000;
  std::uint64_t seed = 0;
  int jobs = 1;  // threads; the results do not depend on it
};

// Inputs that each set of parameters is tried with: numbers, pairs of them, entries of rows.
inline constexpr std::uint64_t kInputsOfASet = 16;

// Order 1 are gradients for dy = 1; of rows, whose sums may cancel, for any dy, in ULP of what the
// sizes of their terms add up to. Order 2 are the gradients of these by x.
struct ParameterErrors {
  int order = 0;
  std::uint64_t sets = 0;
  std::uint64_t inputs = 0;
  double max_ulp = 0;
  Function worst;
  std::vector<double> worst_input;  // a number, a and b, or the row
  // About the roots of a derivative an absolute error counts, where terms cancel (terms.h) a part
  // of them, and in rows the one that is promised: these are left out above.
  std::uint64_t near_root_inputs = 0;
};

// Whether search_parameters() takes f: an elementwise function, a row function or a gate with
// parameters that are numbers.
bool has_drawable_parameters(const Function& f);

// In the order of settings.orders. `progress` goes from 0 to 1.
std::vector<ParameterErrors> search_parameters(const ParameterSearch& settings,
                                               std::atomic<double>& progress);

}  // namespace actfn::lab
