// SPDX-License-Identifier: Apache-2.0
#include "lab/step_time.h"

#include "lab/processor_time.h"
#include "lab/trainer.h"

#include <algorithm>
#include <chrono>
#include <memory>

namespace actfn::lab {
namespace {

constexpr int kRounds = 25;
constexpr int kFewestRounds = 5;
constexpr double kRoundSeconds = 2e-3;  // of one network in one round, about
constexpr double kBudget = 0.1;         // seconds for a network: then fewer rounds have to do
constexpr std::size_t kMostNumbers = std::size_t{1} << 29U;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// A network, and the times of its steps.
class Subject {
 public:
  Subject(const Plan& plan, const nn::Architecture& network, const Training& training,
          const Parts& parts)
      : trainer_(plan, network, training, parts) {
    trainer_.begin_epoch(1);
  }

  void warm_up() { step(); }

  // The same number of steps for all, so that each round compares like with like.
  void run(int steps) {
    const double wall = now();
    const double cpu = processor_time();
    for (int i = 0; i < steps; ++i) step();
    walls_.push_back((now() - wall) / steps);
    cpus_.push_back((processor_time() - cpu) / steps);
  }

  StepTime result(std::size_t activation) {
    std::ranges::sort(walls_);
    std::ranges::sort(cpus_);
    const auto quartile = [](const std::vector<double>& sorted, std::size_t i) {
      return sorted[(sorted.size() - 1) * i / 4];
    };
    return {activation, quartile(cpus_, 2), quartile(cpus_, 1), quartile(cpus_, 3),
            quartile(walls_, 2)};
  }

 private:
  void step() {
    trainer_.step(at_, tally_);
    at_ = (at_ + 1) % trainer_.steps();
  }

  Trainer trainer_;
  Tally tally_;
  int at_ = 0;
  std::vector<double> walls_;
  std::vector<double> cpus_;
};

int steps_per_round(Subject& subject) {
  const double begin = now();
  subject.warm_up();
  return std::clamp(static_cast<int>(kRoundSeconds / std::max(now() - begin, 1e-9)), 1, 1000);
}

// All networks are in memory at once.
bool fit_together(const Plan& plan, std::span<const nn::Architecture> networks) {
  std::size_t numbers = 0;
  for (const auto& network : networks) {
    numbers += nn::training_size(network, static_cast<std::size_t>(plan.settings.batch));
  }
  return numbers <= kMostNumbers;
}

void run_in_turn(std::span<const std::unique_ptr<Subject>> subjects, const std::stop_token& stop) {
  const int steps = steps_per_round(*subjects.front());
  const double end = now() + kBudget * static_cast<double>(subjects.size());
  for (int round = 0; round < kRounds; ++round) {
    if (round >= kFewestRounds && now() > end) return;
    for (const auto& subject : subjects) {
      if (stop.stop_requested()) return;
      subject->run(steps);
    }
  }
}

}  // namespace

std::vector<StepTime> measure_steps(const Plan& plan, const Comparison& made, const Parts& parts,
                                    const std::stop_token& stop) {
  if (!fit_together(plan, made.networks)) return {};
  Plan alone = plan;
  alone.settings.threads = 1;
  std::vector<std::unique_ptr<Subject>> subjects;
  for (std::size_t i = 0; i < made.networks.size(); ++i) {
    const Training training{i, plan.settings.seeds.front(), plan.settings.lr.front()};
    subjects.push_back(std::make_unique<Subject>(alone, made.networks[i], training, parts));
    subjects.back()->warm_up();
  }
  run_in_turn(subjects, stop);
  if (stop.stop_requested()) return {};
  std::vector<StepTime> times;
  for (std::size_t i = 0; i < subjects.size(); ++i) times.push_back(subjects[i]->result(i));
  return times;
}

}  // namespace actfn::lab
