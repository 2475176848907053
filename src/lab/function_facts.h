// SPDX-License-Identifier: Apache-2.0
// What is known of a function, in words: for the gallery's pages and for show.
#pragma once

#include <actfn/catalogue.h>

#include "lab/experiment.h"
#include "lab/properties.h"
#include "lab/recorded.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab {

struct Fact {
  std::string term;  // "Range"
  std::string text;  // "[−0.16997, ∞), lowest at x = −0.75179"
};

struct FunctionFacts {
  // Of the function of one number that f is in evaluation and before training.
  std::optional<Activation> curve;
  std::optional<Properties> properties;
  std::vector<Fact> facts;
  std::vector<std::string> tags;  // some of kTags, in their order
};

FunctionFacts facts_of(const Function& f);

struct Tag {
  std::string_view name;     // "bounded"
  std::string_view meaning;  // "bounded: no value is beyond two numbers"
};
// What functions can be chosen by.
inline constexpr Tag kTags[] = {
    {"bounded", "All values lie between two numbers"},
    {"monotone", "It never turns back"},
    {"convex", "No chord lies below the curve"},
    {"smooth", "Its slope is continuous"},
    {"symmetric", "Odd or even"},
    {"centred", "For standard normal inputs the mean is within 0.05 of 0"},
    {"sparse", "Some inputs give exactly 0, on an interval at least"},
    {"never flat", "Its slope is nowhere 0 on an interval"},
    {"learnable", "Training can change its parameters"}};

// The experiments whose claim or expected figure names the function.
std::vector<const Experiment*> experiments_about(const FunctionInfo& about);

// The names that mean it, with parameters or without, and those that mean something else made of
// it.
std::vector<Alias> aliases_of(const FunctionInfo& about);
std::vector<Alias> lookalikes_of(const FunctionInfo& about);

// The value that f has for a parameter, as parse_function() reads it.
std::string parameter_text(const ParameterInfo& parameter, const Function& f);

// "−0.16997", "∞", "2.1 × 10⁻⁹".
std::string number_text(double v);

}  // namespace actfn::lab
