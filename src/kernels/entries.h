// Defines entry(f) for a list. It refers to all functions of the list, so it is in a file of its
// own for each: a program that calls functions by their types does not link the others.
#pragma once

#include "kernels/entry.h"

#include <array>
#include <variant>

namespace actfn::kernels {

template <class List, class... F>
constexpr auto entries_of(const std::variant<F...>* /*list*/) {
  return std::array<const EntryOf<List>& (*)(), sizeof...(F)>{entry_of<F>...};
}

template <class List, class... F>
constexpr auto gradients_of_all(const std::variant<F...>* /*list*/) {
  return std::array<const GradientsOf<List>& (*)(), sizeof...(F)>{gradients_of<F>...};
}

template <class List>
const EntryOf<List>& entry(const List& f) {
  static constexpr auto kAll = entries_of<List>(static_cast<const List*>(nullptr));
  return kAll[f.index()]();
}

template <class List>
const GradientsOf<List>& gradients(const List& f) {
  static constexpr auto kAll = gradients_of_all<List>(static_cast<const List*>(nullptr));
  return kAll[f.index()]();
}

}  // namespace actfn::kernels
