// SPDX-License-Identifier: Apache-2.0
// Applies a gate's limits to blocks of its operands, before and after f, and to gradients.
#pragma once

#include "gated/kernels/definition.h"
#include "gated/kernels/loops.h"

#include <cstddef>
#include <limits>

namespace actfn::gated {

// A limit that is not set changes nothing.
class Limiter {
 public:
  Limiter(const Limits& limits, const Loops& loops) : limits_(limits), loops_(&loops) {}

  bool is_active() const { return limits_.a || limits_.value || limits_.b || limits_.added != 0; }
  bool limits_b() const { return limits_.b.has_value(); }

  // The argument of f: a, or min(a, limit) in `buffer`.
  template <class T>
  const T* argument(const T* a, T* buffer, std::size_t n) const {
    if (!limits_.a) return a;
    at_most(*limits_.a, a, buffer, n);
    return buffer;
  }

  // value = min(value, limit)
  template <class T>
  void limit_value(T* value, std::size_t n) const {
    if (limits_.value) at_most(*limits_.value, value, value, n);
  }

  // Sets a derivative of f to 0 where a or f(a), not yet limited, is beyond its limit.
  template <class T>
  void limit_derivative(const T* a, const T* value, T* derivative, std::size_t n) const {
    if (limits_.a) drop_above(*limits_.a, a, derivative, n);
    if (limits_.value) drop_above(*limits_.value, value, derivative, n);
  }

  // What f(a) is multiplied by: b, or b limited and added to in `buffer`.
  template <class T>
  const T* factor(const T* b, T* buffer, std::size_t n) const {
    if (limits_.b) {
      const T limit = static_cast<T>(*limits_.b);
      loops_->of<T>().clamp(b, -limit, limit, buffer, n);
      b = buffer;
    }
    if (limits_.added != 0) {
      loops_->of<T>().add(b, static_cast<T>(limits_.added), buffer, n);
      b = buffer;
    }
    return b;
  }

  // gradient = |b| <= limit ? gradient : 0. Needs limits_b().
  template <class T>
  void limit_gradient_of_b(const T* b, T* gradient, std::size_t n) const {
    const T limit = static_cast<T>(*limits_.b);
    loops_->of<T>().keep_within(b, -limit, limit, gradient, n);
  }

 private:
  template <class T>
  void at_most(double limit, const T* x, T* y, std::size_t n) const {
    loops_->of<T>().clamp(x, -std::numeric_limits<T>::infinity(), static_cast<T>(limit), y, n);
  }
  // y = x <= limit ? y : 0
  template <class T>
  void drop_above(double limit, const T* x, T* y, std::size_t n) const {
    loops_->of<T>().keep_within(x, -std::numeric_limits<T>::infinity(), static_cast<T>(limit), y,
                                n);
  }

  Limits limits_;
  const Loops* loops_;
};

}  // namespace actfn::gated
