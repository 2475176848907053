// Defines entry(f) for a list. It refers to all functions of the list, so it is in a file of its
// own for each: a program that calls functions by their types does not link the others.
#pragma once

#include "kernels/entry.h"

#include <array>
#include <variant>

namespace actfn::kernels {

template <class List>
const EntryOf<List>& entry(const List& f) {
  return [&]<class... F>(const std::variant<F...>& /*list*/) -> const EntryOf<List>& {
    static constexpr std::array kAll = {entry_of<F>...};
    return kAll[f.index()]();
  }(f);
}

template <class List>
const GradientsOf<List>& gradients(const List& f) {
  return [&]<class... F>(const std::variant<F...>& /*list*/) -> const GradientsOf<List>& {
    static constexpr std::array kAll = {gradients_of<F>...};
    return kAll[f.index()]();
  }(f);
}

}  // namespace actfn::kernels
