// SPDX-License-Identifier: Apache-2.0
#include "choose_arguments.h"

#include <fmt/format.h>

#include "arguments.h"
#include "commands.h"
#include "lab/networks/network.h"
#include "lab/plan.h"
#include "run_arguments.h"

namespace actfn::app {
namespace {

lab::CompareSettings training_of(const ChooseArguments& a) {
  const lab::CompareSettings& asked = a.settings.training;
  lab::CompareSettings s = lab::network_named(asked.network).defaults();
  s.label = asked.label;
  s.task = asked.task;
  s.match = asked.match;
  s.validation = a.validation.value_or(lab::usual_validation(0));
  s.reproducible = asked.reproducible;
  s.init = "auto";
  s.probe = false;
  s.seeds = {1};
  s.lr = parse_rates("choose", a.lr);
  if (a.hidden) s.hidden = parse_integers("hidden", *a.hidden);
  if (a.batch) s.batch = *a.batch;
  s.activations =
      names_all(a.activations) ? lab::all_candidates(s) : parse_nonlinearities(a.activations);
  s.data = data_path(a.data);
  return s;
}

void require_few_options(const ChooseArguments& a) {
  if (!a.out) throw Error("[choose] --resume needs --out");
  for (const std::string& name : a.given) {
    if (name == "--out" || name == "--jobs" || name == "--resume") continue;
    throw Error(fmt::format("[choose] --resume takes {} from {}: leave it out", name, *a.out));
  }
}

void add_search_options(CLI::App& command, ChooseArguments& a) {
  lab::ChooseSettings& s = a.settings;
  command
      .add_option("--activations", a.activations,
                  "Functions of any kind, + joins several; or all:\nthose that may stand behind a "
                  "hidden layer")
      ->type_name("SPEC,…|all")
      ->capture_default_str();
  add(command, "--lr", a.lr, "Learning rates, tried with each activation", "X,…")
      ->capture_default_str();
  add(command, "--budget", s.budget,
      "How much is trained: minutes of a usual machine\nwith two cores. It is counted, not "
      "measured, so\nthat each run trains the same",
      "MINUTES")
      ->capture_default_str();
  add(command, "--speed", s.speed, "How many times faster this machine is than that", "X")
      ->capture_default_str();
  add(command, "--finalists", s.finalists, "How many activations come to the final at most", "N")
      ->capture_default_str();
  add(command, "--seeds", s.seeds,
      "Seeds of each activation in the final; 0: as\nmany as the budget has room for", "N")
      ->capture_default_str();
}

void add_training_options(CLI::App& command, ChooseArguments& a) {
  lab::CompareSettings& s = a.settings.training;
  add_network_option(command, s);
  add(command, "--hidden", a.hidden, "Units of the hidden layers of mlp; by default\n128", "N,…");
  add_match_option(command, s);
  add(command, "--batch", a.batch, "Samples per step; by default those of the\nnetwork", "N");
  add(command, "--validation", a.validation,
      "Share of the training samples that is held out.\nAll is chosen by it. By default 0.2, but "
      "at most\n6,000 samples",
      "X");
  command.add_flag("--reproducible", s.reproducible,
                   "The same bits on every instruction set, by slower\nmatrix products");
}

}  // namespace

void add_choose_options(CLI::App& command, ChooseArguments& a) {
  a.settings.training.match = "parameters";
  add_data_options(command, a.data, a.settings.training);
  add_search_options(command, a);
  add_training_options(command, a);
  add(command, "--jobs", a.jobs, "Trainings at the same time; 0: one per core", "N")
      ->capture_default_str();
  add_out_options(command, a.out, a.resume);
}

void require_arguments(const ChooseArguments& a) {
  if (a.out == "") throw Error("[choose] --out must be a directory, got ''");
  require_count("choose", "--jobs", a.jobs);
  if (a.resume) require_few_options(a);
}

lab::ChooseSettings settings_of(const ChooseArguments& a) {
  return as_choose([&] {
    lab::ChooseSettings s = a.settings;
    s.training = training_of(a);
    lab::require_settings(s);
    s.training = lab::Plan(s.training).settings;  // wrong settings show before anything is done
    return s;
  });
}

}  // namespace actfn::app
