// Divides elementwise work among threads, and into contiguous blocks.
#pragma once

#include <actfn/array.h>
#include <actfn/elementwise.h>

#include "api/check.h"
#include "api/share.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>

namespace actfn {

// A reference to a function of n elements of several arrays; `first` has the address of the first
// element of each.
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

// Up to five arrays of one type and shape. The last `outputs` of them are written.
struct Operands {
  std::initializer_list<const ConstArray*> arrays;
  std::size_t outputs = 1;
};

// Calls body until all elements are done, in `workers` threads. The body always gets contiguous
// elements: strided ones are copied to buffers and back.
void for_all(const Operands& operands, std::size_t workers, const Body& body);

}  // namespace actfn
