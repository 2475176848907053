// Makes a Descriptor of what a function's file says. Math is the struct of that file; F the
// function's parameters.
#pragma once

#include "catalogue/descriptor.h"

#include <array>
#include <tuple>
#include <type_traits>
#include <variant>

namespace actfn::functions {

template <class T>
struct MemberOf;
template <class A, class T>
struct MemberOf<T A::*> {
  using Struct = A;
  using Type = T;
};

// The list among Function's that has F; void where none has.
template <class F, class List>
struct Has : std::false_type {};
template <class F, class... G>
struct Has<F, std::variant<G...>> : std::bool_constant<(std::is_same_v<F, G> || ...)> {};

template <class F, class Lists>
struct ListOf;
template <class F, class First, class... Rest>
struct ListOf<F, std::variant<First, Rest...>> {
  using type = typename std::conditional_t<Has<F, First>::value, std::type_identity<First>,
                                           ListOf<F, std::variant<Rest...>>>::type;
};
template <class F>
struct ListOf<F, std::variant<>> {
  using type = void;
};
template <class F>
using ListFor = typename ListOf<F, Function>::type;

constexpr ParameterInfo::Type type_of(Condition condition) {
  switch (condition) {
    case Condition::whole:
      return ParameterInfo::Type::whole;
    case Condition::choice:
      return ParameterInfo::Type::choice;
    case Condition::function:
      return ParameterInfo::Type::function;
    default:
      return ParameterInfo::Type::number;
  }
}

template <auto Member>
Field field_of(const Parameter<Member>& p) {
  using F = typename MemberOf<decltype(Member)>::Struct;
  using T = typename MemberOf<decltype(Member)>::Type;
  Field field;
  field.info = {p.name,
                p.alias,
                type_of(p.condition),
                p.choices,
                describe(p.condition),
                std::is_same_v<T, Required> || std::is_same_v<T, Activation>,
                nullptr,
                nullptr};
  field.condition = p.condition;
  if constexpr (std::is_same_v<T, Activation>) {
    field.info.function_of = [](void* leaf) { return &(static_cast<F*>(leaf)->*Member); };
  } else {
    field.info.number_of = [](const void* leaf) {
      return static_cast<double>(static_cast<const F*>(leaf)->*Member);
    };
    field.set = [](void* leaf, double v) { static_cast<F*>(leaf)->*Member = static_cast<T>(v); };
  }
  return field;
}

template <class F, class Math>
struct Description {
  static_assert(!std::is_void_v<ListFor<F>>,
                "the function has a file, but no place in its list in include/actfn");
  static_assert(!Math::kFacts.title.empty() && !Math::kFacts.formula.empty() &&
                    !Math::kFacts.derivative.empty() && !Math::kFacts.source.empty() &&
                    !Math::kFacts.use.empty(),
                "kFacts needs title, formula, derivative, source and use");

  static F example() {
    if constexpr (requires { Math::kExample; }) {
      return Math::kExample;
    } else {
      return F{};
    }
  }

  static std::string_view conflict(const void* leaf) {
    if constexpr (requires(const F& f) { Math::Conflict(f); }) {
      return Math::Conflict(*static_cast<const F*>(leaf));
    } else {
      return {};
    }
  }

  static Lengths lengths(const void* leaf) {
    if constexpr (requires(const F& f) { Math::LengthsOf(f); }) {
      return Math::LengthsOf(*static_cast<const F*>(leaf));
    } else {
      return {};
    }
  }

  static void* leaf(void* list) { return std::get_if<F>(static_cast<ListFor<F>*>(list)); }

  static std::string_view shapes() {
    if constexpr (requires { Math::kShapes; }) {
      return Math::kShapes;
    } else {
      return "y has x's shape";
    }
  }

  static std::span<const Field> fields() {
    static const auto all =
        std::apply([](const auto&... p) { return std::array<Field, sizeof...(p)>{field_of(p)...}; },
                   Math::kParameters);
    return all;
  }

  static std::span<const ParameterInfo> infos() {
    static const auto all = std::apply(
        [](const auto&... p) {
          return std::array<ParameterInfo, sizeof...(p)>{field_of(p).info...};
        },
        Math::kParameters);
    return all;
  }

  static Descriptor descriptor(Kind kind, std::string_view name) {
    const Facts& f = Math::kFacts;
    return {{kind, name, f.title, f.formula, f.derivative, f.source, f.use, f.note, f.from_output,
             shapes(), infos(), ListFor<F>(example())},
            fields(),
            conflict,
            lengths,
            leaf};
  }
};

}  // namespace actfn::functions
