// SPDX-License-Identifier: Apache-2.0
// float32 and the 16-bit types against the float64 kernels, and the worst against the oracle.
#include <actfn/types.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <mutex>

#include "kernels/evaluator.h"
#include "lab/accuracy_inputs.h"
#include "lab/accuracy_runs.h"
#include "oracle/oracle.h"

namespace actfn::lab {
namespace {

constexpr double kRootBoundFloat32 = 0x1p-24;
constexpr std::size_t kBlock = 512;  // stays in the first-level cache

template <class T>
constexpr Format kFormat = std::is_same_v<T, float>      ? kFloat32
                           : std::is_same_v<T, bfloat16> ? kBfloat16
                                                         : kFloat16;

constexpr double oracle::Truth::*kTruthOf[] = {&oracle::Truth::value, &oracle::Truth::first,
                                               &oracle::Truth::second};

// The inputs of a run by their number.
template <class T>
class Inputs {
 public:
  explicit Inputs(const AccuracySettings& s) : size_(s.sample.value_or(kAll)) {
    if (!s.sample) return;
    for (const float x : landmarks_for_sample<float>(s.activation, size_)) {
      landmarks_.push_back(T(x));
    }
  }

  std::uint64_t size() const { return size_; }
  bool every() const { return size_ == kAll; }

  void read(std::uint64_t first, std::span<T> x) const {
    if (every()) return patterns(first, x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::uint64_t at = first + i;
      x[i] = at < landmarks_.size() ? landmarks_[at] : T(draw<float>(at));
    }
  }

 private:
  static constexpr std::uint64_t kAll = std::uint64_t{1} << (8 * sizeof(T));

  std::vector<T> landmarks_;
  std::uint64_t size_;
};

template <class T>
class FastRun {
 public:
  FastRun(const AccuracySettings& s, int order)
      : settings_(s),
        order_(static_cast<kernels::Order>(order)),
        kernels_(GradientRef<Activation>(s.activation, s.accuracy), kTypeOf<T>),
        reference_(oracle::as_float64(s.activation), Type::float64),
        roots_(oracle::as_float64(s.activation), order, kRootBoundFloat32),
        source_(s) {}

  MeasuredErrors measure(std::atomic<double>& progress) const;

 private:
  // Enough chunks that the worst of each are a choice, enough inputs that they are worth a thread.
  static constexpr std::uint64_t kChunk = sizeof(T) == 2 ? 1U << 10U : 1U << 17U;

  struct Block {
    std::array<T, kBlock> x;
    std::array<T, kBlock> y;
    std::array<float, kBlock> got;
    std::array<double, kBlock> wide_x;
    std::array<double, kBlock> want;
    std::array<double, kBlock> ulps;
  };

  ErrorStats chunk(std::uint64_t first, std::uint64_t last) const;
  ErrorStats block(Block& b, std::size_t n) const;
  bool rounds() const {
    return std::is_same_v<T, float> && settings_.accuracy == Accuracy::nearest &&
           order_ == kernels::Order::value;
  }
  void check_rounding(const Block& b, std::size_t n, ErrorStats& stats) const;
  void take_apart(const Block& b, std::size_t n, ErrorStats& stats) const;
  void confirm(std::vector<ErrorStats> chunks, MeasuredErrors& accuracy) const;
  void confirm(T x, MeasuredErrors& accuracy) const;
  std::vector<T> probes() const;

