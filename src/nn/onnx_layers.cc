// SPDX-License-Identifier: Apache-2.0
#include "nn/onnx_layers.h"

#include "catalogue/error.h"
#include "nn/learned_parameters.h"
#include "nn/module.h"
#include "nn/onnx_attention.h"
#include "nn/sample_shape.h"
#include "nn/state_dict.h"
#include "nn/team.h"
#include "onnx/function.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <variant>

namespace actfn::nn {
namespace {

using onnx::Attribute;
using Ints = std::vector<std::int64_t>;

Ints ints(const Shape& shape) { return {shape.begin(), shape.end()}; }
Ints pair(const Size2d& size) { return {size.height, size.width}; }
Ints pads(const Size2d& size) { return {size.height, size.width, size.height, size.width}; }

Attribute number(std::string name, double value) {
  return {std::move(name), static_cast<float>(value)};
}

// One overload for each kind of layer; each gives the name of the result.
struct LayerOperators {
  const LayerGraph& to;
  const Layer& layer;
  std::string index;  // in the network: "3", or in a Residual "3.1"
  const Shape& in;
  const Shape& out;
  const std::string& x;

  std::string operator()(const Linear& /*l*/) const {
    if (in.count() == 1) {
      return add("Gemm", {x, weights("weight"), weights("bias")}, {{"transB", std::int64_t{1}}});
    }
    const std::string columns = add("Transpose", {weights("weight")}, {{"perm", Ints{1, 0}}});
    return add("Add", {add("MatMul", {x, columns}), weights("bias")});
  }

  // Functions.
  std::string operator()(const Function& f) const {
    if (const auto* const learned = std::get_if<LearnedActivation>(&f)) {
      return std::visit(*this, *learned);
    }
    const bool is_elementwise =
        std::holds_alternative<Activation>(f) || std::holds_alternative<RandomActivation>(f);
    const std::size_t rank = in.count() + 1;
    if (is_elementwise || Features(in).inner == 1) return onnx::add_function(graph(), f, x, rank);
    // The channels of an image become the last axis, and go back.
    const std::string last = add("Transpose", {x}, {{"perm", Ints{0, 2, 3, 1}}});
    const std::string y = onnx::add_function(graph(), f, last, rank);
    return add("Transpose", {y}, {{"perm", Ints{0, 3, 1, 2}}});
  }
  std::string operator()(const Prelu& /*f*/) const {
    const Parameter& p = parameter("weight");
    Ints shape = ints(p.shape);
    if (Features(in).inner > 1) shape.insert(shape.end(), {1, 1});  // along the channels
    return add("PRelu", {x, graph().weights(p.name, shape, p.values)});
  }
  std::string operator()(const Learnable& f) const {
    const Parameter& p = parameter("values");
    if (!std::ranges::all_of(p.values, [](float v) { return std::isfinite(v); })) {
      refuse("has a parameter that is not finite");
    }
    const Activation learned = LearnedParameters(f.activation).with(p.values);
    return onnx::add_function(graph(), learned, x);
  }

  // Images and sequences.
  std::string operator()(const Flatten& /*l*/) const {
    Ints shape = ints(out);
    shape.insert(shape.begin(), -1);
    return add("Reshape", {x, graph().wholes(shape)});
  }
  std::string operator()(const Conv1d& l) const {
    return convolution("Conv", l.bias,
                       {{"strides", Ints{l.stride}},
                        {"pads", Ints{l.padding, l.padding}},
                        {"dilations", Ints{l.dilation}},
                        {"group", std::int64_t{l.groups}}});
  }
  std::string operator()(const Conv2d& l) const {
    return convolution("Conv", l.bias,
                       {{"strides", pair(l.stride)},
                        {"pads", pads(l.padding)},
                        {"dilations", pair(l.dilation)},
                        {"group", std::int64_t{l.groups}}});
  }
  std::string operator()(const ConvTranspose2d& l) const {
    return convolution("ConvTranspose", l.bias,
                       {{"strides", pair(l.stride)},
                        {"pads", pads(l.padding)},
                        {"dilations", pair(l.dilation)},
                        {"output_padding", pair(l.output_padding)},
                        {"group", std::int64_t{l.groups}}});
  }
  // ONNX rounds lengths up by another rule.
  std::string operator()(const MaxPool2d& l) const {
    if (l.ceil_mode) refuse("cannot be exported with ceil_mode");
    return add("MaxPool", {x},
               {{"kernel_shape", pair(l.kernel_size)},
                {"strides", pair(l.stride.value_or(l.kernel_size))},
                {"pads", pads(l.padding)},
                {"dilations", pair(l.dilation)}});
  }
  std::string operator()(const AvgPool2d& l) const {
    if (l.ceil_mode) refuse("cannot be exported with ceil_mode");
    if (l.divisor_override) refuse("cannot be exported with divisor_override");
    return add("AveragePool", {x},
               {{"kernel_shape", pair(l.kernel_size)},
                {"strides", pair(l.stride.value_or(l.kernel_size))},
                {"pads", pads(l.padding)},
                {"count_include_pad", std::int64_t{l.count_include_pad ? 1 : 0}}});
  }
  // Windows of one size, where they divide the image.
  std::string operator()(const AdaptiveAvgPool2d& /*l*/) const {
    Ints window;
    for (const std::size_t axis : {1U, 2U}) {
      if (in[axis] % out[axis] != 0) refuse("cannot be exported where its windows differ in size");
      window.push_back(static_cast<std::int64_t>(in[axis] / out[axis]));
    }
    return add("AveragePool", {x}, {{"kernel_shape", window}, {"strides", window}});
  }

