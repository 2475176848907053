// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/loss.h>

#include "pytorch/case.h"

namespace actfn::pytorch {
namespace {

// logits [rows, classes], labels [rows].
Outputs run(const Case& given) {
  const Array& logits = given.input("logits");
  const auto labels = given.input("labels").as<std::int64_t>();
  const std::vector<std::uint32_t> classes(labels.begin(), labels.end());
  const auto smoothing = given.arguments.at("label_smoothing").get<double>();
  Array gradient = Array::zeros<float>(logits.shape());
  const auto sum = nn::cross_entropy(logits.as<float>(), classes, gradient.as<float>(), smoothing);
  const double loss[] = {sum.loss / static_cast<double>(classes.size())};
  return {{"loss", Array::of<double>({}, loss)}, {"gradient", gradient}};
}

const Module module("label_smoothing", run);

}  // namespace
}  // namespace actfn::pytorch
