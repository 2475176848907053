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

namespace internal {
constexpr float as_float32(double number) { return static_cast<float>(number); }
inline bool is_finite(double number) { return std::isfinite(as_float32(number)); }
inline constexpr double kMaxWhole = 0x1p24;  // float32 holds every whole number up to here
}  // namespace internal

inline constexpr Condition Condition::number = {"a number", [](double v) { return v == v; }};
inline constexpr Condition Condition::finite = {"finite", internal::is_finite};
inline constexpr Condition Condition::nonnegative = {
    "finite and not negative", [](double v) { return internal::is_finite(v) && v >= 0; }};
inline constexpr Condition Condition::nonpositive = {
    "finite and not positive", [](double v) { return internal::is_finite(v) && v <= 0; }};
inline constexpr Condition Condition::positive_or_infinite = {
    "positive", [](double v) { return internal::as_float32(v) > 0; }};
inline constexpr Condition Condition::positive = {
    "finite and positive",
    [](double v) { return internal::is_finite(v) && internal::as_float32(v) > 0; }};
inline constexpr Condition Condition::nonzero = {
    "finite and not 0",
    [](double v) { return internal::is_finite(v) && internal::as_float32(v) != 0; }};
inline constexpr Condition Condition::at_least_one = {
    "finite and at least 1",
    [](double v) { return internal::is_finite(v) && internal::as_float32(v) >= 1; }};
inline constexpr Condition Condition::probability = {"from 0 to 1",
                                                     [](double v) { return v >= 0 && v <= 1; }};
inline constexpr Condition Condition::whole = {
    "a whole number from 1 to 2^24",
    [](double v) { return v >= 1 && v <= internal::kMaxWhole && v == std::floor(v); },
    ParameterInfo::Type::whole};
inline constexpr Condition Condition::choice = {
    "one of the words listed", [](double v) { return v >= 0; }, ParameterInfo::Type::choice};
inline constexpr Condition Condition::function = {
    "an elementwise function", [](double) { return true; }, ParameterInfo::Type::function};

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
