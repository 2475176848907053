// The definitions of row functions as written, for the oracle. T has more precision than float64;
// rows are finite and not empty.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace actfn::rows {

template <class T>
std::vector<T> scaled(std::vector<T> x, const T& factor) {
  for (T& v : x) v *= factor;
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

// alpha > 1. The threshold is found by bisection, to the last bit of T.
template <class T>
std::vector<T> entmax_of(const std::vector<T>& x, const T& alpha) {
  using std::pow;
  const T largest = largest_of(x);
  const auto values = [&](const T& tau) {
    std::vector<T> y;
    for (const T& v : x) {
      const T w = (alpha - 1) * (v - largest) - tau;
      y.push_back(w > 0 ? T(pow(w, 1 / (alpha - 1))) : T(0));
    }
    return y;
  };
  const auto sum_of = [](const std::vector<T>& y) {
    T sum = 0;
    for (const T& v : y) sum += v;
    return sum;
  };
  T low = -1, high = 0;
  while (true) {
    const T middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    (sum_of(values(middle)) >= 1 ? low : high) = middle;
  }
  const std::vector<T> y = values(low);
  return scaled(y, T(1 / sum_of(y)));
}

}  // namespace actfn::rows
