// SPDX-License-Identifier: Apache-2.0
// Numbers that are not known yet. A function's definition, evaluated on them, records how it is
// composed: the ONNX operators follow from the definition without anybody writing them down.
//
// A definition may branch on comparisons of its numbers. Each of its paths is recorded by running
// it again with other outcomes: see definition.h.
#pragma once

#include <actfn/activation.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace actfn::onnx {

enum class Op : std::uint8_t {
  constant,
  input,
  activation,  // with a value, or an index
  negate,
  add,
  subtract,
  multiply,
  divide,
  absolute,
  exp,
  expm1,
  log,
  log1p,
  sqrt,
  tanh,
  sin,
  atan,
  erf,
  erfc,
  sigmoid,
  softplus,
  less,
  less_or_equal,
  where
};

struct Term {
  Op op;
  std::array<int, 3> of = {-1, -1, -1};  // indices of terms
  double value = 0;                      // of a constant
  std::size_t index = 0;                 // of an input, or an activation

  friend bool operator==(const Term& a, const Term& b);
};

// What a definition has computed so far. Symbols belong to the thread's last one, which a
// definition that is part of another has for itself.
class Trace {
 public:
  Trace();
  ~Trace();
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;
  static Trace& current();

  // The index of the term; the same term has one index.
  int add(const Term& added);
  int add(const Activation& f, int x);
  const Term& term(int index) const { return terms_[static_cast<std::size_t>(index)]; }
  std::size_t size() const { return terms_.size(); }
  const Activation& activation(std::size_t index) const { return activations_[index]; }

  // The outcomes that the comparisons of the next run have, in the order in which they are first
  // made; those beyond are false.
  void begin_run(std::vector<bool> outcomes);
  bool decide(int comparison);
  // The comparisons of the last run.
  const std::vector<int>& compared() const { return compared_; }

 private:
  std::vector<Term> terms_;
  std::vector<Activation> activations_;
  std::vector<bool> outcomes_;
  std::vector<int> compared_;
  Trace* outer_;
};

struct Symbol {
  int index;  // of its term

  Symbol(double value);  // NOLINT(google-explicit-constructor): numbers convert
  static Symbol of(int term) { return {Index{term}}; }

  // What definitions ask of their numbers: see oracle/jet.h.
  static Symbol FromDecimal(const char* text);
  static Symbol Single(double value) { return static_cast<double>(static_cast<float>(value)); }
  static Symbol Pi();

 private:
  struct Index {
    int value;
  };
  Symbol(Index i) : index(i.value) {}  // NOLINT(google-explicit-constructor)
};

// Some compositions overflow, or lose all digits, in float32 where they do not in more precision.
// These functions record others that have the same value:
//   a / (1 + exp(z))       a sigmoid(-z)
//   log1p(exp(z))          softplus(z)
//   log(expm1(z))          z + log(-expm1(-z))
//   sqrt(c + k u^2)        sqrt(k) (|u| + (c / k) / (sqrt(u^2 + c / k) + |u|)), c > 0, k > 0
//   a + (|a| + b)          2 relu(a) + b
Symbol operator-(const Symbol& a);
Symbol operator+(const Symbol& a, const Symbol& b);
Symbol operator-(const Symbol& a, const Symbol& b);
Symbol operator*(const Symbol& a, const Symbol& b);
Symbol operator/(const Symbol& a, const Symbol& b);
Symbol abs(const Symbol& a);
Symbol exp(const Symbol& a);
Symbol expm1(const Symbol& a);
Symbol log(const Symbol& a);
Symbol log1p(const Symbol& a);
Symbol sqrt(const Symbol& a);
Symbol tanh(const Symbol& a);
Symbol sin(const Symbol& a);
Symbol atan(const Symbol& a);
Symbol erf(const Symbol& a);
Symbol erfc(const Symbol& a);

bool operator<(const Symbol& a, const Symbol& b);
bool operator<=(const Symbol& a, const Symbol& b);
inline bool operator>(const Symbol& a, const Symbol& b) { return b < a; }
inline bool operator>=(const Symbol& a, const Symbol& b) { return b <= a; }

// condition ? a : b, where the condition is a comparison's index.
Symbol where(int condition, const Symbol& a, const Symbol& b);

}  // namespace actfn::onnx
