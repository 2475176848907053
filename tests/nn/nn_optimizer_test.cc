// SPDX-License-Identifier: Apache-2.0
// Optimizers against their formulas in float64.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "messages.h"
#include "nn/vector_ops.h"
#include "nn_reference.h"

namespace actfn::nn {
namespace {

using testing::bits;
using testing::message;

using Rule = UpdateRule;

constexpr int kSteps = 20;
constexpr double kUlp = 0x1p-24;  // float32's relative rounding error
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Kingma & Ba 2014, algorithm 1, for one number.
struct AdamByTheBook {
  Adam s;
  double m = 0;
  double v = 0;

  double step(double w, double gradient, int t) {
    const double g = gradient + s.weight_decay * w;
    m = s.beta1 * m + (1 - s.beta1) * g;
    v = s.beta2 * v + (1 - s.beta2) * g * g;
    const double mean = m / (1 - std::pow(s.beta1, t));
    const double square = v / (1 - std::pow(s.beta2, t));
    return w - s.lr * mean / (std::sqrt(square) + s.eps);
  }
};

// Loshchilov & Hutter 2019, algorithm 2, with a learning rate for both parts as in PyTorch.
struct AdamWByTheBook {
  AdamW s;
  long double m = 0;
  long double v = 0;

  double step(double w, double gradient, int t) {
    const long double g = gradient;
    m = s.beta1 * m + (1 - s.beta1) * g;
    v = s.beta2 * v + (1 - s.beta2) * g * g;
    const long double mean = m / (1 - std::pow(static_cast<long double>(s.beta1), t));
    const long double square = v / (1 - std::pow(static_cast<long double>(s.beta2), t));
    const long double decayed = w - s.lr * s.weight_decay * w;
    return static_cast<double>(decayed - s.lr * mean / (std::sqrt(square) + s.eps));
  }
};

struct SgdByTheBook {
  Sgd s;
  long double b = 0;

  double step(double w, double gradient, int t) {
    const long double g = gradient + static_cast<long double>(s.weight_decay) * w;
    const bool dampened = t > 1 && s.momentum != 0;
    b = s.momentum * b + (dampened ? 1 - s.dampening : 1) * g;
    return static_cast<double>(w - s.lr * (s.nesterov ? g + s.momentum * b : b));
  }
};

// Zero, sizes about eps and far from it, and signs that change.
float gradient_at(std::size_t i, int step) {
  constexpr float kSizes[] = {0, 1e-12F, 1e-9F, 1e-8F, 1e-7F, 1e-3F, 1, 100};
  const float size = kSizes[i % std::size(kSizes)];
  const bool flips = i / std::size(kSizes) % 2 != 0;
  const float wave = 1 + 0.25F * static_cast<float>((step * 7 + static_cast<int>(i)) % 5);
  return size * wave * (flips && step % 3 == 0 ? -1.0F : 1.0F);
}

// With inputs of 1 in one row, every column's weight and bias get that column's dy as gradient.
struct Probe {
  static constexpr int kIn = 2;
  static constexpr int kOut = 69;
  std::vector<float> x = std::vector<float>(kIn, 1);
  Sequential net = Sequential({Linear{kIn, kOut}});

  Probe() { testing::randomize(net, 3); }

  void backward(int step) {
    std::vector<float> dy(kOut);
    for (std::size_t i = 0; i < dy.size(); ++i) dy[i] = gradient_at(i, step);
    net.forward(x);
    net.backward(dy);
  }
};

// `tolerance(w, g)`: how far a step may round from the formula for a weight w, a gradient g.
template <class ByTheBook, class Settings, class Tolerance>
void expect_by_the_book(const Settings& settings, Tolerance&& tolerance) {
  Probe probe;
  Optimizer optimizer(settings, probe.net);
  auto want = testing::in_double(testing::parameters(probe.net));
  std::vector<ByTheBook> rules(want.size(), ByTheBook{settings});
  std::vector<double> allowed(want.size());
  for (int step = 1; step <= kSteps; ++step) {
    probe.backward(step);
    optimizer.step(probe.net);
    const auto got = testing::parameters(probe.net);
    for (std::size_t i = 0; i < want.size(); ++i) {
      const float g = gradient_at(i % Probe::kOut, step);
      allowed[i] += tolerance(want[i], std::fabs(g));
      want[i] = rules[i].step(want[i], g, step);
      ASSERT_NEAR(got[i], want[i], allowed[i]) << "step " << step << ", parameter " << i;
    }
  }
}

TEST(Probe, GivesTheGradientsThatItPromises) {
  Probe probe;
  probe.backward(3);
  const auto got = testing::gradients(probe.net);
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i], gradient_at(i % Probe::kOut, 3));
}

