// SPDX-License-Identifier: Apache-2.0
#include "lab/choose.h"

#include <actfn/error.h>
#include <actfn/target.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arguments.h"
#include "choose_arguments.h"
#include "commands.h"
#include "findings.h"
#include "lab/choose_cost.h"
#include "lab/choose_directory.h"
#include "lab/choose_page.h"
#include "lab/choose_plan.h"
#include "lab/choose_run.h"
#include "lab/report_judgement.h"
#include "lab/report_text.h"
#include "output.h"
#include "run_arguments.h"
#include "signals.h"

namespace actfn::app {
namespace {

using lab::report::counted;

// On standard error: a line for each stage; on a terminal also how far it is.
class Lines {
 public:
  explicit Lines(const lab::ChoosePlan& plan) : plan_(plan) {}

  void began(std::size_t stage, std::size_t earlier, std::size_t samples) {
    const lab::Stage& s = stage_at(stage);
    known_ += work(s) * static_cast<double>(earlier);
    done_ = earlier;
    erase();
    const std::string name = stage < plan_.rungs.size()
                                 ? fmt::format("Rung {} of {}", stage + 1, plan_.rungs.size())
                                 : std::string("Final");
    note(fmt::format("{}: {}, {} of {} samples{}\n", name, counted(s.trainings(), "training"),
                     counted(s.epochs, "epoch"), lab::report::grouped(samples),
                     earlier == 0 ? "" : fmt::format(", {} finished before", earlier)));
  }

  void finished(std::size_t stage) {
    const lab::Stage& s = stage_at(stage);
    worked_ += work(s);
    ++done_;
    const Terminal t = drawing_terminal();  // it may have been resized
    if (!t.is_terminal) return;
    note("\r\x1b[K" +
         cut(fmt::format("{} of {}, {}", done_, counted(s.trainings(), "training"), left()),
             static_cast<std::size_t>(t.columns)));
  }

  static void erase() {
    if (drawing_terminal().is_terminal) note("\r\x1b[K");
  }

 private:
  const lab::Stage& stage_at(std::size_t stage) const {
    return stage < plan_.rungs.size() ? plan_.rungs[stage] : plan_.final;
  }
  // Of one training, in passes through the samples.
  static double work(const lab::Stage& s) { return s.share * s.epochs; }

  std::string left() const {
    double all = work(plan_.final) * static_cast<double>(plan_.final.trainings());
    for (const lab::Stage& s : plan_.rungs) all += work(s) * static_cast<double>(s.trainings());
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin_;
    const double rest = std::max(0.0, all - known_ - worked_) / worked_ * time.count();
    const auto seconds = static_cast<long>(rest);
    return fmt::format("{}:{:02} left", seconds / 60, seconds % 60);
  }

