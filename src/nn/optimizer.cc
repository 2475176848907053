// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/optimizer.h>
#include <actfn/nn/sequential.h>

#include "catalogue/error.h"
#include "catalogue/float_environment.h"
#include "catalogue/number.h"
#include "nn/network.h"
#include "nn/optimizer_state.h"
#include "nn/scalar_ops.h"

#include <cmath>

namespace actfn::nn {
namespace {

void require(bool holds, const char* rule, const char* name, const char* what, double value) {
  if (!holds) fail(rule, {name, " must be ", what, ", got ", write_both(value)});
}

// As the float32 that the update computes with: 1e-50 is 0, 1e300 is inf.
bool positive(double v) {
  return std::isfinite(static_cast<float>(v)) && static_cast<float>(v) > 0;
}
bool nonnegative(double v) { return std::isfinite(static_cast<float>(v)) && v >= 0; }
bool below_one(double v) { return v >= 0 && static_cast<float>(v) < 1; }

constexpr const char* kPositive = "finite and positive";
constexpr const char* kNonnegative = "finite and not negative";

void check(const Adam& a) {
  require(positive(a.lr), "adam", "lr", kPositive, a.lr);
  require(below_one(a.beta1), "adam", "beta1", "in [0, 1)", a.beta1);
  require(below_one(a.beta2), "adam", "beta2", "in [0, 1)", a.beta2);
  require(positive(a.eps), "adam", "eps", kPositive, a.eps);
  require(nonnegative(a.weight_decay), "adam", "weight_decay", kNonnegative, a.weight_decay);
}

void check(const Sgd& s) {
  require(positive(s.lr), "sgd", "lr", kPositive, s.lr);
  require(nonnegative(s.momentum), "sgd", "momentum", kNonnegative, s.momentum);
  require(nonnegative(s.weight_decay), "sgd", "weight_decay", kNonnegative, s.weight_decay);
}

AdamStep constants(const Adam& a, std::int64_t t) {
  return {static_cast<float>(a.beta1),
          static_cast<float>(1 - a.beta1),
          static_cast<float>(a.beta2),
          static_cast<float>(1 - a.beta2),
          static_cast<float>(a.lr / (1 - power(a.beta1, t))),
          static_cast<float>(1 / std::sqrt(1 - power(a.beta2, t))),
          static_cast<float>(a.eps),
          static_cast<float>(a.weight_decay)};
}

SgdStep constants(const Sgd& s, std::int64_t /*t*/) {
  return {static_cast<float>(s.lr), static_cast<float>(s.momentum),
          static_cast<float>(s.weight_decay)};
}

}  // namespace

Optimizer::Optimizer(std::variant<Adam, Sgd> rule, const Sequential& network)
    : state_(std::make_unique<State>()) {
  const FloatEnvironment environment;
  std::visit([](const auto& r) { check(r); }, rule);
  state_->rule = rule;
  state_->m.resize(network.state_->parameters.size());
  state_->v.resize(network.state_->parameters.size());
}

Optimizer::Optimizer(Optimizer&&) noexcept = default;
Optimizer& Optimizer::operator=(Optimizer&&) noexcept = default;
Optimizer::~Optimizer() = default;

void Optimizer::step(Sequential& network) {
  const FloatEnvironment environment;
  auto& net = *network.state_;
  state_->check(net.parameters);
  state_->begin_step();
  state_->update(net.parameters.data(), 0, net.gradients.data(), net.decayed);
  net.update_modules(*state_);
}

void Optimizer::State::check(const Buffer& parameters) const {
  if (parameters.size() == m.size()) return;
  fail("optimizer", {"was made for another network than this one"});
}

void Optimizer::State::begin_step() {
  ++steps;
  std::visit([&](const auto& r) { now = constants(r, steps); }, rule);
  now_without_decay = now;
  std::visit([](auto& step) { step.weight_decay = 0; }, now_without_decay);
}

void Optimizer::State::update(float* w, std::size_t offset, const float* g, std::size_t n) {
  apply(now, w, offset, g, n);
}

void Optimizer::State::update_without_decay(float* w, std::size_t offset, const float* g,
                                            std::size_t n) {
  apply(now_without_decay, w, offset, g, n);
}

// NOLINTNEXTLINE(readability-non-const-parameter): the block writes through it
void Optimizer::State::apply(const Step& step, float* w, std::size_t offset, const float* g,
                             std::size_t n) {
  const UpdateBlock block = {w + offset, m.data() + offset, v.data() + offset, g, n};
  if (const auto* adam = std::get_if<AdamStep>(&step)) {
    adam_update(*adam, block);
  } else {
    sgd_update(std::get<SgdStep>(step), block);
  }
}

}  // namespace actfn::nn
