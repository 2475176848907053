// Shares elementwise work out: by threads, by rows, and by blocks where columns are strided.
#pragma once

#include <actfn/array.h>
#include <actfn/elementwise.h>

#include "api/check.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <system_error>
#include <thread>
#include <vector>

namespace actfn {

// Below so many elements a thread costs more than it brings: measured, gelu gains from 2^19
// elements by two threads on, relu from about 2^22 (docs/performance.md, Threads).
inline constexpr std::size_t kElementsPerThread = std::size_t{1} << 18;
inline constexpr std::size_t kLightElementsPerThread = std::size_t{1} << 21;

// `light`: the activation is limited by memory.
inline std::size_t thread_count(Threads threads, std::size_t elements, bool light) {
  const std::size_t useful = elements / (light ? kLightElementsPerThread : kElementsPerThread);
  if (threads.count == 1 || useful <= 1) return 1;  // asking for the machine's number takes long
  const auto wanted = static_cast<unsigned>(threads.count);
  const unsigned most = wanted == 0 ? std::max(1U, std::thread::hardware_concurrency()) : wanted;
  return std::min<std::size_t>(useful, most);
}

// body(begin, end) for parts of [0, n) whose bounds are multiples of `unit`.
template <class Body>
void share(std::size_t n, std::size_t unit, std::size_t threads, const Body& body) {
  if (threads <= 1) {
    body(std::size_t{0}, n);
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
    // No more threads to be had: what is left is done here.
    body(bound(started), n);
  }
  body(bound(0), bound(1));
}

// A reference to a function of n elements of several arrays, each given by the address of its
// first.
class Body {
 public:
  template <class F>
  Body(const F& f)  // NOLINT(google-explicit-constructor): a view, as cheap to pass as a pointer
      : f_(&f), call_([](const void* g, void* const* first, std::size_t n) {
          (*static_cast<const F*>(g))(first, n);
        }) {}
  void operator()(void* const* first, std::size_t n) const { call_(f_, first, n); }

 private:
  const void* f_;
  void (*call_)(const void*, void* const*, std::size_t);
};

// The same elements of up to five arrays of one type and shape, the last `outputs` of which are
// written.
struct Operands {
  std::initializer_list<const ConstArray*> arrays;
  std::size_t outputs = 1;
};

// body for all elements, by so many threads: always contiguous pieces, strided ones by way of
// buffers.
void for_all(const Operands& operands, std::size_t workers, const Body& body);

}  // namespace actfn
