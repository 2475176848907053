#include "memory/share.h"

#include <algorithm>
#include <system_error>
#include <thread>
#include <vector>

namespace actfn::memory {

Crew crew_for(const Threads& threads, std::size_t elements, double nanoseconds) {
  const auto useful = static_cast<std::size_t>(static_cast<double>(elements) * nanoseconds / 15000);
  if (threads.count == 1 || useful <= 1) return {};
  const auto wanted = static_cast<unsigned>(threads.count);
  const unsigned max = wanted == 0 ? std::max(1U, std::thread::hardware_concurrency()) : wanted;
  return {std::min<std::size_t>(useful, max)};
}

void share(std::size_t n, std::size_t unit, const Crew& crew,
           FunctionRef<void(std::size_t worker, std::size_t begin, std::size_t end)> body) {
  const std::size_t units = (n + unit - 1) / unit;
  const std::size_t threads = std::min(crew.workers, units);
  if (threads <= 1) return body(0, 0, n);
  const auto bound = [&](std::size_t k) { return std::min(n, units * k / threads * unit); };
  std::vector<std::jthread> others;
  others.reserve(threads - 1);
  std::size_t started = 1;
  try {
    for (; started < threads; ++started) {
      others.emplace_back([&body, worker = started, begin = bound(started),
                           end = bound(started + 1)] { body(worker, begin, end); });
    }
  } catch (const std::system_error&) {
    // The system has no more threads: this one does the rest.
    body(0, bound(started), n);
  }
  body(0, bound(0), bound(1));
}

}  // namespace actfn::memory
