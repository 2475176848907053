// SPDX-License-Identifier: Apache-2.0
#include "conformance/pytorch/compare.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

#include "conformance/pytorch/rules.h"

namespace actfn::conformance {
namespace {

// The unit in the last place of a type with so many bits and so small a normal number.
double ulp(double scale, int bits, double smallest) {
  return std::ldexp(1.0, std::ilogb(std::max(scale, smallest)) - bits + 1);
}

double scale_of(const Buffer& values) {
  double largest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) largest = std::max(largest, std::abs(values[i]));
  }
  return largest;
}

// What the type makes of it.
double rounded(Type type, double value) {
  Buffer one(type, 1);
  one.set(0, value);
  return one[0];
}

// PyTorch in float64 agrees with us, and with itself in this type it does not.
bool precise_agrees(const Difference& d, const Expected& want) {
  if (!want.precise) return false;
  const double precise = (*want.precise)[d.i];
  const double scale = d.c.by_element ? std::abs(precise) : scale_of(*want.precise);
  return agree(d.c.type, d.got, rounded(d.c.type, precise), scale);
}

std::string describe(const Difference& d) {
  std::ostringstream text;
  text.precision(17);
  text << "case " << d.c.id << ", " << d.c.spec << ", " << name_of(d.c.type) << ", " << d.output
       << "[" << d.i << "]: " << d.got << ", PyTorch " << d.want;
  for (const auto& [name, block] : d.c.in) {
    if (block.size() == d.c.out.at(d.output).layout.size()) {
      text << ", " << name << " " << block[d.i];
    }
  }
  return text.str();
}

void count(Tally::Found& found, const Difference& d) {
  if (++found.elements == 1) found.example = describe(d);
}

nlohmann::json to_json(const Tally::Found& found) {
  return {{"elements", found.elements}, {"example", found.example}};
}

}  // namespace

double tolerance(Type type, double scale) {
  switch (type) {
    case Type::float32:
      return std::max(2e-6 * scale, 0x1p-149);
    case Type::float64:
      return std::max(1e-12 * scale, 0x1p-1074);
    case Type::bfloat16:
      return ulp(scale, 8, 0x1p-126);
    case Type::float16:
      break;
  }
  return ulp(scale, 11, 0x1p-14);
}

bool agree(Type type, double got, double want, double scale) {
  if (std::isnan(want)) return std::isnan(got);
  if (!std::isfinite(want) || !std::isfinite(got)) return got == want;
  return std::abs(got - want) <= tolerance(type, scale);
}

void Report::compare(const Case& c, const Results& ours, const std::string& output, Tally& tally) {
  const Expected& want = c.out.at(output);
  const Block& got = ours.at(output);
  const double largest = scale_of(want.values);
  for (std::size_t i = 0; i < got.size(); ++i) {
    const Difference d{c, ours, output, i, got[i], want.values[i]};
    const double scale = !c.by_element ? largest : std::isfinite(d.want) ? std::abs(d.want) : 0;
    ++tally.elements;
    if (agree(c.type, d.got, d.want, scale)) {
      const double gap = std::isfinite(d.want) ? std::abs(d.got - d.want) : 0;
      double& worst = tally.worst[std::string(name_of(c.type))];
      worst = std::max(worst, gap / tolerance(c.type, scale));
    } else if (const Rule* rule = rule_for(d)) {
      count(tally.explained[rule->name], d);
    } else {
      count(precise_agrees(d, want) ? tally.explained["rounding"] : tally.unexplained, d);
    }
  }
}

void Report::add(const Case& c, const Results& results) {
  Tally& tally = tallies_[c.group];
  ++tally.cases;
  for (const auto& [name, expected] : c.out) compare(c, results, name, tally);
}

std::size_t Report::cases() const {
  std::size_t sum = 0;
  for (const auto& [group, tally] : tallies_) sum += tally.cases;
  return sum;
}

std::size_t Report::unexplained() const {
  std::size_t sum = 0;
  for (const auto& [group, tally] : tallies_) sum += tally.unexplained.elements;
  return sum;
}

std::string Report::examples() const {
  std::string lines;
  for (const auto& [group, tally] : tallies_) {
    const auto& [elements, example] = tally.unexplained;
    if (elements > 0) lines += group + ", " + std::to_string(elements) + ": " + example + "\n";
  }
  return lines;
}

nlohmann::json Report::json() const {
  nlohmann::json all;
  for (const auto& [group, tally] : tallies_) {
    nlohmann::json explained = nlohmann::json::object();
    for (const auto& [rule, found] : tally.explained) explained[rule] = to_json(found);
    all[group] = {{"cases", tally.cases},
                  {"elements", tally.elements},
                  {"worst", tally.worst},
                  {"explained", explained},
                  {"unexplained", to_json(tally.unexplained)}};
  }
  return all;
}

}  // namespace actfn::conformance
