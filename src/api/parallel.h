// Shares elementwise work out: by threads, by rows, and by blocks where columns are strided.
#pragma once

#include <actfn/array.h>
#include <actfn/elementwise.h>

#include "api/check.h"
#include "api/share.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>

namespace actfn {

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