// A step rounds w once; its length, lr times at most about 5 (m by the root of v), is off by some
// ten roundings: of the constants, of m, v, the root, the product and the quotient.
TEST(Adam, IsByTheBook) {
  for (const Adam& s : {Adam{}, Adam{.lr = 0.05, .eps = 1e-7},
                        Adam{.lr = 0.01, .beta1 = 0.5, .beta2 = 0.9, .eps = 1e-3},
                        Adam{.beta1 = 0, .beta2 = 0}, Adam{.lr = 0.01, .weight_decay = 0.1}}) {
    expect_by_the_book<AdamByTheBook>(
        s, [&](double w, double) { return kUlp * (std::fabs(w) + 50 * s.lr); });
  }
}

TEST(AdamW, IsByTheBook) {
  for (const AdamW& s : {AdamW{}, AdamW{.lr = 0.05, .eps = 1e-7, .weight_decay = 0.1},
                         AdamW{.lr = 0.01, .beta1 = 0.5, .beta2 = 0.9, .weight_decay = 0.5},
                         AdamW{.beta1 = 0, .beta2 = 0}, AdamW{.lr = 0.01, .weight_decay = 0}}) {
    expect_by_the_book<AdamWByTheBook>(
        s, [&](double w, double) { return kUlp * (std::fabs(w) + 50 * s.lr); });
  }
}

TEST(AdamW, WithoutDecayHasTheBitsOfAdam) {
  const auto trained = [](const Rule& rule) {
    Probe probe;
    Optimizer optimizer(rule, probe.net);
    for (int step = 1; step <= kSteps; ++step) {
      probe.backward(step);
      optimizer.step(probe.net);
    }
    return bits(testing::parameters(probe.net));
  };
  EXPECT_EQ(trained(AdamW{.weight_decay = 0}), trained(Adam{}));
  EXPECT_NE(trained(AdamW{}), trained(Adam{}));
}

// 1 - lr * weight_decay as a float32 would be off by a hundredth of the decay.
TEST(AdamW, ASmallDecayIsExact) {
  AdamStep step = {0.9F, 0.1F, 0.999F, 0.001F, 1e-3F, 1, 1e-8F, 0};
  step.decay = 1e-6F;
  for (const float w : {1.0F, -0.7F, 123.0F, 1e-20F}) {
    float got = w, m = 0, v = 0, g = 0;
    for (int i = 0; i < 3; ++i) {
      const auto want = static_cast<double>(got) * (1 - static_cast<double>(step.decay));
      adam_update(step, {&got, &m, &v, &g, 1});
      EXPECT_NEAR(got, want, std::fabs(want) * kUlp);
    }
  }
}

// A step rounds w once, and the momentum, at most 1 / (1 - momentum) gradients, twice a step.
TEST(Sgd, IsByTheBook) {
  for (const Sgd& s :
       {Sgd{}, Sgd{.lr = 0.1}, Sgd{.lr = 0.05, .momentum = 0.9},
        Sgd{.lr = 0.05, .weight_decay = 0.1},
        Sgd{.lr = 0.02, .momentum = 0.5, .weight_decay = 0.01},
        Sgd{.lr = 0.02, .momentum = 0.5, .weight_decay = 0.01, .dampening = 0.3},
        Sgd{.lr = 0.1, .dampening = 0.9}, Sgd{.lr = 0.05, .momentum = 0.9, .nesterov = true},
        Sgd{.lr = 0.02, .momentum = 0.5, .weight_decay = 0.1, .nesterov = true}}) {
    const double reach = s.lr / (1 - s.momentum);
    expect_by_the_book<SgdByTheBook>(s, [&](double w, double g) {
      return kUlp * (std::fabs(w) + 4 * reach * (2 * g + std::fabs(w)));
    });
  }
}

