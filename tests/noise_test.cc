// Activations that draw: the words against the scalar generator, results against the definitions
// given these words, the same bits whatever the layout, and the distributions.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numbers>

#include "api/parallel.h"
#include "elements.h"
#include "messages.h"
#include "operations.h"
#include "random/noise.h"
#include "random/philox.h"
#include "targets.h"

namespace actfn {
namespace {

using testing::as;
using testing::canonical_bits;
using testing::for_each_type;
using testing::message;
__extension__ using Wide = __float128;

template <class T>
auto bits_of(const std::vector<T>& x) {
  return canonical_bits(x.data(), x.size());
}

const RandomActivation kAll[] = {Rrelu{},           Rrelu{-0.5, 2},  Rrelu{0.3, 0.3},
                                 NoisyRelu{},       Dropout{},       Dropout{0.1},
                                 Dropout{0},        Dropout{1},      AlphaDropout{},
                                 AlphaDropout{0.1}, AlphaDropout{0}, AlphaDropout{1}};

std::uint32_t word(const Noise& noise, std::size_t i) {
  const std::uint64_t position = noise.first + i;
  return Philox(noise.seed, Purpose::noise, 0)(position / 4)[position % 4];
}

TEST(Noise, WordsAreThoseOfTheScalarGenerator) {
  constexpr std::uint64_t kWrap = std::uint64_t{1} << 62U;
  for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{5}, std::uint64_t{0xFFFFFFFD},
                                    std::uint64_t{0x123456789ABCDEF}, kWrap - 2}) {
    for (const std::size_t blocks : {1U, 2U, 7U, 16U, 33U}) {
      std::vector<std::uint32_t> want;
      for (std::size_t i = 0; i < blocks; ++i) {
        const auto block = Philox(0xFEDCBA9876543210, Purpose::noise, 9)((first + i) % kWrap);
        want.insert(want.end(), block.begin(), block.end());
      }
      for (const auto target : testing::running_targets()) {
        std::vector<std::uint32_t> got(4 * blocks + noise::kExtraWords);
        noise::noises(target).words({0xFEDCBA9876543210, 9, 3}, first, blocks, got.data());
        got.resize(want.size());
        EXPECT_EQ(got, want) << testing::name_of(target) << ", " << first << ", " << blocks;
      }
    }
  }
}

// In the spacing of T at `size`, or at `want` where that is larger.
template <class T>
double error(T got, Wide want, double size) {
  const double near = std::max(std::abs(static_cast<double>(want)), size);
  return std::abs(static_cast<double>(static_cast<Wide>(double{got}) - want)) /
         testing::spacing<T>(near);
}

// Finite numbers whose multiples are finite and normal.
template <class T>
std::vector<T> plain(std::size_t n) {
  std::mt19937 random(4);
  std::uniform_real_distribution<double> near(-9, 9);
  std::vector<T> all;
  for (std::size_t i = 0; i < n; ++i) all.push_back(as<T>(near(random)));
  return all;
}

template <class T>
std::vector<T> applied(const RandomActivation& f, const std::vector<T>& x, const Noise& noise) {
  std::vector<T> y(x.size());
  forward(f, x, noise, y);
  return y;
}

template <class T>
std::vector<T> gradient(const RandomActivation& f, const std::vector<T>& x,
                        const std::vector<T>& dy, const Noise& noise) {
  std::vector<T> dx(x.size());
  backward(f, x, dy, noise, dx);
  return dx;
}

constexpr Noise kNoise = {77, 1234567890123};

template <class T>
double parameter(double p) {
  return sizeof(T) == 8 ? p : double{static_cast<float>(p)};
}

