// How the file of a function describes it: facts, and parameters with conditions.
#pragma once

#include <actfn/catalogue.h>

#include <string_view>

namespace actfn::functions {

// Plain text, shown to users as it is.
struct Facts {
  std::string_view title;       // the module's name in PyTorch
  std::string_view formula;     // f(x)
  std::string_view derivative;  // f'(x), with its value at the kinks
  std::string_view source;      // authors, year, where
  std::string_view use;         // two or three sentences: what it is for, when it helps and fails
  std::string_view note = "";   // conventions of other frameworks, traps
  // What the derivative loses when it is computed from the output; empty: it can't be computed so.
  std::string_view from_output = "";
};

// What a parameter may be. Numbers are judged as float32 arrays read them: what overflows there
// counts as infinite, what underflows as 0. A probability is judged as it is.
enum class Condition {
  number,  // not NaN
  finite,
  nonnegative,
  nonpositive,
  positive,
  positive_or_infinite,
  nonzero,
  at_least_one,
  probability,
  whole,
  choice,
  function
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
    case Condition::positive_or_infinite:
      return "positive";
    case Condition::nonzero:
      return "finite and not 0";
    case Condition::at_least_one:
      return "finite and at least 1";
    case Condition::probability:
      return "from 0 to 1";
    case Condition::whole:
      return "a whole number from 1 to 2^24";
    case Condition::choice:
      return "one of the words listed";
    case Condition::function:
      return "an elementwise function";
  }
  return "";
}

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
