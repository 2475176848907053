// SPDX-License-Identifier: Apache-2.0
// What one function of any kind contributes to the catalogue.
//
// A list is one of the variants that Function holds; a leaf is the struct that a list holds: Gelu
// in Activation. Descriptors work on addresses of leaves, so that their code is written once.
#pragma once

#include "catalogue/facts.h"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace actfn::functions {

template <class F, class List>
constexpr bool kHas = false;
template <class F, class... G>
constexpr bool kHas<F, std::variant<G...>> = (std::is_same_v<F, G> || ...);

// The list among Function's that has F; void where none has.
template <class F, class Lists = Function>
struct ListOf : std::type_identity<void> {};
template <class F, class First, class... Rest>
struct ListOf<F, std::variant<First, Rest...>>
    : std::conditional_t<kHas<F, First>, std::type_identity<First>,
                         ListOf<F, std::variant<Rest...>>> {};
template <class F>
using ListFor = typename ListOf<F>::type;

// What is done with parameters that are functions. Only functions that have some refer to it, for
// it links the whole list.
struct NestedFunctions {
  void (*demand)(const Activation& f);
  Activation (*rounded)(const Activation& f);
  std::string (*text)(const Activation& f);
};
extern const NestedFunctions kNestedFunctions;

struct Descriptor {
  FunctionInfo info;
  // What is wrong with parameters that are fine one by one; empty: nothing.
  std::string_view (*conflict)(const void* leaf) = nullptr;
  Lengths (*lengths)(const void* leaf) = nullptr;
  // The leaf that a list holds.
  void* (*leaf)(void* list) = nullptr;
  std::size_t size = 0;                     // of the leaf
  const NestedFunctions* nested = nullptr;  // null: no parameter is a function
};

// Throws Error where a parameter is out of range.
void demand(const Descriptor& function, const void* leaf);
// Every number as float32 holds it: that is how tensors of float32 and of 16 bits read parameters.
void round_to_float32(const Descriptor& function, void* leaf);

// Defined for each function where its file is compiled.
template <class F>
const Descriptor& descriptor_of();

namespace internal {
// The parameter is there for its type.
template <class... F>
std::span<const Descriptor* const> collect(const std::variant<F...>* /*list*/) {
  static const std::array<const Descriptor*, sizeof...(F)> all = {&descriptor_of<F>()...};
  return all;
}
}  // namespace internal

// One per alternative of a list, in its order.
template <class List>
std::span<const Descriptor* const> descriptors_of() {
  return internal::collect(static_cast<const List*>(nullptr));
}

template <class List>
const Descriptor& descriptor(const List& f) {
  return *descriptors_of<List>()[f.index()];
}
template <class List>
void* leaf_of(List& f) {
  return descriptor(f).leaf(&f);
}
template <class List>
std::string_view name_of(const List& f) {
  return descriptor(f).info.name;
}

}  // namespace actfn::functions
