// SPDX-License-Identifier: Apache-2.0
#include "conformance/pytorch/exact.h"

#include <actfn/actfn.h>

#include <cmath>
#include <limits>

#include "oracle/oracle.h"

namespace actfn::conformance {
namespace {

oracle::Truth truth(const Difference& d, double x) {
  const Activation f = parse(d.c.spec);
  return d.c.type == Type::float64 ? oracle::truth(f, x) : oracle::truth(f, static_cast<float>(x));
}

// The output is `factor` times the value or a derivative.
struct Product {
  double factor, exact;
};

Product product(const Difference& d, const oracle::Truth& t) {
  const auto of = [&](const char* name) { return d.c.input(name)[d.i]; };
  if (d.output == "y") return {1, t.value};
  if (d.output == "dx") return {of("dy"), t.first};
  if (d.output == "for_dy") return {of("v_x"), t.first};
  return {of("dy") * of("v_x"), t.second};
}

// About a root, derivatives are exact to so much: docs/accuracy.md.
double about_root(Type type) { return type == Type::float64 ? 0x1p-52 : 0x1p-23; }

bool near(const Difference& d, const Product& p) {
  const double want = p.factor * p.exact;
  if (std::isnan(want)) return std::isnan(d.got);
  Buffer limit(d.c.type, 1);
  limit.set(0, want);
  if (std::isinf(limit[0])) return d.got == limit[0];
  const bool root = d.output != "y";
  return agree(d.c.type, d.got, want, std::abs(want)) ||
         (root && std::abs(d.got - want) <= std::abs(p.factor) * about_root(d.c.type));
}

constexpr double kFlat = 1e-20;

// Far out everything is flat or a line.
double limit_of(double far) {
  if (std::abs(far) < kFlat) return 0;
  return std::abs(far) > 1 / kFlat ? std::copysign(std::numeric_limits<double>::infinity(), far)
                                   : far;
}

bool finite(const oracle::Truth& t) {
  return std::isfinite(t.value) && std::isfinite(t.first) && std::isfinite(t.second);
}

}  // namespace

bool is_exact(const Difference& d) {
  const double x = d.c.input("x")[d.i];
  if (!std::isfinite(x)) return false;
  const oracle::Truth t = truth(d, x);
  // Where e^x leaves MPFR's range, derivatives are at their limits.
  return finite(t) ? near(d, product(d, t)) : d.output != "y" && is_limit(d);
}

bool is_limit(const Difference& d) {
  const double sign = std::copysign(1.0, d.c.input("x")[d.i]);
  for (const double far : {1e30, 1e15, 1e4}) {
    const oracle::Truth t = truth(d, sign * far);
    if (!finite(t)) continue;
    const Product p = product(d, t);
    return near(d, {p.factor, limit_of(p.exact)});
  }
  return false;
}

bool is_exact_beta(const Difference& d) {
  const double beta = std::get<Swish>(parse(d.c.spec)).beta;
  const Block& x = d.c.input("x");
  const auto dydp = [&](std::size_t i) {
    const double z = beta * x[i];
    double slope = 0;
    derivative(Sigmoid{}, {&z, 1}, {&slope, 1});
    return x[i] * x[i] * slope;
  };
  if (d.output == "dydp0") return agree(d.c.type, d.got, dydp(d.i), std::abs(dydp(d.i)));
  double sums[2] = {};
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double term = d.c.input("dy")[i] * dydp(i);
    sums[0] += term;
    sums[1] += std::abs(term);
  }
  return agree(d.c.type, d.got, sums[d.i], sums[1]);
}

}  // namespace actfn::conformance
