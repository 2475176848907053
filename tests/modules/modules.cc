// SPDX-License-Identifier: Apache-2.0
#include "modules/modules.h"

#include <actfn/catalogue.h>

#include <algorithm>

namespace actfn::modules {
namespace {

constexpr std::string_view kNonlinear = "Non-linear Activations (weighted sum, nonlinearity)";
constexpr std::string_view kOther = "Non-linear Activations (other)";

Support support_of_function(const Module& module) {
  const auto same = [&](const FunctionInfo& f) { return f.name == module.cases; };
  return support_of(std::ranges::find_if(catalogue(), same)->example);
}

constexpr Module function(std::string_view name, std::string_view own,
                          std::string_view section = kNonlinear) {
  return {name, section, own, own, own, support_of_function};
}

constexpr Module kModules[] = {
    function("ELU", "elu"),
    function("Hardshrink", "hardshrink"),
    function("Hardsigmoid", "hardsigmoid"),
    function("Hardtanh", "hardtanh"),
    function("Hardswish", "hardswish"),
    function("LeakyReLU", "leaky_relu"),
    function("LogSigmoid", "log_sigmoid"),
    {"MultiheadAttention", kNonlinear, "nn::MultiheadAttention", "multihead_attention",
     "scaled_dot_product_attention",
     [](const Module&) { return support_of_multihead_attention(); }},
    function("PReLU", "prelu"),
    function("ReLU", "relu"),
    function("ReLU6", "relu6"),
    function("RReLU", "rrelu"),
    function("SELU", "selu"),
    function("CELU", "celu"),
    function("GELU", "gelu"),
    function("Sigmoid", "sigmoid"),
    function("SiLU", "silu"),
    function("Mish", "mish"),
    function("Softplus", "softplus"),
    function("Softshrink", "softshrink"),
    function("Softsign", "softsign"),
    function("Tanh", "tanh"),
    function("Tanhshrink", "tanhshrink"),
    function("Threshold", "threshold"),
    function("GLU", "glu"),
    function("Softmin", "softmin", kOther),
    function("Softmax", "softmax", kOther),
    {"Softmax2d", kOther, "softmax2d()", "softmax2d", "softmax2d",
     [](const Module&) { return support_of_softmax2d(); }},
    function("LogSoftmax", "log_softmax", kOther),
    {"AdaptiveLogSoftmaxWithLoss", kOther, "nn::AdaptiveLogSoftmaxWithLoss", "adaptive_log_softmax",
     "adaptive_log_softmax", [](const Module&) { return support_of_adaptive_log_softmax(); }},
};

constexpr ColumnText kColumnTexts[] = {
    {"value",
     "`forward()`: compared with a definition in more precision (docs/accuracy.md; "
     "tests/activations/accuracy_test.cc, "
     "tests/rows/rows_test.cc, tests/gated/gated_test.cc, tests/learned/prelu_test.cc, "
     "tests/random/noise_test.cc, tests/nn/attention_module_test.cc, "
     "tests/nn/adaptive_log_softmax_test.cc)"},
    {"backward",
     "`backward()`: gradients against derivatives or differences of the definition "
     "(tests/activations/gradients_test.cc, tests/rows/rows_gradients_test.cc, and the files "
     "above)"},
    {"double backward",
     "the gradients of `backward()` itself, for gradients of the second order (the same files)"},
    {"float32", "all of the first three columns in this type"},
    {"float64", "the same"},
    {"bfloat16", "the same, within 0.51 ulp where the function is elementwise"},
    {"float16", "the same"},
    {"in place", "an output may be an input, with the same bits (tests/api/every_layout_test.cc)"},
    {"layer",
     "a layer of `nn::Sequential`, with gradients (tests/nn/nn_layers_test.cc, "
     "tests/nn/shaped_layers_test.cc)"},
    {"ONNX node tests",
     "the tests of ONNX that it passes, and how many (docs/conformance.md; "
     "tests/conformance/onnx/counts.h)"},
    {"PyTorch cases",
     "cases in which values and gradients are compared with PyTorch's: those that are kept in "
     "tests/conformance/pytorch/cases, of which `scripts/conformance` draws thousands of others; "
     "\"drawn\": by each run of `scripts/check-pytorch`"},
    {"exported",
     "the operator that its ONNX model has, or of how many it is composed (docs/export.md; "
     "tests/onnx/onnx_export_test.cc)"},
};
static_assert(std::size(kColumnTexts) == kColumns);

constexpr std::string_view kAttention[] = {"MultiheadAttention"};
constexpr std::string_view kAdaptive[] = {"AdaptiveLogSoftmaxWithLoss"};
constexpr std::string_view kBoth[] = {"MultiheadAttention", "AdaptiveLogSoftmaxWithLoss"};
constexpr std::string_view kRrelu[] = {"RReLU"};
constexpr std::string_view kGlu[] = {"GLU"};
constexpr std::string_view kHardsigmoid[] = {"Hardsigmoid"};
constexpr std::string_view kNotOfOnnx[] = {
    "LogSigmoid", "Tanhshrink", "GLU", "Softmin", "AdaptiveLogSoftmaxWithLoss",
};
constexpr std::string_view kRelu6[] = {"ReLU6"};
constexpr std::string_view kThreshold[] = {"Threshold"};

constexpr Remark kRemarks[] = {
    {Column::double_backward, kAttention,
     "`backward()` computes the weights again, in tiles, and keeps none of them. A gradient of it "
     "would be another algorithm of this kind."},
    {Column::double_backward, kAdaptive,
     "Training needs its first gradient only. Each cluster has rows of its own, which a gradient "
     "of `backward()` would have to gather once more."},
    {Column::float64, kBoth,
     "Modules with weights train in float32, as `nn::Sequential` does: weights, gradients and "
     "optimizers have this type."},
    {Column::bfloat16, kAttention,
     "The weights are float32. `nn::scaled_dot_product_attention()` takes bfloat16 and float16."},
    {Column::float16, kAttention, "As for bfloat16."},
    {Column::bfloat16, kAdaptive, "As for float64."},
    {Column::float16, kAdaptive, "As for float64."},
    {Column::in_place, kGlu,
     "`forward()` of two tensors. From one packed tensor y has half of x's elements, so that it "
     "cannot lie in the same place.",
     true},
    {Column::in_place, kBoth, "Results lie in memory of the module."},
    {Column::layer, kAttention, "`nn::SelfAttention`: query, key and value are one tensor.", true},
    {Column::layer, kAdaptive,
     "It takes targets and gives a loss: it follows the last layer of a network "
     "(examples/adaptive_softmax.cc)."},
    {Column::onnx, kAttention, "Of `nn::scaled_dot_product_attention()`, which computes the heads.",
     true},
    {Column::onnx, kRrelu, "With lower = upper: ONNX has no random function of this kind.", true},
    {Column::onnx, kHardsigmoid, "With the slope of each test: ONNX's default is 0.2, ours 1/6.",
     true},
    {Column::onnx, kThreshold, "With the value 0, as ONNX has it.", true},
    {Column::onnx, kRelu6, "It is Clip from 0 to 6; ONNX's tests of Clip have other bounds."},
    {Column::onnx, kNotOfOnnx, "ONNX has no such operator."},
    {Column::pytorch, kRrelu, "In evaluation: PyTorch's random numbers are others.", true},
    {Column::exported, kRrelu, "As in evaluation.", true},
    {Column::exported, kAttention, "As a layer.", true},
    {Column::exported, kAdaptive, "It is no layer of `nn::Sequential`, of which models are made."},
};

constexpr Elsewhere kElsewhere[] = {
    {"arctan", "torch.atan"},
    {"exp", "torch.exp"},
    {"identity", "nn.Identity"},
    {"sine", "torch.sin"},
    {"step", "torch.heaviside"},
    {"logsumexp", "torch.logsumexp"},
    {"dropout", "nn.Dropout"},
    {"alpha_dropout", "nn.AlphaDropout"},
    {"gumbel_softmax", "nn.functional.gumbel_softmax"},
};

}  // namespace

std::span<const Module> modules() { return kModules; }
const ColumnText& text_of(Column column) { return kColumnTexts[static_cast<std::size_t>(column)]; }
std::span<const Remark> remarks() { return kRemarks; }
std::span<const Elsewhere> elsewhere() { return kElsewhere; }

}  // namespace actfn::modules
