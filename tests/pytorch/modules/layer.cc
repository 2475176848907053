// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/nn.h>
#include <actfn/nn/state_dict.h>

#include <algorithm>

#include "pytorch/case.h"

namespace actfn::pytorch {
namespace {

std::vector<std::size_t> shape_of(std::size_t rows, const Shape& sample) {
  std::vector<std::size_t> all = {rows};
  all.insert(all.end(), sample.begin(), sample.end());
  return all;
}

void set_buffers(const Case& given, std::span<const nn::Parameter> buffers) {
  for (const nn::Parameter& p : buffers) {
    const auto values = given.input("buffers." + p.name).as<float>();
    std::ranges::copy(values, p.values.begin());
  }
}

// A network as text, x and dy.
Outputs run(const Case& given) {
  const Array& x = given.input("x");
  const Shape sample(std::span(x.shape()).subspan(1));
  nn::Sequential net(sample, nn::parse_network(given.arguments.at("network").get<std::string>()));
  set_parameters(given, net.parameters());
  set_buffers(given, net.buffers());
  net.set_training(given.arguments.at("training").get<bool>());
  const auto y = net.forward(x.as<float>());
  Outputs outputs = {{"y", Array::of(shape_of(x.shape()[0], net.out_shape()), y)}};
  net.backward(given.input("dy").as<float>());
  put_gradients(net.parameters(), outputs);
  for (const nn::Parameter& p : net.buffers()) {
    const std::span<const float> values = p.values;
    outputs["buffers." + p.name] = Array::of({p.shape.begin(), p.shape.end()}, values);
  }
  return outputs;
}

const Module known("layer", run);

}  // namespace
}  // namespace actfn::pytorch