  const AccuracySettings& settings_;
  kernels::Order order_;
  kernels::Evaluator kernels_;
  kernels::Evaluator reference_;
  Roots roots_;
  Inputs<T> source_;
};

// One by one, where an error may be that of a root's neighbourhood.
template <class T>
void FastRun<T>::take_apart(const Block& b, std::size_t n, ErrorStats& stats) const {
  for (std::size_t i = 0; i < n; ++i) {
    const double error = std::abs(static_cast<double>(b.got[i]) - b.want[i]);
    if (b.ulps[i] > kAlwaysFine && roots_.excuses(b.wide_x[i], b.want[i], error)) {
      stats.add_near_root(error);
    } else {
      stats.add(b.ulps[i], b.wide_x[i]);
    }
  }
}

// The float32 that is nearest to f(x), of which `want` is the double, good to far less than 2^-42
// of it. Where that does not decide, the oracle does.
struct Nearest {
  float y;
  bool decided;
};
Nearest nearest(const Activation& f, float x, double want) {
  constexpr double kMargin = 0x1p-42;
  const auto below = static_cast<float>(want * (1 - kMargin));
  const auto above = static_cast<float>(want * (1 + kMargin));
  if (below == above || !std::isfinite(want) || !std::isfinite(x)) {
    return {static_cast<float>(want), true};
  }
  static std::mutex one_at_a_time;
  std::unique_lock lock(one_at_a_time, std::defer_lock);
  if (!oracle::thread_safe()) lock.lock();
  return {oracle::nearest(f, x), false};
}

template <class T>
void FastRun<T>::check_rounding(const Block& b, std::size_t n, ErrorStats& stats) const {
  for (std::size_t i = 0; i < n; ++i) {
    if (std::isnan(b.want[i]) && std::isnan(b.got[i])) continue;
    const auto x = static_cast<float>(b.wide_x[i]);
    const Nearest right = nearest(settings_.activation, x, b.want[i]);
    if (!right.decided) ++stats.near_middles;
    if (std::bit_cast<std::uint32_t>(right.y) == std::bit_cast<std::uint32_t>(b.got[i])) continue;
    if (stats.misrounded++ == 0) stats.misrounded_input = b.wide_x[i];
  }
}

template <class T>
ErrorStats FastRun<T>::block(Block& b, std::size_t n) const {
  kernels_.map(order_, b.x.data(), b.y.data(), n);
  for (std::size_t i = 0; i < n; ++i) b.wide_x[i] = static_cast<double>(static_cast<float>(b.x[i]));
  reference_.map(order_, b.wide_x.data(), b.want.data(), n);
  for (std::size_t i = 0; i < n; ++i) {
    b.got[i] = static_cast<float>(b.y[i]);
    b.want[i] = b.wide_x[i] == b.wide_x[i] ? b.want[i] : b.wide_x[i];  // NaN in, NaN out
  }
  const ErrorSum e = errors(kFormat<T>, b.got.data(), b.want.data(), n, b.ulps.data());
  ErrorStats stats;
  stats.inputs = n;
  stats.first_output = b.got[0];
  stats.last_output = b.got[n - 1];
  stats.falls = count_falls(b.got.data(), n);
  if (rounds()) check_rounding(b, n, stats);
  if (e.max > kAlwaysFine && order_ != kernels::Order::value) {
    take_apart(b, n, stats);
  } else if (e.max > 0) {
    const auto* const worst = std::find(b.ulps.begin(), b.ulps.end(), e.max);
    stats.sum = e.sum;
    stats.max = e.max;
    stats.worst_input = b.wide_x[static_cast<std::size_t>(worst - b.ulps.begin())];
  }
  return stats;
}

template <class T>
ErrorStats FastRun<T>::chunk(std::uint64_t first, std::uint64_t last) const {
  Block b;
  ErrorStats all;
  for (std::uint64_t at = first; at < last; at += kBlock) {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, last - at));
    source_.read(at, std::span(b.x).first(n));
    all.append(block(b, n));
  }
  return all;
}

// The oracle's word on one input.
template <class T>
void FastRun<T>::confirm(T x, MeasuredErrors& accuracy) const {
  const auto wide_x = static_cast<double>(static_cast<float>(x));
  if (!std::isfinite(wide_x)) return;
  const auto truth = oracle::truth(settings_.activation, static_cast<float>(x));
  const double want = truth.*kTruthOf[accuracy.order];
  if (std::isnan(want)) return;  // e^x left its range
  T y{};
  kernels_.map(order_, &x, &y, 1);
  const auto got = static_cast<double>(static_cast<float>(y));
  const double ulps = exact_ulps(kFormat<T>, got, want, 0);
  double reference = 0;
  reference_.map(order_, &wide_x, &reference, 1);
  const double by_reference = exact_ulps(kFormat<T>, got, reference, 0);
  const bool excused = ulps > kAlwaysFine && roots_.excuses(wide_x, want, std::abs(got - want));
  if (!excused && !(std::abs(ulps - by_reference) <= 0.01 + 1e-6 * ulps)) {
    ++accuracy.wrong_references;
    accuracy.wrong_reference = wide_x;
  }
  if (excused || ulps <= accuracy.max_ulp) return;
  accuracy.max_ulp = ulps;
  accuracy.worst_input = wide_x;
}