TEST(Optimizer, LeavesParametersWithoutGradientAlone) {
  for (const Rule& rule :
       {Rule(Adam{}), Rule(AdamW{.weight_decay = 0}), Rule(Sgd{.momentum = 0.9})}) {
    Probe probe;
    Optimizer optimizer(rule, probe.net);
    const auto before = testing::parameters(probe.net);
    probe.backward(1);
    optimizer.step(probe.net);
    const auto after = testing::parameters(probe.net);
    for (std::size_t i = 0; i < before.size(); ++i) {
      const float g = std::fabs(gradient_at(i % Probe::kOut, 1));
      // SGD loses a step of 1e-12 in rounding.
      if (g > 0 && g < 1e-3F) continue;
      EXPECT_EQ(after[i] == before[i], g == 0) << i;
    }
  }
}

// Without gradients, moments shrink. None becomes a subnormal number, and the last step of 3,000 is
// that of a moment of 0.
TEST(Moments, EndAtZero) {
  constexpr std::size_t kCount = 37;
  std::vector<float> w(kCount, 0.5F), m(kCount), v(kCount), g(kCount);
  const AdamStep adam = {0.9F, 0.1F, 0.99F, 0.01F, 1e-3F, 1, 1e-8F, 0};
  const SgdStep sgd = {0.1F, 0.9F, 0};
  const UpdateBlock block = {w.data(), m.data(), v.data(), g.data(), kCount};
  const auto is_plain = [](float x) { return x == 0 || std::isnormal(x); };
  for (const bool by_adam : {true, false}) {
    for (std::size_t i = 0; i < kCount; ++i) {
      m[i] = gradient_at(i, 1);
      v[i] = m[i] * m[i];
    }
    for (int step = 0; step < 12'000; ++step) {
      if (by_adam) {
        adam_update(adam, block);
      } else {
        sgd_update(sgd, block);
      }
      ASSERT_TRUE(std::ranges::all_of(m, is_plain)) << step;
      ASSERT_TRUE(!by_adam || std::ranges::all_of(v, is_plain)) << step;
    }
    EXPECT_EQ(m, std::vector<float>(kCount)) << by_adam;
    if (by_adam) {
      EXPECT_EQ(v, std::vector<float>(kCount));
    }
  }
}

// Only what would be subnormal: 0.9 times the moment.
TEST(Moments, ThatAreNormalStay) {
  for (const float moment : {0x1p-126F, 0x1p-125F, -0x1p-126F, -0x1p-90F}) {
    float w = 1e-6F, m = moment, v = 0, g = 0;
    adam_update({0.9F, 0.1F, 0.999F, 0.001F, 1, 1, 1e-8F, 0}, {&w, &m, &v, &g, 1});
    EXPECT_EQ(w, 1e-6F);
    EXPECT_EQ(m, std::fabs(moment) > 0x1p-126F ? 0.9F * moment : 0);
  }
}

TEST(Optimizer, GoesOnAfterAMove) {
  const auto run = [](bool with_move) {
    Probe probe;
    Optimizer optimizer(Adam{}, probe.net);
    for (int step = 1; step <= 3; ++step) {
      probe.backward(step);
      optimizer.step(probe.net);
      if (with_move) {
        Optimizer other = std::move(optimizer);
        optimizer = std::move(other);
      }
    }
    return bits(testing::parameters(probe.net));
  };
  EXPECT_EQ(run(true), run(false));
}

std::string refusal(const Rule& rule) {
  const Sequential net({Linear{2, 3}});
  return message([&] { const Optimizer optimizer(rule, net); });
}

