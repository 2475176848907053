// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/clip.h>
#include <actfn/nn/optimizer.h>

#include "pytorch/case.h"

namespace actfn::pytorch {
namespace {

nn::UpdateRule rule_of(const Json& arguments) {
  const Json& s = arguments.at("settings");
  const auto number = [&](const char* name) { return s.at(name).get<double>(); };
  if (arguments.at("rule") == "sgd") {
    return nn::Sgd{number("lr"), number("momentum"), number("weight_decay"), number("dampening"),
                   s.at("nesterov").get<bool>()};
  }
  const nn::AdamW adamw = {number("lr"), number("beta1"), number("beta2"), number("eps"),
                           number("weight_decay")};
  if (arguments.at("rule") == "adamw") return adamw;
  return nn::Adam{adamw.lr, adamw.beta1, adamw.beta2, adamw.eps, adamw.weight_decay};
}

double clip(const Json& arguments, std::span<const nn::Parameter> parameters) {
  if (arguments.contains("max_norm")) {
    return nn::clip_grad_norm(parameters, arguments.at("max_norm").get<double>());
  }
  if (arguments.contains("clip_value")) {
    nn::clip_grad_value(parameters, arguments.at("clip_value").get<double>());
  }
  return 0;
}

// "parameters.I" and for each step T "gradients.T.I".
Outputs run(const Case& given) {
  Outputs outputs;
  std::vector<std::vector<float>> gradients;
  std::vector<std::string> names;
  for (std::size_t i = 0; given.has("parameters." + std::to_string(i)); ++i) {
    names.push_back(std::to_string(i));
    outputs["parameters." + names[i]] = given.input("parameters." + names[i]);
    gradients.emplace_back(outputs["parameters." + names[i]].as<float>().size());
  }
  std::vector<nn::Parameter> parameters;
  for (std::size_t i = 0; i < names.size(); ++i) {
    Array& values = outputs["parameters." + names[i]];
    parameters.push_back({names[i], Shape(values.shape()), values.as<float>(), gradients[i]});
  }
  nn::Optimizer optimizer(rule_of(given.arguments), parameters);
  const auto rates = given.arguments.at("rates").get<std::vector<double>>();
  std::vector<double> norms;
  for (std::size_t t = 0; t < rates.size(); ++t) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto g = given.input("gradients." + std::to_string(t) + "." + names[i]).as<float>();
      std::copy(g.begin(), g.end(), gradients[i].begin());
    }
    norms.push_back(clip(given.arguments, parameters));
    optimizer.set_lr(rates[t]);
    optimizer.step(parameters);
  }
  outputs["norms"] = Array::of<double>({norms.size()}, norms);
  return outputs;
}

const Module module("optimizer", run);

}  // namespace
}  // namespace actfn::pytorch
