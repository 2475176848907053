// SPDX-License-Identifier: Apache-2.0
// The parts of measure(): see accuracy.h.
#pragma once

#include "lab/accuracy.h"
#include "lab/errors.h"
#include "lab/near_root.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <future>
#include <vector>

namespace actfn::lab {

// Of consecutive inputs: what chunks, put together in their order, add up to.
struct ErrorStats {
  std::uint64_t inputs = 0;
  double sum = 0;
  double max = 0;
  double worst_input = 0;
  std::uint64_t near_root_inputs = 0;
  double near_root_error = 0;
  std::uint64_t falls = 0;
  std::uint64_t misrounded = 0;
  double misrounded_input = 0;
  std::uint64_t near_middles = 0;
  float first_output = 0;
  float last_output = 0;

  void add(double ulps, double x) {
    sum += ulps;
    if (ulps > max) worst_input = x;
    max = std::max(max, ulps);
  }
  void add_near_root(double error) {
    ++near_root_inputs;
    near_root_error = std::max(near_root_error, error);
  }
  void append(const ErrorStats& next) {
    if (inputs > 0 && next.first_output < last_output) ++falls;
    if (inputs == 0) first_output = next.first_output;
    last_output = next.last_output;
    inputs += next.inputs;
    sum += next.sum;
    if (next.max > max) worst_input = next.worst_input;
    max = std::max(max, next.max);
    near_root_inputs += next.near_root_inputs;
    near_root_error = std::max(near_root_error, next.near_root_error);
    falls += next.falls;
    if (misrounded == 0) misrounded_input = next.misrounded_input;
    misrounded += next.misrounded;
    near_middles += next.near_middles;
  }
};

// Below this a root need not be thought of.
inline constexpr double kAlwaysFine = 0.51;

// body(i) for i from 0 to n - 1, by so many threads; `step()` after each.
inline void share_chunks(std::size_t n, int jobs, const std::function<void(std::size_t)>& body,
                         const std::function<void()>& step) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < n; i = next++) {
      body(i);
      step();
    }
  };
  std::vector<std::future<void>> others;
  for (int k = 1; k < jobs; ++k) others.push_back(std::async(std::launch::async, work));
  work();
  for (auto& other : others) other.get();
}

// Adds to `progress` in equal steps, from any thread.
class Steps {
 public:
  Steps(std::atomic<double>& progress, std::size_t count)
      : progress_(progress), size_(1 / static_cast<double>(count)) {}
  void operator()() const { progress_.fetch_add(size_, std::memory_order_relaxed); }

 private:
  std::atomic<double>& progress_;
  double size_;
};

// One order of float32 or a 16-bit type against the float64 kernels.
MeasuredErrors measure_fast(const AccuracySettings& settings, int order,
                            std::atomic<double>& progress);

// All orders of float64 against the oracle.
std::vector<MeasuredErrors> measure_exact(const AccuracySettings& settings,
                                          std::atomic<double>& progress);

// The error of `got` in units of the spacing of `format` at the truth `want`, of which `rest` was
// taken away in units of float64's spacing.
double exact_ulps(const Format& format, double got, double want, double rest);

}  // namespace actfn::lab
