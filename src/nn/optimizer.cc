// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/optimizer.h>
#include <actfn/nn/sequential.h>

#include "catalogue/error.h"
#include "catalogue/float_environment.h"
#include "catalogue/number.h"
#include "catalogue/size.h"
#include "nn/network.h"
#include "nn/optimizer_state.h"
#include "nn/scalar_ops.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

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

constexpr const char* name_of(const Adam& /*rule*/) { return "adam"; }
constexpr const char* name_of(const AdamW& /*rule*/) { return "adamw"; }
constexpr const char* name_of(const Sgd& /*rule*/) { return "sgd"; }

void check_adam(const auto& a) {
  const char* const who = name_of(a);
  require(positive(a.lr), who, "lr", kPositive, a.lr);
  require(below_one(a.beta1), who, "beta1", "in [0, 1)", a.beta1);
  require(below_one(a.beta2), who, "beta2", "in [0, 1)", a.beta2);
  require(positive(a.eps), who, "eps", kPositive, a.eps);
  require(nonnegative(a.weight_decay), who, "weight_decay", kNonnegative, a.weight_decay);
}

void check(const Adam& a) { check_adam(a); }
void check(const AdamW& a) { check_adam(a); }
void check(const Sgd& s) {
  require(positive(s.lr), "sgd", "lr", kPositive, s.lr);
  require(nonnegative(s.momentum), "sgd", "momentum", kNonnegative, s.momentum);
  require(nonnegative(s.weight_decay), "sgd", "weight_decay", kNonnegative, s.weight_decay);
  require(std::isfinite(static_cast<float>(s.dampening)), "sgd", "dampening", "finite",
          s.dampening);
  if (!s.nesterov || (static_cast<float>(s.momentum) > 0 && s.dampening == 0)) return;
  fail("sgd", {"nesterov needs a momentum above 0 and a dampening of 0, got ",
               write_both(s.momentum), " and ", write_both(s.dampening)});
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

AdamStep constants(const AdamW& a, std::int64_t t) {
  AdamStep step = constants(Adam{a.lr, a.beta1, a.beta2, a.eps, 0}, t);
  step.decay = static_cast<float>(a.lr * a.weight_decay);
  return step;
}

SgdStep constants(const Sgd& s, std::int64_t t) {
  const bool dampened = t > 1 && s.momentum != 0;
  return {static_cast<float>(s.lr), static_cast<float>(s.momentum),
          static_cast<float>(s.weight_decay), static_cast<float>(dampened ? 1 - s.dampening : 1),
          s.nesterov};
}

void leave_decay_out(AdamStep& step) { step.weight_decay = step.decay = 0; }
void leave_decay_out(SgdStep& step) { step.weight_decay = 0; }

// The sizes of parameters that have as many gradients as values.
std::vector<std::size_t> sizes_of(std::span<const Parameter> parameters) {
  std::vector<std::size_t> sizes;
  for (const Parameter& p : parameters) {
    if (p.gradients.size() != p.values.size()) {
      fail("optimizer",
           {p.name, " has ", p.values.size(), " values and ", p.gradients.size(), " gradients"});
    }
    sizes.push_back(p.values.size());
  }
  return sizes;
}

}  // namespace

Optimizer::Optimizer(UpdateRule rule, const Sequential& network)
    : state_(std::make_unique<State>(rule)) {
  state_->resize(network.state_->parameters.size());
}

Optimizer::Optimizer(UpdateRule rule, std::span<const Parameter> parameters)
    : state_(std::make_unique<State>(rule)) {
  std::vector<std::size_t> sizes = sizes_of(parameters);
  Size total = 0;
  for (const std::size_t n : sizes) total = total + n;
  state_->sizes = std::move(sizes);
  state_->resize(total.value());
}

Optimizer::Optimizer(Optimizer&&) noexcept = default;
Optimizer& Optimizer::operator=(Optimizer&&) noexcept = default;
Optimizer::~Optimizer() = default;

void Optimizer::set_lr(double lr) {
  const FloatEnvironment environment;
  std::visit(
      [&](auto& rule) {
        require(nonnegative(lr), name_of(rule), "lr", kNonnegative, lr);
        rule.lr = lr;
      },
      state_->rule);
}

double Optimizer::lr() const {
  return std::visit([](const auto& rule) { return rule.lr; }, state_->rule);
}

void Optimizer::step(Sequential& network) {
  const FloatEnvironment environment;
  auto& net = *network.state_;
  state_->check(net.parameters);
  state_->begin_step();
  net.update_linears(*state_);
  net.update_modules(*state_);
}

void Optimizer::step(std::span<const Parameter> parameters) {
  const FloatEnvironment environment;
  state_->check(parameters);
  state_->begin_step();
  std::size_t offset = 0;
  for (const Parameter& p : parameters) {
    state_->update(p.decayed, p.values, p.gradients.data(), offset);
    offset += p.values.size();
  }
}

Optimizer::State::State(const UpdateRule& r) : rule(r) {
  const FloatEnvironment environment;
  std::visit([](const auto& one) { nn::check(one); }, r);
}

void Optimizer::State::resize(std::size_t n) {
  m.resize(n);
  v.resize(n);
}

void Optimizer::State::check(const Buffer& parameters) const {
  if (!sizes && parameters.size() == m.size()) return;
  fail("optimizer", {"was made for another network than this one"});
}

void Optimizer::State::check(std::span<const Parameter> parameters) const {
  const auto fits = [](const Parameter& p, std::size_t n) {
    return p.values.size() == n && p.gradients.size() == n;
  };
  if (sizes && std::ranges::equal(parameters, *sizes, fits)) return;
  fail("optimizer", {"was made for other parameters than these"});
}

void Optimizer::State::begin_step() {
  ++steps;
  std::visit([&](const auto& r) { now = constants(r, steps); }, rule);
  now_without_decay = now;
  std::visit([](auto& step) { leave_decay_out(step); }, now_without_decay);
}

void Optimizer::State::update(bool decayed, std::span<float> w, const float* g,
                              std::size_t offset) {
  const Step& step = decayed ? now : now_without_decay;
  const UpdateBlock block = {w.data(), m.data() + offset, v.data() + offset, g, w.size()};
  if (const auto* adam = std::get_if<AdamStep>(&step)) {
    adam_update(*adam, block);
  } else {
    sgd_update(std::get<SgdStep>(step), block);
  }
}

}  // namespace actfn::nn
