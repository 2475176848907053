// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/attention.h>

#include "pytorch/case.h"

namespace actfn::pytorch {
namespace {

template <class T>
Array zeros_like(const Array& x) {
  return Array::zeros<T>(x.shape());
}

Array zeros_like(const Array& x) {
  if (x.type() == kCode<float>) return zeros_like<float>(x);
  return x.type() == kCode<float16> ? zeros_like<float16>(x) : zeros_like<bfloat16>(x);
}

nn::AttentionMask mask_of(const Case& given) {
  if (!given.has("mask")) return {};
  const Array& mask = given.input("mask");
  if (mask.type() != kCode<bool>) return mask.tensor();
  return ConstMask(mask.as<bool>().data(), Shape(mask.shape()));
}

// q, k, v, dout, and a mask.
Outputs run(const Case& given) {
  const Array &q = given.input("q"), &k = given.input("k"), &v = given.input("v");
  nn::AttentionOptions options;
  options.mask = mask_of(given);
  if (given.arguments.at("is_causal").get<bool>()) options.causal = nn::Causal::top_left;
  if (given.arguments.contains("scale") && !given.arguments.at("scale").is_null()) {
    options.scale = given.arguments.at("scale").get<double>();
  }
  Array out = zeros_like(given.input("dout"));
  Array dq = zeros_like(q), dk = zeros_like(k), dv = zeros_like(v);
  nn::AttentionState state;
  nn::scaled_dot_product_attention(q.tensor(), k.tensor(), v.tensor(), out.tensor(), options,
                                   {.state = &state});
  nn::scaled_dot_product_attention_backward(
      q.tensor(), k.tensor(), v.tensor(), given.input("dout").tensor(), dq.tensor(), dk.tensor(),
      dv.tensor(), options, {.state = &state, .out = std::as_const(out).tensor()});
  return {{"out", out}, {"dq", dq}, {"dk", dk}, {"dv", dv}};
}

const Module known("scaled_dot_product_attention", run);

}  // namespace
}  // namespace actfn::pytorch
