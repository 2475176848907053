// SPDX-License-Identifier: Apache-2.0
// Random activations: their distributions, by fixed seeds; how they are read, written and
// refused.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "messages.h"
#include "noise.h"

namespace actfn {
namespace {

using testing::applied;
using testing::message;

constexpr std::size_t kMany = 1000000;

struct Moments {
  double mean = 0, variance = 0;
};

Moments moments(const std::vector<double>& x) {
  Moments m;
  const auto n = static_cast<double>(x.size());
  for (const double v : x) m.mean += v / n;
  for (const double v : x) m.variance += (v - m.mean) * (v - m.mean) / n;
  return m;
}

// Kolmogorov and Smirnov's distance times sqrt(n): above 2 with probability 0.0007.
template <class Distribution>
double distance(std::vector<double> x, const Distribution& below) {
  std::sort(x.begin(), x.end());
  double most = 0;
  const auto n = static_cast<double>(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double p = below(x[i]);
    const auto rank = static_cast<double>(i);
    most = std::max({most, p - rank / n, (rank + 1) / n - p});
  }
  return most * std::sqrt(n);
}

TEST(Rrelu, SlopesAreUniform) {
  const auto y = applied(Rrelu{0.25, 0.5}, std::vector<double>(kMany, -1), {1, 2});
  std::vector<double> u;
  for (const double v : y) u.push_back((-v - 0.25) * 4);
  EXPECT_GE(*std::min_element(u.begin(), u.end()), 0);
  EXPECT_LT(*std::max_element(u.begin(), u.end()), 1);
  EXPECT_LT(distance(u, [](double v) { return v; }), 2);
}

TEST(Dropout, DropsAsOftenAsAsked) {
  for (const double p : {0.001, 0.1, 0.5, 0.9}) {
    const auto y = applied(Dropout{p}, std::vector<double>(kMany, 1), {3, 4});
    const auto zeros = static_cast<double>(std::count(y.begin(), y.end(), 0.0)) / kMany;
    EXPECT_NEAR(zeros, p, 4 * std::sqrt(p * (1 - p) / kMany));
    EXPECT_NEAR(moments(y).mean, 1, 4 * std::sqrt(p / (1 - p) / kMany));
  }
}

// relu(x + n) where x is so large that it is x + n, of variance 1.
std::vector<double> drawn_normals(std::uint64_t seed) {
  auto y = applied(NoisyRelu{}, std::vector<double>(kMany, 50), {seed, 0});
  for (double& v : y) v -= 50;
  return y;
}

TEST(NoisyRelu, NoiseIsNormal) {
  const auto z = drawn_normals(5);
  const Moments m = moments(z);
  const double root = std::sqrt(static_cast<double>(kMany));
  EXPECT_NEAR(m.mean, 0, 4 / root);
  EXPECT_NEAR(m.variance, 1, 4 * std::sqrt(2.0) / root);
  EXPECT_LT(distance(z, [](double v) { return 0.5 * std::erfc(-v / std::sqrt(2.0)); }), 2);
  for (const std::size_t lag : {1U, 2U, 3U, 4U}) {  // pairs share their words
    double correlation = 0, of_squares = 0;
    for (std::size_t i = lag; i < z.size(); ++i) {
      correlation += z[i] * z[i - lag] / kMany;
      of_squares += (z[i] * z[i] - 1) * (z[i - lag] * z[i - lag] - 1) / kMany;
    }
    EXPECT_NEAR(correlation, 0, 4 / root) << lag;
    EXPECT_NEAR(of_squares, 0, 4 * 2 / root) << lag;
  }
}

TEST(NoisyRelu, VarianceIsTheSigmoid) {
  for (const double x : {-0.5, 0.0, 1.5}) {
    const auto y = applied(NoisyRelu{}, std::vector<double>(kMany, x), {6, 0});
    // Half normal, folded at 0: P(y > 0) is Phi(x / sigma).
    const double sigma = 1 / std::sqrt(1 + std::exp(-x));
    const double want = 0.5 * std::erfc(-x / sigma / std::sqrt(2.0));
    const auto zeros = static_cast<double>(std::count(y.begin(), y.end(), 0.0));
    EXPECT_NEAR(1 - zeros / kMany, want, 4 * std::sqrt(want * (1 - want) / kMany)) << x;
  }
}

TEST(AlphaDropout, KeepsMeanAndVariance) {
  const auto x = drawn_normals(7);
  for (const double p : {0.1, 0.5}) {
    const Moments m = moments(applied(AlphaDropout{p}, x, {8, 0}));
    EXPECT_NEAR(m.mean, 0, 0.005) << p;
    EXPECT_NEAR(m.variance, 1, 0.01) << p;
  }
}

TEST(RandomActivation, IsReadAndWritten) {
  for (const auto& f : testing::random_activations()) {
    EXPECT_EQ(parse_random_activation(to_string(f)), f) << to_string(f);
  }
  EXPECT_EQ(parse_random_activation(" rrelu( upper = 0.5 , lower=0x1p-2 ) "),
            RandomActivation(Rrelu{0.25, 0.5}));
  EXPECT_EQ(to_string(RandomActivation(Rrelu{0.125, 0.5})), "rrelu(upper=0.5)");
  EXPECT_EQ(to_string(RandomActivation(Dropout{})), "dropout");
  EXPECT_EQ(parse_random_activation("noisy_relu"), RandomActivation(NoisyRelu{}));
}

TEST(RandomActivation, SaysWhatIsWrong) {
  const auto error_of = [](std::string_view spec) {
    return message([&] { (void)parse_random_activation(spec); });
  };
  EXPECT_EQ(error_of("rrelu(lower=0.5,upper=0.3)"),
            "[rrelu] lower must not exceed upper, got lower=0.5, upper=0.3");
  EXPECT_EQ(error_of("rrelu(upper=inf)"), "[rrelu] upper must be finite, got inf");
  EXPECT_EQ(error_of("dropout(p=1.5)"), "[dropout] p must be from 0 to 1, got 1.5");
  EXPECT_EQ(error_of("alpha_dropout(p=nan)"), "[alpha_dropout] p must be from 0 to 1, got nan");
  EXPECT_EQ(error_of("Dropoutt"), "[parse] unknown function 'Dropoutt'; did you mean dropout?");
  EXPECT_EQ(error_of(""), "[parse] the name of a function is missing");
  EXPECT_EQ(error_of("dropout(q=1)"), "[dropout] no parameter 'q': it has p; did you mean p?");
  EXPECT_EQ(error_of("noisy_relu(q=1)"), "[noisy_relu] no parameter 'q': it has none");
  EXPECT_EQ(error_of("dropout(p=x)"), "[dropout] p must be a number, got 'x'");
  EXPECT_EQ(error_of("dropout(p=0,p=1)"), "[dropout] p is given twice");
  EXPECT_EQ(error_of("dropout(p)"), "[dropout] expected parameter=value, got 'p'");
  EXPECT_EQ(error_of("dropout(p=0"), "[dropout] missing ')' in 'dropout(p=0'");
  EXPECT_EQ(error_of("dropout(p=0,)"), "[dropout] nothing follows the last ',' in 'p=0,'");
}

TEST(RandomActivation, SaysWhatTakesItsPlace) {
  EXPECT_EQ(evaluated(Rrelu{0.25, 0.75}), Activation(LeakyRelu{0.5}));
  EXPECT_EQ(evaluated(NoisyRelu{}), Activation(Relu{}));
  EXPECT_EQ(evaluated(Dropout{}), Activation(Identity{}));
  EXPECT_EQ(evaluated(AlphaDropout{}), Activation(Identity{}));
}

TEST(Noise, RefusesWhatDoesNotFitAndWritesNothing) {
  std::vector<float> x(4, 1), y(4, 5), three(3);
  std::vector<double> wide(4);
  EXPECT_EQ(message([&] { forward(Dropout{2}, x, {}, y); }),
            "[dropout] p must be from 0 to 1, got 2");
  EXPECT_EQ(message([&] { forward(Dropout{}, three, {}, y); }),
            "[dropout] y has 4 elements, x has 3");
  EXPECT_EQ(message([&] { forward(Rrelu{}, wide, {}, y); }), "[rrelu] y is float32, x is float64");
  EXPECT_EQ(message([&] { backward(NoisyRelu{}, x, three, {}, y); }),
            "[noisy_relu] dy has 3 elements, x has 4");
  EXPECT_EQ(message([&] { forward(AlphaDropout{}, x, {}, y, Threads{-2}); }),
            "[alpha_dropout] threads must not be negative, got -2");
  EXPECT_EQ(message([&] { forward(Dropout{}, std::span(x).first(3), {}, std::span(x).last(3)); }),
            "[dropout] y overlaps x: they must be the same or separate");
  std::vector<float> other(4, 5);
  EXPECT_EQ(message([&] { double_backward(Rrelu{}, x, x, three, {}, y, other); }),
            "[rrelu] v has 3 elements, x has 4");
  EXPECT_EQ(message([&] { double_backward(Rrelu{}, x, x, x, {}, y, y); }),
            "[rrelu] for_x overlaps for_dy: they must be separate");
  EXPECT_EQ(message([&] {
              double_backward(Rrelu{1, 0}, x, x, x, {}, y, other);
            }),
            "[rrelu] lower must not exceed upper, got lower=1, upper=0");
  EXPECT_EQ(message([&] { double_backward(Rrelu{}, x, x, x, {}, y, other, Threads{-2}); }),
            "[rrelu] threads must not be negative, got -2");
  EXPECT_EQ(y, std::vector<float>(4, 5));
}

}  // namespace
}  // namespace actfn
