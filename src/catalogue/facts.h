// SPDX-License-Identifier: Apache-2.0
// How the file of a function describes it: Facts, and parameters with conditions.
#pragma once

#include <actfn/catalogue.h>

#include <cmath>
#include <string_view>

namespace actfn::functions {

using actfn::Facts;

// What a parameter may be. Numbers are judged as float32 arrays read them: what overflows there
// counts as infinite, what underflows as 0. A probability is judged as it is.
struct Condition {
  std::string_view text;
  bool (*holds)(double number);
  ParameterInfo::Type type = ParameterInfo::Type::number;

  static const Condition number, finite, nonnegative, nonpositive, positive, positive_or_infinite,
      nonzero, at_least_one, probability, whole, choice, function;
};

// The test is an expression in d, the number, and v, the number as float32 holds it.
#define ACTFN_CONDITION(name, type, text, test)                                         \
  inline constexpr Condition Condition::name = {text,                                   \
                                                [](double d) {                          \
                                                  const auto v = static_cast<float>(d); \
                                                  return static_cast<void>(v), (test);  \
                                                },                                      \
                                                ParameterInfo::Type::type};
ACTFN_CONDITION(number, number, "a number", !std::isnan(v))
ACTFN_CONDITION(finite, number, "finite", std::isfinite(v))
ACTFN_CONDITION(nonnegative, number, "finite and not negative", std::isfinite(v) && v >= 0)
ACTFN_CONDITION(nonpositive, number, "finite and not positive", std::isfinite(v) && v <= 0)
ACTFN_CONDITION(positive, number, "finite and positive", std::isfinite(v) && v > 0)
ACTFN_CONDITION(positive_or_infinite, number, "positive", v > 0)
ACTFN_CONDITION(nonzero, number, "finite and not 0", std::isfinite(v) && v != 0)
ACTFN_CONDITION(at_least_one, number, "finite and at least 1", std::isfinite(v) && v >= 1)
ACTFN_CONDITION(probability, number, "from 0 to 1", d >= 0 && d <= 1)
ACTFN_CONDITION(whole, whole, "a whole number from 1 to 2^24",
                d >= 1 && d <= 0x1p24 && d == std::floor(d))
ACTFN_CONDITION(choice, choice, "one of the words listed", d >= 0)
ACTFN_CONDITION(function, function, "an elementwise function", true)
#undef ACTFN_CONDITION

// A parameter: Parameter<&Elu::alpha>{"alpha", Condition::finite}.
template <auto Member>
struct Parameter {
  std::string_view name;
  Condition condition;
  std::span<const std::string_view> choices = {};  // for an enum: its words, in order
  std::string_view alias = "";                     // another name that texts may use
};

// y's length along the axis is x's length * y / x. x == 0: y has the length 1.
struct Lengths {
  std::size_t x = 1, y = 1;
};

}  // namespace actfn::functions
