// SPDX-License-Identifier: Apache-2.0
// How exact the kernels are for any parameters: the largest errors over drawn parameters and
// inputs, against the oracle.
#pragma once

#include <actfn/activation.h>
#include <actfn/tensor.h>

#include <atomic>
#include <cstdint>
#include <vector>

namespace actfn::lab {

struct ParameterSearch {
  Activation activation;  // of which the parameters are drawn; a choice stays
  std::vector<int> orders = {0, 1, 2};
  Type type = Type::float32;  // or float64
  std::uint64_t sets = 10'000;
  std::uint64_t seed = 0;
  int jobs = 1;  // threads; the results do not depend on it
};

// Inputs that each set of parameters is tried with.
inline constexpr std::uint64_t kInputsOfASet = 16;

struct ParameterErrors {
  int order = 0;
  std::uint64_t sets = 0;
  std::uint64_t inputs = 0;
  double max_ulp = 0;
  Activation worst;
  double worst_input = 0;
  // About the roots of a derivative an absolute error counts, and where terms cancel (terms.h) a
  // part of them: these are left out above.
  std::uint64_t near_root_inputs = 0;
};

bool has_numbers(const Activation& f);

// The i-th set of parameters that validate() accepts: magnitudes over the range of float32, equal
// and opposite ones, neighbours of the defaults and of each other, zeros, the smallest and largest.
Activation drawn_parameters(const Activation& f, std::uint64_t i);

// In the order of settings.orders. `progress` goes from 0 to 1.
std::vector<ParameterErrors> search_parameters(const ParameterSearch& settings,
                                               std::atomic<double>& progress);

}  // namespace actfn::lab
