// SPDX-License-Identifier: Apache-2.0
// Learning rates that change from step to step.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace actfn::nn {

/// lr
struct ConstantLr {
  bool operator==(const ConstantLr&) const = default;
};

/// eta_min + (lr - eta_min) (1 + cos(pi t / T)) / 2, for all T steps of a training. PyTorch's
/// CosineAnnealingLR with T_max = T; Loshchilov & Hutter 2017, arXiv:1608.03983.
struct CosineAnnealingLr {
  double eta_min = 0;
  bool operator==(const CosineAnnealingLr&) const = default;
};

/// lr gamma^floor(t / step_size). PyTorch's StepLR.
struct StepLr {
  std::int64_t step_size;
  double gamma = 0.1;
  bool operator==(const StepLr&) const = default;
};

/// lr gamma^t. PyTorch's ExponentialLR.
struct ExponentialLr {
  double gamma;
  bool operator==(const ExponentialLr&) const = default;
};

/// A learning rate for each step of a training: first a linear warm-up over so many steps, where it
/// is lr (t + 1) / warmup in step t, from 0 on; then `after`, which counts steps from the end of
/// the warm-up. This is PyTorch's SequentialLR of a LinearLR and `after`. A step may stand for a
/// batch or for an epoch.
///
///     using namespace actfn::nn;
///     Sequential network{Linear{784, 128}, actfn::Relu{}, Linear{128, 10}};
///     Optimizer optimizer(AdamW{.lr = 1e-3}, network);
///     const Schedule schedule = {.after = CosineAnnealingLr{}, .warmup = 100};
///     for (int step = 0; step < 1000; ++step) {
///       optimizer.set_lr(learning_rate(schedule, 1e-3, step, 1000));
///       // forward(), loss, backward()
///     }
struct Schedule {
  std::variant<ConstantLr, CosineAnnealingLr, StepLr, ExponentialLr> after = ConstantLr{};
  std::int64_t warmup = 0;
  bool operator==(const Schedule&) const = default;
};

/// The learning rate of step t, from 0 on, in a training of `steps` steps. lr is the learning rate
/// that the schedule changes. The bits are the same on every CPU. Only the cosine needs `steps`:
/// its T is steps - warmup, and at least 1. From t = T on it stays at eta_min, where PyTorch's
/// rises again. Throws Error where a number is out of range: "[schedule] t must be at least 0, got
/// -1", "[cosine] eta_min must be finite and not negative, got -1", "[step] step_size must be at
/// least 1, got 0".
double learning_rate(const Schedule& schedule, double lr, std::int64_t t, std::int64_t steps);

/// Throws the Errors of learning_rate() for the schedule itself: "[exponential] gamma must be
/// finite and positive, got 0", "[schedule] warmup must be at least 0, got -1".
void validate(const Schedule& schedule);

/// Reads a schedule without warm-up: "constant", "cosine(eta_min=0)",
/// "step(step_size=10,gamma=0.1)" or "exponential(gamma=0.95)"; eta_min and step's gamma may be
/// left out. Throws Error for anything else: "[schedule] must be constant, cosine, step or
/// exponential, got 'linear'", "[step] no parameter 'size': it has step_size, gamma", "[step]
/// step_size has no default".
///
///     auto schedule = actfn::nn::parse_schedule("step(step_size=30)");
///     schedule.warmup = 5;
///     std::cout << actfn::nn::to_string(schedule) << '\n';  // step(step_size=30), without warm-up
Schedule parse_schedule(std::string_view text);
/// The inverse, with the parameters that differ from their defaults; without the warm-up.
std::string to_string(const Schedule& schedule);

}  // namespace actfn::nn
