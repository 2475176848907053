// SPDX-License-Identifier: Apache-2.0
// The kernels of layers for images, on every instruction set: products against float64, what they
// write, and maxima by their definition.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>

#include "forced_target.h"
#include "nn/layers/patch_products.h"
#include "nn/layers/pool_2x2.h"
#include "nn_reference.h"

namespace actfn::nn {
namespace {

using testing::bits;
using testing::uniform;
using Numbers = std::vector<float>;

constexpr float kUntouched = -12345;

template <class F>
void on_every_target(const F& f) {
  for (const kernels::Target target : testing::running_targets()) {
    const testing::ForcedTarget forced(target);
    SCOPED_TRACE(testing::name_of(target));
    f();
  }
}

// Each product and each sum rounds by half an ulp, or both at once.
double bound_of(double magnitudes, std::size_t k) {
  return std::ldexp(static_cast<double>(k + 2), -24) * magnitudes;
}

struct Patches {
  std::size_t m, n, k;
  Numbers a, bias;
  Numbers b;
  std::vector<std::ptrdiff_t> rows;  // overlapping, in no order
  std::size_t stride;
  Numbers c;

  Patches(std::size_t height, std::size_t width, std::size_t depth)
      : m(height),
        n(width),
        k(depth),
        a(uniform(m * k, 1, 1)),
        bias(uniform(m, 1, 2)),
        b(uniform(n + 3 * k + kWidestPanel, 1, 3)),
        stride(n + 3),
        c(m * stride + kWidestPanel, kUntouched) {
    for (std::size_t i = 0; i < k; ++i)
      rows.push_back(static_cast<std::ptrdiff_t>(i * 7 % (3 * k)));
  }

  Numbers computed(const PatchMultiply& by, bool adds) {
    Numbers got = c;
    by.multiply({.m = m,
                 .n = n,
                 .k = k,
                 .a = a.data(),
                 .a_row = static_cast<std::ptrdiff_t>(k),
                 .a_step = 1,
                 .b = b.data(),
                 .rows = rows.data(),
                 .c = got.data(),
                 .c_stride = static_cast<std::ptrdiff_t>(stride),
                 .bias = adds ? nullptr : bias.data(),
                 .adds = adds});
    return got;
  }

  void expect_near(const Numbers& got, bool adds) const {
    for (std::size_t at = 0; at < got.size(); ++at) {
      const std::size_t i = at / stride, j = at % stride;
      if (i >= m || j >= n) {
        ASSERT_EQ(got[at], kUntouched) << at;
        continue;
      }
      auto sum = static_cast<double>(adds ? kUntouched : bias[i]);
      double magnitudes = std::abs(sum);
      for (std::size_t l = 0; l < k; ++l) {
        const double product = static_cast<double>(a[i * k + l]) *
                               static_cast<double>(b[static_cast<std::size_t>(rows[l]) + j]);
        sum += product;
        magnitudes += std::abs(product);
      }
      ASSERT_NEAR(static_cast<double>(got[at]), sum, bound_of(magnitudes, k)) << i << " " << j;
    }
  }
};

TEST(ImageKernels, ProductsAreNearTheExactOnes) {
  on_every_target([] {
    for (const std::size_t m : {1U, 2U, 5U, 6U, 7U, 13U, 16U}) {
      for (const std::size_t n : {1U, 3U, 4U, 8U, 9U, 16U, 31U, 32U, 33U, 100U}) {
        Patches p(m, n, m + n % 7);
        for (const bool adds : {false, true}) {
          p.expect_near(p.computed(patch_products().fused, adds), adds);
          p.expect_near(p.computed(patch_products().rounded, adds), adds);
        }
      }
    }
  });
}

// c = a b, and then c += a b, for a panel of so many columns.
void expect_panel(std::size_t m, std::size_t n, std::size_t width, const PatchMultiply& by) {
  const PatchProducts& all = patch_products();
  const std::size_t stride = all.panel_width(width);
  const Numbers a = uniform(m + n, 1, 1), from = uniform(width * n, 1, 2);
  std::vector<std::ptrdiff_t> rows;
  for (std::size_t i = 0; i < m; ++i) rows.push_back(static_cast<std::ptrdiff_t>(m - 1 - i));
  Numbers b(stride * n), c(stride * m, kUntouched);
  all.pack(from.data(), n, width, n, b.data());
  for (const bool adds : {false, true}) {
    by.multiply_panel({m, n, a.data(), rows.data(), b.data(), width, c.data(), adds});
    for (std::size_t i = 0; i < m; ++i) {
      for (std::size_t j = 0; j < width; ++j) {
        double sum = 0, magnitudes = 0;
        for (std::size_t l = 0; l < n; ++l) {
          const double product =
              static_cast<double>(a[m - 1 - i + l]) * static_cast<double>(from[j * n + l]);
          sum += product;
          magnitudes += std::abs(product);
        }
        const double times = adds ? 2 : 1;
        ASSERT_NEAR(static_cast<double>(c[i * stride + j]), times * sum,
                    bound_of(times * magnitudes, 2 * n))
            << m << " " << n << " " << width;
      }
    }
  }
}

TEST(ImageKernels, ProductsOfPanelsAreNearTheExactOnes) {
  on_every_target([] {
    for (const std::size_t m : {1U, 6U, 7U, 10U, 11U, 25U}) {
      for (const std::size_t n : {1U, 2U, 5U, 100U}) {
        for (std::size_t width = 1; width <= patch_products().panel; ++width) {
          expect_panel(m, n, width, patch_products().fused);
          expect_panel(m, n, width, patch_products().rounded);
        }
      }
    }
  });
}

TEST(ImageKernels, RowsAreCopiedAndAddedInPlace) {
  on_every_target([] {
    for (std::size_t n = 1; n < 40; ++n) {
      constexpr std::size_t kCount = 3;
      const std::size_t stride = n + 2;
      const Numbers from = uniform(kCount * (n + 1), 1, 1), before = uniform(kCount * stride, 1, 2);
      for (const bool adds : {false, true}) {
        Numbers to = before;
        (adds ? patch_products().add_rows : patch_products().copy_rows)(
            {from.data(), static_cast<std::ptrdiff_t>(n + 1), to.data(),
             static_cast<std::ptrdiff_t>(stride), kCount, n});
        for (std::size_t at = 0; at < to.size(); ++at) {
          const std::size_t i = at / stride, j = at % stride;
          const float x = j < n ? from[i * (n + 1) + j] : 0;
          ASSERT_EQ(to[at], j >= n ? before[at] : adds ? before[at] + x : x) << n;
        }
      }
    }
  });
}

TEST(ImageKernels, SumsGoOnWhereTheyWere) {
  const Numbers x = uniform(100, 1, 1);
  std::vector<double> want(8);
  for (std::size_t i = 0; i < x.size(); ++i) want[i % 8] += static_cast<double>(x[i]);
  on_every_target([&] {
    for (std::size_t first = 0; first <= 30; ++first) {
      std::vector<double> sums(8);
      patch_products().add_to_sums(x.data(), first, 0, sums.data());
      patch_products().add_to_sums(x.data() + first, x.size() - first, first, sums.data());
      ASSERT_EQ(sums, want) << first;
    }
  });
}

// Where the maximum of four is: the first of several, or the last NaN.
std::size_t place_of_maximum(const float (&x)[4]) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < 4; ++i) {
    if (x[i] > x[best] || std::isnan(x[i])) best = i;
  }
  return best;
}