TEST(Rrelu, IsItsDefinition) {
  for_each_type([]<class T>() {
    const auto x = plain<T>(2000);
    for (const Rrelu f : {Rrelu{}, Rrelu{-0.5, 2}, Rrelu{0.3, 0.3}}) {
      const auto y = applied<T>(f, x, kNoise);
      const auto dx = gradient<T>(f, x, x, kNoise);
      const Wide lower = parameter<T>(f.lower), upper = parameter<T>(f.upper);
      const double most = sizeof(T) == 8 ? 2.1 : 0.5001;  // a double's r is rounded too
      for (std::size_t i = 0; i < x.size(); ++i) {
        const Wide r = lower + (upper - lower) * word(kNoise, i) * 0x1p-32;
        const double size = static_cast<double>(upper) * std::abs(double{x[i]});
        const Wide want = double{x[i]} > 0 ? Wide{double{x[i]}} : r * double{x[i]};
        ASSERT_LE(error(y[i], want, sizeof(T) == 8 ? size : 0), most) << kTypeName<T> << ", " << i;
        ASSERT_EQ(double{dx[i]}, double{y[i]});  // as dy is x
      }
    }
  });
}

TEST(Dropout, IsItsDefinition) {
  for_each_type([]<class T>() {
    const auto x = plain<T>(2000);
    for (const double p : {0.0, 0.1, 0.25, 0.5, 0.9}) {
      const auto y = applied<T>(Dropout{p}, x, kNoise);
      const auto dx = gradient<T>(Dropout{p}, x, x, kNoise);
      for (std::size_t i = 0; i < x.size(); ++i) {
        const bool dropped = word(kNoise, i) < std::floor(p * 0x1p32 + 0.5);
        const Wide want = dropped ? Wide{0} : double{x[i]} / (Wide{1} - p);
        ASSERT_LE(error(y[i], want, 0), 0.5001) << kTypeName<T> << ", " << p;
        ASSERT_EQ(double{dx[i]}, double{y[i]});
      }
    }
  });
}

TEST(AlphaDropout, IsItsDefinition) {
  const Wide alpha = -1.7580993408473766;
  for_each_type([&]<class T>() {
    const auto x = plain<T>(2000);
    for (const double p : {0.1, 0.5, 0.9}) {
      const auto y = applied<T>(AlphaDropout{p}, x, kNoise);
      const auto dx = gradient<T>(AlphaDropout{p}, x, x, kNoise);
      const double scale =
          1 / std::sqrt(static_cast<double>((1 - Wide{p}) * (1 + p * alpha * alpha)));
      const Wide shift = -scale * p * alpha;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const bool dropped = word(kNoise, i) < std::floor(p * 0x1p32 + 0.5);
        const Wide slope = dropped ? 0 : scale;
        const Wide want = scale * (dropped ? alpha : Wide{double{x[i]}}) + shift;
        const double size = std::max(scale * std::abs(double{x[i]}), static_cast<double>(shift));
        ASSERT_LE(error(y[i], want, sizeof(T) == 8 ? size : 0x1p-20), sizeof(T) == 8 ? 4 : 0.501);
        ASSERT_LE(error(dx[i], slope * double{x[i]}, 0), sizeof(T) == 8 ? 4 : 0.5001);
      }
    }
  });
}

// The normal number of element i.
double normal_at(const Noise& noise, std::size_t i) {
  const std::size_t odd = (noise.first + i) % 2;
  const Noise even = {noise.seed, noise.first + i - odd};
  const double radius = std::sqrt(-2 * std::log((word(even, 0) + 0.5) * 0x1p-32));
  const double angle = 2 * std::numbers::pi * word(even, 1) * 0x1p-32;
  return radius * (odd != 0 ? std::sin(angle) : std::cos(angle));
}

TEST(NoisyRelu, IsItsDefinition) {
  for_each_type([]<class T>() {
    const auto x = plain<T>(2000);
    const auto y = applied<T>(NoisyRelu{}, x, kNoise);
    const auto dx = gradient<T>(NoisyRelu{}, x, x, kNoise);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double v = x[i];
      const double sum = v + normal_at(kNoise, i) / std::sqrt(1 + std::exp(-v));
      const double most = 1e-8 + testing::spacing<T>(sum) * 0.5001;
      ASSERT_NEAR(double{y[i]}, std::max(sum, 0.0), most) << kTypeName<T> << ", " << i;
      ASSERT_EQ(double{dx[i]}, double{y[i]} > 0 ? v : 0);
    }
  });
}

