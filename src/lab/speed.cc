#include "lab/speed.h"

#include <actfn/elementwise.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <random>
#include <span>

#include "kernels/blocks.h"

namespace actfn::lab {
namespace {

using Clock = std::chrono::steady_clock;
using Body = std::function<void()>;

// Long enough beside the clock's own time, short enough to fall between two disturbances.
constexpr double kTimingNs = 1e6;
constexpr double kTotalNs = 8e7;
constexpr int kFewestRounds = 11;

std::size_t size_of(Type type) { return type == Type::float64 ? 8 : type == Type::float32 ? 4 : 2; }

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

void fill(const Array& a) {
  switch (a.type()) {
    case Type::float32:
      return fill_with(a.data<float>(), a.size());
    case Type::float64:
      return fill_with(a.data<double>(), a.size());
    case Type::bfloat16:
      return fill_with(a.data<bfloat16>(), a.size());
    case Type::float16:
      return fill_with(a.data<float16>(), a.size());
  }
}

void* start_of(const Array& a) { return const_cast<void*>(a.address()); }

std::size_t size_of(const Array& a) { return a.size() * size_of(a.type()); }

Array array_at(std::byte* start, Type type, std::size_t n) {
  switch (type) {
    case Type::float32:
      return {reinterpret_cast<float*>(start), n};
    case Type::float64:
      return {reinterpret_cast<double*>(start), n};
    case Type::bfloat16:
      return {reinterpret_cast<bfloat16*>(start), n};
    default:
      return {reinterpret_cast<float16*>(start), n};
  }
}

void run(const Activation& f, Work work, const Array& x, const Array& second, const Array& out,
         Threads threads) {
  switch (work) {
    case Work::value:
      return forward(f, x, out, threads);
    case Work::derivative:
      return derivative(f, x, out, threads);
    case Work::second_derivative:
      return second_derivative(f, x, out, threads);
    case Work::backward:
      return backward(f, x, second, out, threads);
    case Work::backward_from_output:
      return backward_from_output(f, second, x, out, threads);
  }
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

std::size_t elements_in(std::size_t bytes, Type type) { return bytes / 2 / size_of(type); }

Stopwatch::Stopwatch(Type type, std::size_t n)
    : memory_(3, n * size_of(type)),
      x_(array_at(memory_.array(0), type, n)),
      second_(array_at(memory_.array(1), type, n)),
      out_(array_at(memory_.array(2), type, n)) {
  fill(x_);
  fill(second_);
}

void Stopwatch::run_once(const Activation& f, Work work, int threads) const {
  run(f, work, x_, second_, out_, {threads});
}

void Stopwatch::sum() const {
  const auto& blocks = kernels::blocks(kernels::active_target());
  if (x_.type() == Type::float64) {
    const auto* x = x_.data<double>();
    blocks.of<double>().add(x, second_.data<double>(), out_.data<double>(), x_.size());
    return;
  }
  const auto as_floats = [](const Array& a) { return static_cast<float*>(start_of(a)); };
  blocks.of<float>().add(as_floats(x_), as_floats(second_), as_floats(out_),
                         size_of(x_) / sizeof(float));
}

Speed Stopwatch::measure(const Activation& f, Work work, int threads) {
  // The outputs take the gradients' place, which do not matter: x serves for them.
  if (work == Work::backward_from_output) forward(f, x_, second_);
  std::vector<Body> calls;
  calls.emplace_back([&] { run_once(f, work, threads); });
  calls.emplace_back([&] { std::memcpy(start_of(out_), start_of(x_), size_of(x_)); });
  if (floor_is_sum(work)) calls.emplace_back([&] { sum(); });
  const auto ns = race(calls, kTotalNs);
  const auto n = static_cast<double>(x_.size());
  return {ns[0] / n, ns[1] / n, ns.back() / n};
}

}  // namespace actfn::lab
