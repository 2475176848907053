// SPDX-License-Identifier: Apache-2.0
// PReLU: values and gradients against the definition in wider numbers, for every type, shape and
// layout; the same bits in place, by threads and on every instruction set; errors.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <numeric>

#include "elements.h"
#include "layouts.h"
#include "learned/kernels/prelu.h"
#include "messages.h"
#include "operations.h"
#include "targets.h"
#include "threads.h"
#include "uniform.h"

namespace actfn {
namespace {

using testing::as;
using testing::canonical_bits;
using testing::for_each_type;
using testing::Laid;
using testing::Layout;
using testing::message;
__extension__ using Wide = __float128;

template <class T>
auto bits_of(const std::vector<T>& x) {
  return canonical_bits(x.data(), x.size());
}

// Lines that are long or short, patterns of one or many rows, no channel, no element.
const Shape kShapes[] = {{},          {7},       {5, 3},       {2, 3, 70}, {3, 2, 4, 5},  {2, 600},
                         {40, 30, 2}, {3, 1, 9}, {2, 2, 1100}, {70000, 2}, {1, 2, 66000}, {0, 3},
                         {4, 0}};

std::size_t channels_of(const Shape& shape) { return shape.count() < 2 ? 1 : shape[1]; }

std::size_t size_of_shape(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

std::size_t channel_of(const Shape& shape, std::size_t weights, std::size_t i) {
  if (weights == 1) return 0;
  return i / (size_of_shape(shape) / shape[0] / shape[1]) % shape[1];
}

// Many numbers of either sign, and all that is special.
template <class T>
std::vector<T> numbers(std::size_t n, unsigned seed) {
  const auto few = testing::inputs<T>(999, seed);
  std::vector<T> all(n);
  for (std::size_t i = 0; i < n; ++i) all[i] = few[(i * 7 + seed) % few.size()];
  return all;
}

// Numbers whose sums stay finite.
template <class T>
std::vector<T> plain(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  const testing::Uniform near(-2, 2);
  std::vector<T> all;
  for (std::size_t i = 0; i < n; ++i) all.push_back(as<T>(near(random)));
  return all;
}

template <class T>
std::vector<T> slopes(std::size_t n) {
  std::vector<T> all;
  for (std::size_t i = 0; i < n; ++i) all.push_back(as<T>(0.25 - 0.3 * static_cast<double>(i % 5)));
  return all;
}

// Exact of the types below float64, one product of which a double holds.
template <class T>
T product(T a, T b) {
  const double exact = static_cast<double>(a) * static_cast<double>(b);
  return as<T>(exact);
}

// body(shape, number of weights)
template <class Body>
void for_shapes(const Body& body) {
  for (const Shape& shape : kShapes) {
    body(shape, std::size_t{1});
    if (channels_of(shape) != 1) body(shape, channels_of(shape));
  }
}

TEST(Prelu, IsItsDefinition) {
  for_each_type([]<class T>() {
    for_shapes([](const Shape& shape, std::size_t weights) {
      const auto x = numbers<T>(size_of_shape(shape), 1);
      const auto w = slopes<T>(weights);
      std::vector<T> want(x.size()), y(x.size());
      for (std::size_t i = 0; i < x.size(); ++i) {
        want[i] = double{x[i]} > 0 ? x[i] : product(x[i], w[channel_of(shape, weights, i)]);
      }
      prelu(ConstTensor(x, shape), w, Tensor(y, shape));
      EXPECT_EQ(bits_of(y), bits_of(want)) << kTypeName<T> << ", " << weights;
    });
  });
}

// |got - want| in the spacing of T, where the sum of the terms' sizes is `size`.
template <class T>
double error(T got, Wide want, Wide size) {
  const double near = static_cast<double>(want);
  const double difference = static_cast<double>(static_cast<Wide>(double{got}) - want);
  const double of_sum = 1e-15 * static_cast<double>(size);  // in double, 16 sums and many terms
  return std::max(0.0, std::abs(difference) - of_sum) / testing::spacing<T>(near);
}

template <class T>
struct Sums {
  explicit Sums(std::size_t n) : sum(n), size(n) {}
  void add(std::size_t channel, T a, T b) {
    const Wide term = static_cast<Wide>(double{a}) * double{b};
    sum[channel] += term;
    size[channel] += term < 0 ? -term : term;
  }
  void expect(const std::vector<T>& got) const {
    for (std::size_t c = 0; c < sum.size(); ++c) {
      EXPECT_LE(error(got[c], sum[c], size[c]), 0.5001) << kTypeName<T> << ", channel " << c;
    }
  }
  std::vector<Wide> sum, size;
};

TEST(Prelu, BackwardIsItsDefinition) {
  for_each_type([]<class T>() {
    for_shapes([](const Shape& shape, std::size_t weights) {
      const auto x = plain<T>(size_of_shape(shape), 1);
      const auto dy = plain<T>(x.size(), 2);
      const auto w = slopes<T>(weights);
      std::vector<T> want(x.size()), dx(x.size()), dw(weights, as<T>(7));
      Sums<T> sums(weights);
      for (std::size_t i = 0; i < x.size(); ++i) {
        const std::size_t c = channel_of(shape, weights, i);
        want[i] = double{x[i]} > 0 ? dy[i] : product(dy[i], w[c]);
        if (double{x[i]} <= 0) sums.add(c, x[i], dy[i]);
      }
      prelu_backward(ConstTensor(x, shape), w, ConstTensor(dy, shape), Tensor(dx, shape), dw);
      EXPECT_EQ(bits_of(dx), bits_of(want)) << kTypeName<T> << ", " << weights;
      sums.expect(dw);
    });
  });
}

TEST(Prelu, DoubleBackwardIsItsDefinition) {
  for_each_type([]<class T>() {
    for_shapes([](const Shape& shape, std::size_t weights) {
      const std::size_t n = size_of_shape(shape);
      const auto x = plain<T>(n, 1), dy = plain<T>(n, 2), v = plain<T>(n, 3);
      const auto w = slopes<T>(weights), v_weight = plain<T>(weights, 4);
      std::vector<T> for_dy(n), for_x(n), for_weight(weights);
      prelu_double_backward(ConstTensor(x, shape), w, ConstTensor(dy, shape), ConstTensor(v, shape),
                            v_weight, Tensor(for_dy, shape), Tensor(for_x, shape), for_weight);
      Sums<T> sums(weights);
      double worst = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const std::size_t c = channel_of(shape, weights, i);
        const bool below = double{x[i]} <= 0;
        if (below) sums.add(c, v[i], dy[i]);
        const Wide a = below ? static_cast<Wide>(double{v[i]}) * double{w[c]} : double{v[i]};
        const Wide b = below ? static_cast<Wide>(double{v_weight[c]}) * double{x[i]} : 0;
        const Wide size = (a < 0 ? -a : a) + (b < 0 ? -b : b);
        worst = std::max(worst, error(for_dy[i], a + b, sizeof(T) == 8 ? size : 0));
        EXPECT_EQ(double{for_x[i]}, below ? double{product(v_weight[c], dy[i])} : 0);
      }
      EXPECT_LE(worst, 0.5001) << kTypeName<T>;
      sums.expect(for_weight);
    });
  });
}

TEST(Prelu, KeepsNanAndLimits) {
  const double inf = INFINITY;
  const std::vector<double> x = {NAN, inf, -inf, -0.0, 0.0};
  std::vector<double> y(5), dx(5), dw(1);
  prelu(x, std::vector{0.5}, y);
  EXPECT_TRUE(std::isnan(y[0]));
  EXPECT_EQ(y[1], inf);
  EXPECT_EQ(y[2], -inf);
  EXPECT_TRUE(std::signbit(y[3]));
  prelu(x, std::vector{0.0}, y);  // as leaky_relu with this slope
  std::vector<double> leaky(5);
  forward(LeakyRelu{0}, x, leaky);
  EXPECT_EQ(bits_of(y), bits_of(leaky));
  prelu_backward(x, std::vector{0.5}, std::vector<double>(5, 1), dx, dw);
  EXPECT_TRUE(std::isnan(dx[0]));
  EXPECT_EQ((std::vector(dx.begin() + 1, dx.end())), (std::vector{1.0, 0.5, 0.5, 0.5}));
  EXPECT_TRUE(std::isnan(dw[0]));
}

template <class T>
struct Results {
  std::vector<T> y, dx, dw, for_dy, for_x, for_weight;
  bool operator==(const Results&) const = default;
};

template <class T>
auto bits_of(const Results<T>& r) {
  return std::array{bits_of(r.y),      bits_of(r.dx),    bits_of(r.dw),
                    bits_of(r.for_dy), bits_of(r.for_x), bits_of(r.for_weight)};
}

// All that PReLU gives, with every tensor in one layout.
template <class T>
Results<T> all_results(const Shape& shape, std::size_t weights, Layout layout, Threads threads) {
  const std::size_t n = size_of_shape(shape);
  Laid<T> x(shape, layout, numbers<T>(n, 1)), dy(shape, layout, plain<T>(n, 2));
  Laid<T> v(shape, layout, plain<T>(n, 3));
  Laid<T> y(shape, layout), dx(shape, layout), for_dy(shape, layout), for_x(shape, layout);
  const auto w = slopes<T>(weights), v_weight = plain<T>(weights, 4);
  std::vector<T> dw(weights), for_weight(weights);
  prelu(x.view(), w, y.view(), threads);
  prelu_backward(x.view(), w, dy.view(), dx.view(), dw, threads);
  prelu_double_backward(x.view(), w, dy.view(), v.view(), v_weight, for_dy.view(), for_x.view(),
                        for_weight, threads);
  return {y.elements(), dx.elements(), dw, for_dy.elements(), for_x.elements(), for_weight};
}

TEST(Prelu, StridesChangeNoBit) {
  for_each_type([]<class T>() {
    for_shapes([](const Shape& shape, std::size_t weights) {
      const auto want = bits_of(all_results<T>(shape, weights, Layout::dense, {}));
      for (const Layout layout : testing::kLayouts) {
        EXPECT_EQ(bits_of(all_results<T>(shape, weights, layout, {})), want)
            << kTypeName<T> << ", " << static_cast<int>(layout);
      }
    });
  });
}

TEST(Prelu, StridedWeightsAreReadAndWritten) {
  const std::vector<float> x = {-1, -2, -3, -4, -5, -6};
  std::vector<float> w = {0.5F, 9, 0.25F, 9, 2, 9}, dw = {7, 7, 7, 7, 7, 7}, y(6), dx(6);
  const Rows<float> every_second = {w.data(), 3, 1, 2};
  prelu(ConstTensor(x, {2, 3}), every_second, Tensor(y, {2, 3}));
  EXPECT_EQ(y, (std::vector<float>{-0.5F, -0.5F, -6, -2, -1.25F, -12}));
  prelu_backward(ConstTensor(x, {2, 3}), every_second, ConstTensor(x, {2, 3}), Tensor(dx, {2, 3}),
                 Rows<float>{dw.data(), 1, 3, 0, 2});
  EXPECT_EQ(dw, (std::vector<float>{17, 7, 29, 7, 45, 7}));
}

template <class T>
void check_in_place(const Shape& shape) {
  const std::size_t n = size_of_shape(shape);
  const auto w = slopes<T>(channels_of(shape)), v_weight = plain<T>(w.size(), 4);
  const auto want = bits_of(all_results<T>(shape, w.size(), Layout::dense, {}));
  const std::array in = {numbers<T>(n, 1), plain<T>(n, 2), plain<T>(n, 3)};
  auto y = in[0];
  prelu(ConstTensor(y, shape), w, Tensor(y, shape));
  EXPECT_EQ(bits_of(y), want[0]);
  for (std::size_t k = 0; k < 2; ++k) {
    auto a = in;
    std::vector<T> dw(w.size());
    prelu_backward(ConstTensor(a[0], shape), w, ConstTensor(a[1], shape), Tensor(a[k], shape), dw);
    EXPECT_EQ(bits_of(a[k]), want[1]);
    EXPECT_EQ(bits_of(dw), want[2]);
  }
  for (std::size_t k = 0; k < 3; ++k) {
    auto a = in;
    auto& other = a[(k + 1) % 3];
    std::vector<T> fw(w.size());
    prelu_double_backward(ConstTensor(a[0], shape), w, ConstTensor(a[1], shape),
                          ConstTensor(a[2], shape), v_weight, Tensor(a[k], shape),
                          Tensor(other, shape), fw);
    EXPECT_EQ(bits_of(a[k]), want[3]);
    EXPECT_EQ(bits_of(other), want[4]);
    EXPECT_EQ(bits_of(fw), want[5]);
  }
}

TEST(Prelu, InPlaceGivesTheSameBits) {
  for_each_type([]<class T>() {
    check_in_place<T>({40, 30, 2});
    check_in_place<T>({2, 3, 1100});
  });
}

TEST(Prelu, ThreadsChangeNoBit) {
  const std::size_t n = testing::kLightElementsPerThread * 7 + 1;
  for (const Shape& shape : {Shape{n}, Shape{n / 48, 48}, Shape{9, 6, n / 54}}) {
    const std::size_t weights = channels_of(shape);
    const auto x = numbers<bfloat16>(size_of_shape(shape), 1);
    const auto w = slopes<bfloat16>(weights);
    const auto run = [&](int threads) {
      std::vector<bfloat16> dx(x.size()), dw(weights);
      const ConstTensor in(x, shape);
      prelu_backward(in, w, in, Tensor(dx, shape), dw, Threads{threads});
      dx.insert(dx.end(), dw.begin(), dw.end());
      return bits_of(dx);
    };
    const auto want = run(1);
    for (const int threads : {2, 7, 0}) EXPECT_TRUE(run(threads) == want) << threads;
  }
}

template <class T>
void check_targets() {
  using learned::prelu_loops;
  const auto x = numbers<T>(77, 1), w = plain<T>(77, 2), a = plain<T>(77, 3), b = plain<T>(77, 4);
  const auto run = [&](kernels::Target target, std::size_t n) {
    const auto& loops = prelu_loops(target).template of<T>();
    std::array<std::vector<T>, 4> y;
    y.fill(std::vector<T>(n + 1, T(5)));  // the last one is not to be touched
    std::vector<double> sum(n + 1, 5);
    loops.value(x.data(), w.data(), y[0].data(), n);
    loops.backward(x.data(), w.data(), a.data(), y[1].data(), n);
    loops.for_dy(x.data(), w.data(), a.data(), b.data(), y[2].data(), n);
    loops.below(x.data(), a.data(), b.data(), y[3].data(), n);
    loops.below_in_double(x.data(), a.data(), b.data(), sum.data(), n);
    for (const auto& out : y) EXPECT_EQ(out[n], 5);
    EXPECT_EQ(sum[n], 5);
    return std::tuple{bits_of(y[0]), bits_of(y[1]), bits_of(y[2]), bits_of(y[3]), bits_of(sum)};
  };
  for (std::size_t n = 0; n <= x.size(); ++n) {
    const auto want = run(testing::running_targets().back(), n);
    for (const auto target : testing::running_targets()) {
      EXPECT_EQ(run(target, n), want) << testing::name_of(target) << ", n = " << n;
    }
  }
}

TEST(Prelu, InstructionSetsGiveTheSameBits) {
  check_targets<float>();
  check_targets<double>();
}

TEST(Prelu, RefusesWhatDoesNotFit) {
  std::vector<float> x(24, -1), y(24, 5), w(3), dw(3, 5), four(4);
  std::vector<double> wide(24);
  const ConstTensor in(x, {2, 4, 3});
  const Tensor out(y, {2, 4, 3});
  EXPECT_EQ(message([&] { prelu(in, w, out); }), "[prelu] weight has 3 elements, x has 4 channels");
  EXPECT_EQ(message([&] { prelu(x, w, y); }), "[prelu] weight has 3 elements, x has 1 channel");
  EXPECT_EQ(message([&] { prelu(in, wide, out); }), "[prelu] weight is float64, x is float32");
  EXPECT_EQ(message([&] {
              prelu(in, four, Tensor(y, {4, 2, 3}));
            }),
            "[prelu] y has the shape 4x2x3, x has 2x4x3");
  EXPECT_EQ(message([&] { prelu(in, four, out, Threads{-1}); }),
            "[prelu] threads must not be negative, got -1");
  EXPECT_EQ(message([&] { prelu_backward(in, four, in, out, dw); }),
            "[prelu] dweight has 3 elements, weight has 4");
  EXPECT_EQ(message([&] { prelu_backward(in, four, in, out, std::span(y).first(4)); }),
            "[prelu] dweight overlaps dx: they must be separate");
  EXPECT_EQ(message([&] {
              prelu(in, four, Tensor(x.data(), {2, 4, 3}, {12, 3, 0}));
            }),
            "[prelu] y has two elements at one address");
  EXPECT_EQ(message([&] {
              prelu_double_backward(in, four, in, in, w, out, Tensor(x, {2, 4, 3}), four);
            }),
            "[prelu] v_weight has 3 elements, weight has 4");
  EXPECT_EQ(message([&] { prelu_double_backward(in, four, in, in, four, out, out, four); }),
            "[prelu] for_x overlaps for_dy: they must be separate");
  EXPECT_EQ(x, std::vector<float>(24, -1));
  EXPECT_EQ(y, std::vector<float>(24, 5));
  EXPECT_EQ(dw, std::vector<float>(3, 5));
}

}  // namespace
}  // namespace actfn
