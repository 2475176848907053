// SPDX-License-Identifier: Apache-2.0
#include "parameters.h"

#include <actfn/error.h>

#include <nanobind/stl/string.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "function.h"

namespace actfn::python {
namespace {

using Parameter = ParameterInfo::Type;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

std::string text_of(double number) {
  if (std::isnan(number)) return "nan";  // without a sign
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return {text.data(), end};
}

std::string utf8(PyObject* string) {
  Py_ssize_t size = 0;
  const char* const text = PyUnicode_AsUTF8AndSize(string, &size);
  if (text == nullptr) throw Raised{};
  return {text, static_cast<std::size_t>(size)};
}

// Reads one parameter of a call.
class Reader {
 public:
  Reader(std::string_view who, const ParameterInfo& parameter, PyObject* value)
      : who_(who), parameter_(parameter), value_(value) {}

  // Its number; kUnknown where the library has to judge its text.
  double number() const {
    switch (parameter_.type) {
      case Parameter::number:
        return real();
      case Parameter::whole:
        return whole();
      case Parameter::choice:
        return choice();
      case Parameter::function:
        return kUnknown;
    }
    return kUnknown;
  }

  // As parse_function() takes it.
  std::string text() const {
    if (parameter_.type == Parameter::function) return function();
    if (parameter_.type != Parameter::choice) return text_of(number());
    return PyUnicode_Check(value_) ? utf8(value_) : PyObject_IsTrue(value_) != 0 ? "true" : "false";
  }

 private:
  [[noreturn]] void fail_kind(std::string_view wanted) const {
    fail_type(who_, {parameter_.name, " must be ", wanted, ", got ", described(value_)});
  }

  double real() const {
    const double number = PyFloat_AsDouble(value_);
    if (number == -1 && PyErr_Occurred() != nullptr) {
      PyErr_Clear();
      fail_kind("a number");
    }
    return number;
  }

  double whole() const {
    PyObject* const index = PyNumber_Index(value_);
    if (index == nullptr) {
      PyErr_Clear();
      fail_kind("a whole number");
    }
    const double number = PyLong_AsDouble(owned(index).ptr());
    if (number == -1 && PyErr_Occurred() != nullptr) {
      PyErr_Clear();
      return std::numeric_limits<double>::infinity();  // which the library refuses
    }
    return number;
  }

  double choice() const {
    if (PyBool_Check(value_) && is_switch(parameter_)) return value_ == Py_True ? 1 : 0;
    if (!PyUnicode_Check(value_)) fail_kind(is_switch(parameter_) ? "a bool" : "a str");
    const std::string word = utf8(value_);
    for (std::size_t i = 0; i < parameter_.choices.size(); ++i) {
      if (parameter_.choices[i] == word) return static_cast<double>(i);
    }
    return kUnknown;
  }

  std::string function() const {
    if (const State* const state = state_of(value_)) return state->spec;
    if (!PyUnicode_Check(value_)) fail_kind("a str or a function of actfn");
    return utf8(value_);
  }

  std::string_view who_;
  const ParameterInfo& parameter_;
  PyObject* value_;
};

// Calls take(i, parameter, value) for each parameter; value is null where the call gives none.
template <class Take>
void for_parameters(const State& state, const Given& given, const Take& take) {
  const auto parameters = state.known->info->parameters;
  const int first = given.signature().index_of(Slot::parameter);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    take(i, parameters[i], first < 0 ? nullptr : given[static_cast<std::size_t>(first) + i]);
  }
}

bool has_value(const State& state, const ParameterInfo& parameter) {
  return state.is_complete || !parameter.required;
}

// Without a NaN, a key is that of one function.
bool make_key(const State& state, const Given& given, ParameterCache::Key& key) {
  bool is_known = true;
  for_parameters(state, given, [&](std::size_t i, const ParameterInfo& p, PyObject* value) {
    if (value != nullptr) {
      key[i] = Reader(state.name(), p, value).number();
    } else {
      key[i] = has_value(state, p) ? p.get(state.f) : kUnknown;
    }
    is_known = is_known && !std::isnan(key[i]);
  });
  return is_known;
}

std::string own_text(const ParameterInfo& p, const Function& f) {
  if (p.type == Parameter::function) return to_string(Function(p.get_function(f)));
  const double number = p.get(f);
  if (p.type != Parameter::choice) return text_of(number);
  return std::string(p.choices[static_cast<std::size_t>(number)]);
}

Function parsed(const State& state, const Given& given) {
  std::string list;
  for_parameters(state, given, [&](std::size_t, const ParameterInfo& p, PyObject* value) {
    if (value == nullptr && !has_value(state, p)) return;
    const std::string text =
        value != nullptr ? Reader(state.name(), p, value).text() : own_text(p, state.f);
    list.append(list.empty() ? "(" : ",").append(p.name).append("=").append(text);
  });
  return parse_function(std::string(state.name()) + list + (list.empty() ? "" : ")"));
}

// Whether a parameter without a default gets no value.
bool misses_value(const State& state, const Given& given) {
  bool misses = false;
  for_parameters(state, given, [&](std::size_t, const ParameterInfo& p, PyObject* value) {
    misses = misses || (value == nullptr && !has_value(state, p));
  });
  return misses;
}

// As the library says it. In Python, what is missing is a TypeError.
[[noreturn]] void fail_missing(const State& state, const Given& given) {
  try {
    parsed(state, given);
  } catch (const Error& error) {
    throw TypeProblem(error.what());
  }
  throw std::logic_error("a parameter without a default has no value");
}

}  // namespace

std::optional<Function> ParameterCache::find(const Key& key) {
  const std::lock_guard lock(mutex_);
  for (const auto& entry : entries_) {
    // By bits: a parameter may be -0.
    if (entry && std::memcmp(&entry->key, &key, sizeof key) == 0) return entry->f;
  }
  return std::nullopt;
}

void ParameterCache::add(const Key& key, const Function& f) {
  const std::lock_guard lock(mutex_);
  entries_[next_] = {key, f};
  next_ = (next_ + 1) % entries_.size();
}

Function bound(State& state, const Given& given) {
  if (!given.has_parameters() && state.is_complete) return state.f;
  if (misses_value(state, given)) fail_missing(state, given);
  ParameterCache::Key key = {};
  const bool is_known = make_key(state, given, key);
  if (is_known) {
    if (const auto found = state.cache.find(key)) return *found;
  }
  const Function f = parsed(state, given);
  if (is_known) state.cache.add(key, f);
  return f;
}

bool is_switch(const ParameterInfo& parameter) {
  return parameter.choices.size() == 2 && parameter.choices[0] == "false";
}

nb::object value_of(const ParameterInfo& parameter, const Function& f) {
  if (parameter.type == Parameter::function) return nb::cast(own_text(parameter, f));
  const double number = parameter.get(f);
  if (parameter.type == Parameter::whole) return nb::cast(static_cast<long>(number));
  if (parameter.type == Parameter::number) return nb::cast(number);
  if (is_switch(parameter)) return nb::cast(number != 0);
  return nb::cast(own_text(parameter, f));
}

}  // namespace actfn::python
