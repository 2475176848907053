// SPDX-License-Identifier: Apache-2.0
// Models give what the library gives, and have the form that ONNX asks for.
#include <actfn/nn/nn.h>
#include <actfn/onnx.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "instances.h"
#include "messages.h"
#include "onnx/cases.h"
#include "onnx/graph.h"

namespace actfn::testing {
namespace {

using Names = std::vector<std::string>;

void expect_equal(const OnnxCase& c) {
  const Array y = run_model(c.model, c.x);
  ASSERT_EQ(y.values.size(), c.y.size()) << c.name;
  for (std::size_t i = 0; i < c.y.size(); ++i) {
    const double wanted = static_cast<double>(c.y[i]);
    if (std::isnan(wanted) || std::isinf(wanted)) {
      EXPECT_EQ(std::isnan(y.values[i]), std::isnan(wanted)) << c.name << ' ' << c.x.values[i];
      if (std::isinf(wanted)) {
        EXPECT_EQ(y.values[i], wanted) << c.name << ' ' << c.x.values[i];
      }
      continue;
    }
    const double error = std::abs(y.values[i] - wanted);
    EXPECT_TRUE(error <= 1e-5 * c.scale[i])
        << c.name << ", opset " << c.opset << ", element " << i << ": " << y.values[i] << ", not "
        << wanted << "; x " << c.x.values[std::min(i, c.x.values.size() - 1)];
  }
}

TEST(OnnxExport, EveryElementwiseFunction) {
  std::size_t count = 0;
  for (const Activation& f : instances()) {
    for (const OnnxCase& c : elementwise_cases(f)) expect_equal(c), ++count;
  }
  EXPECT_GT(count, 400U);
}

TEST(OnnxExport, EveryOtherFunction) {
  for (const Function& f : other_functions()) {
    for (const OnnxCase& c : function_cases(f)) expect_equal(c);
  }
}

TEST(OnnxExport, Networks) {
  for (NamedNetwork& network : networks()) {
    for (const OnnxCase& c : network_cases(network)) expect_equal(c);
  }
}

// A gate's limits forget NaN: min(NaN, limit) is the limit.
TEST(OnnxExport, NanInEitherOperandOfAGateGivesNan) {
  for (const Gate& gate : instances<Gate>()) {
    const Array x = {Array::Type::float32, {2, 2}, {NAN, 1, 1, NAN}};
    const Array y = run_model(onnx::model(gate), x);
    for (const double v : y.values) EXPECT_TRUE(std::isnan(v)) << to_string(gate);
  }
}

// Entries of -inf take no part.
TEST(OnnxExport, RowsWithMinusInfinity) {
  const Array x = {Array::Type::float32, {1, 3}, {1, -INFINITY, 0.5}};
  const std::vector<float> numbers = {1, -INFINITY, 0.5};
  for (const char* const spec : {"softmax", "sparsemax", "entmax", "entmax(alpha=1.3)",
                                 "entmax(alpha=3)", "softmax1", "hardmax"}) {
    std::vector<float> y(3);
    forward(parse_row_activation(spec), {numbers, {1, 3}}, -1, {y, {1, 3}});
    const Array got = run_model(onnx::model(parse_function(spec)), x);
    for (std::size_t i = 0; i < y.size(); ++i) {
      EXPECT_NEAR(got.values[i], static_cast<double>(y[i]), 1e-6) << spec;
    }
  }
}

TEST(OnnxExport, AModelSaysWhatItIs) {
  const ModelForm form = form_of(onnx::model(parse_function("elu(alpha=2)"), {.opset = 19}));
  EXPECT_EQ(form.producer, "actfn");
  EXPECT_EQ(form.name, "elu");
  EXPECT_EQ(form.about, "elu(alpha=2)");
  EXPECT_EQ(form.opset, 19);
  EXPECT_EQ(form.ir_version, 8);
  EXPECT_EQ(form.x_shape, (Names{"N", "C"}));
  EXPECT_EQ(form.y_shape, (Names{"N", "C"}));
  EXPECT_EQ(form_of(onnx::model(Swiglu{})).y_shape, (Names{"N", "D"}));
  EXPECT_EQ(form_of(onnx::model(Logsumexp{})).y_shape, (Names{"N", "1"}));
}

Names operators(const Function& f, int opset) {
  return form_of(onnx::model(f, {.opset = opset})).operators;
}

TEST(OnnxExport, AnOperatorOfItsOwnFromItsOpsetOn) {
  EXPECT_EQ(operators(Mish{}, 18), (Names{"Mish"}));
  EXPECT_EQ(operators(Mish{}, 17), (Names{"Softplus", "Tanh", "Mul"}));
  EXPECT_EQ(operators(Gelu{}, 20), (Names{"Gelu"}));
  EXPECT_EQ(operators(Silu{}, 24), (Names{"Swish"}));
  EXPECT_EQ(operators(Silu{}, 23), (Names{"Sigmoid", "Mul"}));
  EXPECT_EQ(operators(Hardswish{}, 17), (Names{"HardSwish"}));
  EXPECT_EQ(operators(Identity{}, 17), (Names{"Identity"}));
  EXPECT_EQ(operators(Gated(Mish{}), 18), (Names{"Split", "Mish", "Mul"}));
  EXPECT_EQ(operators(Glu{}, 17), (Names{"Split", "Sigmoid", "Mul"}));
}

TEST(OnnxExport, NetworksHaveTheirWeightsByName) {
  nn::Sequential network(nn::parse_network("linear(4,8)+prelu+linear(8,3)"));
  const ModelForm form = form_of(nn::to_onnx(network));
  EXPECT_EQ(form.operators, (Names{"Gemm", "PRelu", "Gemm"}));
  EXPECT_EQ(form.initializers, (Names{"0.weight", "0.bias", "1.weight", "2.weight", "2.bias"}));
  EXPECT_EQ(form.name, "sequential");
  EXPECT_EQ(form.about, nn::to_string(network.layers()));
  EXPECT_EQ(form.x_shape, (Names{"N", "4"}));
  EXPECT_EQ(form.y_shape, (Names{"N", "3"}));
}

TEST(OnnxExport, Errors) {
  EXPECT_EQ(message([] { onnx::model(Gelu{}, {.opset = 9}); }),
            "[onnx] opset must be from 17 to 24, got 9");
  EXPECT_EQ(message([] { onnx::model(Gelu{}, {.opset = 25}); }),
            "[onnx] opset must be from 17 to 24, got 25");
  EXPECT_EQ(message([] { onnx::model(Elu{.alpha = NAN}); }), "[elu] alpha must be finite, got nan");
  nn::Sequential network(nn::parse_network("linear(4,8)+learnable(swish)"));
  EXPECT_EQ(message([&] { nn::to_onnx(network, {.opset = 16}); }),
            "[onnx] opset must be from 17 to 24, got 16");
  network.learned()[0].values[0] = INFINITY;
  EXPECT_EQ(message([&] { nn::to_onnx(network); }),
            "[onnx] layer 1, learnable(swish), has a parameter that is not finite");
}

TEST(OnnxExport, ImagesAndSequences) {
  for (NamedNetwork& network : image_networks()) {
    for (const OnnxCase& c : network_cases(network)) expect_equal(c);
  }
}

TEST(OnnxExport, ImagesAndSequencesHaveTheOperators) {
  std::vector<Names> all;
  for (NamedNetwork& network : image_networks()) {
    all.push_back(form_of(nn::to_onnx(network.network, {.opset = 20})).operators);
  }
  EXPECT_EQ(
      all, (std::vector<Names>{
               {"Conv", "Relu", "MaxPool", "Conv", "Mish", "AveragePool", "Reshape", "Gemm"},
               {"Conv", "BatchNormalization", "PRelu", "Transpose", "Split", "Sigmoid", "Mul",
                "Mul", "Transpose", "AveragePool", "Reshape"},
               {"ConvTranspose", "Transpose", "ReduceMax", "Sub", "Softmax", "Transpose", "MaxPool",
                "AveragePool"},
               {"Conv", "BatchNormalization", "Reshape", "Gemm"},
               {"Add",
                "Add",
                "LayerNormalization",
                "Mul",
                "ReduceMean",
                "Add",
                "Sqrt",
                "Div",
                "Mul",
                "Transpose",
                "MatMul",
                "Add",
                "Gelu",
                "Transpose",
                "MatMul",
                "Add",
                "Add",
                "Reshape",
                "ReduceMax",
                "ReduceMax",
                "Sub",
                "Shape",
                "TopK",
                "Shape",
                "ConstantOfShape",
                "Add",
                "CumSum",
                "CumSum",
                "Mul",
                "Add",
                "Less",
                "Cast",
                "ReduceSum",
                "Where",
                "ReduceSum",
                "Sub",
                "Div",
                "Sub",
                "Relu"},
               {"Cast", "Gather", "Transpose", "MatMul", "Add", "Transpose", "MatMul", "Add",
                "Concat", "Split", "Sigmoid", "Mul", "Mul", "LayerNormalization", "Reshape"}}));
  const ModelForm form = form_of(nn::to_onnx(image_networks()[0].network));
  EXPECT_EQ(form.x_shape, (Names{"N", "1", "12", "12"}));
  EXPECT_EQ(form.y_shape, (Names{"N", "3"}));
}

TEST(OnnxExport, Attention) {
  for (NamedNetwork& network : attention_networks()) {
    for (const OnnxCase& c : network_cases(network)) expect_equal(c);
  }
  const nn::SelfAttention layer = {
      .embed_dim = 4, .num_heads = 2, .is_causal = true, .sinks = true};
  nn::Sequential network({3, 4}, layer);
  const Names names = form_of(nn::to_onnx(network)).initializers;
  for (const char* const name : {"0.in_proj_weight", "0.in_proj_bias", "0.sinks", "0.mask",
                                 "0.out_proj.weight", "0.out_proj.bias"}) {
    EXPECT_EQ(std::ranges::count(names, name), 1) << name;
  }
}

TEST(OnnxExport, StoresEqualMasksOnce) {
  const nn::SelfAttention causal = {.embed_dim = 4, .num_heads = 2, .is_causal = true};
  nn::SelfAttention other = causal;
  other.window = nn::Window{.diagonal = nn::Diagonal::top_left, .left = 1, .right = 0};
  nn::Sequential network({3, 4}, causal, causal, other, causal);
  const auto names = form_of(nn::to_onnx(network)).initializers;
  for (const auto& [name, count] :
       {std::pair{"0.mask", 1}, {"1.mask", 0}, {"2.mask", 1}, {"3.mask", 0}}) {
    EXPECT_EQ(std::ranges::count(names, name), count) << name;
  }
  // Learned numbers have names of their own, whatever they are.
  EXPECT_EQ(std::ranges::count(names, "0.in_proj_bias"), 1);
  EXPECT_EQ(std::ranges::count(names, "1.in_proj_bias"), 1);
}

template <class L>
std::string refusal(const Shape& in, const L& layer) {
  nn::Sequential network(in, layer);
  return message([&] { nn::to_onnx(network); });
}

TEST(OnnxExport, LayersThatCannotBeExported) {
  EXPECT_EQ(refusal({4, 3}, nn::Rnn{3, 2}),
            "[onnx] layer 0, rnn(input_size=3,hidden_size=2), cannot be exported");
  EXPECT_EQ(refusal({1, 5, 5}, nn::MaxPool2d{.kernel_size = 2, .ceil_mode = true}),
            "[onnx] layer 0, max_pool2d(kernel_size=2,ceil_mode=true), cannot be exported with "
            "ceil_mode");
  EXPECT_EQ(refusal({1, 5, 5}, nn::AvgPool2d{.kernel_size = 2, .ceil_mode = true}),
            "[onnx] layer 0, avg_pool2d(kernel_size=2,ceil_mode=true), cannot be exported with "
            "ceil_mode");
  EXPECT_EQ(refusal({1, 5, 5}, nn::AvgPool2d{.kernel_size = 2, .divisor_override = 3}),
            "[onnx] layer 0, avg_pool2d(kernel_size=2,divisor_override=3), cannot be exported with "
            "divisor_override");
  EXPECT_EQ(refusal({1, 5, 5}, nn::AdaptiveAvgPool2d{2}),
            "[onnx] layer 0, adaptive_avg_pool2d(output_size=2), cannot be exported where its "
            "windows differ in size");
  EXPECT_EQ(refusal({3, 4}, nn::RmsNorm{{3, 4}}),
            "[onnx] layer 0, rms_norm(normalized_shape=3x4), cannot be exported over several "
            "dimensions");
}

TEST(OnnxExport, WeightsThatAreTooMany) {
  onnx::Graph graph("f", "f", 17);
  const float one = 1;
  const std::span<const float> many(&one, std::size_t{1} << 30U);  // not read
  EXPECT_EQ(message([&] { graph.weights("0.weight", {}, many); }),
            "[onnx] 0.weight brings the weights to 4294967296 bytes: a model has room for "
            "2146435072");
  const std::span<const float> most(&one, std::size_t{1} << 62U);
  EXPECT_EQ(message([&] { graph.weights("w", {}, most); }),
            "[onnx] w brings the weights to 18446744073709551615 bytes: a model has room for "
            "2146435072");
}

}  // namespace
}  // namespace actfn::testing
