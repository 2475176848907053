// SPDX-License-Identifier: Apache-2.0
// Parameters by name: what a Sequential gives, and an Optimizer that updates them.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>

#include "messages.h"
#include "nn_reference.h"

namespace actfn::nn {
namespace {

using testing::bits;
using testing::message;

std::vector<Layer> layers() {
  return {Linear{5, 8},
          Function(parse_function("prelu")),
          Linear{8, 6},
          Gelu{},
          Function(parse_function("learnable(swish)")),
          Linear{6, 3}};
}

struct Batch {
  std::vector<float> x = testing::uniform(7 * 5, 1, 1);
  std::vector<std::uint32_t> labels = testing::some_labels(7, 3, 2);
  std::vector<float> gradient = std::vector<float>(7 * 3);

  void backward(Sequential& net) {
    cross_entropy(net.forward(x), labels, gradient);
    net.backward(gradient);
  }
};

TEST(Parameters, OfASequentialHavePyTorchsNamesAndShapes) {
  Sequential net(layers());
  const std::map<std::string, Shape> want = {
      {"0.weight", {8, 5}}, {"0.bias", {8}},   {"1.weight", {1}},    {"2.weight", {6, 8}},
      {"2.bias", {6}},      {"4.values", {1}}, {"5.weight", {3, 6}}, {"5.bias", {3}}};
  const auto parameters = net.parameters();
  ASSERT_EQ(parameters.size(), want.size());
  EXPECT_EQ(parameters[0].name, "0.weight");
  EXPECT_EQ(parameters[2].name, "1.weight");
  EXPECT_EQ(parameters[7].name, "5.bias");
  std::size_t count = 0;
  for (const Parameter& p : parameters) {
    ASSERT_TRUE(want.contains(p.name)) << p.name;
    EXPECT_EQ(p.shape, want.at(p.name)) << p.name;
    EXPECT_EQ(p.values.size(), p.gradients.size());
    EXPECT_EQ(p.transposed, p.shape.count() == 2) << p.name;
    EXPECT_EQ(p.decayed, p.name != "1.weight" && p.name != "4.values") << p.name;
    count += p.values.size();
  }
  EXPECT_EQ(count, net.parameter_count());
}

TEST(Parameters, OfASequentialAreThoseOfItsViews) {
  Sequential net(layers());
  net.initialize(Init::he_normal, 1);
  Batch().backward(net);
  const auto parameters = net.parameters();
  const auto linears = net.linears();
  const auto learned = net.learned();
  const std::size_t weights[] = {0, 3, 6};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(parameters[weights[i]].values.data(), linears[i].weight.data());
    EXPECT_EQ(parameters[weights[i]].gradients.data(), linears[i].weight_gradient.data());
    EXPECT_EQ(parameters[weights[i] + 1].values.data(), linears[i].bias.data());
    EXPECT_EQ(parameters[weights[i] + 1].gradients.data(), linears[i].bias_gradient.data());
  }
  EXPECT_EQ(parameters[2].values.data(), learned[0].values.data());
  EXPECT_EQ(parameters[5].gradients.data(), learned[1].gradients.data());
  const Sequential moved = std::move(net);
  EXPECT_EQ(parameters[0].values[0], linears[0].weight[0]);
}

const UpdateRule kRules[] = {
    Adam{.lr = 0.01, .weight_decay = 0.1}, AdamW{.lr = 0.01, .weight_decay = 0.1},
    Sgd{.lr = 0.1, .momentum = 0.9, .weight_decay = 0.1},
    Sgd{.lr = 0.1, .momentum = 0.9, .weight_decay = 0.1, .nesterov = true}};

// Of 20 steps of the network itself, of its parameters, and of these in another order.
TEST(Parameters, AreUpdatedAsByTheNetwork) {
  for (const UpdateRule& rule : kRules) {
    const auto trained = [&](int way) {
      Sequential net(layers());
      net.initialize(Init::he_normal, 1);
      auto parameters = net.parameters();
      if (way == 2) std::ranges::reverse(parameters);
      Optimizer of_network(rule, net);
      Optimizer of_parameters(rule, parameters);
      Batch batch;
      for (int step = 0; step < 20; ++step) {
        batch.backward(net);
        if (way == 0) {
          of_network.step(net);
        } else {
          of_parameters.step(parameters);
        }
      }
      return bits(testing::parameters(net));
    };
    EXPECT_EQ(trained(1), trained(0)) << rule.index();
    EXPECT_EQ(trained(2), trained(0)) << rule.index();
  }
}

TEST(Parameters, DecayOnlyWhereTheySaySo) {
  std::vector<float> weight = {1, 2}, scale = {1, 2}, zero(2), none(2);
  const std::vector<Parameter> parameters = {{"weight", {2}, weight, zero},
                                             {"scale", {2}, scale, none, false}};
  Optimizer optimizer(AdamW{.lr = 0.5, .weight_decay = 0.5}, parameters);
  optimizer.step(parameters);
  EXPECT_EQ(weight, (std::vector<float>{0.75F, 1.5F}));
  EXPECT_EQ(scale, (std::vector<float>{1, 2}));
}

TEST(Parameters, OfOtherSizesAreRefusedAndStay) {
  std::vector<float> a(3, 1), b(2, 1), grad_a(3, 1), grad_b(2, 1);
  const std::vector<Parameter> both = {{"a", {3}, a, grad_a}, {"b", {2}, b, grad_b}};
  const std::vector<Parameter> turned = {both[1], both[0]};
  const std::vector<Parameter> broken = {{"a", {3}, a, grad_b}, both[1]};
  Optimizer optimizer(Sgd{}, both);
  const char* want = "[optimizer] was made for other parameters than these";
  for (const auto& others : {turned, {both[0]}, broken, {}}) {
    EXPECT_EQ(message([&, others = others] { optimizer.step(others); }), want);
  }
  EXPECT_EQ(message([&] { const Optimizer other(Sgd{}, broken); }),
            "[optimizer] a has 3 values and 2 gradients");
  EXPECT_EQ(message([&] { const Optimizer other(Sgd{.lr = -1}, both); }),
            "[sgd] lr must be finite and positive, got -1");
  EXPECT_EQ(a, std::vector<float>(3, 1));
  EXPECT_EQ(b, std::vector<float>(2, 1));
}

TEST(Parameters, ANetworkTakesNoOptimizerOfParameters) {
  Sequential net({Linear{2, 3}});
  const auto parameters = net.parameters();
  Optimizer of_parameters(Sgd{}, parameters);
  Optimizer of_network(Sgd{}, net);
  EXPECT_EQ(message([&] { of_parameters.step(net); }),
            "[optimizer] was made for another network than this one");
  EXPECT_EQ(message([&] { of_network.step(parameters); }),
            "[optimizer] was made for other parameters than these");
}

// One rate after the other, in one call or two.
TEST(SetLr, IsThatOfTheNextSteps) {
  for (const UpdateRule& rule : kRules) {
    const auto trained = [&](bool fused) {
      Sequential net(layers());
      net.initialize(Init::he_normal, 1);
      Optimizer optimizer(rule, net);
      Batch batch;
      for (const double lr : {0.1, 0.0, 0.02, 1e-4}) {
        const auto before = bits(testing::parameters(net));
        optimizer.set_lr(lr);
        EXPECT_EQ(optimizer.lr(), lr);
        batch.backward(net);
        if (fused) {
          net.backward(batch.gradient, optimizer);
        } else {
          optimizer.step(net);
        }
        EXPECT_EQ(bits(testing::parameters(net)) == before, lr == 0);
      }
      return bits(testing::parameters(net));
    };
    EXPECT_EQ(trained(true), trained(false)) << rule.index();
  }
}

TEST(SetLr, OfTheFirstStepIsThatOfTheRule) {
  const auto trained = [](double made, double set) {
    Sequential net(layers());
    net.initialize(Init::he_normal, 1);
    Optimizer optimizer(AdamW{.lr = made, .weight_decay = 0.1}, net);
    optimizer.set_lr(set);
    Batch batch;
    batch.backward(net);
    optimizer.step(net);
    return bits(testing::parameters(net));
  };
  EXPECT_EQ(trained(1, 0.03), trained(0.03, 0.03));
  EXPECT_NE(trained(1, 0.03), trained(1, 0.04));
}

TEST(SetLr, RefusesWhatIsNoLearningRate) {
  std::vector<float> w(1), g(1);
  const std::vector<Parameter> one = {{"w", {1}, w, g}};
  for (const auto& [rule, name] :
       {std::pair(UpdateRule(Adam{}), "adam"), std::pair(UpdateRule(AdamW{}), "adamw"),
        std::pair(UpdateRule(Sgd{}), "sgd")}) {
    Optimizer optimizer(rule, one);
    const double before = optimizer.lr();
    const std::string start =
        std::string("[") + name + "] lr must be finite and not negative, got ";
    EXPECT_EQ(message([&] { optimizer.set_lr(-1); }), start + "-1");
    EXPECT_EQ(message([&] { optimizer.set_lr(NAN); }), start + "nan");
    EXPECT_EQ(message([&] { optimizer.set_lr(1e39); }), start + "1e+39 (inf as float32)");
    EXPECT_EQ(optimizer.lr(), before);
  }
}

}  // namespace
}  // namespace actfn::nn
