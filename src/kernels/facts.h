// Makes an Entry of what src/activations/NAME.h says.
#pragma once

#include "catalogue/describe.h"
#include "kernels/entry.h"

#include <iterator>

namespace actfn::kernels {

// Math is the activation's struct of src/activations/NAME.h; A its parameters.
template <class A, class Math>
struct EntryOf {
  static std::string_view output_conflict(const Activation& a) {
    if (Math::kFacts.from_output.empty()) return "the derivative can't be had from the output";
    if constexpr (requires { Math::OutputConflict(std::get<A>(a)); }) {
      return Math::OutputConflict(std::get<A>(a));
    } else {
      return {};
    }
  }

  static Slopes slopes(const Activation& a) {
    if constexpr (requires { Math::TwoSlopes(std::get<A>(a)); }) {
      return Math::TwoSlopes(std::get<A>(a));
    } else {
      return {};
    }
  }

  static const void* address(const Activation& a) { return std::get_if<A>(&a); }

  static std::span<const std::string_view> learnable() {
    if constexpr (requires { Math::kLearnable; }) {
      static_assert(std::size(Math::kLearnable) <= kMostLearnable);
      return Math::kLearnable;
    } else {
      return {};
    }
  }

  static std::span<const LearnedAs> learned_as() {
    if constexpr (requires { Math::kLearnedAs; }) {
      static_assert(std::size(Math::kLearnedAs) == std::size(Math::kLearnable));
      return Math::kLearnedAs;
    } else {
      return {};
    }
  }

  static Entry entry() {
    return {.output_conflict = output_conflict,
            .slopes = slopes,
            .learnable = learnable(),
            .learned_as = learned_as(),
            .address = address,
            .kernels = {}};
  }
};

}  // namespace actfn::kernels
