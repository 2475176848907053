// How src/activations/NAME.h describes its activation, and how that becomes an Entry.
#pragma once

#include "kernels/entry.h"

#include <array>
#include <tuple>
#include <type_traits>
#include <utility>

namespace actfn::kernels {

// Plain text, shown to users as it stands.
struct Facts {
  std::string_view title;       // the module's name in PyTorch
  std::string_view formula;     // f(x)
  std::string_view derivative;  // f'(x), with its value at the kinks
  std::string_view source;      // authors, year, where
  std::string_view note = "";   // conventions of other frameworks, traps
  // What the derivative loses when it is had from the output; empty: it can't be had so.
  std::string_view from_output = "";
};

// A parameter: Parameter<&Elu::alpha>{"alpha", Condition::finite}.
template <auto Member>
struct Parameter {
  std::string_view name;
  Condition condition;
  std::span<const std::string_view> choices = {};  // for an enum: its words, in order
};

template <class T>
struct MemberOf;
template <class A, class T>
struct MemberOf<T A::*> {
  using Struct = A;
  using Type = T;
};

constexpr std::string_view describe(Condition condition) {
  switch (condition) {
    case Condition::number:
      return "a number";
    case Condition::finite:
      return "finite";
    case Condition::nonnegative:
      return "finite and not negative";
    case Condition::nonpositive:
      return "finite and not positive";
    case Condition::positive:
      return "finite and positive";
    case Condition::choice:
      return "one of the words listed";
  }
  return "";
}

template <auto Member>
Field field_of(const Parameter<Member>& p) {
  using A = typename MemberOf<decltype(Member)>::Struct;
  using T = typename MemberOf<decltype(Member)>::Type;
  const auto get = [](const Activation& a) { return static_cast<double>(std::get<A>(a).*Member); };
  const auto set = [](Activation& a, double v) { std::get<A>(a).*Member = static_cast<T>(v); };
  return {{p.name, p.choices, describe(p.condition), std::is_same_v<T, Required>, get},
          p.condition,
          set};
}

// Math is the activation's struct of src/activations/NAME.h; A its parameters.
template <class A, class Math>
struct Description {
  static Activation example() {
    if constexpr (requires { Math::kExample; }) {
      return Math::kExample;
    } else {
      return A{};
    }
  }

  static std::string_view conflict(const Activation& a) {
    if constexpr (requires { Math::Conflict(std::get<A>(a)); }) {
      return Math::Conflict(std::get<A>(a));
    } else {
      return {};
    }
  }

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

  static std::span<const std::string_view> learnable() {
    if constexpr (requires { Math::kLearnable; }) {
      static_assert(std::size(Math::kLearnable) <= kMostLearnable);
      return Math::kLearnable;
    } else {
      return {};
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

  static Entry entry(std::string_view name) {
    const Facts& f = Math::kFacts;
    return {{name, f.title, f.formula, f.derivative, f.source, f.note, f.from_output, infos(),
             example()},
            fields(),
            conflict,
            output_conflict,
            slopes,
            learnable(),
            {}};
  }
};

}  // namespace actfn::kernels