// Some inputs for the oracle, whatever the float64 kernels think of them: both may be wrong.
template <class T>
std::vector<T> FastRun<T>::probes() const {
  constexpr std::uint64_t kProbes = 1000;
  std::vector<T> all;
  for (const float x : landmarks<float>(settings_.activation)) all.push_back(T(x));
  for (std::uint64_t i = 0; i < kProbes; ++i) all.push_back(T(draw<float>(~i)));
  return all;
}

template <class T>
void FastRun<T>::confirm(std::vector<ErrorStats> chunks, MeasuredErrors& accuracy) const {
  constexpr std::size_t kWorst = 64;
  const std::size_t count = std::min(kWorst, chunks.size());
  const auto worse = [](const ErrorStats& a, const ErrorStats& b) { return a.max > b.max; };
  std::partial_sort(chunks.begin(), chunks.begin() + static_cast<std::ptrdiff_t>(count),
                    chunks.end(), worse);
  MeasuredErrors exact;
  exact.order = accuracy.order;
  for (const ErrorStats& c : std::span(chunks).first(count)) {
    if (c.max > 0) confirm(T(static_cast<float>(c.worst_input)), exact);
  }
  for (const T x : probes()) confirm(x, exact);
  accuracy.wrong_references = exact.wrong_references;
  accuracy.wrong_reference = exact.wrong_reference;
  // A NaN or infinity out of place at an input of the same kind is none of the oracle's business.
  const bool special = std::isinf(accuracy.max_ulp) && !std::isfinite(accuracy.worst_input);
  if (special) return;
  accuracy.max_ulp = exact.max_ulp;
  accuracy.worst_input = exact.worst_input;
}

// Whether the function never falls, as far as a sample of the reference says.
bool never_falls(const Activation& f) {
  constexpr std::uint64_t kDraws = 1U << 14U;
  std::vector<double> x = landmarks<double>(f);
  for (std::uint64_t i = 0; i < kDraws; ++i) x.push_back(draw<double>(i));
  std::erase_if(x, [](double v) { return !(std::abs(v) <= 0x1p127); });
  std::sort(x.begin(), x.end());
  std::vector<double> y(x.size());
  const kernels::Evaluator reference(f, Type::float64);
  reference.map(kernels::Order::derivative, x.data(), y.data(), x.size());
  if (std::any_of(y.begin(), y.end(), [](double slope) { return slope < 0; })) return false;
  reference.map(kernels::Order::value, x.data(), y.data(), x.size());
  // By what float32 would show: softplus falls by 1e-10 of itself at its threshold.
  const auto falls = [](double a, double b) { return b < a - 0x1p-26 * std::abs(a); };
  return std::adjacent_find(y.begin(), y.end(), falls) == y.end();
}

template <class T>
MeasuredErrors FastRun<T>::measure(std::atomic<double>& progress) const {
  const std::uint64_t size = source_.size();
  std::vector<ErrorStats> chunks((size + kChunk - 1) / kChunk);
  const Steps step(progress, chunks.size() * settings_.orders.size());
  share_chunks(
      chunks.size(), settings_.jobs,
      [&](std::size_t i) { chunks[i] = chunk(i * kChunk, std::min(size, (i + 1) * kChunk)); },
      step);
  ErrorStats all;
  for (const ErrorStats& c : chunks) all.append(c);
  MeasuredErrors a{static_cast<int>(order_),
                   all.inputs,
                   all.max,
                   all.worst_input,
                   all.sum / static_cast<double>(all.inputs - all.near_root_inputs),
                   all.near_root_inputs,
                   all.near_root_error,
                   {},
                   {},
                   all.misrounded_input,
                   all.near_middles,
                   0,
                   0};
  if (rounds()) a.misrounded = all.misrounded;
  if (order_ == kernels::Order::value && source_.every() &&
      never_falls(oracle::as_float64(settings_.activation))) {
    a.falls = all.falls;
  }
  confirm(std::move(chunks), a);
  return a;
}

}  // namespace

MeasuredErrors measure_fast(const AccuracySettings& settings, int order,
                            std::atomic<double>& progress) {
  switch (settings.type) {
    case Type::bfloat16:
      return FastRun<bfloat16>(settings, order).measure(progress);
    case Type::float16:
      return FastRun<float16>(settings, order).measure(progress);
    default:
      return FastRun<float>(settings, order).measure(progress);
  }
}

}  // namespace actfn::lab