TEST(Noise, NanStaysNanAndInfinitiesHaveTheirLimits) {
  for_each_type([]<class T>() {
    const std::vector<T> nan(64, as<T>(NAN)), one(64, as<T>(1)), far(64, as<T>(INFINITY));
    const std::vector<T> down(64, as<T>(-INFINITY));
    for (const auto& f : kAll) {
      for (const auto& y : {applied<T>(f, nan, kNoise), gradient<T>(f, nan, one, kNoise),
                            gradient<T>(f, one, nan, kNoise)}) {
        for (const T v : y) EXPECT_TRUE(std::isnan(double{v})) << to_string(f) << kTypeName<T>;
      }
      for (const auto& y : {applied<T>(f, far, kNoise), applied<T>(f, down, kNoise)}) {
        for (const T v : y) EXPECT_FALSE(std::isnan(double{v})) << to_string(f);
      }
    }
    for (const T v : applied<T>(Rrelu{0, 0}, down, kNoise)) EXPECT_EQ(double{v}, 0);
    for (const T v : applied<T>(NoisyRelu{}, down, kNoise)) EXPECT_EQ(double{v}, 0);
    for (const T v : applied<T>(Dropout{1}, far, kNoise)) EXPECT_EQ(double{v}, 0);
    for (const T v : applied<T>(AlphaDropout{1}, one, kNoise)) EXPECT_EQ(double{v}, 0);
  });
}

TEST(Noise, WithoutDroppingItIsTheIdentity) {
  for_each_type([]<class T>() {
    const auto x = testing::inputs<T>(300, 5);
    EXPECT_EQ(bits_of(applied<T>(Dropout{0}, x, kNoise)), bits_of(x));
    EXPECT_EQ(bits_of(applied<T>(AlphaDropout{0}, x, kNoise)), bits_of(x));
    std::vector<T> leaky(x.size());
    forward(LeakyRelu{0.3}, x, leaky);
    EXPECT_EQ(bits_of(applied<T>(Rrelu{0.3, 0.3}, x, kNoise)), bits_of(leaky)) << kTypeName<T>;
  });
}

// With the same noise, the difference quotient.
TEST(Noise, BackwardIsTheSlopeOfForward) {
  const auto x = plain<double>(500);
  const double h = 0x1p-20;
  for (const auto& f : kAll) {
    if (std::holds_alternative<NoisyRelu>(f)) continue;  // its noise depends on x
    auto left = x, right = x;
    for (double& v : left) v -= h;
    for (double& v : right) v += h;
    const auto low = applied(f, left, kNoise), high = applied(f, right, kNoise);
    const auto dx = gradient(f, x, std::vector<double>(x.size(), 1), kNoise);
    for (std::size_t i = 0; i < x.size(); ++i) {
      EXPECT_NEAR(dx[i], (high[i] - low[i]) / (2 * h), 1e-8) << to_string(f) << " at " << x[i];
    }
  }
}

// An element's noise is a function of its position.
TEST(Noise, CountsPositions) {
  const auto x = plain<float>(1300);
  for (const auto& f : kAll) {
    const auto all = applied(f, x, {5, 0});
    for (std::size_t from = 1; from < x.size(); from = from * 2 + 1) {
      const std::vector<float> rest(x.begin() + static_cast<std::ptrdiff_t>(from), x.end());
      const std::vector<float> want(all.begin() + static_cast<std::ptrdiff_t>(from), all.end());
      EXPECT_EQ(bits_of(applied(f, rest, {5, from})), bits_of(want)) << to_string(f) << from;
    }
  }
  const std::vector<float> ones(64, 1);
  const auto want = applied<float>(Dropout{}, ones, {5, 0});
  EXPECT_NE(applied<float>(Dropout{}, ones, {6, 0}), want);
  EXPECT_NE(applied<float>(Dropout{}, ones, {5, 1}), want);
}

