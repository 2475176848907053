// SPDX-License-Identifier: Apache-2.0
#include "lab/function_facts.h"

#include "catalogue/lists.h"
#include "lab/curve_facts.h"
#include "lab/evaluate.h"
#include "lab/properties_kinds.h"
#include "lab/report_text.h"

#include <actfn/learnable.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace actfn::lab {
namespace {

using report::percent;

constexpr double kCentred = 0.05;

std::string with_error(double value, double error) {
  return fmt::format("{} ± {}", report::typeset(fmt::format("{:.3f}", value + 0.0)),
                     report::typeset(fmt::format("{:.1g}", error)));
}

void add_learnable(const FunctionInfo& about, const Activation& f, FunctionFacts& to) {
  const auto names = learnable_parameters(f);
  if (about.kind == Kind::learned) to.tags.emplace_back("learnable");
  if (names.empty() || about.kind != Kind::elementwise) return;
  to.tags.emplace_back("learnable");
  to.facts.push_back({"Learnable", fmt::format("{}: learnable({})", fmt::join(names, ", "),
                                               to_string(Function(f)))});
}

std::vector<Fact> facts_of_rows(const RowProperties& p) {
  std::vector<Fact> facts;
  facts.push_back({"Output", p.one_number ? "one number for a row" : "as many numbers as the row"});
  const bool probabilities = p.low >= 0 && p.high <= 1;
  facts.push_back({"Range", probabilities ? "[0, 1]"
                            : p.high <= 0 ? "no value above 0"
                            : p.low >= 0  ? "no value below 0"
                                          : "no bound"});
  if (!p.one_number) {
    constexpr double kRounding = 1e-9;
    const bool fixed = p.greatest_sum - p.least_sum < kRounding;
    facts.push_back({"Sum of the outputs",
                     fixed ? number_text(p.least_sum)
                     : probabilities && p.greatest_sum < 1 + kRounding
                         ? fmt::format("at most 1; from {} to {} in the rows that were drawn",
                                       number_text(p.least_sum), number_text(p.greatest_sum))
                         : "not fixed"});
  }
  using Shift = RowProperties::Shift;
  facts.push_back({"A number added to all entries", p.shift == Shift::stay ? "changes nothing"
                                                    : p.shift == Shift::follow
                                                        ? "is added to the output"
                                                        : "changes the outputs"});
  facts.push_back({"Entries change places", !p.any_order   ? "the outputs change"
                                            : p.one_number ? "the output stays"
                                                           : "the outputs do, and nothing else"});
  facts.push_back({"Exact zeros", p.share_of_zeros > 0
                                      ? fmt::format("{} of the outputs for rows of 10 from N(0, 1)",
                                                    percent(p.share_of_zeros))
                                      : "none"});
  return facts;
}

std::vector<Fact> facts_of_gate(const GateProperties& p) {
  std::vector<Fact> facts;
  facts.push_back({"Range", p.bounded ? "bounded" : "no bound"});
  facts.push_back({"Linear", p.linear_in_a && p.linear_in_b ? "in a and in b"
                             : p.linear_in_a                ? "in a"
                             : p.linear_in_b                ? "in b"
                                                            : "in neither operand"});
  facts.push_back(
      {"Exact zeros", p.share_of_zeros > 0.001
                          ? fmt::format("{} for a and b from N(0, 1)", percent(p.share_of_zeros))
                          : "only where an operand is 0"});
  facts.push_back({"Mean for a, b from N(0, 1)", number_text(p.normal.mean)});
  facts.push_back({"Variance for a, b from N(0, 1)", number_text(p.normal.variance)});
  facts.push_back({"Gain", fmt::format("{}: 1 / √(mean of y²)", number_text(p.gain))});
  return facts;
}

std::vector<Fact> drawn_facts(std::string_view when, const DrawnMoments& m) {
  return {{fmt::format("Mean {}", when), with_error(m.moments.mean, m.error_of_mean)},
          {fmt::format("Variance {}", when), with_error(m.moments.variance, m.error_of_variance)},
          {fmt::format("Exact zeros {}", when),
           m.share_of_zeros > 0 ? percent(m.share_of_zeros) : std::string("none")}};
}

void add_all(std::vector<Fact> more, FunctionFacts& to) {
  for (Fact& fact : more) to.facts.push_back(std::move(fact));
}

void add_curve(const Function& f, const Activation& curve, FunctionFacts& to) {
  const Properties p = properties_of(curve);
  const bool itself = info(f).kind == Kind::elementwise;
  add_all(curve_facts(curve, p, itself ? pytorch_gain(curve) : std::nullopt), to);
  if (p.bounded()) to.tags.emplace_back("bounded");
  if (p.monotone()) to.tags.emplace_back("monotone");
  if (p.bend == Bend::convex || p.bend == Bend::straight) to.tags.emplace_back("convex");
  if (p.smooth_to().value_or(1) >= 1) to.tags.emplace_back("smooth");
  if (p.symmetry == Symmetry::odd || p.symmetry == Symmetry::even) {
    to.tags.emplace_back("symmetric");
  }
  if (std::fabs(p.normal.mean) < kCentred) to.tags.emplace_back("centred");
  if (!p.zeros.empty()) to.tags.emplace_back("sparse");
  if (p.share_of_flat == 0) to.tags.emplace_back("never flat");
  to.curve = curve;
  to.properties = p;
  add_learnable(info(f), curve, to);
  if (const auto drawn = training_moments_of(f)) {
    add_all(drawn_facts("in training, x from N(0, 1)", *drawn), to);
  }
}

void add_gate(const GateProperties& p, FunctionFacts& to) {
  add_all(facts_of_gate(p), to);
  if (p.bounded) to.tags.emplace_back("bounded");
  if (std::fabs(p.normal.mean) < kCentred) to.tags.emplace_back("centred");
  if (p.share_of_zeros > 0.001) to.tags.emplace_back("sparse");
}

void add_row(const RowProperties& p, FunctionFacts& to) {
  add_all(facts_of_rows(p), to);
  if (p.low >= 0 && p.high <= 1) to.tags.emplace_back("bounded");
  if (p.share_of_zeros > 0) to.tags.emplace_back("sparse");
}

std::string without_bars(std::string_view name) {
  std::string out(name);
  std::erase(out, '_');
  return out;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (report::part_of_name(c)) {
      words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

}  // namespace

FunctionFacts facts_of(const Function& f) {
  FunctionFacts found;
  const Kind kind = info(f).kind;
  if (const auto curve = curve_of(f)) {
    add_curve(f, *curve, found);
  } else if (kind == Kind::gate) {
    add_gate(gate_properties_of(f), found);
  } else if (kind == Kind::grouped) {
    add_all(drawn_facts("for x from N(0, 1)", grouped_moments_of(f)), found);
  } else if (kind != Kind::learned) {
    add_row(row_properties_of(f), found);
  }
  if (kind == Kind::learned && !found.curve) found.tags.emplace_back("learnable");
  return found;
}

std::vector<const Experiment*> experiments_about(const FunctionInfo& about) {
  // These names are also ordinary words of claims.
  constexpr std::string_view kWords[] = {"gated",  "identity", "learnable", "rational",
                                         "shrink", "step",     "threshold"};
  std::vector<const Experiment*> found;
  if (std::ranges::find(kWords, about.name) != std::end(kWords)) return found;
  for (const Experiment& e : all_experiments()) {
    const bool named = std::ranges::any_of(
        words_of(e.claim + " " + e.expected),
        [&](const std::string& word) { return without_bars(word) == without_bars(about.name); });
    if (named) found.push_back(&e);
  }
  return found;
}

std::vector<Alias> aliases_of(const FunctionInfo& about) {
  std::vector<Alias> all;
  for (const Alias& alias : aliases()) {
    if (alias.function.substr(0, alias.function.find('(')) == about.name) all.push_back(alias);
  }
  return all;
}

std::vector<Alias> lookalikes_of(const FunctionInfo& about) {
  std::vector<Alias> all;
  for (const Alias& alias : aliases()) {
    if (!alias.function.empty()) continue;
    const auto words = words_of(alias.formula);
    if (std::ranges::find(words, about.name) != words.end()) all.push_back(alias);
  }
  return all;
}

std::string parameter_text(const ParameterInfo& p, const Function& f) {
  return std::visit(
      [&](auto list) {
        return functions::value_text(functions::descriptor(list), p, functions::leaf_of(list));
      },
      f);
}

std::string number_text(double v) {
  if (std::isnan(v)) return "–";
  if (std::isinf(v)) return v < 0 ? "−∞" : "∞";
  if (std::fabs(v) < 1e-12) return "0";
  return report::typeset(fmt::format("{:.5g}", v));
}

}  // namespace actfn::lab