TEST(ImageKernels, MaximaOfSquaresAreThoseOfTheDefinition) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kNumbers[] = {0.0F, -0.0F, 1, 1, -1, kInfinity, -kInfinity, kNan, 2};
  on_every_target([&] {
    for (std::size_t n = 1; n < 70; ++n) {
      Numbers upper(2 * n), lower(2 * n), want(n), y(n);
      const Numbers dy = uniform(n, 1, 3);
      Numbers to_upper(2 * n, kUntouched), to_lower(to_upper), want_upper(2 * n), want_lower(2 * n);
      for (std::size_t i = 0; i < 2 * n; ++i) {
        upper[i] = kNumbers[(i * i + n) % 9];
        lower[i] = kNumbers[(i * 5 + n * 3) % 9];
      }
      for (std::size_t i = 0; i < n; ++i) {
        const float square[] = {upper[2 * i], upper[2 * i + 1], lower[2 * i], lower[2 * i + 1]};
        const std::size_t best = place_of_maximum(square);
        want[i] = square[best];
        (best < 2 ? want_upper : want_lower)[2 * i + best % 2] = dy[i];
      }
      pool_2x2().max(upper.data(), lower.data(), n, y.data());
      pool_2x2().max_backward(upper.data(), lower.data(), dy.data(), n, to_upper.data(),
                              to_lower.data());
      ASSERT_EQ(bits(y), bits(want)) << n;
      ASSERT_EQ(bits(to_upper), bits(want_upper)) << n;
      ASSERT_EQ(bits(to_lower), bits(want_lower)) << n;
    }
  });
}

TEST(ImageKernels, MeansOfSquaresAreThoseOfTheDefinition) {
  on_every_target([&] {
    for (std::size_t n = 1; n < 40; ++n) {
      const double divisor = n % 2 == 0 ? 4 : 3;
      const Numbers upper = uniform(2 * n, 1, 1), dy = uniform(n, 1, 3);
      Numbers lower(2 * n, -0.0F), want(n), y(n);
      Numbers to_upper(2 * n, kUntouched), to_lower(to_upper), shares(2 * n);
      for (std::size_t i = 0; i < n; ++i) {
        lower[2 * i] = upper[i];
        double sum = 0;
        for (const Numbers* row : {&upper, &std::as_const(lower)}) {
          for (std::size_t k = 0; k < 2; ++k) sum += static_cast<double>((*row)[2 * i + k]);
        }
        want[i] = static_cast<float>(sum / divisor);
        shares[2 * i] = shares[2 * i + 1] =
            static_cast<float>(static_cast<double>(dy[i]) / divisor);
      }
      pool_2x2().mean(upper.data(), lower.data(), n, divisor, y.data());
      pool_2x2().mean_backward(dy.data(), n, divisor, to_upper.data(), to_lower.data());
      ASSERT_EQ(bits(y), bits(want)) << n;
      ASSERT_EQ(bits(to_upper), bits(shares)) << n;
      ASSERT_EQ(bits(to_lower), bits(shares)) << n;
    }
  });
}

}  // namespace
}  // namespace actfn::nn
