// SPDX-License-Identifier: Apache-2.0
// The number of threads changes no bit of rows.
#include <actfn/rows.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>

namespace actfn {
namespace {

std::vector<float> random(std::size_t n) {
  std::mt19937 generator(1);
  std::uniform_real_distribution<float> uniform(-9, 9);
  std::vector<float> x(n);
  for (float& v : x) v = uniform(generator);
  return x;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

// Long enough for seven threads to be started.
const Shape kShapes[] = {{2000, 1000}, {8, 250000}, {200, 100, 100}};

TEST(RowThreads, ChangeNoBit) {
  const auto x = random(2'000'000);
  std::vector<std::uint8_t> mask(x.size());
  for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = i % 5 != 0;
  for (const Shape& shape : kShapes) {
    for (const int axis : {0, -1}) {
      for (const RowActivation& f :
           std::vector<RowActivation>{Softmax{}, LogSoftmax{}, Entmax{}, Softmax1{}}) {
        const auto run = [&](int threads) {
          const RowOptions options = {.mask = ConstMask(mask.data(), shape), .threads = {threads}};
          std::vector<float> y(x.size()), dx(x.size());
          forward(f, {x, shape}, axis, {y, shape}, options);
          backward(f, {y, shape}, {x, shape}, axis, {dx, shape}, {threads});
          y.insert(y.end(), dx.begin(), dx.end());
          return y;
        };
        const auto want = run(1);
        for (const int threads : {2, 7}) {
          EXPECT_TRUE(same_bits(run(threads), want)) << to_string(f) << ", axis " << axis;
        }
      }
    }
  }
}

TEST(RowThreads, WriteEveryRow) {
  const auto x = random(2'000'000);
  for (const Shape& shape : kShapes) {
    std::vector<float> y(x.size(), -1);
    softmax({x, shape}, 0, {y, shape}, {.threads = {7}});
    EXPECT_TRUE(std::none_of(y.begin(), y.end(), [](float v) { return v < 0; }));
  }
}

}  // namespace
}  // namespace actfn
