// SPDX-License-Identifier: Apache-2.0
#include "lab/speed.h"

#include <actfn/elementwise.h>

#include "lab/timed_calls.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <random>
#include <span>

#include "kernels/blocks.h"
#include "kernels/type.h"

namespace actfn::lab {
namespace {

using Clock = std::chrono::steady_clock;
using Body = std::function<void()>;

// Long compared with the clock's own time, short enough to fall between two disturbances.
constexpr double kTimingNs = 1e6;
constexpr double kTotalNs = 8e7;
constexpr int kFewestRounds = 11;

double nanoseconds(const Body& body, std::size_t calls) {
  const auto start = Clock::now();
  for (std::size_t i = 0; i < calls; ++i) body();
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count();
}

struct Subject {
  const Body& body;
  std::size_t calls = 1;  // in one timing
  double best = std::numeric_limits<double>::infinity();
};

// So many calls that one timing takes kTimingNs. The first call warms caches and page tables up.
void calibrate(Subject& s) {
  s.body();
  for (double took = nanoseconds(s.body, 1); took < kTimingNs;
       took = nanoseconds(s.body, s.calls)) {
    const double one = std::max(took / static_cast<double>(s.calls), 1.0);
    const auto wanted = static_cast<std::size_t>(std::ceil(kTimingNs / one));
    s.calls = std::clamp(wanted, s.calls + 1, 16 * s.calls);
  }
}

template <class T>
void fill_with(T* x, std::size_t n) {
  std::mt19937 bits(1);
  std::normal_distribution<float> normal(0, 3);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<T>(normal(bits));
}

void fill(const Tensor& a) {
  kernels::for_type(a.type(), [&]<class T>() { fill_with(a.data<T>(), a.size()); });
}

std::size_t bytes_of(Type type, std::size_t n) { return n * kernels::size_of(type); }

std::size_t capacity_for(std::size_t n, std::span<const Spec> functions) {
  std::size_t most = 1;
  for (const Spec& f : functions) {
    const Layout layout = layout_of(f.function, n);
    most = std::max({most, layout.x_size(), layout.y_size()});
  }
  return most;
}

}  // namespace

std::vector<double> race(std::span<const Body> calls, double total_ns) {
  std::vector<Subject> subjects;
  for (const auto& call : calls) calibrate(subjects.emplace_back(Subject{call}));
  double total = 0;
  for (int round = 0; round < kFewestRounds || total < total_ns; ++round) {
    for (auto& s : subjects) {
      const double took = nanoseconds(s.body, s.calls);
      total += took;
      s.best = std::min(s.best, took / static_cast<double>(s.calls));
    }
  }
  std::vector<double> best;
  for (const auto& s : subjects) best.push_back(s.best);
  return best;
}

std::size_t elements_in(std::size_t bytes, Type type) { return bytes / 2 / bytes_of(type, 1); }

Stopwatch::Stopwatch(Type type, std::size_t n, std::span<const Spec> functions)
    : type_(type),
      n_(n),
      capacity_(capacity_for(n, functions)),
      memory_(3, bytes_of(type, capacity_)) {
  fill(array_at(memory_.array(0), type, capacity_));
  fill(array_at(memory_.array(1), type, capacity_));
}

Stopwatch::Stopwatch(Type type, std::size_t n)
    : Stopwatch(type, n, std::array{Spec{Activation(Identity{})}}) {}

Body Stopwatch::call_of(const Spec& f, Work work, const Layout& layout, int threads) {
  TimedArrays arrays{type_, layout, memory_.array(0), memory_.array(1), memory_.array(2), nullptr};
  if (needs_outputs(f.function, work)) {
    if (!outputs_) outputs_.emplace(1, bytes_of(type_, capacity_));
    arrays.outputs = outputs_->array(0);
  }
  return timed_call(f.function, work, arrays, {threads}, f.accuracy);
}

void Stopwatch::run_once(const Spec& f, Work work, int threads) {
  call_of(f, work, layout_of(f.function, n_), threads)();
}

Body Stopwatch::elementwise_call(const Activation& f, Work work, int threads) {
  return call_of({f}, work, layout_of(f, n_), threads);
}

void Stopwatch::sum(std::size_t n) const {
  const auto& blocks = kernels::blocks(kernels::active_target());
  const auto* const x = memory_.array(0);
  const auto* const second = memory_.array(1);
  auto* const out = memory_.array(2);
  if (type_ == Type::float64) {
    blocks.of<double>().add(reinterpret_cast<const double*>(x),
                            reinterpret_cast<const double*>(second), reinterpret_cast<double*>(out),
                            n);
    return;
  }
  blocks.of<float>().add(reinterpret_cast<const float*>(x), reinterpret_cast<const float*>(second),
                         reinterpret_cast<float*>(out), bytes_of(type_, n) / sizeof(float));
}

Speed Stopwatch::measure(const Spec& f, Work work, int threads) {
  const Layout layout = layout_of(f.function, n_);
  const std::size_t n = layout.x_size();
  std::vector<Body> calls;
  calls.push_back(call_of(f, work, layout, threads));
  calls.emplace_back([&] { std::memcpy(memory_.array(2), memory_.array(0), bytes_of(type_, n)); });
  if (floor_is_sum(work)) calls.emplace_back([&] { sum(n); });
  const auto ns = race(calls, kTotalNs);
  const auto count = static_cast<double>(n);
  return {ns[0] / count, ns[1] / count, ns.back() / count};
}

}  // namespace actfn::lab