TEST(Noise, StridesChangeNoBit) {
  for_each_type([]<class T>() {
    constexpr std::size_t kRows = 7, kColumns = 101, kSize = kRows * kColumns;
    const auto x = testing::inputs<T>(kSize, 3);
    const auto at = [](std::size_t i) { return (i / kColumns) * 300 + (i % kColumns) * 2; };
    std::vector<T> wide(kRows * 300);
    for (std::size_t i = 0; i < kSize; ++i) wide[at(i)] = x[i];
    const Rows<const T> in = {wide.data(), kRows, kColumns, 300, 2};
    for (const auto& f : kAll) {
      std::vector<T> want(kSize), y(kRows * 300), got(kSize);
      const Rows<T> out = {y.data(), kRows, kColumns, 300, 2};
      const ConstArray dense(x.data(), kSize);
      forward(f, dense, kNoise, want);
      forward(f, in, kNoise, out);
      for (std::size_t i = 0; i < kSize; ++i) got[i] = y[at(i)];
      EXPECT_EQ(bits_of(got), bits_of(want)) << to_string(f) << kTypeName<T>;
      backward(f, dense, dense, kNoise, want);
      backward(f, in, in, kNoise, out);
      for (std::size_t i = 0; i < kSize; ++i) got[i] = y[at(i)];
      EXPECT_EQ(bits_of(got), bits_of(want)) << to_string(f) << kTypeName<T>;
    }
  });
}

TEST(Noise, InPlaceGivesTheSameBits) {
  for_each_type([]<class T>() {
    const auto x = testing::inputs<T>(1100, 3), dy = plain<T>(x.size());
    for (const auto& f : kAll) {
      auto a = x;
      forward(f, a, kNoise, a);
      EXPECT_EQ(bits_of(a), bits_of(applied(f, x, kNoise))) << to_string(f);
      const auto want = bits_of(gradient(f, x, dy, kNoise));
      a = x;
      auto b = dy;
      backward(f, a, dy, kNoise, a);
      backward(f, x, b, kNoise, b);
      EXPECT_EQ(bits_of(a), want) << to_string(f);
      EXPECT_EQ(bits_of(b), want) << to_string(f);
    }
  });
}

TEST(Noise, ThreadsChangeNoBit) {
  const auto few = plain<float>(999);
  std::vector<float> x(kElementsPerThread * 7 + 1001);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = few[i % few.size()];
  for (const RandomActivation f : {RandomActivation(Dropout{}), RandomActivation(NoisyRelu{})}) {
    const auto want = applied(f, x, kNoise);
    const auto slopes = gradient(f, x, x, kNoise);
    for (const int threads : {2, 7, 0}) {
      std::vector<float> y(x.size());
      forward(f, x, kNoise, y, Threads{threads});
      EXPECT_TRUE(y == want) << to_string(f) << threads;
      backward(f, x, x, kNoise, y, Threads{threads});
      EXPECT_TRUE(y == slopes) << to_string(f) << threads;
    }
  }
}

