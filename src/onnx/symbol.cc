// SPDX-License-Identifier: Apache-2.0
#include "onnx/symbol.h"

#include "catalogue/error.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <optional>
#include <utility>

namespace actfn::onnx {
namespace {

thread_local Trace* t_current = nullptr;

// More comparisons on one path than any definition has.
constexpr std::size_t kMostComparisons = 16;

const Term& term(const Symbol& s) { return Trace::current().term(s.index); }

Symbol make(Op op, const Symbol& a) {
  return Symbol::of(Trace::current().add({.op = op, .of = {a.index, -1, -1}}));
}
Symbol make(Op op, const Symbol& a, const Symbol& b) {
  return Symbol::of(Trace::current().add({.op = op, .of = {a.index, b.index, -1}}));
}

bool is(Op op, const Symbol& s) { return term(s).op == op; }
Symbol operand(const Symbol& s, std::size_t i) { return Symbol::of(term(s).of[i]); }

std::optional<double> number(const Symbol& s) {
  if (!is(Op::constant, s)) return std::nullopt;
  return term(s).value;
}
bool is_number(const Symbol& s, double value) { return number(s) == value; }
bool same(const Symbol& a, const Symbol& b) { return a.index == b.index; }

template <class F>
Symbol map(Op op, const Symbol& a, const F& f) {
  if (const auto x = number(a)) return f(*x);
  return make(op, a);
}

// k and u of k u u, however it is written.
struct Square {
  double k;
  Symbol u;
};

std::optional<Square> square_of(const Symbol& s) {
  if (!is(Op::multiply, s)) return std::nullopt;
  const Symbol a = operand(s, 0);
  const Symbol b = operand(s, 1);
  if (same(a, b)) return Square{1, a};
  if (is(Op::multiply, a) && same(operand(a, 1), b)) {  // (k u) u
    if (const auto k = number(operand(a, 0))) return Square{*k, b};
  }
  const auto k = number(a);
  if (k && is(Op::multiply, b) && same(operand(b, 0), operand(b, 1))) {
    return Square{*k, operand(b, 0)};
  }
  return std::nullopt;
}

// z of 1 + exp(z).
std::optional<Symbol> exponent_of(const Symbol& s) {
  if (!is(Op::add, s) || !is_number(operand(s, 0), 1)) return std::nullopt;
  const Symbol e = operand(s, 1);
  if (!is(Op::exp, e)) return std::nullopt;
  return operand(e, 0);
}

}  // namespace

bool operator==(const Term& a, const Term& b) {
  // By bits: -0 is another constant than 0.
  return a.op == b.op && a.of == b.of && a.index == b.index &&
         std::bit_cast<std::uint64_t>(a.value) == std::bit_cast<std::uint64_t>(b.value);
}

Trace::Trace() : outer_(std::exchange(t_current, this)) {}
Trace::~Trace() { t_current = outer_; }
Trace& Trace::current() { return *t_current; }

int Trace::add(const Term& added) {
  const auto known = std::ranges::find(terms_, added);
  if (known != terms_.end()) return static_cast<int>(known - terms_.begin());
  terms_.push_back(added);
  return static_cast<int>(terms_.size()) - 1;
}

int Trace::add(const Activation& f, int x) {
  const auto known = std::ranges::find(activations_, f);
  const auto index = static_cast<std::size_t>(known - activations_.begin());
  if (known == activations_.end()) activations_.push_back(f);
  return add({.op = Op::activation, .of = {x, -1, -1}, .index = index});
}

void Trace::begin_run(std::vector<bool> outcomes) {
  outcomes_ = std::move(outcomes);
  compared_.clear();
}

bool Trace::decide(int comparison) {
  const auto known = std::ranges::find(compared_, comparison);
  const auto at = static_cast<std::size_t>(known - compared_.begin());
  if (known == compared_.end()) {
    compared_.push_back(comparison);
    if (at == kMostComparisons) fail("onnx", {"a definition has more than 16 comparisons"});
  }
  return at < outcomes_.size() && outcomes_[at];
}

Symbol::Symbol(double value) : index(Trace::current().add({.op = Op::constant, .value = value})) {}

Symbol Symbol::FromDecimal(const char* text) { return std::strtod(text, nullptr); }
Symbol Symbol::Pi() { return std::numbers::pi; }

Symbol operator-(const Symbol& a) {
  if (const auto x = number(a)) return -*x;
  if (is(Op::negate, a)) return operand(a, 0);
  if (is(Op::multiply, a) && number(operand(a, 0))) return -operand(a, 0) * operand(a, 1);
  return make(Op::negate, a);
}

Symbol operator+(const Symbol& a, const Symbol& b) {
  const auto x = number(a);
  const auto y = number(b);
  if (x && y) return *x + *y;
  if (y) return b + a;  // numbers come first
  if (x == 0.0) return b;
  if (is(Op::add, b) && is(Op::absolute, operand(b, 0)) && same(operand(operand(b, 0), 0), a)) {
    return 2 * Symbol::of(Trace::current().add(Relu{}, a.index)) + operand(b, 1);
  }
  return make(Op::add, a, b);
}

Symbol operator-(const Symbol& a, const Symbol& b) {
  const auto x = number(a);
  const auto y = number(b);
  if (x && y) return *x - *y;
  if (y == 0.0) return a;
  return make(Op::subtract, a, b);
}

Symbol operator*(const Symbol& a, const Symbol& b) {
  const auto x = number(a);
  const auto y = number(b);
  if (x && y) return *x * *y;
  if (y) return b * a;
  if (x == 1.0) return b;
  return make(Op::multiply, a, b);
}

Symbol operator/(const Symbol& a, const Symbol& b) {
  const auto x = number(a);
  const auto y = number(b);
  if (x && y) return *x / *y;
  if (y == 1.0) return a;
  if (const auto z = exponent_of(b)) return a * make(Op::sigmoid, -*z);
  return make(Op::divide, a, b);
}

Symbol abs(const Symbol& a) {
  return map(Op::absolute, a, [](double x) { return std::abs(x); });
}
Symbol exp(const Symbol& a) {
  return map(Op::exp, a, [](double x) { return std::exp(x); });
}
Symbol expm1(const Symbol& a) {
  return map(Op::expm1, a, [](double x) { return std::expm1(x); });
}
Symbol tanh(const Symbol& a) {
  return map(Op::tanh, a, [](double x) { return std::tanh(x); });
}
Symbol sin(const Symbol& a) {
  return map(Op::sin, a, [](double x) { return std::sin(x); });
}
Symbol atan(const Symbol& a) {
  return map(Op::atan, a, [](double x) { return std::atan(x); });
}
Symbol erf(const Symbol& a) {
  return map(Op::erf, a, [](double x) { return std::erf(x); });
}
Symbol erfc(const Symbol& a) {
  return map(Op::erfc, a, [](double x) { return std::erfc(x); });
}

Symbol log(const Symbol& a) {
  if (is(Op::expm1, a)) {
    const Symbol z = operand(a, 0);
    return z + log(-expm1(-z));
  }
  return map(Op::log, a, [](double x) { return std::log(x); });
}

Symbol log1p(const Symbol& a) {
  if (is(Op::exp, a)) return make(Op::softplus, operand(a, 0));
  return map(Op::log1p, a, [](double x) { return std::log1p(x); });
}

Symbol sqrt(const Symbol& a) {
  if (is(Op::add, a)) {
    const double c = number(operand(a, 0)).value_or(0);
    const auto square = square_of(operand(a, 1));
    if (c > 0 && square && square->k > 0) {
      const double ratio = c / square->k;
      const Symbol far = abs(square->u);
      const Symbol root = make(Op::sqrt, ratio + square->u * square->u);
      return std::sqrt(square->k) * (far + ratio / (root + far));
    }
  }
  return map(Op::sqrt, a, [](double x) { return std::sqrt(x); });
}

bool operator<(const Symbol& a, const Symbol& b) {
  const auto x = number(a);
  const auto y = number(b);
  if (x && y) return *x < *y;
  return Trace::current().decide(make(Op::less, a, b).index);
}

bool operator<=(const Symbol& a, const Symbol& b) {
  const auto x = number(a);
  const auto y = number(b);
  if (x && y) return *x <= *y;
  return Trace::current().decide(make(Op::less_or_equal, a, b).index);
}

Symbol where(int condition, const Symbol& a, const Symbol& b) {
  if (same(a, b)) return a;
  return Symbol::of(Trace::current().add({.op = Op::where, .of = {condition, a.index, b.index}}));
}

}  // namespace actfn::onnx
