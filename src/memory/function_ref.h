// SPDX-License-Identifier: Apache-2.0
// A reference to a callable: two pointers, nothing owned, nothing allocated.
#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace actfn::memory {

template <class Signature>
class FunctionRef;

// The callable must live longer than the reference.
template <class R, class... Args>
class FunctionRef<R(Args...)> {
 public:
  template <class F>
    requires(std::is_object_v<std::remove_reference_t<F>> &&
             !std::same_as<std::remove_cvref_t<F>, FunctionRef> &&
             std::is_invocable_r_v<R, F&, Args...>)
  FunctionRef(F&& f)  // NOLINT(google-explicit-constructor): callables convert
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(f)))),
        call_([](void* object, Args... args) -> R {
          return (*static_cast<std::remove_reference_t<F>*>(object))(std::forward<Args>(args)...);
        }) {}

  R operator()(Args... args) const { return call_(object_, std::forward<Args>(args)...); }

 private:
  void* object_;
  R (*call_)(void* object, Args... args);
};

}  // namespace actfn::memory
