// SPDX-License-Identifier: Apache-2.0
// How calls take functions: a struct of a list, or the list itself.
#pragma once

#include <actfn/accuracy.h>

#include <concepts>
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

// The EntryOf and the GradientsOf of one function, for each accuracy.
template <class F, Accuracy accuracy = Accuracy::accurate>
const void* entry_of() noexcept;
template <class F, Accuracy accuracy = Accuracy::accurate>
const void* gradients_of() noexcept;

// Inline: where the compiler knows the accuracy, the kernels of others are not linked.
template <class F, class List>
const void* entry_at(Accuracy accuracy) noexcept {
  if constexpr (kHasAccuracies<List>) {
    if (accuracy == Accuracy::fast) return entry_of<F, Accuracy::fast>();
    if (accuracy == Accuracy::nearest) return entry_of<F, Accuracy::nearest>();
  }
  return entry_of<F>();
}
template <class F, class List>
const void* gradients_at(Accuracy accuracy) noexcept {
  if constexpr (kHasAccuracies<List>) {
    if (accuracy == Accuracy::fast) return gradients_of<F, Accuracy::fast>();
    if (accuracy == Accuracy::nearest) return gradients_of<F, Accuracy::nearest>();
  }
  return gradients_of<F>();
}

}  // namespace internal

/// A reference to a function, for one call. Pass a struct (Gelu{}), a variant of the whole list
/// (Activation), or either with an accuracy in braces: {Gelu{}, Accuracy::fast}. It must not be
/// stored: it refers to its argument.
///
/// A program that passes structs links the code of these functions only, of other accuracies only
/// where it names them. One that passes a list, which may hold any of its functions, links them
/// all.
///
///     actfn::forward(actfn::Gelu{}, x, y);         // links gelu
///     actfn::forward({actfn::Gelu{}, actfn::Accuracy::fast}, x, y);  // its fast kernels too
///     actfn::forward(actfn::parse("gelu"), x, y);  // links all elementwise functions
template <class List>
class ListRef {
 public:
  template <class F>
    requires internal::kHas<F, List>
  ListRef(const F& f)  // NOLINT(google-explicit-constructor): calls take functions by it
      : ListRef(internal::entry_of<F>(), &f) {}
  ListRef(const List& f);  // NOLINT(google-explicit-constructor)
  template <class F>
    requires internal::kHas<F, List>
  ListRef(const F& f, Accuracy accuracy) : ListRef(internal::entry_at<F, List>(accuracy), &f) {}
  template <std::same_as<List> L>  // no struct of another list converts
  ListRef(const L& f, Accuracy accuracy) : ListRef(of_list(f, accuracy)) {}

  const kernels::EntryOf<List>& entry() const { return *entry_; }
  /// The struct.
  const void* parameters() const { return parameters_; }

 protected:
  ListRef(const void* entry, const void* parameters)
      : entry_(static_cast<const kernels::EntryOf<List>*>(entry)), parameters_(parameters) {}

 private:
  static ListRef of_list(const List& f, Accuracy accuracy);

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
  template <class F>
    requires internal::kHas<F, List>
  GradientRef(const F& f, Accuracy accuracy)
      : ListRef<List>(f, accuracy),
        gradients_(static_cast<const kernels::GradientsOf<List>*>(
            internal::gradients_at<F, List>(accuracy))) {}
  template <std::same_as<List> L>
  GradientRef(const L& f, Accuracy accuracy) : GradientRef(of_list(f, accuracy)) {}

  const kernels::GradientsOf<List>& gradients() const { return *gradients_; }

 private:
  GradientRef(const ListRef<List>& f, const void* gradients)
      : ListRef<List>(f), gradients_(static_cast<const kernels::GradientsOf<List>*>(gradients)) {}
  static GradientRef of_list(const List& f, Accuracy accuracy);

  const kernels::GradientsOf<List>* gradients_;
};

}  // namespace actfn
