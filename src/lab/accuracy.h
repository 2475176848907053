// SPDX-License-Identifier: Apache-2.0
// How exact the kernels are: the largest and the mean error over every input or a sample.
//
// float32 and the 16-bit types are held against the float64 kernels, and what is worst is measured
// again by the oracle; float64 is held against the oracle.
#pragma once

#include <actfn/activation.h>
#include <actfn/tensor.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

namespace actfn::lab {

struct AccuracySettings {
  Activation activation;
  Accuracy accuracy = Accuracy::accurate;  // of the kernels that are measured
  std::vector<int> orders = {0, 1, 2};
  Type type = Type::float32;
  // How many inputs; none: every one, of which float64 has too many.
  std::optional<std::uint64_t> sample;
  int jobs = 1;  // threads; the results do not depend on it
};

struct MeasuredErrors {
  int order = 0;
  std::uint64_t inputs = 0;
  double max_ulp = 0;
  double worst_input = 0;
  double mean_ulp = 0;
  // About the roots of a derivative an absolute error counts, not one in ULP: these inputs are left
  // out above.
  std::uint64_t near_root_inputs = 0;
  double near_root_error = 0;
  // Outputs below that of the input before, where the function never falls and every input was
  // taken in turn.
  std::optional<std::uint64_t> falls;
  // Of float32 values of nearest: outputs that are not the float32 nearest to the exact result, one
  // of their inputs, and inputs whose results the float64 kernel does not decide.
  std::optional<std::uint64_t> misrounded;
  double misrounded_input = 0;
  std::uint64_t near_middles = 0;
  // Inputs at which the float64 kernel itself turned out to be wrong, and one of them.
  std::uint64_t wrong_references = 0;
  double wrong_reference = 0;
};

// In the order of settings.orders. `progress` goes from 0 to 1.
std::vector<MeasuredErrors> measure(const AccuracySettings& settings,
                                    std::atomic<double>& progress);

}  // namespace actfn::lab
