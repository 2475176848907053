// SPDX-License-Identifier: Apache-2.0
// Defines the constructors of ListRef and GradientRef from a list. They refer to all functions of
// the list, so they are in a file of its own for each: a program that calls functions by their
// types does not link the others.
#pragma once

#include "kernels/entry.h"

#include <array>
#include <variant>

namespace actfn {
namespace kernels {

using Address = const void* (*)() noexcept;

template <Accuracy accuracy = Accuracy::accurate, class... F>
const void* entry_in(const std::variant<F...>& f) {
  static constexpr std::array<Address, sizeof...(F)> kAll = {internal::entry_of<F, accuracy>...};
  return kAll[f.index()]();
}
template <Accuracy accuracy = Accuracy::accurate, class... F>
const void* gradients_in(const std::variant<F...>& f) {
  static constexpr std::array<Address, sizeof...(F)> kAll = {
      internal::gradients_of<F, accuracy>...};
  return kAll[f.index()]();
}

template <class List>
const void* entry_in(const List& f, Accuracy accuracy) {
  if constexpr (internal::kHasAccuracies<List>) {
    if (accuracy == Accuracy::fast) return entry_in<Accuracy::fast>(f);
    if (accuracy == Accuracy::nearest) return entry_in<Accuracy::nearest>(f);
  }
  return entry_in(f);
}
template <class List>
const void* gradients_in(const List& f, Accuracy accuracy) {
  if constexpr (internal::kHasAccuracies<List>) {
    if (accuracy == Accuracy::fast) return gradients_in<Accuracy::fast>(f);
    if (accuracy == Accuracy::nearest) return gradients_in<Accuracy::nearest>(f);
  }
  return gradients_in(f);
}
// The struct in the variant: std::visit's tables would have the whole list in their names.
template <class... F>
const void* leaf_in(const std::variant<F...>& f) {
  const void* leaf = nullptr;
  static_cast<void>(((leaf = std::get_if<F>(&f), leaf != nullptr) || ...));
  return leaf;
}

}  // namespace kernels

template <class List>
ListRef<List>::ListRef(const List& f) : ListRef(kernels::entry_in(f), kernels::leaf_in(f)) {}
template <class List>
ListRef<List> ListRef<List>::of_list(const List& f, Accuracy accuracy) {
  return {kernels::entry_in(f, accuracy), kernels::leaf_in(f)};
}

template <class List>
GradientRef<List>::GradientRef(const List& f) : GradientRef(f, kernels::gradients_in(f)) {}
template <class List>
GradientRef<List> GradientRef<List>::of_list(const List& f, Accuracy accuracy) {
  return {ListRef<List>(f, accuracy), kernels::gradients_in(f, accuracy)};
}

}  // namespace actfn
