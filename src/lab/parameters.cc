// SPDX-License-Identifier: Apache-2.0
#include "lab/parameters.h"

#include <actfn/catalogue.h>
#include <actfn/error.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "catalogue/lists.h"
#include "lab/accuracy_inputs.h"
#include "lab/accuracy_runs.h"
#include "lab/errors.h"
#include "lab/near_root.h"
#include "lab/terms.h"
#include "oracle/oracle.h"

namespace actfn::lab {
namespace {

// Random numbers from a counter.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : at_(random_bits(seed)) {}
  std::uint64_t bits() { return random_bits(at_++); }
  std::uint64_t below(std::uint64_t n) { return bits() % n; }
  double unit() { return static_cast<double>(bits() >> 11U) * 0x1p-53; }
  double sign() { return (bits() & 1U) != 0 ? -1 : 1; }
  // Uniform in the exponent and in the significand.
  double magnitude(int least, int most) {
    const auto span = static_cast<std::uint64_t>(most - least);
    return std::ldexp(1 + unit(), least + static_cast<int>(below(span)));
  }

 private:
  std::uint64_t at_;
};

double neighbour(Draws& draws, double x) {
  const double toward = draws.sign() * std::numeric_limits<double>::infinity();
  switch (draws.below(3)) {
    case 0:
      return std::nextafter(x, toward);
    case 1:
      return static_cast<double>(std::nextafter(static_cast<float>(x), static_cast<float>(toward)));
    default:
      return x * (1 + draws.sign() * draws.magnitude(-50, -3));
  }
}

constexpr double kSpecial[] = {0,         1,           0.5,  2,    0x1p-149, 0x1p-126,
                               0x1p-125F, 0x1p-100,    1e-6, 1e-3, 1e3,      0x1p100,
                               0x1p127F,  3.40282e38F, 20,   88,   30,       0x1p-23};

// One parameter; `others` are those before it.
double drawn_number(Draws& draws, double normal, const std::vector<double>& others) {
  const std::uint64_t kind = draws.below(others.empty() ? 8 : 12);
  if (kind >= 8) {
    const double other = others[draws.below(others.size())];
    return kind == 8 ? other : kind == 9 ? -other : draws.sign() * neighbour(draws, other);
  }
  if (kind < 2) return draws.sign() * draws.magnitude(-149, 128);
  if (kind < 4) return draws.sign() * draws.magnitude(-8, 8);
  if (kind == 4) return draws.sign() * draws.magnitude(-40, 40);
  if (kind == 5) return normal;
  if (kind == 6) return neighbour(draws, normal);
  return draws.sign() * kSpecial[draws.below(std::size(kSpecial))];
}

bool is_valid(const Activation& f) {
  try {
    validate(f);
    return true;
  } catch (const Error&) {
    return false;
  }
}

template <class T>
T clipped(double x) {
  const double most = std::numeric_limits<T>::max();
  return static_cast<T>(std::clamp(x, -most, most));
}

// An input near what the parameters make of x: where beta x, x / alpha and so on are ordinary.
template <class T>
T drawn_input(Draws& draws, const std::vector<double>& numbers) {
  const double u = draws.sign() * draws.magnitude(-12, 12);
  const double p = numbers.empty() ? 1 : numbers[draws.below(numbers.size())];
  switch (draws.below(8)) {
    case 0:
      return draw<T>(4 * draws.below(1U << 30U));
    case 1:
      return draw<T>(draws.below(1U << 30U));
    case 2:
      return clipped<T>(u);
    case 3:
      return clipped<T>(u * p);
    case 4:
      return clipped<T>(u / p);
    case 5:
      return clipped<T>(u / std::sqrt(std::abs(p)));
    default:
      return clipped<T>(neighbour(draws, draws.sign() * p));
  }
}

constexpr double oracle::Truth::*kTruths[] = {&oracle::Truth::value, &oracle::Truth::first,
                                              &oracle::Truth::second};
constexpr double oracle::Truth::*kRests[] = {&oracle::Truth::value_rest, &oracle::Truth::first_rest,
                                             &oracle::Truth::second_rest};

// One set of parameters.
template <class T>
class Set {
 public:
  static constexpr bool kIsSingle = sizeof(T) == 4;

  explicit Set(const Activation& f)
      : f_(f),
        wide_(kIsSingle ? oracle::as_float64(f) : f),
        kernels_(f, kTypeOf<T>),
        reference_(wide_, Type::float64) {}

  std::vector<T> inputs(Draws draws) const;
  void compare(T x, const std::vector<int>& orders, std::vector<ParameterErrors>& errors) const;

 private:
  void add_roots(std::vector<T>& x) const;
  bool is_excused(int order, double x, double want, double got) const;

