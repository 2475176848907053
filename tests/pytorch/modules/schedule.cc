// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/schedule.h>

#include "pytorch/case.h"

namespace actfn::pytorch {
namespace {

Outputs run(const Case& given) {
  const Json& a = given.arguments;
  nn::Schedule schedule = nn::parse_schedule(a.at("schedule").get<std::string>());
  schedule.warmup = a.at("warmup").get<std::int64_t>();
  const auto steps = a.at("steps").get<std::int64_t>();
  std::vector<double> rates;
  for (std::int64_t t = 0; t < steps; ++t) {
    rates.push_back(nn::learning_rate(schedule, a.at("lr").get<double>(), t, steps));
  }
  return {{"rates", Array::of<double>({rates.size()}, rates)}};
}

const Module module("schedule", run);

}  // namespace
}  // namespace actfn::pytorch
