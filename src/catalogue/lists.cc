// SPDX-License-Identifier: Apache-2.0
// The typed functions of each list, and those over all lists.
#include "catalogue/lists.h"

#include "catalogue/error.h"
#include "catalogue/float_environment.h"
#include "catalogue/grammar.h"
#include "catalogue/left_out.h"
#include "catalogue/names.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace actfn {
namespace functions {

std::span<const Descriptor* const> all_functions() {
  static const auto all = []<class... List>(const std::variant<List...>* /*lists*/) {
    std::vector<const Descriptor*> found;
    (found.insert(found.end(), descriptors_of<List>().begin(), descriptors_of<List>().end()), ...);
    return found;
  }(static_cast<const Function*>(nullptr));
  return all;
}

const Descriptor& descriptor_of_any(const Function& f) {
  return std::visit([](const auto& list) -> const Descriptor& { return descriptor(list); }, f);
}

const NestedFunctions kNestedFunctions = {
    [](const Activation& f) { validate(f); },
    [](const Activation& f) { return rounded_to_float32(f); },
    [](const Activation& f) { return to_string(f); },
};

std::string_view described(const Function& f) {
  constexpr std::string_view kAll[] = {"an elementwise function",
                                       "a row function",
                                       "a reduction of rows",
                                       "a gate",
                                       "a random elementwise function",
                                       "a random function of rows",
                                       "a learned function",
                                       "a grouped function"};
  static_assert(std::size(kAll) == std::variant_size_v<Function>);
  return kAll[f.index()];
}

namespace {

template <class List>
List parse_list(std::string_view spec) {
  refuse_accuracy(spec);
  const std::string_view name = parts_of(trimmed(spec)).name;
  // By the name alone: text like gated(gated(gated(… could make the stack overflow.
  const FunctionInfo* const named = name.empty() ? nullptr : &find_name(name).function->info;
  if (named == nullptr || std::holds_alternative<List>(named->example)) {
    return std::get<List>(parse_function(spec));
  }
  const std::string_view wanted = described(descriptors_of<List>().front()->info.example);
  fail("parse", {named->name, " is ", described(named->example), ", where ", wanted, " is needed"});
}

}  // namespace
}  // namespace functions

using functions::Descriptor;

std::string_view name_of(Kind kind) {
  return functions::kKindNames[static_cast<std::size_t>(kind)];
}

std::span<const FunctionInfo> catalogue() {
  static const auto all = [] {
    std::vector<FunctionInfo> infos;
    for (const Descriptor* function : functions::all_functions()) {
      if (!functions::is_left_out(*function)) infos.push_back(function->info);
    }
    return infos;
  }();
  return all;
}

std::span<const FunctionInfo> catalogue(Kind kind) {
  const auto of_kind = std::ranges::equal_range(catalogue(), kind, {}, &FunctionInfo::kind);
  return {of_kind.begin(), of_kind.end()};
}

double ParameterInfo::get(const Function& f) const {
  if (number_of == nullptr) return std::numeric_limits<double>::quiet_NaN();
  return std::visit([this](auto list) { return number_of(functions::leaf_of(list)); }, f);
}

Activation ParameterInfo::get_function(const Function& f) const {
  return std::visit([this](auto list) { return *function_of(functions::leaf_of(list)); }, f);
}

const FunctionInfo& info(const Function& f) {
  const Descriptor& function = functions::descriptor_of_any(f);
  functions::demand_built(function);
  return function.info;
}

template <std::same_as<Function> F>
std::string to_string(const F& f) {
  return std::visit([](const auto& list) { return to_string(list); }, f);
}
template std::string to_string(const Function&);

template <std::same_as<Function> F>
void validate(const F& f) {
  std::visit([](const auto& list) { validate(list); }, f);
}
template void validate(const Function&);

#define ACTFN_LIST(List, parse)                                                   \
  List parse(std::string_view spec) { return functions::parse_list<List>(spec); } \
  std::string to_string(const List& f) {                                          \
    const FloatEnvironment environment;                                           \
    List own = f;                                                                 \
    return functions::write(functions::descriptor(own), functions::leaf_of(own)); \
  }                                                                               \
  void validate(const List& f) {                                                  \
    const FloatEnvironment environment;                                           \
    List own = f;                                                                 \
    functions::demand(functions::descriptor(own), functions::leaf_of(own));       \
  }
ACTFN_LIST(Activation, parse)
ACTFN_LIST(RowActivation, parse_row_activation)
ACTFN_LIST(RowReduction, parse_row_reduction)
ACTFN_LIST(Gate, parse_gate)
ACTFN_LIST(RandomActivation, parse_random_activation)
ACTFN_LIST(RandomRow, parse_random_row)
ACTFN_LIST(LearnedActivation, parse_learned_activation)
ACTFN_LIST(GroupedActivation, parse_grouped_activation)
#undef ACTFN_LIST

}  // namespace actfn
