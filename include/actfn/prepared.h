// SPDX-License-Identifier: Apache-2.0
// Prepared calls, for audio threads, inner loops and bindings. A prepared function has chosen its
// kernels, checked and rounded its parameters, and decided on threads, once. Its calls check
// nothing, allocate nothing, take no lock and throw nothing; they give the bits of the functions
// in elementwise.h, rows.h and gated.h.
//
// Arrays are contiguous, of T; an output may be the same array as an input, and must not overlap it
// otherwise. Nothing of this is checked. A prepared function may be copied, and used by several
// threads at the same time.
//
// With more than one thread, a call waits for the threads that help it: see threads.h. Real-time
// threads use one, which is the default. docs/using.md, "Real-time use", has the whole contract:
// allocation, locks, exceptions, alignment, threads, fork, unloading, floating-point state.
#pragma once

#include <actfn/activation.h>
#include <actfn/gated.h>
#include <actfn/list_ref.h>
#include <actfn/rows.h>
#include <actfn/threads.h>
#include <actfn/types.h>

#include <cstddef>

namespace actfn {

namespace internal {

// The same for types that are known at run time.
class PreparedActivation {
 public:
  PreparedActivation(const GradientRef<Activation>& f, Type type, const Threads& threads);
  void forward(const void* x, void* y, std::size_t n) const noexcept;
  void derivative(const void* x, void* dydx, std::size_t n) const noexcept;
  void backward(const void* x, const void* dy, void* dx, std::size_t n) const noexcept;

 private:
  alignas(16) std::byte state_[224];
};

class PreparedRows {
 public:
  PreparedRows(const GradientRef<RowActivation>& f, Type type, std::size_t length,
               const Threads& threads);
  void forward(const void* x, void* y, std::size_t rows) const noexcept;
  void backward(const void* y, const void* dy, void* dx, std::size_t rows) const noexcept;

 private:
  alignas(16) std::byte state_[208];
};

class PreparedGate {
 public:
  PreparedGate(const ListRef<Gate>& f, Type type, const Threads& threads);
  void forward(const void* a, const void* b, void* y, std::size_t n) const noexcept;
  void backward(const void* a, const void* b, const void* dy, void* da, void* db,
                std::size_t n) const noexcept;

 private:
  alignas(16) std::byte state_[464];
};

}  // namespace internal

/// An elementwise function for arrays of n elements. The constructor throws Error as forward()
/// does: "[elu] alpha must be finite, got nan". Its methods check nothing. An output may be the
/// same array as an input; otherwise it must not overlap one.
///
///     const actfn::PreparedActivation<float> gelu(actfn::Gelu{});
///     gelu.forward(x.data(), y.data(), x.size());
///     gelu.backward(x.data(), dy.data(), dx.data(), x.size());
///     const actfn::PreparedActivation<float> fast({actfn::Gelu{}, actfn::Accuracy::fast});
///     fast.derivative(x.data(), dydx.data(), x.size());
template <Element T>
class PreparedActivation {
 public:
  explicit PreparedActivation(const GradientRef<Activation>& f, const Threads& threads = {})
      : f_(f, kTypeOf<T>, threads) {}

  /// y = f(x)
  void forward(const T* x, T* y, std::size_t n) const noexcept { f_.forward(x, y, n); }
  /// dydx = f′(x)
  void derivative(const T* x, T* dydx, std::size_t n) const noexcept { f_.derivative(x, dydx, n); }
  /// dx = dy f′(x)
  void backward(const T* x, const T* dy, T* dx, std::size_t n) const noexcept {
    f_.backward(x, dy, dx, n);
  }

 private:
  internal::PreparedActivation f_;
};

/// A function of rows, for `rows` rows of `length` elements, one behind the other. T is float or
/// double: rows of 16 bits need memory for their copies. The constructor throws Error as forward()
/// in rows.h does. An output may be the same array as an input; otherwise it must not overlap one.
///
///     const actfn::PreparedRows<float> softmax(actfn::Softmax{}, 6);
///     softmax.forward(x.data(), y.data(), 4);  // 4 rows of 6
///     softmax.backward(y.data(), dy.data(), dx.data(), 4);
template <Element T>
  requires(sizeof(T) >= 4)
class PreparedRows {
 public:
  PreparedRows(const GradientRef<RowActivation>& f, std::size_t length, const Threads& threads = {})
      : f_(f, kTypeOf<T>, length, threads) {}

  /// y = f(x), row by row
  void forward(const T* x, T* y, std::size_t rows) const noexcept { f_.forward(x, y, rows); }
  /// dx, from the output y and its gradient dy
  void backward(const T* y, const T* dy, T* dx, std::size_t rows) const noexcept {
    f_.backward(y, dy, dx, rows);
  }

 private:
  internal::PreparedRows f_;
};

/// A gate of two arrays of n elements, which are in the order that forward() in gated.h has. The
/// constructor throws Error as that does. An output may be the same array as an input; otherwise it
/// must not overlap one.
///
///     const actfn::PreparedGate<float> swiglu(actfn::Swiglu{});
///     swiglu.forward(a.data(), b.data(), y.data(), a.size());
///     swiglu.backward(a.data(), b.data(), dy.data(), da.data(), db.data(), a.size());
template <Element T>
class PreparedGate {
 public:
  explicit PreparedGate(const ListRef<Gate>& f, const Threads& threads = {})
      : f_(f, kTypeOf<T>, threads) {}

  /// y = f(a) b, with the limits that some gates have
  void forward(const T* a, const T* b, T* y, std::size_t n) const noexcept {
    f_.forward(a, b, y, n);
  }
  /// da and db, the gradients with respect to a and b
  void backward(const T* a, const T* b, const T* dy, T* da, T* db, std::size_t n) const noexcept {
    f_.backward(a, b, dy, da, db, n);
  }

 private:
  internal::PreparedGate f_;
};

}  // namespace actfn
