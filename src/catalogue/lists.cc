// The typed functions of each list, and those over all lists.
#include "catalogue/lists.h"

#include "catalogue/error.h"
#include "catalogue/text.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace actfn {
namespace functions {
namespace {

template <class... List>
std::vector<const Descriptor*> gather(const std::variant<List...>* /*lists*/) {
  std::vector<const Descriptor*> all;
  (all.insert(all.end(), descriptors_of<List>().begin(), descriptors_of<List>().end()), ...);
  return all;
}

}  // namespace

std::span<const Descriptor* const> all_functions() {
  static const auto all = gather(static_cast<const Function*>(nullptr));
  return all;
}

const Descriptor& descriptor_of_any(const Function& f) {
  return std::visit([](const auto& list) -> const Descriptor& { return descriptor(list); }, f);
}

void round_to_float32(const Descriptor& function, void* leaf) {
  for (const ParameterInfo& p : function.info.parameters) {
    if (p.type == ParameterInfo::Type::number) {
      p.set_number(leaf, static_cast<double>(static_cast<float>(p.number_of(leaf))));
    } else if (p.type == ParameterInfo::Type::function) {
      *p.function_of(leaf) = rounded_to_float32(*p.function_of(leaf));
    }
  }
}

std::string_view with_article(Kind kind) {
  constexpr std::string_view kAll[] = {
      "an elementwise function", "a row function",     "a gate",
      "a random function",       "a learned function", "a grouped function"};
  return kAll[static_cast<std::size_t>(kind)];
}

}  // namespace functions

using functions::Descriptor;

std::string_view name_of(Kind kind) {
  constexpr std::string_view kNames[] = {"elementwise", "row",     "gate",
                                         "random",      "learned", "grouped"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::span<const FunctionInfo> catalogue() {
  static const auto all = [] {
    std::vector<FunctionInfo> infos;
    for (const Descriptor* function : functions::all_functions()) infos.push_back(function->info);
    return infos;
  }();
  return all;
}

std::span<const FunctionInfo> catalogue(Kind kind) {
  const auto all = catalogue();
  const auto is_kind = [kind](const FunctionInfo& one) { return one.kind == kind; };
  const auto first = std::find_if(all.begin(), all.end(), is_kind);
  const auto last = std::find_if_not(first, all.end(), is_kind);
  return {first, last};
}

double ParameterInfo::get(const Function& f) const {
  if (number_of == nullptr) return std::numeric_limits<double>::quiet_NaN();
  return std::visit([this](auto list) { return number_of(functions::leaf_of(list)); }, f);
}

Activation ParameterInfo::get_function(const Function& f) const {
  return std::visit([this](auto list) { return *function_of(functions::leaf_of(list)); }, f);
}

const FunctionInfo& info(const Function& f) { return functions::descriptor_of_any(f).info; }

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

Activation parse(std::string_view spec) {
  return functions::parse_list<Activation>(spec, "an elementwise function");
}
RowActivation parse_row_activation(std::string_view spec) {
  return functions::parse_list<RowActivation>(spec, "a row function");
}
RowReduction parse_row_reduction(std::string_view spec) {
  return functions::parse_list<RowReduction>(spec, "a reduction of rows");
}
Gate parse_gate(std::string_view spec) { return functions::parse_list<Gate>(spec, "a gate"); }
RandomActivation parse_random_activation(std::string_view spec) {
  return functions::parse_list<RandomActivation>(spec, "a random elementwise function");
}
RandomRow parse_random_row(std::string_view spec) {
  return functions::parse_list<RandomRow>(spec, "a random function of rows");
}

#define ACTFN_LIST(List)                                                          \
  std::string to_string(const List& f) {                                          \
    List own = f;                                                                 \
    return functions::write(functions::descriptor(own), functions::leaf_of(own)); \
  }                                                                               \
  void validate(const List& f) {                                                  \
    List own = f;                                                                 \
    functions::demand(functions::descriptor(own), functions::leaf_of(own));       \
  }
ACTFN_LIST(Activation)
ACTFN_LIST(RowActivation)
ACTFN_LIST(RowReduction)
ACTFN_LIST(Gate)
ACTFN_LIST(RandomActivation)
ACTFN_LIST(RandomRow)
ACTFN_LIST(LearnedActivation)
ACTFN_LIST(GroupedActivation)
#undef ACTFN_LIST

}  // namespace actfn
