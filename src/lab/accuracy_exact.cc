// SPDX-License-Identifier: Apache-2.0
// float64 against the oracle.
#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>

#include "kernels/evaluator.h"
#include "lab/accuracy_inputs.h"
#include "lab/accuracy_runs.h"
#include "oracle/oracle.h"

namespace actfn::lab {
namespace {

constexpr double kRootBoundFloat64 = 0x1p-53;
constexpr std::size_t kChunk = 64;

struct Part {
  double oracle::Truth::*nearest;
  double oracle::Truth::*rest;
};
constexpr Part kParts[] = {{&oracle::Truth::value, &oracle::Truth::value_rest},
                           {&oracle::Truth::first, &oracle::Truth::first_rest},
                           {&oracle::Truth::second, &oracle::Truth::second_rest}};

using PerOrder = std::array<ErrorStats, 3>;

class ExactRun {
 public:
  explicit ExactRun(const AccuracySettings& s)
      : settings_(s),
        kernels_(GradientRef<Activation>(s.activation, s.accuracy), Type::float64),
        size_(s.sample.value_or(0)),
        landmarks_(landmarks_for_sample<double>(s.activation, size_)) {
    for (int order = 0; order < 3; ++order) {
      roots_.emplace_back(s.activation, order, kRootBoundFloat64);
    }
  }

  std::vector<MeasuredErrors> measure(std::atomic<double>& progress) const;

 private:
  double input(std::uint64_t i) const {
    return i < landmarks_.size() ? landmarks_[i] : draw<double>(i);
  }
  PerOrder chunk(std::uint64_t first, std::uint64_t last) const;
  void compare(int order, double x, const oracle::Truth& truth, ErrorStats& stats) const;

  const AccuracySettings& settings_;
  kernels::Evaluator kernels_;
  std::vector<Roots> roots_;
  std::uint64_t size_;
  std::vector<double> landmarks_;
};

void ExactRun::compare(int order, double x, const oracle::Truth& truth, ErrorStats& stats) const {
  const auto index = static_cast<std::size_t>(order);
  const double want = std::isnan(x) ? x : truth.*kParts[index].nearest;
  if (std::isnan(want) && !std::isnan(x)) return;  // e^x left the oracle's range
  double got = 0;
  kernels_.map(static_cast<kernels::Order>(order), &x, &got, 1);
  const double ulps = exact_ulps(kFloat64, got, want, truth.*kParts[index].rest);
  ++stats.inputs;
  if (ulps > kAlwaysFine && roots_[index].excuses(x, want, std::abs(got - want))) {
    stats.add_near_root(std::abs(got - want));
  } else {
    stats.add(ulps, x);
  }
}

PerOrder ExactRun::chunk(std::uint64_t first, std::uint64_t last) const {
  PerOrder all;
  for (std::uint64_t i = first; i < last; ++i) {
    const double x = input(i);
    if (std::isinf(x)) continue;
    const oracle::Truth truth = oracle::truth(settings_.activation, x);
    for (const int order : settings_.orders) {
      compare(order, x, truth, all[static_cast<std::size_t>(order)]);
    }
  }
  return all;
}

std::vector<MeasuredErrors> ExactRun::measure(std::atomic<double>& progress) const {
  std::vector<PerOrder> chunks((size_ + kChunk - 1) / kChunk);
  share_chunks(
      chunks.size(), oracle::thread_safe() ? settings_.jobs : 1,
      [&](std::size_t i) { chunks[i] = chunk(i * kChunk, std::min(size_, (i + 1) * kChunk)); },
      Steps(progress, chunks.size()));
  std::vector<MeasuredErrors> result;
  for (const int order : settings_.orders) {
    ErrorStats all;
    for (const PerOrder& c : chunks) all.append(c[static_cast<std::size_t>(order)]);
    const auto counted =
        static_cast<double>(std::max<std::uint64_t>(1, all.inputs - all.near_root_inputs));
    result.push_back({order,
                      all.inputs,
                      all.max,
                      all.worst_input,
                      all.sum / counted,
                      all.near_root_inputs,
                      all.near_root_error,
                      {},
                      {},
                      0,
                      0,
                      0,
                      0});
  }
  return result;
}

}  // namespace

std::vector<MeasuredErrors> measure_exact(const AccuracySettings& settings,
                                          std::atomic<double>& progress) {
  return ExactRun(settings).measure(progress);
}

}  // namespace actfn::lab
