// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "lab/accuracy_runs.h"
#include "lab/errors.h"
#include "lab/near_root.h"
#include "lab/parameters_runs.h"
#include "lab/terms.h"
#include "oracle/oracle.h"

namespace actfn::lab {
namespace {

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
  void compare(T x, std::vector<ParameterErrors>& errors) const;

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
  const std::vector<double> numbers = usable_numbers(f_);
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
void Set<T>::compare(T x, std::vector<ParameterErrors>& errors) const {
  const oracle::Truth truth = oracle::truth(f_, x);
  const auto input = static_cast<double>(x);
  for (ParameterErrors& e : errors) {
    const double want = truth.*kTruths[e.order];
    if (std::isnan(want)) continue;  // e^x left the oracle's range, or there is no limit
    T y = 0;
    kernels_.map(static_cast<kernels::Order>(e.order), &x, &y, 1);
    const auto got = static_cast<double>(y);
    const Format& format = kIsSingle ? kFloat32 : kFloat64;
    const double ulps = exact_ulps(format, got, want, truth.*kRests[e.order]);
    const auto excused = [&] { return is_excused(e.order, input, want, got); };
    record(e, ulps, excused, f_, [&] { return std::vector<double>{input}; });
  }
}

}  // namespace

template <class T>
void try_set(const Activation& f, Draws draws, std::vector<ParameterErrors>& errors) {
  const Set<T> set(f);
  for (const T x : set.inputs(draws)) set.compare(x, errors);
}

template void try_set<float>(const Activation&, Draws, std::vector<ParameterErrors>&);
template void try_set<double>(const Activation&, Draws, std::vector<ParameterErrors>&);

}  // namespace actfn::lab
