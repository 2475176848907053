// SPDX-License-Identifier: Apache-2.0
// Makes a Descriptor of what a function's file says.
#pragma once

#include "catalogue/descriptor.h"

#include <array>
#include <tuple>
#include <type_traits>
#include <variant>

namespace actfn::functions {

template <class F, class T, T F::*member>
constexpr ParameterInfo info_of(const Parameter<member>& p) {
  ParameterInfo info = {.name = p.name,
                        .alias = p.alias,
                        .type = p.condition.type,
                        .choices = p.choices,
                        .condition = p.condition.text,
                        .required = std::is_same_v<T, Required> || std::is_same_v<T, Activation>,
                        .holds = p.condition.holds};
  if constexpr (std::is_same_v<T, Activation>) {
    info.function_of = [](void* leaf) { return &(static_cast<F*>(leaf)->*member); };
  } else {
    info.number_of = [](const void* leaf) {
      return static_cast<double>(static_cast<const F*>(leaf)->*member);
    };
    info.set_number = [](void* leaf, double number) {
      static_cast<F*>(leaf)->*member = static_cast<T>(number);
    };
  }
  return info;
}

template <auto Member>
constexpr bool kIsFunction = false;
template <class F, Activation F::*member>
constexpr bool kIsFunction<member> = true;
// Whether a parameter is a function.
template <class Parameters>
constexpr bool kNests = false;
template <auto... members>
constexpr bool kNests<std::tuple<Parameter<members>...>> = (kIsFunction<members> || ...);

// Math is the struct of the function's file; what it does not have is as for most functions.
template <class F, class Math>
struct Description {
  static_assert(!Math::kFacts.title.empty() && !Math::kFacts.formula.empty() &&
                    !Math::kFacts.derivative.empty() && !Math::kFacts.source.empty() &&
                    !Math::kFacts.use.empty(),
                "kFacts needs title, formula, derivative, source and use");

  static constexpr F example() {
    if constexpr (requires { Math::kExample; }) {
      return Math::kExample;
    } else {
      return F{};
    }
  }
  static constexpr std::string_view shapes() {
    if constexpr (requires { Math::kShapes; }) return Math::kShapes;
    return "y has x's shape";
  }
  static std::string_view conflict(const void* leaf) {
    if constexpr (requires(const F& f) { Math::Conflict(f); }) {
      return Math::Conflict(*static_cast<const F*>(leaf));
    }
    return {};
  }
  static Lengths lengths(const void* leaf) {
    if constexpr (requires(const F& f) { Math::LengthsOf(f); }) {
      return Math::LengthsOf(*static_cast<const F*>(leaf));
    }
    return {};
  }
  static constexpr const NestedFunctions* nested() {
    if constexpr (kNests<std::remove_cv_t<decltype(Math::kParameters)>>) return &kNestedFunctions;
    return nullptr;
  }
  static void* leaf(void* list) { return std::get_if<F>(static_cast<ListFor<F>*>(list)); }

  static constexpr auto kParameters = std::apply(
      [](const auto&... p) { return std::array<ParameterInfo, sizeof...(p)>{info_of(p)...}; },
      Math::kParameters);
};

template <class F, class Math>
constexpr Descriptor describe(Kind kind, std::string_view name) {
  static_assert(std::is_trivially_copyable_v<F>);
  using D = Description<F, Math>;
  return {{Math::kFacts, kind, name, D::shapes(), D::kParameters, ListFor<F>(D::example())},
          D::conflict,
          D::lengths,
          D::leaf,
          sizeof(F),
          D::nested()};
}

}  // namespace actfn::functions

// For each file of a folder: see cmake/ActfnFunctions.cmake.
#define ACTFN_FUNCTION(kind, Math, F, name)                           \
  template <>                                                         \
  const Descriptor& descriptor_of<F>() {                              \
    static constexpr Descriptor kDescriptor =                         \
        describe<F, actfn::HWY_NAMESPACE::Math<F>>(Kind::kind, name); \
    return kDescriptor;                                               \
  }
