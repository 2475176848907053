// SPDX-License-Identifier: Apache-2.0
// The definitions of row functions as written, for the oracle. T has more precision than float64;
// rows are finite and not empty.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

namespace actfn::rows {

template <class T>
std::vector<T> scaled(std::vector<T> x, const T& factor) {
  for (T& v : x) v *= factor;
  return x;
}

// x / temperature, less its largest entry: as differences of x, in which no digits are lost.
template <class T>
std::vector<T> distances(std::vector<T> x, const T& temperature) {
  const auto [least, most] = std::minmax_element(x.begin(), x.end());
  const T center = temperature > 0 ? *most : *least;
  for (T& v : x) v = (v - center) / temperature;
  return x;
}

template <class T>
T largest_of(const std::vector<T>& z) {
  return *std::max_element(z.begin(), z.end());
}

// Also adds up what the additions round off (Neumaier's compensated sum).
template <class T>
T precise_sum_of(const std::vector<T>& terms) {
  using std::abs;
  T sum = 0, rest = 0;
  for (const T& v : terms) {
    const T next = sum + v;
    rest += abs(sum) >= abs(v) ? (sum - next) + v : (v - next) + sum;
    sum = next;
  }
  return sum + rest;
}

template <class T>
std::vector<T> softmax_of(const std::vector<T>& z) {
  using std::exp;
  std::vector<T> y;
  const T largest = largest_of(z);
  T sum = 0;
  for (const T& v : z) sum += y.emplace_back(exp(v - largest));
  for (T& v : y) v /= sum;
  return y;
}

// log(sum_j e^(z_j - largest)). It may be near 0, so log1p takes the sum less the largest
// entry's 1.
template <class T>
T log_of_sum(const std::vector<T>& z, const T& largest) {
  using std::exp;
  using std::log1p;
  std::vector<T> others = {T(-1)};
  for (const T& v : z) others.push_back(exp(v - largest));
  return log1p(precise_sum_of(others));
}

template <class T>
std::vector<T> log_softmax_of(const std::vector<T>& z) {
  const T largest = largest_of(z);
  const T log = log_of_sum(z, largest);
  std::vector<T> y;
  for (const T& v : z) y.push_back((v - largest) - log);
  return y;
}

// The largest number in [low, high], to the last bit of T, at which `holds` is true, as at `low`.
template <class T, class Predicate>
T bisected(T low, T high, const Predicate& holds) {
  while (true) {
    const T middle = (low + high) / 2;
    if (middle <= low || middle >= high) return low;
    (holds(middle) ? low : high) = middle;
  }
}

// y scaled to the sum 1, which it has but for rounding.
template <class T>
std::vector<T> normalized(const std::vector<T>& y) {
  return scaled(y, T(1 / precise_sum_of(y)));
}

// 1.25 <= alpha <= 2: from tau.
template <class T>
std::vector<T> plain_entmax_of(const std::vector<T>& x, const T& a) {
  using std::pow;
  const T largest = largest_of(x);
  const auto values = [&](const T& tau) {
    std::vector<T> y;
    for (const T& v : x) {
      const T w = a * (v - largest) - tau;
      y.push_back(w > 0 ? T(pow(w, 1 / a)) : T(0));
    }
    return y;
  };
  return normalized(values(
      bisected(T(-1), T(0), [&](const T& tau) { return precise_sum_of(values(tau)) >= 1; })));
}

// alpha < 1.25: from log(y) of the largest entry, of which log(y) of each follows. A threshold
// itself would be rounded to nothing in front of 1 / (alpha - 1).
template <class T>
std::vector<T> gentle_entmax_of(const std::vector<T>& x, const T& a) {
  using std::exp;
  using std::log;
  using std::log1p;
  const T largest = largest_of(x);
  const auto values = [&](const T& mu) {
    std::vector<T> y;
    for (const T& v : x) {
      const T z = a * (v - largest) * exp(-a * mu);
      y.push_back(z > -1 ? T(exp(mu + log1p(z) / a)) : T(0));
    }
    return y;
  };
  const T least = -log(T(x.size())) - 1;
  return normalized(
      values(bisected(least, T(0), [&](const T& mu) { return precise_sum_of(values(mu)) <= 1; })));
}

// alpha > 2: from y of the smallest entry that has one. A threshold itself would be rounded to
// nothing where a small w has a large w^(1 / (alpha - 1)).
template <class T>
std::vector<T> steep_entmax_of(const std::vector<T>& x, const T& a) {
  using std::pow;
  const auto values = [&](const T& smallest, const T& least) {
    std::vector<T> y;
    const T power = pow(least, a);
    for (const T& v : x) {
      const T w = power + a * (v - smallest);
      y.push_back(v == smallest ? least : v > smallest ? T(pow(w, 1 / a)) : T(0));
    }
    return y;
  };
  const auto sum_of = [&](const T& smallest, const T& least) {
    return precise_sum_of(values(smallest, least));
  };
  std::vector<T> sorted = x;
  std::sort(sorted.begin(), sorted.end(), std::greater<T>());
  const auto end = std::partition_point(sorted.begin(), sorted.end(),
                                        [&](const T& v) { return sum_of(v, T(0)) < 1; });
  const T smallest = *(end - 1);
  return normalized(values(smallest, bisected(T(0), T(1), [&](const T& least) {
                             return sum_of(smallest, least) <= 1;
                           })));
}

// alpha > 1: max(0, (alpha - 1) x_i - tau)^(1 / (alpha - 1)), by an unknown that decides tau.
template <class T>
std::vector<T> entmax_of(const std::vector<T>& x, const T& alpha) {
  const T a = alpha - 1;
  return a > 1 ? steep_entmax_of(x, a) : a < 0.25 ? gentle_entmax_of(x, a) : plain_entmax_of(x, a);
}

}  // namespace actfn::rows
