// What an Entry says of src/activations/NAME.h.
#pragma once

#include "catalogue/describe.h"
#include "kernels/entry.h"

#include <iterator>

namespace actfn::kernels {

// A is the activation's struct with its parameters, Math its struct in src/activations/NAME.h.
template <class A, class Math>
struct EntryFacts {
  static std::string_view output_conflict([[maybe_unused]] const void* a) {
    if (Math::kFacts.from_output.empty()) return "the derivative can't be had from the output";
    if constexpr (requires(const A& f) { Math::OutputConflict(f); }) {
      return Math::OutputConflict(*static_cast<const A*>(a));
    }
    return {};
  }

  static Slopes slopes([[maybe_unused]] const void* a) {
    if constexpr (requires(const A& f) { Math::TwoSlopes(f); }) {
      return Math::TwoSlopes(*static_cast<const A*>(a));
    }
    return {};
  }

  static constexpr std::span<const std::string_view> learnable() {
    if constexpr (requires { Math::kLearnable; }) {
      static_assert(std::size(Math::kLearnable) <= kMaxLearnable);
      return Math::kLearnable;
    }
    return {};
  }

  static constexpr std::span<const LearnedAs> learned_as() {
    if constexpr (requires { Math::kLearnedAs; }) {
      static_assert(std::size(Math::kLearnedAs) == std::size(Math::kLearnable));
      return Math::kLearnedAs;
    }
    return {};
  }
};

}  // namespace actfn::kernels
