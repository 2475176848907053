// SPDX-License-Identifier: Apache-2.0
#include <actfn/actfn.h>

#include <algorithm>
#include <cmath>

#include "conformance/pytorch/exact.h"
#include "conformance/pytorch/neighbours.h"
#include "gated/kernels/definition.h"

namespace actfn::conformance {
namespace {

// A function of one number and its derivatives, in float64: the elementwise functions, which are
// held to the oracle by tests of their own.
struct Factor {
  double value, first, second;
  bool line = false;  // whose second derivative is left out, not multiplied by
};

Factor factor(const Activation& f, double x) {
  Factor result{};
  forward(f, {&x, 1}, {&result.value, 1});
  derivative(f, {&x, 1}, {&result.first, 1});
  second_derivative(f, {&x, 1}, {&result.second, 1});
  return result;
}

struct Factors {
  Factor of_a, of_b;
};

Factor gate_factor(const Activation& f, const gated::Limits& limits, double a) {
  if (std::holds_alternative<Identity>(f)) return {a, 1, 0, true};
  Factor gate = factor(f, limits.a ? std::min(a, *limits.a) : a);
  const bool open = !(limits.a && a > *limits.a) && !(limits.value && gate.value > *limits.value);
  if (!open) gate.first = gate.second = 0;
  if (limits.value) gate.value = std::min(gate.value, *limits.value);
  return gate;
}

Factor line(const gated::Limits& limits, double b) {
  const bool open = !limits.b || std::abs(b) <= *limits.b;
  const double limited = limits.b ? std::clamp(b, -*limits.b, *limits.b) : b;
  return {limited + limits.added, open ? 1.0 : 0.0, 0, true};
}

Factors factors(const Gate& gate, double a, double b) {
  const gated::Definition d = gated::definition_of(gate);
  if (d.second_is_gate) return {line(d.limits, a), gate_factor(d.f, d.limits, b)};
  return {gate_factor(d.f, d.limits, a), line(d.limits, b)};
}

// What stands at the two places of a pair; of tensors without places, at the first.
struct Pair {
  double first = 0, second = 0;
};

struct Origin {
  Pair x, dy, v;
  bool second_place = false;  // of the output's element
};

// Packed: the pair in x and v_x; of two: a and b.
Origin origin(const Difference& d) {
  Origin o;
  const auto put = [](Pair& pair, int& count, double value) {
    (count++ == 0 ? pair.first : pair.second) = value;
  };
  int in_x = 0;
  int in_v = 0;
  int in_dy = 0;
  for_each_origin(d, [&](const std::string& name, const Block& block, std::size_t i) {
    if (name == "x" && in_x == 1) o.second_place = d.i == i;
    if (name == "x" || name == "a" || name == "b") put(o.x, in_x, block[i]);
    if (name == "v_x") put(o.v, in_v, block[i]);
    if (name == "dy") put(o.dy, in_dy, block[i]);
  });
  if (d.output == "db") o.second_place = true;
  return o;
}

// A result and the sum of its terms' sizes.
struct Result {
  double value, size;
};

Result sum(double one, double other) { return {one + other, std::abs(one) + std::abs(other)}; }

Result result(const Difference& d, const Origin& o, const Factors& f) {
  const Factor& a = f.of_a;
  const Factor& b = f.of_b;
  const double by_a = a.first * b.value;
  const double by_b = a.value * b.first;
  if (d.output == "y") return sum(a.value * b.value, 0);
  if (d.output == "for_dy") return sum(o.v.first * by_a, o.v.second * by_b);
  const double dy = o.dy.first;
  const double mixed = a.first * b.first;
  if (d.output != "for_x") return sum(dy * (o.second_place ? by_b : by_a), 0);
  const double second_by_a = a.line ? 0 : dy * o.v.first * a.second * b.value;
  const double second_by_b = b.line ? 0 : dy * o.v.second * a.value * b.second;
  if (o.second_place) return sum(dy * o.v.first * mixed, second_by_b);
  return sum(second_by_a, dy * o.v.second * mixed);
}

// f(a) is rounded to the type, float32 for 16 bits, before it is multiplied: subnormals have few
// digits.
double subnormal_loss(const Difference& d, const Origin& o) {
  const auto size = [](const Pair& p) {
    return std::max({1.0, std::abs(p.first), std::abs(p.second)});
  };
  const double step = d.c.type == Type::float64 ? 0x1p-1074 : 0x1p-149;
  return step * size(o.x) * size(o.dy) * size(o.v);
}

double largest(const Pair& p) { return std::max(std::abs(p.first), std::abs(p.second)); }

// About their roots, derivatives are exact to 2^-24 and 2^-53 of their size: docs/accuracy.md.
double root_loss(const Difference& d, const Origin& o) {
  if (d.output == "y") return 0;
  const double step = d.c.type == Type::float64 ? 0x1p-53 : 0x1p-24;
  const double dy = d.output == "for_dy" ? 1 : largest(o.dy);
  const double v = d.output.starts_with("for_") ? largest(o.v) : 1;
  return step * largest(o.x) * dy * v;
}

}  // namespace

bool is_exact_gate(const Difference& d) {
  const Origin o = origin(d);
  const Result want = result(d, o, factors(parse_gate(d.c.spec), o.x.first, o.x.second));
  Buffer rounded(d.c.type, 1);
  rounded.set(0, want.value);
  return agree(d.c.type, d.got, rounded[0], want.size) ||
         std::abs(d.got - want.value) <= subnormal_loss(d, o) + root_loss(d, o);
}

bool is_at_limit(const Difference& d) {
  const gated::Limits limits = gated::definition_of(parse_gate(d.c.spec)).limits;
  const Origin o = origin(d);
  const auto is_at = [](const std::optional<double>& limit, double x) {
    return limit && std::abs(x) == *limit;
  };
  return is_at(limits.a, o.x.first) || is_at(limits.b, o.x.second);
}

}  // namespace actfn::conformance