// Every loop of one instruction set over n elements; behind them stands a 5 that must stay.
template <class T>
auto loop_results(kernels::Target target, std::size_t n) {
  const auto& all = noise::noises(target);
  const auto& loops = all.of<T>();
  const auto x = testing::inputs<T>(200, 1), dy = plain<T>(200);
  std::vector<std::uint32_t> words(n + 3 + noise::kExtraWords);
  std::vector<double> normals(words.size());
  all.words({3, 0, 3}, 8, (n + 3) / 4, words.data());
  all.normals(words.data(), normals.data(), (n + 3) / 4 * 4);
  std::array<std::vector<T>, 5> y;
  y.fill(std::vector<T>(n + 1, T(5)));
  const noise::Slope slope = {-0.25, 1.5, 1.25};
  const noise::Drop drop = {0x1p31, 1.75, 1e-17, 0.5, 0.125};
  loops.rrelu(slope, words.data(), x.data(), y[0].data(), n);
  loops.rrelu_backward(slope, words.data(), x.data(), dy.data(), y[1].data(), n);
  loops.drop(drop, words.data(), x.data(), x.data(), y[2].data(), n);
  loops.noisy_relu(normals.data(), x.data(), y[3].data(), n);
  loops.noisy_relu_backward(normals.data(), x.data(), dy.data(), y[4].data(), n);
  std::array<std::vector<testing::Bits<T>>, 5> bits;
  for (std::size_t k = 0; k < y.size(); ++k) {
    EXPECT_EQ(y[k][n], 5) << testing::name_of(target) << ", " << k;
    bits[k] = bits_of(y[k]);
  }
  normals.resize(n);
  return std::pair{bits, bits_of(normals)};
}

TEST(Noise, InstructionSetsGiveTheSameBits) {
  for (std::size_t n = 0; n <= 70; ++n) {
    const auto single = loop_results<float>(kernels::Target::emu128, n);
    const auto wide = loop_results<double>(kernels::Target::emu128, n);
    for (const auto target : testing::running_targets()) {
      EXPECT_EQ(loop_results<float>(target, n), single) << testing::name_of(target) << n;
      EXPECT_EQ(loop_results<double>(target, n), wide) << testing::name_of(target) << n;
    }
  }
}

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
  for (const auto& f : kAll) EXPECT_EQ(parse_random_activation(to_string(f)), f) << to_string(f);
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
            "[rrelu] lower must not exceed upper, got 0.5 and 0.3");
  EXPECT_EQ(error_of("rrelu(upper=inf)"), "[rrelu] upper must be finite, got inf");
  EXPECT_EQ(error_of("dropout(p=1.5)"), "[dropout] p must be from 0 to 1, got 1.5");
  EXPECT_EQ(error_of("alpha_dropout(p=nan)"), "[alpha_dropout] p must be from 0 to 1, got nan");
  EXPECT_EQ(error_of("Dropout"),
            "[parse] unknown random activation 'Dropout'; did you mean dropout?");
  EXPECT_EQ(error_of(""), "[parse] a random activation's name is missing");
  EXPECT_EQ(error_of("dropout(q=1)"), "[dropout] no parameter 'q': it has p; did you mean p?");
  EXPECT_EQ(error_of("noisy_relu(q=1)"), "[noisy_relu] no parameter 'q': it has none");
  EXPECT_EQ(error_of("dropout(p=x)"), "[dropout] p must be a number, got 'x'");
  EXPECT_EQ(error_of("dropout(p=0,p=1)"), "[dropout] p is given twice");
  EXPECT_EQ(error_of("dropout(p)"), "[dropout] expected parameter=value, got 'p'");
  EXPECT_EQ(error_of("dropout(p=0"), "[dropout] missing ')' in 'dropout(p=0'");
  EXPECT_EQ(error_of("dropout(p=0,)"), "[dropout] nothing behind the last ',' in 'dropout(p=0,)'");
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
            "[noisy_relu] dx has 4 elements, dy has 3");
  EXPECT_EQ(message([&] { forward(AlphaDropout{}, x, {}, y, Threads{-2}); }),
            "[alpha_dropout] threads must not be negative, got -2");
  EXPECT_EQ(message([&] { forward(Dropout{}, std::span(x).first(3), {}, std::span(x).last(3)); }),
            "[dropout] y overlaps x without being the same array");
  EXPECT_EQ(y, std::vector<float>(4, 5));
}

}  // namespace
}  // namespace actfn
