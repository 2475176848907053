// Rows in long double, by the definitions.
#pragma once

#include <actfn/rows.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace actfn::testing {

using Row = std::vector<long double>;

inline long double row_max(const Row& z) { return *std::max_element(z.begin(), z.end()); }

inline Row softmax_row(const Row& z) {
  Row y(z.size());
  const long double most = row_max(z);
  long double sum = 0;
  for (std::size_t i = 0; i < z.size(); ++i) sum += y[i] = std::exp(z[i] - most);
  for (auto& v : y) v /= sum;
  return y;
}

// The largest entry's 1 apart: the logarithm of what is nearly 1.
inline long double log_sum_beside(const Row& z, long double most) {
  long double others = -1;
  for (const auto v : z) others += v == most ? 1 : 0;
  for (const auto v : z) others += v == most ? 0 : std::exp(v - most);
  return std::log1p(others);
}
inline Row log_softmax_row(const Row& z) {
  Row y(z.size());
  const long double most = row_max(z);
  const long double log = log_sum_beside(z, most);
  for (std::size_t i = 0; i < z.size(); ++i) y[i] = (z[i] - most) - log;
  return y;
}

// By bisection, to the last bit of long double.
inline Row entmax_row(const Row& x, long double alpha) {
  const long double most = row_max(x);
  const long double power = 1 / (alpha - 1);
  const auto at = [&](long double v, long double tau) {
    const long double w = (alpha - 1) * (v - most) - tau;
    return w > 0 ? std::pow(w, power) : 0;
  };
  long double low = -1, high = 0;
  while (true) {
    const long double middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    long double sum = 0;
    for (const auto v : x) sum += at(v, middle);
    (sum >= 1 ? low : high) = middle;
  }
  Row y;
  long double sum = 0;
  for (const auto v : x) sum += at(v, low);
  for (const auto v : x) y.push_back(at(v, low) / sum);
  return y;
}

inline Row hardmax_row(const Row& x) {
  Row y(x.size());
  y[static_cast<std::size_t>(std::max_element(x.begin(), x.end()) - x.begin())] = 1;
  return y;
}

// Finite rows alone.
inline Row row_reference(const RowActivation& f, const Row& x) {
  const auto scaled = [&](long double factor) {
    Row z = x;
    for (auto& v : z) v *= factor;
    return z;
  };
  struct Visitor {
    decltype(scaled)& z;
    const Row& x;
    Row operator()(const Softmax& p) const {
      return softmax_row(z(1 / (long double)p.temperature));
    }
    Row operator()(const Softmin& p) const {
      return softmax_row(z(-1 / (long double)p.temperature));
    }
    Row operator()(const LogSoftmax& p) const {
      return log_softmax_row(z(1 / (long double)p.temperature));
    }
    Row operator()(const Sparsemax&) const { return entmax_row(x, 2); }
    Row operator()(const Entmax& p) const {
      return p.alpha == 1 ? softmax_row(x) : entmax_row(x, p.alpha);
    }
    Row operator()(const Hardmax&) const { return hardmax_row(x); }
  };
  return std::visit(Visitor{scaled, x}, f);
}

}  // namespace actfn::testing
