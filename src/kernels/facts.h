// Makes an Entry from src/activations/NAME.h.
#pragma once

#include "catalogue/describe.h"
#include "kernels/entry.h"

#include <iterator>

namespace actfn::kernels {

// A is the activation's struct with its parameters, Math its struct in src/activations/NAME.h.
template <class A, class Math>
struct EntryOf {
  static std::string_view output_conflict(const Activation& a) {
    if (Math::kFacts.from_output.empty()) return "the derivative can't be had from the output";
    if constexpr (requires { Math::OutputConflict(std::get<A>(a)); }) {
      return Math::OutputConflict(std::get<A>(a));
    }
    return {};
  }

  static Slopes slopes(const Activation& a) {
    if constexpr (requires { Math::TwoSlopes(std::get<A>(a)); }) {
      return Math::TwoSlopes(std::get<A>(a));
    }
    return {};
  }

  static const void* address(const Activation& a) { return std::get_if<A>(&a); }

  static Entry entry() {
    Entry e = {.output_conflict = output_conflict, .slopes = slopes, .address = address};
    if constexpr (requires { Math::kLearnable; }) {
      static_assert(std::size(Math::kLearnable) <= kMaxLearnable);
      e.learnable = Math::kLearnable;
    }
    if constexpr (requires { Math::kLearnedAs; }) {
      static_assert(std::size(Math::kLearnedAs) == std::size(Math::kLearnable));
      e.learned_as = Math::kLearnedAs;
    }
    return e;
  }
};

}  // namespace actfn::kernels
