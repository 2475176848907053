// SPDX-License-Identifier: Apache-2.0
// Reproducible products: the bits of sums in their order on every instruction set, and the error
// that such sums may have.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "forced_target.h"
#include "nn/product_reproducible.h"
#include "nn_reference.h"

namespace actfn::nn {
namespace {

using testing::bits;

constexpr float kUntouched = -12345;

struct Shape {
  int m, n, k;
  bool a_transposed = false;
  bool b_transposed = false;
  int gap = 0;  // between rows, of all matrices
};

std::ostream& operator<<(std::ostream& out, const Shape& s) {
  return out << s.m << "x" << s.n << "x" << s.k << (s.a_transposed ? " T" : " N")
             << (s.b_transposed ? "T" : "N") << " gap " << s.gap;
}

// rows x columns, as they lie in memory.
struct Stored {
  int rows, columns, stride;
  std::vector<float> data;

  Stored(int height, int width, bool transposed, int gap, unsigned seed)
      : rows(transposed ? width : height),
        columns(transposed ? height : width),
        stride(columns + gap),
        data(testing::uniform(static_cast<std::size_t>(rows) * static_cast<std::size_t>(stride) + 1,
                              1, seed)) {}
  float& at(int row, int column) {
    return data[static_cast<std::size_t>(row) * static_cast<std::size_t>(stride) +
                static_cast<std::size_t>(column)];
  }
};

struct Product {
  Shape shape;
  Stored a, b;

  explicit Product(const Shape& s, unsigned seed = 1)
      : shape(s),
        a(s.m, s.k, s.a_transposed, s.gap, seed),
        b(s.k, s.n, s.b_transposed, s.gap, seed + 1) {}

  float& left(int i, int k) { return shape.a_transposed ? a.at(k, i) : a.at(i, k); }
  float& right(int k, int j) { return shape.b_transposed ? b.at(j, k) : b.at(k, j); }

  // What c has before.
  Stored before() const {
    Stored c(shape.m, shape.n, false, shape.gap, 1);
    std::fill(c.data.begin(), c.data.end(), kUntouched);
    return c;
  }

  std::vector<float> computed(kernels::Target target, bool adds = false) const {
    const testing::ForcedTarget forced(target);
    Stored c = before();
    const auto multiply = adds ? kReproducible.add : kReproducible.multiply;
    multiply(shape.m, shape.n, shape.k, {a.data.data(), a.stride, shape.a_transposed},
             {b.data.data(), b.stride, shape.b_transposed}, c.data.data(), c.stride);
    return c.data;
  }

  // By the definition; what lies between rows of c stays.
  std::vector<float> in_order(bool adds = false) {
    Stored c = before();
    for (int i = 0; i < shape.m; ++i) {
      for (int j = 0; j < shape.n; ++j) {
        float sum = adds ? c.at(i, j) : 0;
        for (int k = 0; k < shape.k; ++k) sum += left(i, k) * right(k, j);
        c.at(i, j) = sum;
      }
    }
    return c.data;
  }

  // Each product and each sum rounds by half an ulp: (k + 1) 2^-24 of the sum of magnitudes.
  void expect_near_exact(const std::vector<float>& c) {
    const auto stride = static_cast<std::size_t>(shape.n + shape.gap);
    for (int i = 0; i < shape.m; ++i) {
      for (int j = 0; j < shape.n; ++j) {
        double sum = 0;
        double magnitude = 0;
        for (int k = 0; k < shape.k; ++k) {
          const double term = static_cast<double>(left(i, k)) * static_cast<double>(right(k, j));
          sum += term;
          magnitude += std::abs(term);
        }
        const auto at = static_cast<std::size_t>(i) * stride + static_cast<std::size_t>(j);
        ASSERT_LE(std::abs(c[at] - sum), (shape.k + 1) * 0x1p-24 * magnitude) << i << " " << j;
      }
    }
  }
};

void expect_in_order(Product& product) {
  const auto want = bits(product.in_order());
  for (const auto target : testing::running_targets()) {
    SCOPED_TRACE(testing::name_of(target));
    const auto got = product.computed(target);
    product.expect_near_exact(got);
    ASSERT_EQ(bits(got), want);
    ASSERT_EQ(bits(product.computed(target, true)), bits(product.in_order(true)));
  }
}

TEST(ReproducibleProduct, OfAnyShapeAddsInOrderOnEveryTarget) {
  std::mt19937 random(7);
  const auto below = [&random](unsigned n) { return static_cast<int>(random() % n); };
  for (unsigned i = 0; i < 600; ++i) {
    const Shape shape = {below(71),     below(71),     below(71),
                         below(2) == 0, below(2) == 0, below(3) * below(9)};
    SCOPED_TRACE(::testing::PrintToString(shape));
    Product product(shape, i);
    expect_in_order(product);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

// Sums are cut where they are longer than 256, and a left matrix where it has more than 240 rows.
TEST(ReproducibleProduct, OfLongSumsAddsInOrderToo) {
  for (const int k : {255, 256, 257, 511, 512, 513, 700}) {
    for (const bool transposed : {false, true}) {
      for (const Shape& shape : {Shape{7, 33, k, transposed, !transposed, 3},
                                 Shape{31, 67, k, transposed, transposed, 0},
                                 Shape{250, 9, k, transposed, !transposed, 1}}) {
        SCOPED_TRACE(::testing::PrintToString(shape));
        Product product(shape);
        expect_in_order(product);
      }
    }
  }
}

TEST(ReproducibleProduct, KeepsSubnormalsAndSignsOfZero) {
  Product product({7, 19, 5});
  for (float& x : product.a.data) x *= 0x1p-80F;
  for (float& x : product.b.data) x *= 0x1p-60F;
  for (int j = 0; j < 19; ++j) product.right(4, j) = -0.0F;
  const auto want = product.in_order();
  EXPECT_TRUE(std::any_of(want.begin(), want.end(), [](float x) {
    return x != 0 && std::abs(x) < std::numeric_limits<float>::min();
  }));
  for (const auto target : testing::running_targets()) {
    EXPECT_EQ(bits(product.computed(target)), bits(want)) << testing::name_of(target);
  }
}

TEST(ReproducibleProduct, IsNanWhereItsSumIs) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  Product product({9, 21, 300});
  product.left(1, 2) = kInf;
  product.left(3, 5) = kNan;  // before the sum is cut
  product.left(4, 299) = kNan;
  product.left(5, 0) = kInf;
  product.right(290, 3) = -kNan;
  const auto want = product.in_order();
  for (const auto target : testing::running_targets()) {
    const auto got = product.computed(target);
    for (std::size_t i = 0; i < want.size(); ++i) {
      EXPECT_TRUE(std::isnan(want[i]) ? std::isnan(got[i]) : got[i] == want[i]) << i;
    }
  }
}

}  // namespace
}  // namespace actfn::nn
