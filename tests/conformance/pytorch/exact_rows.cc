// SPDX-License-Identifier: Apache-2.0
#include <actfn/catalogue.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <stdexcept>

#include "conformance/pytorch/exact.h"
#include "conformance/pytorch/neighbours.h"

namespace actfn::conformance {
namespace {

using Numbers = std::vector<double>;
constexpr double kInf = std::numeric_limits<double>::infinity();

// What is common to all functions of rows: softmax is entmax with alpha 1, sparsemax with 2,
// hardmax with infinity.
struct Kind {
  double alpha = 1;
  double scale = 1;  // of x
  bool log = false;
  bool sum = false;                           // logsumexp and logmeanexp
  bool mean = false;                          // logmeanexp
  std::optional<double> sink = std::nullopt;  // one more entry, of softmax1
};

// One for each function of a row: a new one does not compile without its own.
Kind kind_of(const Softmax& f) { return {.scale = 1 / f.temperature}; }
Kind kind_of(const Softmin& f) { return {.scale = -1 / f.temperature}; }
Kind kind_of(const LogSoftmax& f) { return {.scale = 1 / f.temperature, .log = true}; }
Kind kind_of(const Sparsemax& /*f*/) { return {.alpha = 2}; }
Kind kind_of(const Entmax& f) { return {.alpha = f.alpha}; }
Kind kind_of(const Hardmax& /*f*/) { return {.alpha = kInf}; }
Kind kind_of(const Softmax1& f) { return {.sink = f.sink}; }
Kind kind_of(const Logsumexp& /*f*/) { return {.sum = true}; }
Kind kind_of(const Logmeanexp& /*f*/) { return {.sum = true, .mean = true}; }

template <class... Functions>
Kind kind_of(const std::variant<Functions...>& f) {
  return std::visit([](const auto& one) { return kind_of(one); }, f);
}

Kind kind_of(const std::string& spec) {
  const Function f = parse_function(spec);  // softmax2d is softmax along axis -3
  if (const auto* reduction = std::get_if<RowReduction>(&f)) return kind_of(*reduction);
  if (const auto* random = std::get_if<RandomRow>(&f)) return kind_of(evaluated(*random));
  if (const auto* row = std::get_if<RowActivation>(&f)) return kind_of(*row);
  throw std::runtime_error(spec + " is no function of a row");
}

double power(double z, double alpha) { return z > 0 ? std::pow(z, 1 / (alpha - 1)) : 0; }

// Not yet divided by their sum. z is 0 at the largest.
Numbers weights_of(const Numbers& z, double alpha) {
  Numbers p(z.size());
  if (alpha == 1) {
    std::transform(z.begin(), z.end(), p.begin(), [](double x) { return std::exp(x); });
    return p;
  }
  if (alpha == kInf) {
    p[static_cast<std::size_t>(std::max_element(z.begin(), z.end()) - z.begin())] = 1;
    return p;
  }
  double low = -1;
  double high = 0;
  for (int i = 0; i < 100; ++i) {
    const double tau = (low + high) / 2;
    double sum = 0;
    for (const double x : z) sum += power((alpha - 1) * x - tau, alpha);
    (sum < 1 ? high : low) = tau;
  }
  for (std::size_t i = 0; i < z.size(); ++i) p[i] = power((alpha - 1) * z[i] - low, alpha);
  return p;
}

// Probabilities of the entries that take part, whose z is not -inf.
Numbers probabilities(Numbers z, double alpha) {
  const double largest = *std::max_element(z.begin(), z.end());
  if (largest == -kInf) return Numbers(z.size(), 0.0);
  for (double& x : z) x = largest == kInf ? (x == kInf ? 0 : -kInf) : x - largest;
  Numbers p = weights_of(z, alpha);
  const double sum = std::accumulate(p.begin(), p.end(), 0.0);
  for (double& one : p) one /= sum;
  return p;
}

// One row.
struct Row {
  Numbers z, y, dy, v;
  std::size_t at = 0;     // of the difference
  std::size_t count = 0;  // of the entries that take part
};

// The sink is an entry of the row: x is constant, dy and v are 0, and y is what the others leave.
void add_sink(Row& row, double sink) {
  row.z.push_back(sink);
  row.dy.push_back(0);
  row.v.push_back(0);
  row.y.push_back(std::max(0.0, 1 - std::accumulate(row.y.begin(), row.y.end(), 0.0)));
}

Row row_of(const Difference& d, const Kind& kind) {
  Row row;
  for_each_origin(d, [&](const std::string& name, const Block& block, std::size_t i) {
    if (name == "dy") row.dy.push_back(block[i]);
    if (name == "v_x") row.v.push_back(block[i]);
    if (name != "x") return;
    if (d.c.takes_part(i)) ++row.count;
    row.z.push_back(d.c.takes_part(i) ? block[i] * kind.scale : -kInf);
    if (!kind.sum) row.y.push_back(d.ours.at("y")[i]);
  });
  const bool whole = d.c.out.at(d.output).layout.size() == d.c.input("x").size();
  if (whole) row.at = Along(d.c, d.c.input("x").size(), d.i).place;
  if (kind.sink) add_sink(row, *kind.sink);
  return row;
}

// A result and the size beside which an error of it counts.
struct Result {
  double value, size;
};

// Of logmeanexp, in long double because the logarithms may cancel.
Result mean_value(const Row& row, double largest) {
  long double sum = 0;
  for (const double z : row.z) sum += std::exp(static_cast<long double>(z) - largest);
  const auto end =
      static_cast<double>(largest + std::log(sum / static_cast<long double>(row.count)));
  return {end, std::abs(end)};
}

Result value(const Row& row, const Kind& kind) {
  const auto top = std::max_element(row.z.begin(), row.z.end());
  const double largest = *top;
  if (std::isinf(largest) && kind.sum) return {largest, 0};
  if (kind.mean) return mean_value(row, largest);
  const Numbers p = probabilities(row.z, kind.alpha);
  if (!kind.log && !kind.sum) return {p[row.at], p[row.at]};
  if (!std::isfinite(largest)) return {std::log(p[row.at]), 1};
  double rest = 0;  // of the sum, beside the largest
  for (auto x = row.z.begin(); x != row.z.end(); ++x) rest += x == top ? 0 : std::exp(*x - largest);
  const double log = std::log1p(rest);
  const double end = kind.sum ? largest + log : row.z[row.at] - largest - log;
  return {end, std::abs(end)};
}

// Of what has a weight: beside 0, u may be anything, NaN too.
double weighted(const Numbers& w, const Numbers& u) {
  double sum = 0;
  for (std::size_t i = 0; i < w.size(); ++i) sum += w[i] == 0 ? 0 : w[i] * u[i];
  return sum;
}

double weighted_size(const Numbers& w, const Numbers& u) {
  double sum = 0;
  for (std::size_t i = 0; i < w.size(); ++i) sum += w[i] == 0 ? 0 : std::abs(w[i] * u[i]);
  return sum;
}

// J^T u = w (u - <w, u> / <w, 1>), w = p^(2 - alpha).
Result back(const Numbers& w, const Numbers& u, std::size_t at) {
  const double whole = std::accumulate(w.begin(), w.end(), 0.0);
  if (w[at] == 0 || whole == 0) return {0, 0};
  return {w[at] * (u[at] - weighted(w, u) / whole),
          w[at] * (std::abs(u[at]) + weighted_size(w, u) / whole)};
}

// The gradient by x of <J^T dy, v>.
Result back_twice(const Row& row, const Numbers& w, double alpha) {
  const double whole = std::accumulate(w.begin(), w.end(), 0.0);
  const double mean_dy = weighted(w, row.dy) / whole;
  const double mean_v = weighted(w, row.v) / whole;
  Numbers u(w.size());
  double largest = 0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    if (w[i] == 0) continue;
    const double slope = (2 - alpha) * std::pow(row.y[i], 1 - alpha);
    u[i] = slope * (row.dy[i] - mean_dy) * (row.v[i] - mean_v);
    largest = std::max(largest, slope * (std::abs(row.dy[i]) + std::abs(mean_dy)) *
                                    (std::abs(row.v[i]) + std::abs(mean_v)));
  }
  Result result = back(w, u, row.at);
  result.size += w[row.at] * largest;
  return result;
}

Result gradient(const std::string& output, const Row& row, const Kind& kind) {
  Numbers w;
  for (const double p : row.y) w.push_back(p > 0 ? std::pow(p, 2 - kind.alpha) : 0);
  if (output == "for_x") return back_twice(row, w, kind.alpha);
  return back(w, output == "dx" ? row.dy : row.v, row.at);
}

// Of log_softmax: dx = dy - p <1, dy>, of the entries that are not -inf.
Result log_gradient(const std::string& output, const Row& row) {
  Numbers p;
  Numbers one;
  for (const double y : row.y) {
    p.push_back(std::exp(y));
    one.push_back(y == -kInf ? 0 : 1);
  }
  if (one[row.at] == 0) return {0, 0};
  const double mine = p[row.at];
  const double dy = row.dy[row.at];
  const double sum = weighted(one, row.dy);
  const double size = weighted_size(one, row.dy);
  if (output == "dx") return {dy - mine * sum, std::abs(dy) + mine * size};
  const double mean = weighted(p, row.v);
  const double v = row.v[row.at];
  const double both = std::abs(v) + weighted_size(p, row.v);
  if (output == "for_dy") return {v - mean, both};
  return {mine * sum * (mean - v), mine * size * both};
}

Result result(const Difference& d, const Row& row, const Kind& kind) {
  if (d.output == "y") return value(row, kind);
  if (kind.sum) {
    const double dx = row.dy.at(0) * probabilities(row.z, 1)[row.at];
    return {dx, std::abs(dx)};
  }
  Result one = kind.log ? log_gradient(d.output, row) : gradient(d.output, row, kind);
  const double scale = d.output == "for_x" ? kind.scale * kind.scale : kind.scale;
  return {one.value * scale, one.size * std::abs(scale)};
}

}  // namespace

bool is_exact_row(const Difference& d) {
  const Kind kind = kind_of(d.c.spec);
  const Result want = result(d, row_of(d, kind), kind);
  Buffer rounded(d.c.type, 1);
  rounded.set(0, want.value);
  return agree(d.c.type, d.got, rounded[0], want.size);
}

bool is_empty_row(const Difference& d) {
  const Row row = row_of(d, kind_of(d.c.spec));
  return std::all_of(row.z.begin(), row.z.end(), [](double z) { return z == -kInf; });
}

}  // namespace actfn::conformance