  const lab::ChoosePlan& plan_;
  double known_ = 0;      // of trainings that an earlier run has finished
  double worked_ = 0;     // of those of this one
  std::size_t done_ = 0;  // in this stage
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

lab::Choice run(const lab::StoredPlan& stored, const data::Dataset& data, int jobs,
                const std::vector<lab::EpochResult>& earlier, lab::ChooseDirectory& directory) {
  Lines lines(stored.plan);
  std::stop_source stop;
  const lab::ChooseWatch watch{[&](std::size_t stage, std::size_t before, std::size_t samples) {
                                 lines.began(stage, before, samples);
                               },
                               [&](std::size_t stage, std::span<const lab::EpochResult> rows) {
                                 directory.add(rows);
                                 lines.finished(stage);
                               }};
  lab::Choice choice = wait_for(
      std::async(std::launch::async,
                 [&] {
                   return lab::choose(stored.settings, stored.plan, data, jobs, stop.get_token(),
                                      watch, earlier);
                 }),
      stop, [] {},
      [] {
        note(
            "\nStopping. Finished trainings are kept: go on with "
            "--resume.\n");
      });
  Lines::erase();
  return choice;
}

std::string rate_text(const lab::Choice& choice, const lab::report::Series& s) {
  return fmt::format("{}", choice.finalists[s.index].lr);
}

std::string table(const lab::Choice& choice, const lab::ChoiceFindings& found) {
  using namespace lab::report;
  const std::vector<const Series*> ranking = found.overview.ranking();
  if (ranking.empty()) return "";
  const Judgement j = judge(ranking, found.overview.deciding());
  Table table({"ACTIVATION", "LR", "INIT", "GROUP", heading(j.metric), "BEHIND", "US/STEP"});
  for (const Series* s : j.ranking) {
    table.add({s->name, rate_text(choice, *s), choice.final.inits[s->index],
               std::to_string(lab::group_of(found, s->index)),
               mean_text(s->end(j.metric), j.metric), behind_text(j, *s),
               step_text(choice.final, *s)});
  }
  return "\n" + table.text(1) + "\n";
}

// What to tell somebody whose machine is much faster or slower than the counts. Runs that others
// have begun, and short ones, say nothing about it.
std::string speed_text(const lab::Choice& choice) {
  constexpr double kShort = 60;  // seconds
  constexpr double kMuch = 1.3;
  const double minutes = lab::counted_minutes(choice.plan, choice.settings.speed);
  const double ratio = choice.seconds / 60 / minutes;
  if (choice.seconds < kShort || (ratio < kMuch && ratio > 1 / kMuch)) return "";
  return fmt::format("It was counted to take {:.1f} minutes: --speed {:.2g} would fit better.\n",
                     minutes, choice.settings.speed / ratio);
}

void keep(const lab::Choice& choice, bool went_on, lab::ChooseDirectory& directory) {
  const lab::ChoiceFindings found = lab::findings(choice);
  directory.finish(choice, found, lab::choose_page(choice, found), lab::choose_figures(found));
  std::string text = table(choice, found);
  text += wrapped(found.headline + ".", kTextWidth, 2);
  text += wrapped(found.recommendation, kTextWidth, 2);
  for (const std::string& remark : found.remarks) text += wrapped(remark, kTextWidth, 2);
  print(text + fmt::format("\n{:.1f} s. Report: {}\n", choice.seconds, directory.page().string()) +
        (went_on ? "" : speed_text(choice)));
}

lab::StoredPlan fresh(const ChooseArguments& a, lab::ChooseSettings settings,
                      const data::Dataset& data) {
  if (!a.validation) settings.training.validation = lab::usual_validation(data.train.count);
  return as_choose([&] {
    return lab::StoredPlan{settings,
                           lab::plan_of(settings, lab::describe_candidates(settings, data))};
  });
}

int finish(const ChooseArguments& a, const lab::StoredPlan& stored, const data::Dataset& data,
           const std::vector<lab::EpochResult>& earlier, lab::ChooseDirectory& directory) {
  directory.begin(stored, earlier);
  listen_to_signals();
  const lab::Choice choice = run(stored, data, or_cores(a.jobs), earlier, directory);
  stop_listening();
  if (choice.interrupted) return kSignalled + received_signal();
  keep(choice, a.resume, directory);
  return 0;
}

int go_on(const ChooseArguments& a) {
  lab::ChooseDirectory directory(a.out.value_or(""), true);
  const lab::StoredPlan stored = directory.stored();
  const std::vector<lab::EpochResult> earlier = directory.finished(stored);
  return finish(a, stored, read_data(stored.settings.training), earlier, directory);
}

int choose(const ChooseArguments& a) {
  require_arguments(a);
  target();  // a wrong ACTFN_TARGET shows now
  if (a.resume) return go_on(a);
  const lab::ChooseSettings settings = settings_of(a);
  const data::Dataset data = read_data(settings.training);
  const lab::StoredPlan stored = fresh(a, settings, data);
  lab::ChooseDirectory directory(a.out ? *a.out : dated_directory("choose").string(), false);
  note(fmt::format("Counted: {:.1f} of {} minutes on {} cores.\n",
                   lab::counted_minutes(stored.plan, settings.speed), settings.budget,
                   lab::kCountedCores));
  return finish(a, stored, data, {}, directory);
}

}  // namespace

void add_choose(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand(
      "choose",
      "Finds the activation for your data: a ranking, and which one to take\n\n"
      "Activations and learning rates train in rungs: the better half goes on and trains twice as\n"
      "long. In the final, those that are left train with several seeds, and are tested on "
      "samples\n"
      "that nothing was chosen by. It writes index.html, ranking.csv, ranking.json, results.csv\n"
      "and figures; docs/choose.md describes them. The same command gives the same ranking.\n\n"
      "Examples:\n"
      "  actfn choose\n"
      "  actfn choose --data iris.csv --label species --budget 2 --out iris\n"
      "  actfn choose --activations relu,gelu,mish,swiglu --network cnn --budget 60\n"
      "  actfn choose --out iris --resume          # goes on with a stopped or killed run\n");
  auto a = std::make_shared<ChooseArguments>();
  add_choose_options(*command, *a);
  command->callback([command, a, &exit_code] {
    for (const CLI::Option* option : command->get_options()) {
      if (option->count() > 0) a->given.push_back(option->get_name());
    }
    exit_code = choose(*a);
  });
}

}  // namespace actfn::app
