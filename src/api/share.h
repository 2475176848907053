// Divides work among threads. It is compiled once and calls a body through a pointer: bodies are
// long loops.
#pragma once

#include <actfn/threads.h>

#include <cstddef>
#include <string_view>

namespace actfn {

// A thread with fewer elements costs more time than it saves. Measured: gelu gains from two threads
// from 2^19 elements on, relu from about 2^22 (docs/performance.md, Threads).
inline constexpr std::size_t kElementsPerThread = std::size_t{1} << 18;
inline constexpr std::size_t kLightElementsPerThread = std::size_t{1} << 21;

// Throws Error if the number is negative.
void check_threads(std::string_view who, Threads threads);

// `light`: the work is limited by memory.
std::size_t thread_count(Threads threads, std::size_t elements, bool light);

// A reference to a function of (begin, end).
class Part {
 public:
  template <class Body>
  Part(const Body& body)  // NOLINT(google-explicit-constructor): functions convert
      : body_(&body), call_([](const void* self, std::size_t begin, std::size_t end) {
          (*static_cast<const Body*>(self))(begin, end);
        }) {}
  void operator()(std::size_t begin, std::size_t end) const { call_(body_, begin, end); }

 private:
  const void* body_;
  void (*call_)(const void*, std::size_t, std::size_t);
};

// Calls body(begin, end) for parts of [0, n), one for each thread. Their bounds are multiples of
// `unit`.
void share(std::size_t n, std::size_t unit, std::size_t threads, const Part& body);

}  // namespace actfn