  // Norms.
  std::string operator()(const BatchNorm1d& l) const { return batch_norm(l.eps); }
  std::string operator()(const BatchNorm2d& l) const { return batch_norm(l.eps); }
  std::string operator()(const LayerNorm& l) const {
    const auto axes = static_cast<std::int64_t>(l.normalized_shape.count());
    std::vector<std::string> inputs = {x, weights_or("weight", l.normalized_shape, 1)};
    if (l.elementwise_affine && l.bias) inputs.push_back(weights("bias"));
    return add("LayerNormalization", inputs, {{"axis", -axes}, number("epsilon", l.eps)});
  }
  std::string operator()(const RmsNorm& l) const {
    if (l.normalized_shape.count() != 1) refuse("cannot be exported over several dimensions");
    const std::string mean = graph().reduce("ReduceMean", add("Mul", {x, x}));
    const double eps = l.eps.value_or(std::numeric_limits<float>::epsilon());
    const std::string root = add("Sqrt", {add("Add", {mean, graph().constant(eps)})});
    const std::string y = add("Div", {x, root});
    return l.elementwise_affine ? add("Mul", {y, weights("weight")}) : y;
  }

  // Embeddings.
  std::string operator()(const Embedding& /*l*/) const {
    const auto whole = static_cast<std::int64_t>(onnx::DataType::int64);
    return add("Gather", {weights("weight"), add("Cast", {x}, {{"to", whole}})});
  }
  std::string operator()(const PositionalEncoding& /*l*/) const {
    const auto module = make_any_module(layer, in);
    const std::vector<float> zeros(module->in_size());
    std::vector<float> codes(zeros.size());
    Team team(1);
    const Pass one = {.rows = 1, .training = false, .noise = {}, .learned = {}, .team = &team};
    module->forward(one, zeros.data(), codes.data());
    return add("Add", {x, graph().weights(index + ".codes", ints(in), codes)});
  }
  std::string operator()(const LearnedPositionalEncoding& /*l*/) const {
    const Parameter& p = parameter("weight");
    const auto rows = p.values.first(in[0] * in[1]);
    return add("Add", {x, graph().weights(p.name, ints(in), rows)});
  }

  // Layers of layers.
  std::string operator()(const Residual& l) const {
    Shape shape = in;
    return add("Add", {x, add_layers(to, l.layers, index + ".", shape, x)});
  }
  std::string operator()(const Parallel& l) const {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < l.branches.size(); ++i) {
      Shape shape = in;
      const std::string prefix = index + "." + std::to_string(i) + ".";
      all.push_back(add_layers(to, l.branches[i], prefix, shape, x));
    }
    const auto axis = static_cast<std::int64_t>(Features(out).axis + 1);
    return add("Concat", all, {{"axis", axis}});
  }
  std::string operator()(const Rnn& /*l*/) const { refuse("cannot be exported"); }
  std::string operator()(const SelfAttention& l) const {
    AttentionWeights names = {weights("in_proj_weight"), {}, {}, weights("out_proj.weight"), {}};
    if (l.bias) {
      names.in_bias = weights("in_proj_bias");
      names.out_bias = weights("out_proj.bias");
    }
    if (l.sinks) {
      const std::int64_t kv_heads = l.kv_heads.value_or(l.num_heads);
      const Parameter& p = parameter("sinks");
      const Ints shape = {kv_heads, l.num_heads / kv_heads, 1, 1};
      names.sinks = graph().weights(p.name, shape, p.values);
    }
    return add_self_attention(graph(), l, in[0], names, index + ".mask", x);
  }

 private:
  onnx::Graph& graph() const { return to.graph; }
  std::string add(std::string_view op, std::vector<std::string> inputs,
                  std::vector<Attribute> attributes = {}) const {
    return graph().add(op, std::move(inputs), std::move(attributes));
  }
  [[noreturn]] void refuse(const char* why) const {
    fail("onnx", {"layer ", index, ", ", to_string(std::span(&layer, 1)), ", ", why});
  }

  const Parameter* find(std::string_view name) const {
    const std::string full = index + "." + std::string(name);
    const auto found = std::ranges::find(to.parameters, full, &Parameter::name);
    return found == to.parameters.end() ? nullptr : &*found;
  }
  const Parameter& parameter(std::string_view name) const { return *find(name); }
  std::string weights(std::string_view name) const {
    const Parameter& p = parameter(name);
    return graph().weights(p.name, ints(p.shape), stored(p));
  }
  // Without such a parameter, `usual` in its place.
  std::string weights_or(std::string_view name, const Shape& shape, float usual) const {
    if (find(name) != nullptr) return weights(name);
    const std::vector<float> all(size_of(shape).value(), usual);
    return graph().weights(index + "." + std::string(name), ints(shape), all);
  }
  std::string convolution(std::string_view op, bool bias, std::vector<Attribute> attributes) const {
    std::vector<std::string> inputs = {x, weights("weight")};
    if (bias) inputs.push_back(weights("bias"));
    return add(op, std::move(inputs), std::move(attributes));
  }
  std::string batch_norm(double eps) const {
    const Shape channels = {in[0]};
    return add("BatchNormalization",
               {x, weights_or("weight", channels, 1), weights_or("bias", channels, 0),
                weights("running_mean"), weights("running_var")},
               {number("epsilon", eps)});
  }
};

}  // namespace

std::string add_layers(const LayerGraph& to, std::span<const Layer> layers,
                       const std::string& prefix, Shape& in, std::string x) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const Shape out = make_any_module(layers[i], in)->out();
    const std::string index = prefix + std::to_string(i);
    x = std::visit(LayerOperators{to, layers[i], index, in, out, x}, layers[i]);
    in = out;
  }
  return x;
}

}  // namespace actfn::nn
