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
  Array gradient = Array::zeros<float>(logits.shape());
  const auto sum = nn::cross_entropy(logits.as<float>(), classes, gradient.as<float>());
  const double loss[] = {sum.loss / static_cast<double>(classes.size())};
  const std::int64_t correct[] = {static_cast<std::int64_t>(sum.correct)};
  return {{"loss", Array::of<double>({}, loss)},
          {"correct", Array::of<std::int64_t>({}, correct)},
          {"gradient", gradient}};
}

const Module known("cross_entropy", run);

}  // namespace
}  // namespace actfn::pytorch
