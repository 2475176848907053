// SPDX-License-Identifier: Apache-2.0
#include <actfn/actfn.h>
#include <actfn/nn/multihead_attention.h>

#include "pytorch/case.h"

namespace actfn::pytorch {
namespace {

std::optional<std::size_t> width_of(const Json& arguments, const char* name) {
  if (arguments.at(name).is_null()) return std::nullopt;
  return arguments.at(name).get<std::size_t>();
}

nn::MultiheadAttentionSettings settings_of(const Json& a) {
  nn::MultiheadAttentionSettings s = {.embed_dim = a.at("embed_dim").get<std::size_t>(),
                                      .num_heads = a.at("num_heads").get<std::size_t>()};
  s.dropout = a.at("dropout").get<double>();
  s.bias = a.at("bias").get<bool>();
  s.add_bias_kv = a.at("add_bias_kv").get<bool>();
  s.add_zero_attn = a.at("add_zero_attn").get<bool>();
  s.kdim = width_of(a, "kdim");
  s.vdim = width_of(a, "vdim");
  s.batch_first = a.at("batch_first").get<bool>();
  return s;
}

nn::AttentionMask mask_of(const Case& given, const std::string& name) {
  if (!given.has(name)) return {};
  const Array& mask = given.input(name);
  if (mask.type() != kCode<bool>) return mask.tensor();
  return nn::MaskedOut{ConstMask(mask.as<bool>().data(), Shape(mask.shape()))};
}

Array copy_of(const ConstTensor& t) {
  Array copy = Array::zeros<float>({t.shape().begin(), t.shape().end()});
  forward(Identity{}, t, copy.tensor());
  return copy;
}

// query, key, value, dy, and masks.
Outputs run(const Case& given) {
  nn::MultiheadAttention module(settings_of(given.arguments));
  set_parameters(given, module.parameters());
  module.set_training(given.arguments.at("training").get<bool>());
  nn::MultiheadAttentionOptions options;
  options.attn_mask = mask_of(given, "attn_mask");
  options.key_padding_mask = mask_of(given, "key_padding_mask");
  options.need_weights = given.arguments.at("need_weights").get<bool>();
  options.average_attn_weights = given.arguments.at("average_attn_weights").get<bool>();
  if (given.arguments.at("is_causal").get<bool>()) options.is_causal = nn::Causal::top_left;
  const auto result = module.forward(given.input("query").tensor(), given.input("key").tensor(),
                                     given.input("value").tensor(), options);
  Outputs outputs = {{"output", copy_of(result.output)}};
  if (result.weights) outputs["weights"] = copy_of(*result.weights);
  const auto gradients = module.backward(given.input("dy").tensor());
  outputs["dquery"] = copy_of(gradients.query);
  outputs["dkey"] = copy_of(gradients.key);
  outputs["dvalue"] = copy_of(gradients.value);
  put_gradients(module.parameters(), outputs);
  return outputs;
}

const Module known("multihead_attention", run);

}  // namespace
}  // namespace actfn::pytorch
