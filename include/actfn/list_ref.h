// SPDX-License-Identifier: Apache-2.0
// How calls take functions: a struct of a list, or the list itself.
#pragma once

#include <type_traits>
#include <variant>

namespace actfn {

namespace kernels {
// How the functions of a list run, and how their gradients do. The library has the definitions.
template <class List>
struct EntryOf;
template <class List>
struct GradientsOf;
}  // namespace kernels

namespace internal {

template <class F, class List>
inline constexpr bool kHas = false;
template <class F, class... G>
inline constexpr bool kHas<F, std::variant<G...>> = (std::is_same_v<F, G> || ...);

// The EntryOf and the GradientsOf of one function.
template <class F>
const void* entry_of() noexcept;
template <class F>
const void* gradients_of() noexcept;

}  // namespace internal

/// A function of a list, for the length of a call. Every struct of the list converts to it, and the
/// list does. It refers to its argument, so it must not be stored.
///
/// A program that passes structs links the code of these functions only. One that passes a list,
/// which may hold any of its functions, links them all.
///
///     actfn::forward(actfn::Gelu{}, x, y);         // links gelu
///     actfn::forward(actfn::parse("gelu"), x, y);  // links all elementwise functions
template <class List>
class ListRef {
 public:
  template <class F>
    requires internal::kHas<F, List>
  ListRef(const F& f)  // NOLINT(google-explicit-constructor): calls take functions by it
      : ListRef(internal::entry_of<F>(), &f) {}
  ListRef(const List& f);  // NOLINT(google-explicit-constructor)

  const kernels::EntryOf<List>& entry() const { return *entry_; }
  /// The struct.
  const void* parameters() const { return parameters_; }

 protected:
  ListRef(const void* entry, const void* parameters)
      : entry_(static_cast<const kernels::EntryOf<List>*>(entry)), parameters_(parameters) {}

 private:
  const kernels::EntryOf<List>* entry_;
  const void* parameters_;
};

/// The same, for calls that compute derivatives too: a program that only computes values does not
/// link them.
template <class List>
class GradientRef : public ListRef<List> {
 public:
  template <class F>
    requires internal::kHas<F, List>
  GradientRef(const F& f)  // NOLINT(google-explicit-constructor): as ListRef
      : ListRef<List>(f),
        gradients_(static_cast<const kernels::GradientsOf<List>*>(internal::gradients_of<F>())) {}
  GradientRef(const List& f);  // NOLINT(google-explicit-constructor)

  const kernels::GradientsOf<List>& gradients() const { return *gradients_; }

 private:
  const kernels::GradientsOf<List>* gradients_;
};

}  // namespace actfn