TEST(Adam, RefusesImpossibleSettings) {
  EXPECT_EQ(refusal(Adam{.lr = 0}), "[adam] lr must be finite and positive, got 0");
  EXPECT_EQ(refusal(Adam{.lr = -1}), "[adam] lr must be finite and positive, got -1");
  EXPECT_EQ(refusal(Adam{.lr = kNan}), "[adam] lr must be finite and positive, got nan");
  EXPECT_EQ(refusal(Adam{.lr = kInf}), "[adam] lr must be finite and positive, got inf");
  EXPECT_EQ(refusal(Adam{.beta1 = 1}), "[adam] beta1 must be in [0, 1), got 1");
  EXPECT_EQ(refusal(Adam{.beta1 = -0.1}), "[adam] beta1 must be in [0, 1), got -0.1");
  EXPECT_EQ(refusal(Adam{.beta2 = 1}), "[adam] beta2 must be in [0, 1), got 1");
  EXPECT_EQ(refusal(Adam{.beta2 = kNan}), "[adam] beta2 must be in [0, 1), got nan");
  EXPECT_EQ(refusal(Adam{.eps = 0}), "[adam] eps must be finite and positive, got 0");
  EXPECT_EQ(refusal(Adam{.weight_decay = -1}),
            "[adam] weight_decay must be finite and not negative, got -1");
}

TEST(AdamW, RefusesImpossibleSettings) {
  EXPECT_EQ(refusal(AdamW{.lr = 0}), "[adamw] lr must be finite and positive, got 0");
  EXPECT_EQ(refusal(AdamW{.beta1 = 1}), "[adamw] beta1 must be in [0, 1), got 1");
  EXPECT_EQ(refusal(AdamW{.beta2 = -1}), "[adamw] beta2 must be in [0, 1), got -1");
  EXPECT_EQ(refusal(AdamW{.eps = 0}), "[adamw] eps must be finite and positive, got 0");
  EXPECT_EQ(refusal(AdamW{.weight_decay = -1}),
            "[adamw] weight_decay must be finite and not negative, got -1");
}

TEST(Sgd, RefusesImpossibleSettings) {
  EXPECT_EQ(refusal(Sgd{.dampening = kInf}), "[sgd] dampening must be finite, got inf");
  EXPECT_EQ(refusal(Sgd{.nesterov = true}),
            "[sgd] nesterov needs a momentum above 0 and a dampening of 0, got 0 and 0");
  EXPECT_EQ(refusal(Sgd{.momentum = 0.9, .dampening = 0.5, .nesterov = true}),
            "[sgd] nesterov needs a momentum above 0 and a dampening of 0, got 0.9 and 0.5");
  EXPECT_EQ(refusal(Sgd{.lr = 0}), "[sgd] lr must be finite and positive, got 0");
  EXPECT_EQ(refusal(Sgd{.lr = kNan}), "[sgd] lr must be finite and positive, got nan");
  EXPECT_EQ(refusal(Sgd{.momentum = -0.5}),
            "[sgd] momentum must be finite and not negative, got -0.5");
  EXPECT_EQ(refusal(Sgd{.momentum = kInf}),
            "[sgd] momentum must be finite and not negative, got inf");
  EXPECT_EQ(refusal(Sgd{.weight_decay = kNan}),
            "[sgd] weight_decay must be finite and not negative, got nan");
}

// What float32 makes 0, inf or 1 of.
TEST(Optimizer, RefusesSettingsThatFloat32Breaks) {
  EXPECT_EQ(refusal(Adam{.eps = 1e-50}),
            "[adam] eps must be finite and positive, got 1e-50 (0 as float32)");
  EXPECT_EQ(refusal(Sgd{.lr = 1e300}),
            "[sgd] lr must be finite and positive, got 1e+300 (inf as float32)");
  EXPECT_EQ(refusal(Adam{.beta1 = 1 - 1e-11}),
            "[adam] beta1 must be in [0, 1), got 0.99999999999 (1 as float32)");
}

TEST(Optimizer, RefusesAnotherNetwork) {
  const Sequential small({Linear{1, 1}});
  Sequential large({Linear{100, 100}});
  Optimizer optimizer(Adam{}, small);
  const std::vector<float> x(100, 1.0F);
  large.forward(x);
  const char* want = "[optimizer] was made for another network than this one";
  EXPECT_EQ(message([&] { large.backward(x, optimizer); }), want);
  EXPECT_EQ(message([&] { optimizer.step(large); }), want);
}

}  // namespace
}  // namespace actfn::nn
