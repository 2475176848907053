// SPDX-License-Identifier: Apache-2.0
#include "lab/curve_facts.h"

#include "lab/report_text.h"

#include <actfn/elementwise.h>
#include <fmt/format.h>

#include <cmath>

namespace actfn::lab {
namespace {

using report::listing;
using report::percent;

constexpr const char* kOrders[] = {"f", "f′", "f″", "f‴"};
constexpr const char* kClasses[] = {"C⁰", "C¹", "C²"};

std::string stretch_text(const Stretch& s) {
  const bool from = std::isfinite(s.low);
  const bool to = std::isfinite(s.high);
  if (from && to) return fmt::format("{} ≤ x ≤ {}", number_text(s.low), number_text(s.high));
  if (from) return fmt::format("x ≥ {}", number_text(s.low));
  return to ? fmt::format("x ≤ {}", number_text(s.high)) : std::string("all x");
}

// Neighbours are one.
std::vector<std::string> stretch_texts(const std::vector<Stretch>& all) {
  std::vector<Stretch> joined;
  for (const Stretch& s : all) {
    if (!joined.empty() && joined.back().high == s.low) {
      joined.back().high = s.high;
    } else {
      joined.push_back(s);
    }
  }
  std::vector<std::string> texts;
  for (const Stretch& s : joined) texts.push_back(stretch_text(s));
  return texts;
}

std::string at_text(std::string_view which, const Bound& bound) {
  if (!bound.at || !bound.reached) return {};
  return fmt::format("{} at x = {}", which, number_text(*bound.at));
}

std::string range_fact(const Properties& p) {
  std::string text = range_text(p);
  for (const std::string& at : {at_text("lowest", p.low), at_text("highest", p.high)}) {
    if (!at.empty()) text += (text.ends_with(']') || text.ends_with(')') ? "; " : ", ") + at;
  }
  return text;
}

std::string limits_fact(const Properties& p) {
  const auto one = [](double limit, std::string_view where) {
    return std::isnan(limit) ? fmt::format("none at {}", where)
                             : fmt::format("{} at {}", number_text(limit), where);
  };
  if (std::isfinite(p.domain)) return one(p.right, "∞");
  return one(p.left, "−∞") + ", " + one(p.right, "∞");
}

std::string trend_fact(const Properties& p) {
  switch (p.trend) {
    case Trend::constant:
      return "constant";
    case Trend::increasing:
      return "yes: it increases";
    case Trend::not_decreasing:
      return "yes: it never decreases";
    case Trend::decreasing:
      return "yes: it decreases";
    case Trend::not_increasing:
      return "yes: it never increases";
    case Trend::none:
      return "no";
  }
  return {};
}

std::string bend_fact(const Properties& p) {
  switch (p.bend) {
    case Bend::straight:
      return "convex and concave: a line";
    case Bend::convex:
      return "convex";
    case Bend::concave:
      return "concave";
    case Bend::none:
      return "neither convex nor concave";
  }
  return {};
}

std::string symmetry_fact(const Activation& f, const Properties& p) {
  switch (p.symmetry) {
    case Symmetry::odd:
      return "odd: f(−x) = −f(x)";
    case Symmetry::even:
      return "even: f(−x) = f(x)";
    case Symmetry::point: {
      const double middle = evaluate(f, 0.0);
      return fmt::format("about the point (0, {}): f(−x) = {} − f(x)", number_text(middle),
                         number_text(2 * middle));
    }
    case Symmetry::none:
      return "none";
  }
  return {};
}

std::string smoothness_fact(const Properties& p) {
  const auto to = p.smooth_to();
  std::vector<std::string> rough;
  std::string small;
  for (const Jump& j : p.jumps) {
    if (std::fabs(j.size) < kSmallJump) {
      small +=
          fmt::format("; a jump of {} at x = {} is left out",
                      report::typeset(fmt::format("{:.2g}", std::fabs(j.size))), number_text(j.at));
    } else if (j.order == to.value_or(0) + 1) {
      rough.push_back(number_text(j.at));
    }
  }
  if (!to) return "C∞: all derivatives are continuous" + small;
  const char* const which = kOrders[static_cast<std::size_t>(*to + 1)];
  const std::string where = fmt::format("{} jumps at x = {}", which, listing(rough));
  if (*to < 0) return "not continuous: " + where + small;
  return fmt::format("{}: {}{}", kClasses[static_cast<std::size_t>(*to)], where, small);
}

std::string zeros_fact(const Properties& p) {
  if (p.zeros.empty()) return "on no interval";
  return fmt::format("for {}: {} of N(0, 1)", listing(stretch_texts(p.zeros)),
                     percent(p.share_of_zeros));
}

std::string flat_fact(const Properties& p) {
  std::vector<Stretch> flat;
  for (const Stretch& s : p.stretches) {
    if (s.flat) flat.push_back(s);
  }
  if (flat.empty()) return "on no interval";
  return fmt::format("for {}: {} of N(0, 1)", listing(stretch_texts(flat)),
                     percent(p.share_of_flat));
}

std::string slope_fact(const Properties& p) {
  if (p.smooth_to() == -1) return "none: f jumps";
  if (std::isinf(p.slope.value)) return "none: |f′| has no bound";
  return fmt::format(
      "{}, the {} of |f′|{}", number_text(p.slope.value), p.slope.reached ? "maximum" : "supremum",
      p.slope.at && p.slope.reached ? fmt::format(", at x = {}", number_text(*p.slope.at))
                                    : std::string());
}

std::string fixed_fact(const Properties& p) {
  std::vector<std::string> all = stretch_texts(p.fixed_stretches);
  for (const double x : p.fixed) all.push_back("x = " + number_text(x));
  if (p.more_fixed) all.emplace_back("more");
  return all.empty() ? "none" : listing(all, 6);
}

std::string drift_fact(const Properties& p) {
  std::vector<std::string> kept;
  for (const FixedVariance& v : p.fixed_variances) {
    kept.push_back(fmt::format(
        "variance {} with mean {} is kept, and {} others (slope {})", number_text(v.variance),
        number_text(std::fabs(v.mean) < 1e-9 ? 0 : v.mean), v.slope < 1 ? "attracts" : "repels",
        report::typeset(fmt::format("{:.4g}", v.slope))));
  }
  if (!kept.empty()) return listing(kept);
  switch (p.drift) {
    case Drift::kept:
      return "variances are kept";
    case Drift::shrinks:
      return "variances shrink";
    case Drift::grows:
      return "variances grow";
    case Drift::unknown:
      return "not found";
  }
  return {};
}

void add_normal(const Properties& p, std::optional<double> theirs, std::vector<Fact>& facts) {
  if (std::isnan(p.normal.mean)) {
    facts.push_back({"For x from N(0, 1)", "no mean: below 0 it has no numbers"});
    return;
  }
  facts.push_back({"Mean for x from N(0, 1)", number_text(p.normal.mean)});
  facts.push_back({"Variance for x from N(0, 1)", number_text(p.normal.variance)});
  facts.push_back({"Mean of f′² for x from N(0, 1)", number_text(p.square_of_slope)});
  std::string gain = fmt::format("{}: 1 / √(mean of f²)", number_text(p.gain));
  if (theirs) {
    gain += fmt::format("; PyTorch's calculate_gain has {}", number_text(*theirs));
  }
  facts.push_back({"Gain for initialisation", gain});
  facts.push_back({"From layer to layer", drift_fact(p)});
}

}  // namespace

std::string range_text(const Properties& p) {
  return fmt::format("{}{}, {}{}", p.low.reached ? "[" : "(", number_text(p.low.value),
                     number_text(p.high.value), p.high.reached ? "]" : ")");
}

std::vector<Fact> curve_facts(const Activation& f, const Properties& p,
                              std::optional<double> pytorch_gain) {
  std::vector<Fact> facts;
  if (std::isfinite(p.domain)) {
    facts.push_back({"Domain", fmt::format("x ≥ {}: NaN below", number_text(p.domain))});
  }
  facts.push_back({"Range", range_fact(p)});
  facts.push_back({"Limits", limits_fact(p)});
  facts.push_back({"Monotone", trend_fact(p)});
  facts.push_back({"Convexity", bend_fact(p)});
  facts.push_back({"Symmetry", symmetry_fact(f, p)});
  facts.push_back({"Smoothness", smoothness_fact(p)});
  facts.push_back({"Lipschitz constant", slope_fact(p)});
  facts.push_back({"Exact zeros", zeros_fact(p)});
  facts.push_back({"Slope 0", flat_fact(p)});
  facts.push_back({"Fixed points, f(x) = x", fixed_fact(p)});
  add_normal(p, pytorch_gain, facts);
  return facts;
}

}  // namespace actfn::lab
