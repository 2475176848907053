// SPDX-License-Identifier: Apache-2.0
#include "lab/terms.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace actfn::lab {
namespace {

using Wide = long double;  // for its range: x^5 leaves that of doubles

// The polynomial with coefficients |c| at |x|, or a derivative of it.
Wide size_of(std::span<const double> c, int order, Wide x) {
  Wide sum = 0;
  for (int i = static_cast<int>(c.size()) - 1; i >= order; --i) {
    const Wide weight = order == 0 ? 1 : order == 1 ? i : i * (i - 1);
    sum = sum * std::abs(x) + weight * std::abs(static_cast<Wide>(c[static_cast<std::size_t>(i)]));
  }
  return sum;
}

Wide terms(const Rational& f, int order, Wide x) {
  const double a[] = {f.a0, f.a1, f.a2, f.a3, f.a4, f.a5};
  const double b[] = {0, f.b1, f.b2, f.b3, f.b4};
  const Wide p = size_of(a, 0, x), s = size_of(b, 0, x);
  const Wide sum_of_b = x * (f.b1 + x * (f.b2 + x * (f.b3 + x * Wide{f.b4})));
  // So near a kink of |s| its sign, which derivatives depend on, is that of a rounding error.
  if (order > 0 && s > 0 && std::abs(sum_of_b) < 0x1p-40L * s) {
    return std::numeric_limits<Wide>::infinity();
  }
  const Wide q = 1 + std::max<Wide>(0, std::abs(sum_of_b) - 0x1p-60L * s);
  const Wide p1 = size_of(a, 1, x), s1 = size_of(b, 1, x) / q;
  const Wide p2 = size_of(a, 2, x), s2 = size_of(b, 2, x) / q;
  const Wide sum = order == 0   ? p
                   : order == 1 ? p1 + p * s1
                                : p2 + 2 * p1 * s1 + p * s2 + 2 * p * s1 * s1;
  return sum / q * (1 + s / q);
}

Wide terms(const Xielu& f, int order, Wide x) {
  const Wide size = std::abs(x), p = std::abs(f.alpha_p), n = std::abs(f.alpha_n);
  const Wide b = std::abs(f.beta);
  if (order == 0) return x > 0 ? size * (p * size + b) : n * (1 + size) + b * size;
  if (order == 1) return x > 0 ? 2 * p * size + b : n + b;
  return 0;
}

Wide terms(const SnakeBeta& f, int order, Wide x) {
  const Wide ratio = std::abs(Wide{f.alpha} / f.beta);
  return order == 0 ? std::abs(x) + 1 / Wide{f.beta} : order == 1 ? 1 + ratio : ratio * f.alpha;
}

template <class F>
Wide terms(const F& /*f*/, int /*order*/, Wide /*x*/) {
  return 0;
}

}  // namespace

double size_of_terms(const Activation& f, int order, double x) {
  const Wide size = std::visit([&](const auto& p) { return terms(p, order, Wide{x}); }, f);
  return static_cast<double>(std::min<Wide>(std::abs(size), std::numeric_limits<double>::max()));
}

}  // namespace actfn::lab
