// SPDX-License-Identifier: Apache-2.0
// oneDNN's eltwise primitives.
#include <dnnl.hpp>
#include <map>
#include <memory>

#include "libraries.h"

namespace actfn::peers {
namespace {

using dnnl::algorithm;

struct Eltwise {
  algorithm kind;
  algorithm from_output;  // undef: there is none
  float alpha = 0;
  float beta = 0;
};

const std::map<std::string, Eltwise>& known() {
  static const std::map<std::string, Eltwise> all = {
      {"relu", {algorithm::eltwise_relu, algorithm::eltwise_relu_use_dst_for_bwd}},
      {"leaky_relu", {algorithm::eltwise_relu, algorithm::undef, 0.01F}},
      {"relu6", {algorithm::eltwise_clip_v2, algorithm::undef, 0, 6}},
      {"hardtanh", {algorithm::eltwise_clip_v2, algorithm::undef, -1, 1}},
      {"elu", {algorithm::eltwise_elu, algorithm::eltwise_elu_use_dst_for_bwd, 1}},
      {"gelu", {algorithm::eltwise_gelu_erf, algorithm::undef}},
      {"gelu(approximate=tanh)", {algorithm::eltwise_gelu_tanh, algorithm::undef}},
      {"silu", {algorithm::eltwise_swish, algorithm::undef, 1}},
      {"mish", {algorithm::eltwise_mish, algorithm::undef}},
      {"softplus", {algorithm::eltwise_soft_relu, algorithm::undef}},
      {"log_sigmoid", {algorithm::eltwise_logsigmoid, algorithm::undef}},
      {"sigmoid", {algorithm::eltwise_logistic, algorithm::eltwise_logistic_use_dst_for_bwd}},
      {"tanh", {algorithm::eltwise_tanh, algorithm::eltwise_tanh_use_dst_for_bwd}},
      {"hardswish", {algorithm::eltwise_hardswish, algorithm::undef}},
      {"exp", {algorithm::eltwise_exp, algorithm::eltwise_exp_use_dst_for_bwd}},
  };
  return all;
}

// Everything that a call needs, in one place that lives as long as the call.
struct Prepared {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  dnnl::primitive primitive;
  std::unordered_map<int, dnnl::memory> arguments;
};

void prepare(Prepared& p, const Eltwise& e, const Request& request, const Arrays& a) {
  using dnnl::memory;
  const memory::desc desc({static_cast<memory::dim>(a.n)},
                          request.half ? memory::data_type::bf16 : memory::data_type::f32,
                          memory::format_tag::a);
  const auto at = [&](float* data) { return memory(desc, p.engine, data); };
  const bool forward = request.order == "0";
  const bool from_output = request.order == "backward_from_output";
  const dnnl::eltwise_forward::desc value(dnnl::prop_kind::forward_training, e.kind, desc, e.alpha,
                                          e.beta);
  const dnnl::eltwise_forward::primitive_desc hint(value, p.engine);
  if (forward) {
    p.primitive = dnnl::eltwise_forward(hint);
    p.arguments = {{DNNL_ARG_SRC, at(a.x)}, {DNNL_ARG_DST, at(a.out)}};
    return;
  }
  const dnnl::eltwise_backward::desc gradient(from_output ? e.from_output : e.kind, desc, desc,
                                              e.alpha, e.beta);
  p.primitive = dnnl::eltwise_backward({gradient, p.engine, hint});
  p.arguments = {{from_output ? DNNL_ARG_DST : DNNL_ARG_SRC, at(a.x)},
                 {DNNL_ARG_DIFF_DST, at(a.second)},
                 {DNNL_ARG_DIFF_SRC, at(a.out)}};
}

}  // namespace

std::string onednn_version() {
  const auto* v = dnnl_version();
  return "oneDNN " + std::to_string(v->major) + "." + std::to_string(v->minor) + "." +
         std::to_string(v->patch);
}

Call onednn(const Request& request, const Arrays& arrays) {
  const auto at = known().find(request.spec);
  if (at == known().end()) return {};
  if (request.order == "backward_from_output" && at->second.from_output == algorithm::undef) {
    return {};
  }
  const auto p = std::make_shared<Prepared>();
  try {
    prepare(*p, at->second, request, arrays);
  } catch (const dnnl::error&) {  // not of this type on this machine
    return {};
  }
  return [p] {
    p->primitive.execute(p->stream, p->arguments);
    p->stream.wait();
  };
}

}  // namespace actfn::peers
