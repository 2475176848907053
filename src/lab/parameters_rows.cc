// SPDX-License-Identifier: Apache-2.0
#include <actfn/rows.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "catalogue/lists.h"
#include "lab/parameters_runs.h"
#include "oracle/row_gradients.h"

namespace actfn::lab {
namespace {

using oracle::Row;
using oracle::RowGradient;

template <class T>
using Numbers = std::vector<T>;

// The spacing of T at x.
template <class T>
long double spacing(long double x) {
  using Limits = std::numeric_limits<T>;
  if (x == 0) return Limits::denorm_min();
  const int exponent =
      std::clamp(std::ilogb(x), Limits::min_exponent - 1, Limits::max_exponent - 1);
  return std::ldexp(1.0L, exponent - (Limits::digits - 1));
}

// Overflow counts as the next power of two.
template <class T>
double ulps(T got, long double want, long double size) {
  if (std::isnan(got)) return HUGE_VAL;
  const long double most = std::ldexp(1.0L, std::numeric_limits<T>::max_exponent);
  const long double y = std::clamp<long double>(got, -most, most);
  return static_cast<double>(std::abs(y - std::clamp(want, -most, most)) / spacing<T>(size));
}

template <class T>
Row widened(const Numbers<T>& x) {
  return {x.begin(), x.end()};
}

// As wide as the parameters make ordinary, or clustered, with ties; about a parameter too.
template <class T>
Numbers<T> drawn_row(Draws& draws, const std::vector<double>& numbers) {
  const double p = numbers.empty() ? 1 : numbers[draws.below(numbers.size())];
  double scale = draws.magnitude(-8, 6);
  double center = 0;
  switch (draws.below(4)) {
    case 0:
      scale *= p;
      break;
    case 1:
      scale /= p;
      break;
    case 2:
      center = draws.sign() * p;
      break;
    default:
      break;
  }
  Numbers<T> x(1 + draws.below(kInputsOfASet));
  const std::uint64_t kind = draws.below(3);
  for (T& v : x) {
    double u = draws.signed_magnitude(-4, 2);
    if (kind == 0) u = std::round(2 * u) / 2;
    if (kind == 1) u *= draws.magnitude(-60, 0);
    v = clipped<T>(center + scale * u);
  }
  return x;
}

template <class T>
Numbers<T> drawn_gradient(Draws& draws, std::size_t n) {
  Numbers<T> g(n);
  for (T& v : g) v = static_cast<T>(draws.signed_magnitude(-4, 3));
  return g;
}

// A row of one set of parameters, which T holds.
template <class T>
class RowTrial {
 public:
  RowTrial(const RowActivation& f, const Numbers<T>& x) : f_(f), x_(x), y_(x.size()) {
    forward(f_, x_, 0, y_);
  }

  void compare_values(ParameterErrors& e) const;
  void compare_gradients(Draws draws, ParameterErrors& e) const;

 private:
  void compare(const Numbers<T>& got, const RowGradient& want, ParameterErrors& e) const;
  std::vector<double> input() const { return {x_.begin(), x_.end()}; }

  RowActivation f_;
  Numbers<T> x_, y_;
};

template <class T>
void RowTrial<T>::compare_values(ParameterErrors& e) const {
  const Row want = oracle::row_values(f_, widened(x_));
  const long double promised = oracle::row_tolerance(f_);
  for (std::size_t i = 0; i < x_.size(); ++i) {
    const auto is_promised = [&] { return std::abs(y_[i] - want[i]) <= promised; };
    record(e, ulps(y_[i], want[i], want[i]), is_promised, f_, [&] { return input(); });
  }
}

// Terms beyond 2^600 are left out: from 2^800 on their products overflow.
template <class T>
void RowTrial<T>::compare(const Numbers<T>& got, const RowGradient& want,
                          ParameterErrors& e) const {
  const long double most = std::min<long double>(std::numeric_limits<T>::max(), 0x1p600L);
  if (std::any_of(want.size.begin(), want.size.end(), [&](auto s) { return !(s < most); })) return;
  for (std::size_t i = 0; i < want.value.size(); ++i) {
    const auto is_underflow = [&] { return std::abs(got[i] - want.value[i]) <= 2 * want.slack[i]; };
    record(e, ulps(got[i], want.value[i], want.size[i]), is_underflow, f_, [&] { return input(); });
  }
}

// Entries that overflowed to -inf take no part.
template <class T>
void RowTrial<T>::compare_gradients(Draws draws, ParameterErrors& e) const {
  if (std::any_of(y_.begin(), y_.end(), [](T y) { return std::isinf(y); })) return;
  const std::size_t n = x_.size();
  const auto dy = drawn_gradient<T>(draws, n), v = drawn_gradient<T>(draws, n);
  const auto want = oracle::row_gradients(f_, widened(y_), widened(dy), widened(v));
  Numbers<T> dx(n), for_dy(n), for_x(n);
  if (e.order == 1) {
    backward(f_, y_, dy, 0, dx);
    compare(dx, want.dx, e);
  } else {
    double_backward(f_, y_, dy, v, 0, for_dy, for_x);
    compare(for_x, want.for_x, e);
  }
}

}  // namespace

template <class T>
void try_set(const RowActivation& f, Draws draws, std::vector<ParameterErrors>& errors) {
  const RowActivation read = sizeof(T) == 4 ? functions::rounded_to_float32(f) : f;
  const std::vector<double> numbers = usable_numbers(read);
  for (std::uint64_t done = 0; done < kInputsOfASet;) {
    const Numbers<T> x = drawn_row<T>(draws, numbers);
    done += x.size();
    const RowTrial<T> trial(read, x);
    const Draws gradients(draws.bits());
    for (ParameterErrors& e : errors) {
      if (e.order == 0) trial.compare_values(e);
      if (e.order != 0) trial.compare_gradients(gradients, e);
    }
  }
}

template void try_set<float>(const RowActivation&, Draws, std::vector<ParameterErrors>&);
template void try_set<double>(const RowActivation&, Draws, std::vector<ParameterErrors>&);

}  // namespace actfn::lab
