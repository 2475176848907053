// SPDX-License-Identifier: Apache-2.0
// Values of rows against long double: ordinary ones and those that hurt.
#include <actfn/rows.h>
#include <gtest/gtest.h>

#include "elements.h"
#include "row_functions.h"

namespace actfn {
namespace {

using oracle::Row;
using testing::as;
using testing::for_each_type;
using testing::normal_row;
using testing::widened;

// In units of T's last place about the truth.
template <class T>
long double error_of(T got, long double want) {
  if (static_cast<double>(got) == static_cast<double>(as<T>(static_cast<double>(want)))) return 0;
  return std::abs(static_cast<long double>(got) - want) /
         testing::spacing<T>(static_cast<double>(want));
}

template <class T>
std::vector<std::vector<T>> rows() {
  std::vector<std::vector<T>> all;
  for (const std::size_t n : {1U, 2U, 7U, 10U, 16U, 33U, 1000U, 5000U}) {
    for (const double spread : {0.01, 1.0, 10.0, 60.0}) {
      for (const double center : {0.0, -90.0, 120.0, 1000.0}) {
        all.push_back(normal_row<T>(n, center, spread, static_cast<unsigned>(n)));
      }
    }
    all.push_back(std::vector<T>(n, as<T>(3.7)));  // all equal
  }
  for (const double below : {20.0, 50.0, 87.0, 88.0, 95.0, 103.0, 104.0, 120.0, 700.0, 740.0}) {
    auto x = normal_row<T>(100, 1.3 - below, 0.5, 7);
    x[41] = as<T>(1.3);  // one dominates
    all.push_back(x);
  }
  const double most = testing::largest<T>();
  all.push_back({as<T>(most), as<T>(-most), as<T>(most), as<T>(0), as<T>(most * 0.999)});
  all.push_back({as<T>(-most), as<T>(-most)});
  all.push_back({as<T>(testing::least<T>()), as<T>(0), as<T>(-testing::least<T>())});
  return all;
}

template <class T>
void check(const RowActivation& f, const std::vector<T>& x, long double most_ulp,
           long double slack = 0) {
  std::vector<T> y(x.size());
  forward(f, x, 0, y);
  const Row want = oracle::row_values(f, widened(x));
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::abs(static_cast<long double>(y[i]) - want[i]) <= slack) continue;
    ASSERT_LE(error_of(y[i], want[i]), most_ulp)
        << to_string(f) << ", " << kTypeName<T> << ", n = " << x.size() << ", element " << i
        << " = " << static_cast<double>(x[i]) << ", first " << static_cast<double>(x[0]) << ": got "
        << static_cast<double>(y[i]) << ", want " << static_cast<double>(want[i]);
  }
}

// 16 bits are rounded from float32.
template <class T>
constexpr long double kUlp = sizeof(T) == 2 ? 0.51L : 2;

class RowValues : public ::testing::TestWithParam<RowActivation> {};

TEST_P(RowValues, AreThoseOfTheDefinition) {
  const RowActivation f = GetParam();
  const long double slack = oracle::row_tolerance(f);
  for_each_type([&]<class T>() {
    for (const auto& x : rows<T>()) {
      // Differences overflow where a threshold is searched for.
      if (slack > 0 && std::abs(static_cast<double>(x[0])) > 1e5) continue;
      check<T>(f, x, kUlp<T>, slack);
    }
  });
}

INSTANTIATE_TEST_SUITE_P(All, RowValues, ::testing::ValuesIn(testing::row_activations()),
                         [](const auto& one) { return testing::test_name(one.param); });

TEST(Rows, LongOnesAreWithinTwoUlp) {
  for (const std::size_t n : {65536U, 65537U, 100000U, 1000000U}) {
    for (const double spread : {0.1, 3.0, 30.0}) {
      const auto x = normal_row<float>(n, 2, spread, 3);
      check<float>(Softmax{}, x, 2);
      check<float>(LogSoftmax{}, x, 2);
    }
  }
  check<double>(Softmax{}, normal_row<double>(100000, 0, 3, 5), 2);
}

// Where an entry is small, what tau's rounding leaves counts.
TEST(Rows, SparseOnesAreExact) {
  for_each_type([]<class T>() {
    const long double slack = sizeof(T) == 8 ? 0x1p-50L : 0x1p-48L;
    for (const auto& x : rows<T>()) {
      if (std::abs(static_cast<double>(x[0])) > 1e5) continue;  // the differences overflow, below
      check<T>(Sparsemax{}, x, kUlp<T>, slack);
      check<T>(Entmax{}, x, kUlp<T>, slack);
    }
  });
}

// Few entries that can have a probability are copied, more are not.
TEST(Rows, EntmaxOfLongRows) {
  for (const std::size_t n : {2048U, 2049U, 5000U}) {
    for (const double spread : {0.01, 3.0}) {
      const auto x = normal_row<float>(n, 1, spread, 12);
      for (const double alpha : {1.0625, 1.375, 3.0}) {
        check<float>(Entmax{alpha}, x, kUlp<float>, 0x1p-47L);
      }
    }
  }
}

TEST(Rows, EntmaxOfAnyAlpha) {
  for_each_type([]<class T>() {
    for (const double alpha : {1.0, 1 + 0x1p-23, 1.0078125, 1.03125, 1.125, 1.25, 1.328125, 1.34375,
                               1.5, 1.515625, 1.75, 1.9921875, 2.0, 2.5, 4.0}) {
      for (const double spread : {0.001, 0.1, 1.0, 5.0}) {
        const auto x = normal_row<T>(200, 1, spread, 11);
        check<T>(Entmax{alpha}, x, sizeof(T) == 8 ? 64 : kUlp<T>, 0x1p-40L);
      }
    }
  });
}

}  // namespace
}  // namespace actfn
