// SPDX-License-Identifier: Apache-2.0
#include <actfn/gated.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "catalogue/lists.h"
#include "lab/near_root.h"
#include "lab/parameters_runs.h"
#include "oracle/gates.h"

namespace actfn::lab {
namespace {

using oracle::GateTruth;
using oracle::Real;
using Part = Real GateTruth::*;

// What one element has of an order.
template <class T>
struct Result {
  Part part;
  std::vector<T> got;
};

template <class T>
class GateTrial {
 public:
  static constexpr bool kIsSingle = sizeof(T) == 4;

  GateTrial(const Gate& f, Draws draws);
  void compare(ParameterErrors& e) const;

 private:
  std::vector<Result<T>> results(int order) const;
  GateTruth truth(double a, double b) const { return oracle::gate_truth(f_, a, b, kIsSingle); }
  bool is_excused(Part part, double a, double b, double got, const GateTruth& want) const;
  bool is_beside_root(Part part, double a, double b, double error, double want) const;
  bool is_beside_limit(Part part, double a, double b, double got, double want) const;
  double ulps(double got, const Real& want) const {
    return exact_ulps(kIsSingle ? kFloat32 : kFloat64, got, want.to_double(), want.rest());
  }

  Gate f_;
  std::vector<T> a_, b_;
};

template <class T>
GateTrial<T>::GateTrial(const Gate& f, Draws draws) : f_(f), a_(kInputsOfASet), b_(kInputsOfASet) {
  const std::vector<double> numbers = usable_numbers(f);
  for (std::size_t i = 0; i < a_.size(); ++i) {
    do {
      a_[i] = drawn_input<T>(draws, numbers);
    } while (!std::isfinite(a_[i]));
    b_[i] = draws.below(4) == 0 ? drawn_input<T>(draws, numbers)
                                : clipped<T>(draws.signed_magnitude(-12, 12));
    if (!std::isfinite(b_[i])) b_[i] = 1;
  }
}

template <class T>
std::vector<Result<T>> GateTrial<T>::results(int order) const {
  const std::size_t n = a_.size();
  if (order == 0) {
    std::vector<T> y(n);
    forward(f_, a_, b_, y);
    return {{&GateTruth::y, y}};
  }
  const std::vector<T> dy(n, 1);
  if (order == 1) {
    std::vector<T> da(n), db(n);
    backward(f_, a_, b_, dy, da, db);
    return {{&GateTruth::a, da}, {&GateTruth::b, db}};
  }
  std::vector<T> x = a_, v(n, 1), for_dy(n), for_x(2 * n);
  x.insert(x.end(), b_.begin(), b_.end());
  v.resize(2 * n);  // (1, 0): the second derivatives by a and by a and b
  double_backward(f_, x, dy, v, 0, for_dy, for_x);
  const auto middle = for_x.begin() + static_cast<std::ptrdiff_t>(n);
  return {{&GateTruth::aa, {for_x.begin(), middle}}, {&GateTruth::ab, {middle, for_x.end()}}};
}

template <class T>
void GateTrial<T>::compare(ParameterErrors& e) const {
  const auto all = results(e.order);
  for (std::size_t i = 0; i < a_.size(); ++i) {
    const auto a = static_cast<double>(a_[i]), b = static_cast<double>(b_[i]);
    const GateTruth want = truth(a, b);
    for (const auto& [part, values] : all) {
      const auto got = static_cast<double>(values[i]);
      if (std::isnan((want.*part).to_double())) continue;  // e^x left the oracle's range
      const auto excused = [&, part = part] { return is_excused(part, a, b, got, want); };
      record(e, ulps(got, want.*part), excused, f_, [&] { return std::vector<double>{a, b}; });
    }
  }
}

// f(a) and its derivatives are rounded before they are multiplied: where they are subnormal, the
// product has their error.
template <class T>
bool GateTrial<T>::is_excused(Part part, double a, double b, double got,
                              const GateTruth& want) const {
  const double exact = (want.*part).to_double();
  const double error = std::abs(got - exact);
  const double factor = 1 + std::abs(b);
  if (error <= 2 * static_cast<double>(std::numeric_limits<T>::denorm_min()) * factor) return true;
  // gated.h has this for swiglu in float32.
  const bool is_small = kIsSingle && part == &GateTruth::a && std::abs(exact) < std::abs(b) / 4;
  if (is_small && error <= 0x1.2p-25 * std::abs(b)) return true;
  if (part != &GateTruth::y && part != &GateTruth::b && is_beside_root(part, a, b, error, exact)) {
    return true;
  }
  return is_beside_limit(part, a, b, got, exact);
}

// As Roots has it for elementwise functions.
template <class T>
bool GateTrial<T>::is_beside_root(Part part, double a, double b, double error, double want) const {
  const double factor = part == &GateTruth::ab ? 1 : 1 + std::abs(b);
  for (double about = std::abs(a) / 8; about > std::abs(a) * 0x1p-40; about /= 8) {
    const double left = (truth(a - about, b).*part).to_double();
    const double right = (truth(a + about, b).*part).to_double();
    const double beside = std::max(std::abs(left), std::abs(right));
    const double bound = kIsSingle ? 0x1p-24 : 0x1p-53;
    if (has_root_between(left, right, want) && error <= 2 * bound * std::max(factor, beside)) {
      return true;
    }
  }
  return false;
}

// A limit is compared with the rounded f(a): derivatives jump there, and inputs two spacings from a
// may be on its other side.
template <class T>
bool GateTrial<T>::is_beside_limit(Part part, double a, double b, double got, double want) const {
  using Limits = std::numeric_limits<T>;
  const double step = 2 * std::max<double>(std::abs(a) * Limits::epsilon(), Limits::denorm_min());
  const auto is_reached_at = [&](double beside) {
    const double other = (truth(beside, b).*part).to_double();
    const double size = std::max(std::abs(want), std::abs(other));
    return std::abs(other - want) > size / 2 && std::abs(other - got) < size / 16;
  };
  return is_reached_at(a - step) || is_reached_at(a + step);
}

}  // namespace

template <class T>
void try_set(const Gate& f, Draws draws, std::vector<ParameterErrors>& errors) {
  const GateTrial<T> trial(sizeof(T) == 4 ? functions::rounded_to_float32(f) : f, draws);
  for (ParameterErrors& e : errors) trial.compare(e);
}

template void try_set<float>(const Gate&, Draws, std::vector<ParameterErrors>&);
template void try_set<double>(const Gate&, Draws, std::vector<ParameterErrors>&);

}  // namespace actfn::lab
