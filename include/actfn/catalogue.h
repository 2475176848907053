// What is known of each activation: for command lines, bindings, pages and tests.
#pragma once

#include <actfn/activation.h>

#include <span>
#include <string_view>

namespace actfn {

struct ParameterInfo {
  std::string_view name;                       // as parse() takes it
  std::span<const std::string_view> choices;   // words it takes; empty: it takes a number
  std::string_view condition;                  // "finite", "positive and finite", …
  bool required = false;                       // no default
  double (*get)(const Activation&) = nullptr;  // the number, or the index into choices
};

struct ActivationInfo {
  std::string_view name;        // "leaky_relu"
  std::string_view title;       // "LeakyReLU"
  std::string_view formula;     // plain text in x
  std::string_view derivative;  // plain text in x, kinks included
  std::string_view source;      // paper, year, arXiv number
  std::string_view note;  // what to know: conventions of other frameworks, traps; may be empty
  // What f' loses when it is computed from f(x); empty where that can't be done.
  std::string_view from_output;
  std::span<const ParameterInfo> parameters;
  Activation example;  // the defaults; where a parameter has none, PyTorch's example
};

// All activations in the order of the list, which is alphabetical.
std::span<const ActivationInfo> catalogue();

// The one that this activation is an instance of.
const ActivationInfo& info(const Activation& activation);

}  // namespace actfn
