#include "api/share.h"

#include "api/tensors.h"

#include <algorithm>
#include <system_error>
#include <thread>
#include <vector>

namespace actfn {

void check_threads(std::string_view who, Threads threads) {
  if (threads.count >= 0) return;
  fail(who, {"threads must not be negative, got ", std::to_string(threads.count)});
}

std::size_t thread_count(Threads threads, std::size_t elements, bool light) {
  const std::size_t useful = elements / (light ? kLightElementsPerThread : kElementsPerThread);
  if (threads.count == 1 || useful <= 1) return 1;  // hardware_concurrency() is slow
  const auto wanted = static_cast<unsigned>(threads.count);
  const unsigned max = wanted == 0 ? std::max(1U, std::thread::hardware_concurrency()) : wanted;
  return std::min<std::size_t>(useful, max);
}

void share(std::size_t n, std::size_t unit, std::size_t threads, const Part& body) {
  if (threads <= 1) {
    body(0, n);
    return;
  }
  const std::size_t units = (n + unit - 1) / unit;
  const auto bound = [&](std::size_t k) { return std::min(n, units * k / threads * unit); };
  std::vector<std::jthread> others;
  others.reserve(threads - 1);
  std::size_t started = 1;
  try {
    for (; started < threads; ++started) {
      others.emplace_back(
          [&body, begin = bound(started), end = bound(started + 1)] { body(begin, end); });
    }
  } catch (const std::system_error&) {
    // The system has no more threads: this one does the rest.
    body(bound(started), n);
  }
  body(bound(0), bound(1));
}

}  // namespace actfn
