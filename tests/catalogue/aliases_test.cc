// SPDX-License-Identifier: Apache-2.0
// The names of other frameworks: what they mean here, and values that the frameworks gave.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "messages.h"

namespace actfn {
namespace {

using testing::message;

std::string parsed(std::string_view spec) {
  return message([&] { (void)parse_function(spec); });
}

std::string meaning(std::string_view spec) { return to_string(parse_function(spec)); }

// As the parser compares names.
std::string plain(std::string_view name) {
  std::string all;
  for (const char c : name) {
    if (c != '_' && c != '-') all.push_back(static_cast<char>(std::tolower(c)));
  }
  return all;
}

TEST(Aliases, AreSortedAndMeanOneThingEach) {
  EXPECT_TRUE(std::ranges::is_sorted(aliases(), {}, &Alias::name));
  std::set<std::string> names;
  for (const FunctionInfo& f : catalogue()) names.insert(plain(f.name));
  for (const Alias& alias : aliases()) {
    EXPECT_TRUE(names.insert(plain(alias.name)).second) << alias.name;
  }
}

TEST(Aliases, AreDescribed) {
  for (const Alias& alias : aliases()) {
    EXPECT_FALSE(alias.formula.empty()) << alias.name;
    EXPECT_FALSE(alias.users.empty()) << alias.name;
    if (alias.function.empty()) continue;
    const bool gate = info(parse_function(alias.function)).kind == Kind::gate;
    EXPECT_EQ(gate, !alias.layout.empty()) << alias.name;
  }
}

TEST(Aliases, AreReadAsTheirFunction) {
  for (const Alias& alias : aliases()) {
    if (alias.function.empty()) continue;
    EXPECT_EQ(meaning(alias.function), alias.function) << alias.name;
    EXPECT_EQ(meaning(alias.name), alias.function) << alias.name;
    std::string shouted(alias.name);
    if (shouted.find('.') == std::string::npos) {
      std::ranges::transform(shouted, shouted.begin(),
                             [](char c) { return static_cast<char>(std::toupper(c)); });
      EXPECT_EQ(meaning(shouted), alias.function) << shouted;
    }
  }
}

TEST(Aliases, AreRefusedWithTheirFormula) {
  int refused = 0;
  for (const Alias& alias : aliases()) {
    if (!alias.function.empty()) continue;
    ++refused;
    const std::string start = "[parse] " + std::string(alias.name) + " is " +
                              std::string(alias.formula) + ": no function";
    EXPECT_TRUE(parsed(alias.name).starts_with(start)) << parsed(alias.name);
  }
  EXPECT_GT(refused, 0);
}

TEST(Aliases, TakeTheParametersOfTheirFunctionUnlessTheySetThem) {
  EXPECT_EQ(meaning("onnx.Swish(beta=2)"), "swish(beta=2)");
  EXPECT_EQ(meaning("heaviside(threshold=1)"), "step(threshold=1)");
  EXPECT_EQ(parsed("jax.nn.gelu(approximate=none)"),
            "[jax.nn.gelu] it is gelu(approximate=tanh) and takes no parameters");
}

TEST(Aliases, KeepFrameworksApart) {
  EXPECT_EQ(meaning("torch.nn.functional.gelu"), "gelu");
  EXPECT_EQ(meaning("jax.nn.gelu"), "gelu(approximate=tanh)");
  EXPECT_EQ(meaning("keras.activations.gelu"), "gelu");
  EXPECT_EQ(meaning("onnx.Gelu"), "gelu");
  EXPECT_EQ(meaning("jax.nn.leaky_relu"), "leaky_relu");
  EXPECT_EQ(meaning("tf.keras.layers.LeakyReLU"), "leaky_relu(negative_slope=0.3)");
  EXPECT_EQ(meaning("keras.activations.hard_sigmoid"), "hardsigmoid");
  EXPECT_EQ(meaning("onnx.HardSigmoid"), "hardsigmoid(slope=0.2)");
  EXPECT_EQ(meaning("flax.linen.hard_silu"), "hardswish");
  EXPECT_EQ(meaning("jax.scipy.special.logsumexp"), "logsumexp");
  EXPECT_EQ(meaning("jax.nn.logmeanexp"), "logmeanexp");
  EXPECT_EQ(meaning("tfp.math.softplus_inverse"), "softplus_inverse");
  EXPECT_EQ(meaning("SnakeBeta"), "snake_beta");
  EXPECT_TRUE(parsed("bigvgan.SnakeBeta").starts_with("[parse] bigvgan.SnakeBeta is x + sin("));
  EXPECT_TRUE(parsed("other.gelu").starts_with("[parse] unknown function 'other.gelu'"));
}

TEST(Aliases, AreProposed) {
  EXPECT_EQ(parsed("gelu_fsat"), "[parse] unknown function 'gelu_fsat'; did you mean gelu_fast?");
  EXPECT_EQ(parsed("jax.nn.gelo"),
            "[parse] unknown function 'jax.nn.gelo'; did you mean jax.nn.gelu?");
  // relu is as near as relu2.
  EXPECT_EQ(parsed("geluu("), "[parse] unknown function 'geluu'; did you mean gelu?");
  EXPECT_EQ(parsed("\n\x01("), "[parse] unknown function '\\x01'");
  EXPECT_EQ(parsed("("), "[parse] the name of a function is missing");
  EXPECT_EQ(parsed("relux"), "[parse] unknown function 'relux'; did you mean relu?");
  // No function equals gtu, so it is not proposed.
  EXPECT_EQ(parsed("gtuu"), "[parse] unknown function 'gtuu'; did you mean gelu?");
}

struct Held {
  std::string_view alias;
  std::vector<double> y;
};

// Two variants of a function differ by more than 1e-5 somewhere in the values below. The
// frameworks' constants are exact to 1e-8: 0.7978845608 in gelu_fast, 0.2 as float32 in ONNX.
constexpr double kTolerance = 1e-7;

void expect_near(const Held& held, const std::vector<double>& y) {
  ASSERT_EQ(y.size(), held.y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    EXPECT_NEAR(y[i], held.y[i], kTolerance * std::abs(held.y[i])) << held.alias << ' ' << i;
  }
}

// Computed in float64 by the frameworks' own code: transformers 5.24.0 with torch 2.15.0
// (ACT2FN[name](torch.tensor(x, dtype=torch.float64))), jax 0.10.2 (jax.nn.gelu(x) with
// JAX_ENABLE_X64=1), keras 3.15.1 on that jax (keras.activations.hard_sigmoid(x),
// keras.ops.gelu(x), keras.layers.LeakyReLU(dtype="float64")(x)) and onnx 1.23.2
// (onnx.reference.ReferenceEvaluator of a HardSigmoid node without attributes).
const std::vector<double> kX = {-4, -2.5, -1.5, -0.75, -0.25, 0.25, 0.75, 1.5, 2.5, 4};
const std::vector<double> kExact = {
    -0.00012668496733247991, -0.015524163314440398, -0.10021080190328713, -0.16997051428265114,
    -0.10032341857926907,    0.14967658142073093,   0.5800294857173488,   1.399789198096713,
    2.4844758366855597,      3.9998733150326675};
const std::vector<double> kTanhForm = {
    -7.024594819227126e-05, -0.015084266089998577, -0.10042842301976707, -0.17003944483437966,
    -0.100324649298315,     0.149675350701685,     0.5799605551656203,   1.3995715769802328,
    2.484915733910001,      3.9999297540518075};
const std::vector<double> kFast = {
    -7.024594819515784e-05, -0.015084266090273357, -0.1004284230206536, -0.17003944483495903,
    -0.10032464929840129,   0.1496753507015987,    0.5799605551650409,  1.3995715769793464,
    2.4849157339097268,     3.999929754051805};
const std::vector<double> kQuick = {
    -0.004414724139581062, -0.03498616504857008, -0.10833780155292341, -0.1636099424653622,
    -0.09880035009980583,  0.1511996499001942,   0.5863900575346379,   1.3916621984470765,
    2.46501383495143,      3.9955852758604187};
const std::vector<double> kSixth = {
    0,    0.08333333333333333, 0.25, 0.375, 0.4583333333333333, 0.5416666666666666, 0.625,
    0.75, 0.9166666666666666,  1.0};
const std::vector<double> kFifth = {0,
                                    0,
                                    0.19999999552965164,
                                    0.3499999977648258,
                                    0.44999999925494194,
                                    0.5500000007450581,
                                    0.6500000022351742,
                                    0.8000000044703484,
                                    1,
                                    1};

TEST(Aliases, HaveTheFrameworksValues) {
  const std::vector<Held> all = {
      {"gelu", kExact},
      {"gelu_python", kExact},
      {"gelu_new", kTanhForm},
      {"gelu_accurate", kTanhForm},
      {"gelu_python_tanh", kTanhForm},
      {"gelu_pytorch_tanh", kTanhForm},
      {"gelu_fast", kFast},
      {"jax.nn.gelu", kTanhForm},
      {"keras.ops.gelu", kTanhForm},
      {"quick_gelu", kQuick},
      {"gelu_fast_approx", kQuick},
      {"relu2", {0, 0, 0, 0, 0, 0.0625, 0.5625, 2.25, 6.25, 16}},
      {"keras.activations.hard_sigmoid", kSixth},
      {"onnx.HardSigmoid", kFifth},
      {"hard_silu",
       {0, -0.20833333333333331, -0.375, -0.28125, -0.11458333333333333, 0.13541666666666666,
        0.46875, 1.125, 2.2916666666666665, 4}},
      {"keras.activations.leaky_relu", {-0.8, -0.5, -0.3, -0.15, -0.05, 0.25, 0.75, 1.5, 2.5, 4}},
      {"keras.layers.LeakyReLU", {-1.2, -0.75, -0.45, -0.225, -0.075, 0.25, 0.75, 1.5, 2.5, 4}},
  };
  for (const Held& held : all) {
    std::vector<double> y(kX.size());
    forward(std::get<Activation>(parse_function(held.alias)), kX, y);
    expect_near(held, y);
  }
}

// By the formula of TensorFlow Probability's softplus_inverse, x + log(-expm1(-x)), in NumPy 2.4.6.
TEST(Aliases, HaveTheInverseOfSoftplus) {
  const std::vector<double> x(kX.begin() + 5, kX.end());
  for (const char* const alias : {"tfp.math.softplus_inverse", "softplus_inv", "inv_softplus"}) {
    std::vector<double> y(x.size());
    forward(std::get<Activation>(parse_function(alias)), x, y);
    expect_near({alias,
                 {-1.2586915494460322, 0.11064653495964605, 1.247517541074546, 2.414349516257962,
                  3.9815145531741134}},
                y);
  }
}

// By transformers 5.24.0 (eager_attention_forward of gpt-oss with sinks of 0) with torch 2.15.0.
TEST(Aliases, HaveTheRowsValues) {
  for (const char* const alias : {"softmax_one", "quiet_softmax", "softmax_off_by_one"}) {
    std::vector<double> y(kX.size());
    forward(std::get<RowActivation>(parse_function(alias)), kX, -1, y);
    expect_near(
        {alias,
         {0.0002371323112937132, 0.001062753287749038, 0.0028888629502233166, 0.006115722913614502,
          0.010083122453384392, 0.016624258463968908, 0.02740876853916218, 0.05802436345273929,
          0.15772657278148436, 0.7068814573366597}},
        y);
  }
}

// torch.logsumexp of torch 2.15.0, scipy.special.logsumexp of SciPy 1.17.1, jax.nn.logsumexp and
// jax.nn.logmeanexp of JAX 0.10.2.
TEST(Aliases, HaveTheReductionsValues) {
  const std::vector<Held> all = {{"torch.logsumexp", {4.333860768871011}},
                                 {"scipy.special.logsumexp", {4.333860768871011}},
                                 {"tf.reduce_logsumexp", {4.333860768871011}},
                                 {"jax.nn.logsumexp", {4.333860768871011}},
                                 {"jax.nn.logmeanexp", {2.031275675876965}},
                                 {"tfp.math.reduce_logmeanexp", {2.031275675876965}}};
  for (const Held& held : all) {
    std::vector<double> y(1);
    forward(std::get<RowReduction>(parse_function(held.alias)), kX, -1, y);
    expect_near(held, y);
  }
}

// By transformers 5.24.0 (GptOssExperts._apply_gate: alpha 1.702, limit 7), Megatron Core 0.16.1
// (fused_bias_geglu.geglu and quick_geglu) and vLLM 0.33.0 (forward_native of SiluAndMul,
// GeluAndMul, FatreluAndMul, SwigluStepAndMul, SwigluOAIAndMul), of these eight numbers as
// torch.float64.
const std::vector<double> kGateX = {1, -2, 0.5, 3, 8, -9, -1.5, 2.5};

TEST(Aliases, HaveTheGatesValues) {
  const std::vector<Held> all = {
      {"silu_and_mul",
       {5.848468629040039, 2.145652596398116, -0.466844498401391, 7.144305951168249}},
      {"gelu_and_mul",
       {6.730757968548344, 0.40950237506722575, -0.5185968459555098, 7.4898757647627745}},
      {"gelu_tanh_and_mul",
       {6.729535924866214, 0.40862075321002445, -0.5185710147377159, 7.490906519795567}},
      {"megatron.geglu",
       {6.7295359230734295, 0.4086207547218891, -0.5185710146078081, 7.490906519734208}},
      {"quick_geglu",
       {6.76636612746257, 0.5790723917021268, -0.5255826549095702, 7.454821725730535}},
      {"fatrelu_and_mul", {8, 0, -0.75, 7.5}},
      {"swiglustep_and_mul",
       {5.117410050410034, 1.6688409083096456, -0.466844498401391, 7.144305951168249}},
      {"swigluoai_and_mul",
       {-0.8457957659328212, 1.4015537464255206, -41.99971876981991, -0.37918230543523196}},
  };
  for (const Held& held : all) {
    const auto alias = std::ranges::find(aliases(), held.alias, &Alias::name);
    ASSERT_NE(alias, aliases().end()) << held.alias;
    GateOptions options;
    if (alias->layout == "interleaved, gate first") options.packing = Packing::interleaved;
    std::vector<double> y(held.y.size());
    forward(std::get<Gate>(parse_function(held.alias)), kGateX, -1, y, options);
    expect_near(held, y);
  }
}

// a * silu(b): vLLM's MulAndSilu.forward_native of the same numbers. swiglu equals it with the
// halves exchanged, as its alias says.
TEST(Aliases, ExchangedHalvesMakeSwigluOfMulAndSilu) {
  std::vector<double> exchanged(kGateX);
  std::ranges::rotate(exchanged, exchanged.begin() + 4);
  std::vector<double> y(4);
  forward(Gate(Swiglu{}), exchanged, -1, y);
  expect_near({"mul_and_silu",
               {7.997317198956269, 0.002221102367752171, -0.13681914285476726, 6.931063649840674}},
              y);
}

}  // namespace
}  // namespace actfn
