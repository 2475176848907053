// SPDX-License-Identifier: Apache-2.0
#include "nn/learned_parameters.h"

#include <actfn/catalogue.h>
#include <actfn/error.h>
#include <actfn/learnable.h>

#include "catalogue/descriptor.h"
#include "catalogue/number.h"
#include "kernels/entry.h"
#include "nn/scalar_ops.h"

#include <algorithm>
#include <array>
#include <string>

namespace actfn::nn {
namespace {

const ParameterInfo& parameter(const Activation& f, std::string_view name) {
  return *std::ranges::find(info(f).parameters, name, &ParameterInfo::name);
}

}  // namespace

LearnedParameters::LearnedParameters(const Activation& f) : f_(f) {
  validate(f);
  const auto names = learnable_parameters(f);
  const std::string spec(functions::name_of(f));
  if (names.empty()) throw Error("[learnable] " + spec + " has no parameter to be learned");
  all_ = names.size();
  const auto declared = GradientRef<Activation>(f).gradients().learned_as;
  for (std::size_t k = 0; k < names.size(); ++k) {
    const ParameterInfo& p = parameter(f, names[k]);
    const bool positive = p.condition == functions::Condition::positive.text;
    const auto as = declared.empty() ? kernels::LearnedAs{.above_floor = positive} : declared[k];
    if (as.fixed) continue;
    const double floor = as.floor.empty() ? 0 : parameter(f, as.floor).get(f);
    learned_.push_back({k, names[k], as.above_floor, floor});
    const double value = p.get(f);
    if (learned_.back().above_floor && !(value > floor)) {
      throw Error("[learnable] " + spec + "'s " + std::string(names[k]) + " must exceed " +
                  write_number(floor) + " to be learned, got " + write_number(value));
    }
  }
}

void LearnedParameters::initialize(std::span<float> raw) const {
  for (std::size_t k = 0; k < learned_.size(); ++k) {
    const double value = parameter(f_, learned_[k].name).get(f_);
    raw[k] = static_cast<float>(
        learned_[k].above_floor ? inverse_softplus(value - learned_[k].floor) : value);
  }
}

Activation LearnedParameters::with(std::span<const float> raw) const {
  Activation f = f_;
  for (std::size_t k = 0; k < learned_.size(); ++k) {
    const auto r = static_cast<double>(raw[k]);
    // Never the floor itself, however far the raw number goes.
    const double above = std::max(softplus(r), 0x1p-100);
    const double value = learned_[k].above_floor ? learned_[k].floor + above : r;
    parameter(f, learned_[k].name).set_number(functions::leaf_of(f), value);
  }
  return f;
}

void LearnedParameters::gradient(std::span<const float> raw, std::span<const float> x,
                                 std::span<const float> dy, std::span<float> gradient) const {
  std::array<double, kernels::kMaxLearnable> all{};
  parameter_gradient(with(raw), x, dy, std::span(all).first(all_));
  for (std::size_t k = 0; k < learned_.size(); ++k) {
    const double inner = learned_[k].above_floor ? logistic(static_cast<double>(raw[k])) : 1;
    gradient[k] = static_cast<float>(all[learned_[k].index] * inner);
  }
}

}  // namespace actfn::nn
