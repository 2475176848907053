// SPDX-License-Identifier: Apache-2.0
// The parameters of a function, as values of Python.
#pragma once

#include <actfn/catalogue.h>

#include <array>
#include <mutex>
#include <optional>
#include <string>

#include "signature.h"

namespace actfn::python {

// The functions of the last sets of parameters, so that a call in a loop is not parsed each time.
// Several threads may use it.
class ParameterCache {
 public:
  static constexpr std::size_t kMost = Signature::kMost;
  // The number of each parameter. Of a choice it is the index of the word.
  using Key = std::array<double, kMost>;

  std::optional<Function> find(const Key& key);
  void add(const Key& key, const Function& f);

 private:
  struct Entry {
    Key key;
    Function f;
  };
  std::mutex mutex_;
  std::array<std::optional<Entry>, 4> entries_;
  std::size_t next_ = 0;
};

// A function of Python: one of the catalogue, with values for its parameters.
struct State {
  const Known* known;
  Function f;
  Accuracy accuracy;
  bool is_complete;  // false: a parameter that has no default has no value
  std::string spec;  // the name alone, where it is not complete
  ParameterCache cache = {};

  std::string_view name() const { return known->info->name; }
};

// The function with the parameters that a call gives. Throws Error where the library does not allow
// one, TypeProblem where it is no number or word, or missing.
Function bound(State& state, const Given& given);

// A parameter's value as Python has it: a float, an int, a str, a bool; of a function its text.
nb::object value_of(const ParameterInfo& parameter, const Function& f);

// Whether a choice is between false and true.
bool is_switch(const ParameterInfo& parameter);

}  // namespace actfn::python