  Activation f_, wide_;
  kernels::Evaluator kernels_, reference_;
};

// Beside a root that lies between two of the inputs.
template <class T>
void Set<T>::add_roots(std::vector<T>& x) const {
  std::vector<double> at(x.begin(), x.end());
  std::sort(at.begin(), at.end());
  for (const auto order :
       {kernels::Order::value, kernels::Order::derivative, kernels::Order::second_derivative}) {
    std::vector<double> y(at.size());
    reference_.map(order, at.data(), y.data(), at.size());
    for (std::size_t i = 1; i < at.size(); ++i) {
      if (!(y[i - 1] * y[i] < 0)) continue;
      double low = at[i - 1], high = at[i];
      for (int k = 0; k < 70; ++k) {
        const double middle = low / 2 + high / 2;
        double here = 0;
        reference_.map(order, &middle, &here, 1);
        ((here < 0) == (y[i - 1] < 0) ? low : high) = middle;
      }
      x.push_back(clipped<T>(low));
      x.push_back(clipped<T>(high * (1 + 0x1p-20)));
      break;
    }
  }
}

template <class T>
std::vector<T> Set<T>::inputs(Draws draws) const {
  std::vector<double> numbers = own_numbers(f_);
  std::erase_if(numbers, [](double p) { return !std::isfinite(p) || p == 0; });
  std::vector<T> x(kInputsOfASet);
  for (T& v : x) v = drawn_input<T>(draws, numbers);
  std::erase_if(x, [](T v) { return !std::isfinite(v); });
  add_roots(x);
  return x;
}

// About a root of a derivative, or where the terms of a sum cancel.
template <class T>
bool Set<T>::is_excused(int order, double x, double want, double got) const {
  const double error = std::abs(static_cast<double>(clipped<T>(got)) - want);
  const double part = kIsSingle ? 0x1p-48 : 0x1p-53;
  if (error <= part * size_of_terms(wide_, order, x)) return true;
  return Roots(wide_, order, kIsSingle ? 0x1p-24 : 0x1p-53).excuses(x, want, error);
}

template <class T>
void Set<T>::compare(T x, const std::vector<int>& orders,
                     std::vector<ParameterErrors>& errors) const {
  const oracle::Truth truth = oracle::truth(f_, x);
  for (std::size_t k = 0; k < orders.size(); ++k) {
    const int order = orders[k];
    const double want = truth.*kTruths[order];
    if (std::isnan(want)) continue;  // e^x left the oracle's range, or there is no limit
    T y = 0;
    kernels_.map(static_cast<kernels::Order>(order), &x, &y, 1);
    const auto got = static_cast<double>(y);
    const double ulps =
        exact_ulps(kIsSingle ? kFloat32 : kFloat64, got, want, truth.*kRests[order]);
    ParameterErrors& all = errors[k];
    ++all.inputs;
    if (!(ulps > all.max_ulp)) continue;
    if (ulps > kAlwaysFine && is_excused(order, static_cast<double>(x), want, got)) {
      ++all.near_root_inputs;
      continue;
    }
    all.max_ulp = ulps;
    all.worst = f_;
    all.worst_input = static_cast<double>(x);
  }
}

template <class T>
std::vector<ParameterErrors> search_some(const ParameterSearch& s, std::uint64_t first,
                                         std::uint64_t last) {
  std::vector<ParameterErrors> errors;
  for (const int order : s.orders) errors.push_back({.order = order, .worst = s.activation});
  for (std::uint64_t i = first; i < last; ++i) {
    const std::uint64_t seed = random_bits(s.seed) + i;
    const Set<T> set(drawn_parameters(s.activation, seed));
    for (const T x : set.inputs(Draws(~seed))) set.compare(x, s.orders, errors);
    for (ParameterErrors& e : errors) ++e.sets;
  }
  return errors;
}

void append(ParameterErrors& all, const ParameterErrors& next) {
  all.sets += next.sets;
  all.inputs += next.inputs;
  all.near_root_inputs += next.near_root_inputs;
  if (!(next.max_ulp > all.max_ulp)) return;
  all.max_ulp = next.max_ulp;
  all.worst = next.worst;
  all.worst_input = next.worst_input;
}

}  // namespace

bool has_numbers(const Activation& f) {
  const auto& parameters = info(f).parameters;
  return std::any_of(parameters.begin(), parameters.end(),
                     [](const ParameterInfo& p) { return p.choices.empty(); });
}

Activation drawn_parameters(const Activation& f, std::uint64_t i) {
  Draws draws(i);
  for (int tries = 0; tries < 100; ++tries) {
    Activation drawn = f;
    std::vector<double> numbers;
    for (const ParameterInfo& p : info(f).parameters) {
      if (!p.choices.empty()) continue;
      const double number = drawn_number(draws, p.get(f), numbers);
      numbers.push_back(static_cast<float>(number) == 0 ? 0 : number);  // which counts as 0
      p.set_number(functions::leaf_of(drawn), numbers.back());
    }
    if (is_valid(drawn)) return drawn;
  }
  return f;
}

std::vector<ParameterErrors> search_parameters(const ParameterSearch& s,
                                               std::atomic<double>& progress) {
  constexpr std::uint64_t kChunk = 64;
  std::vector<std::vector<ParameterErrors>> chunks((s.sets + kChunk - 1) / kChunk);
  const auto search = s.type == Type::float64 ? search_some<double> : search_some<float>;
  share_chunks(
      chunks.size(), oracle::thread_safe() ? s.jobs : 1,
      [&](std::size_t i) { chunks[i] = search(s, i * kChunk, std::min(s.sets, (i + 1) * kChunk)); },
      Steps(progress, chunks.size()));
  std::vector<ParameterErrors> all = chunks.at(0);
  for (std::size_t i = 1; i < chunks.size(); ++i) {
    for (std::size_t k = 0; k < all.size(); ++k) append(all[k], chunks[i][k]);
  }
  return all;
}

}  // namespace actfn::lab
