// SPDX-License-Identifier: Apache-2.0
#include "memory/share.h"

#include "catalogue/float_environment.h"
#include "memory/pool.h"

#include <algorithm>
#include <array>
#include <atomic>

namespace actfn::memory {
namespace {

// Work for which one more thread is worth its price. Measured with two: they gain from 5 us of work
// on while helpers spin, and from 60 us on when a sleeping helper must be woken, which takes the
// caller 10 to 20 us.
constexpr double kNanosecondsPerWorker = 10'000;

// The first part of a worker is cut into so many, which others may take if the worker is late.
constexpr std::size_t kCuts = 4;

using Body = FunctionRef<void(std::size_t worker, std::size_t begin, std::size_t end)>;

// One call of share().
class Division {
 public:
  Division(std::size_t n, std::size_t unit, std::size_t workers, const Body& body)
      : n_(n), unit_(unit), workers_(workers), body_(body) {
    for (std::size_t worker = 0; worker < workers; ++worker) {
      taken_[worker].until = first_of(worker, workers, n, unit);
    }
  }

  // Its own part, then what is left of the others'.
  void work(std::size_t worker) {
    for (std::size_t k = 0; k < workers_; ++k) take_from((worker + k) % workers_, worker);
  }

 private:
  void take_from(std::size_t owner, std::size_t worker) {
    const std::size_t begin = first_of(owner, workers_, n_, unit_);
    const std::size_t end = first_of(owner + 1, workers_, n_, unit_);
    const std::size_t units = (end - begin + unit_ - 1) / unit_;
    const std::size_t step = std::max<std::size_t>(1, (units + kCuts - 1) / kCuts) * unit_;
    const std::atomic_ref<std::size_t> until(taken_[owner].until);
    // A look first: adding takes the cache line from those who still have work there.
    while (until.load(std::memory_order_relaxed) < end) {
      const std::size_t at = until.fetch_add(step, std::memory_order_relaxed);
      if (at < end) body_(worker, at, std::min(at + step, end));
    }
  }

  struct alignas(64) Taken {
    std::size_t until;  // elements of the part below this are taken
  };

  std::size_t n_, unit_, workers_;
  const Body& body_;
  std::array<Taken, kMostWorkers> taken_;  // only those of the workers are ever set
};

}  // namespace

Crew crew_for(const Threads& threads, std::size_t elements, double nanoseconds) {
  if (threads.count == 1) return {};
  const double useful = static_cast<double>(elements) * nanoseconds / kNanosecondsPerWorker;
  if (useful < 2) return {};
  const std::size_t allowed =
      threads.count > 0 ? static_cast<std::size_t>(threads.count) : processors();
  const std::size_t most = std::min(allowed, kMostWorkers);
  if (most <= 1) return {};
  return {useful < static_cast<double>(most) ? static_cast<std::size_t>(useful) : most,
          threads.executor};
}

std::size_t first_of(std::size_t worker, std::size_t workers, std::size_t n, std::size_t unit) {
  const std::size_t units = n / unit + (n % unit != 0 ? 1 : 0);
  const std::size_t before = units / workers * worker + std::min(worker, units % workers);
  return std::min(n, before * unit);
}

void share(std::size_t n, std::size_t unit, const Crew& crew, Body body) {
  if (crew.workers <= 1 || n <= unit) return body(0, 0, n);
  const std::size_t units = n / unit + (n % unit != 0 ? 1 : 0);
  const std::size_t workers = std::min({crew.workers, units, kMostWorkers});
  Division division(n, unit, workers, body);
  if (crew.executor == nullptr) {
    return run_together(workers, [&](std::size_t worker) { division.work(worker); });
  }
  const auto part = [](void* argument, std::size_t worker) {
    const FloatEnvironment environment;
    static_cast<Division*>(argument)->work(worker);
  };
  crew.executor->run(crew.executor->context, workers, part, &division);
}

}  // namespace actfn::memory
