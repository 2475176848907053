// SPDX-License-Identifier: Apache-2.0
// The number of threads changes no bit. One array, long enough for seven threads to be worth
// starting, for each way that work is shared out.
#include <gtest/gtest.h>

#include <cstring>

#include "calls.h"
#include "elements.h"
#include "threads.h"

namespace actfn {
namespace {

using testing::bits;
using testing::Call;

constexpr std::size_t kElements = testing::kElementsPerThread * 7 + 1001;

// The inputs over and over.
template <class T>
std::vector<T> many(std::size_t n, unsigned seed) {
  const auto few = testing::inputs<T>(999, seed);
  std::vector<T> all(n);
  for (std::size_t i = 0; i < n; ++i) all[i] = few[i % few.size()];
  return all;
}

// As any other vector, but equal where its bits are.
template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

template <class T>
void check(const Activation& f, const Call& call) {
  std::vector<std::vector<T>> in(call.inputs);
  std::vector<ConstTensor> from;
  for (std::size_t k = 0; k < in.size(); ++k) in[k] = many<T>(kElements, static_cast<unsigned>(k));
  for (const auto& x : in) from.emplace_back(x);
  const auto run = [&](int threads) {
    std::vector<std::vector<T>> out(call.outputs, std::vector<T>(kElements));
    std::vector<Tensor> to;
    for (auto& y : out) to.emplace_back(y);
    call.run(f, from, to, Threads{threads});
    return out;
  };
  const auto want = run(1);
  for (const int threads : {2, 7}) {
    const auto got = run(threads);
    for (std::size_t k = 0; k < got.size(); ++k) {
      EXPECT_TRUE(same_bits(got[k], want[k])) << call.name << ", " << threads << " threads";
    }
  }
}

TEST(Threads, ChangeNoBitOfContiguousArrays) {
  for (const Call& call : testing::calls(Elu{})) check<float>(Elu{}, call);
}

TEST(Threads, ChangeNoBitOfAnyType) {
  const Call& call = testing::kForward;
  check<double>(Gelu{}, call);
  check<bfloat16>(Gelu{}, call);
  check<float16>(Tanh{}, call);
}

// Many rows are shared by rows, few by columns.
TEST(Threads, ChangeNoBitOfStridedRows) {
  const auto x = many<float>(2 * kElements, 1);
  for (const std::size_t rows : {2U, 700U}) {
    const std::size_t columns = kElements / rows;
    const auto stride = static_cast<std::ptrdiff_t>(2 * columns);
    const Rows<const float> in = {x.data(), rows, columns, stride, 2};
    std::vector<float> want(x.size());
    forward(Silu{}, in, Rows<float>{want.data(), rows, columns, stride, 2});
    for (const int threads : {2, 7}) {
      std::vector<float> y(x.size());
      forward(Silu{}, in, Rows<float>{y.data(), rows, columns, stride, 2}, Threads{threads});
      EXPECT_TRUE(same_bits(y, want)) << rows << " rows, " << threads << " threads";
    }
  }
}

TEST(Threads, ChangeNoBitOfBiasForward) {
  const std::size_t columns = 1000;
  const auto bias = many<float>(columns, 5);
  const auto z = many<float>(kElements / columns * columns, 6);
  const auto run = [&](int threads) {
    auto sum = z;
    std::vector<float> y(z.size());
    bias_forward(Gelu{}, bias, sum, y, Threads{threads});
    sum.insert(sum.end(), y.begin(), y.end());
    return sum;
  };
  const auto want = run(1);
  EXPECT_TRUE(same_bits(run(2), want));
  EXPECT_TRUE(same_bits(run(7), want));
}

}  // namespace
}  // namespace actfn
