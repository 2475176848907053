// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/adaptive_log_softmax.h>

#include "pytorch/case.h"

namespace actfn::pytorch {
namespace {

nn::AdaptiveLogSoftmaxWithLoss made_of(const Json& arguments) {
  const nn::AdaptiveLogSoftmaxOptions options = {
      .div_value = arguments.at("div_value").get<double>(),
      .head_bias = arguments.at("head_bias").get<bool>(),
      .label_smoothing = arguments.at("label_smoothing").get<double>()};
  return {arguments.at("in_features").get<int>(), arguments.at("n_classes").get<int>(),
          arguments.at("cutoffs").get<std::vector<int>>(), options};
}

// x [rows, in_features], targets [rows], and dy [rows] or the argument "factor".
Outputs run(const Case& given) {
  auto module = made_of(given.arguments);
  set_parameters(given, module.parameters());
  module.set_threads(2);
  const Array& x = given.input("x");
  const auto aims = given.input("targets").as<std::int64_t>();
  const std::vector<std::uint32_t> targets(aims.begin(), aims.end());
  const auto result = module.forward(x.as<float>(), targets);
  Outputs outputs;
  outputs["output"] = Array::of({targets.size()}, result.output);
  outputs["loss"] = Array::of<float>({}, std::vector{static_cast<float>(result.loss)});
  const auto classes = static_cast<std::size_t>(module.n_classes());
  outputs["log_prob"] = Array::zeros<float>({targets.size(), classes});
  module.log_prob(x.as<float>(), outputs["log_prob"].as<float>());
  const auto best = module.predict(x.as<float>());
  const std::vector<std::int64_t> predicted(best.begin(), best.end());
  outputs["predict"] = Array::of<std::int64_t>({targets.size()}, predicted);
  const auto dx = given.has("dy") ? module.backward(given.input("dy").as<float>())
                                  : module.backward(given.arguments.at("factor").get<double>());
  outputs["dx"] = Array::of(x.shape(), dx);
  put_gradients(module.parameters(), outputs);
  return outputs;
}

const Module known("adaptive_log_softmax", run);

}  // namespace
}  // namespace actfn::pytorch
