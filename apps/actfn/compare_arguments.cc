// SPDX-License-Identifier: Apache-2.0
#include "compare_arguments.h"

#include <actfn/error.h>
#include <fmt/format.h>

#include <algorithm>

#include "arguments.h"
#include "catalogue/quote.h"
#include "commands.h"
#include "lab/networks/network.h"
#include "run_arguments.h"

namespace actfn::app {
namespace {

void add_network_options(CLI::App& command, CompareArguments& a) {
  auto& s = a.settings;
  command
      .add_option("--activations", a.activations,
                  "Functions of any kind. + joins several:\nselu+alpha_dropout(p=0.05)")
      ->type_name("SPEC,…")
      ->capture_default_str();
  add_network_option(command, s);
  add(command, "--hidden", a.hidden, "Units of the hidden layers of mlp", "N,…")
      ->capture_default_str();
  add_match_option(command, s);
  add(command, "--init", s.init,
      "Distribution of the first weights: glorot, he\nor lecun, and _uniform or _normal; auto: "
      "what\nsuits each activation",
      "NAME")
      ->capture_default_str();
}

void add_schedule_options(CLI::App& command, lab::CompareSettings& s) {
  add(command, "--schedule", s.schedule,
      "How the learning rate changes: constant;\ncosine(eta_min=0), down to the end;\n"
      "step(step_size=N,gamma=0.1), every N epochs;\nexponential(gamma=X), every epoch",
      "SPEC")
      ->capture_default_str();
  add(command, "--warmup", s.warmup,
      "Steps in which the learning rate rises, before\nthe schedule begins", "N")
      ->capture_default_str();
  add(command, "--clip", s.clip, "Scales the gradients of a step down to this L2\nnorm; 0: never",
      "X")
      ->capture_default_str();
  add(command, "--label-smoothing", s.label_smoothing,
      "Share of a label that goes to all classes, in\nthe training loss", "X")
      ->capture_default_str();
}

void add_training_options(CLI::App& command, CompareArguments& a) {
  auto& s = a.settings;
  add(command, "--epochs", s.epochs, "Passes over the samples", "N")->capture_default_str();
  add(command, "--validation", s.validation,
      "Share of the training samples that is held out.\nThe best epoch is chosen by it. 0: none, "
      "test\nresults are those of the last epoch",
      "X")
      ->capture_default_str();
  add(command, "--patience", s.patience,
      "Ends a training after so many epochs without a\nbetter validation loss; 0: never", "N")
      ->capture_default_str();
  add(command, "--batch", s.batch, "Samples per step", "N")->capture_default_str();
  add(command, "--optimizer", s.optimizer, "The update rule", "adam|adamw|sgd")
      ->capture_default_str();
  add(command, "--lr", a.lr,
      "Learning rate. Of several, each activation gets\nthe one with its lowest validation loss",
      "X,…")
      ->capture_default_str();
  add(command, "--momentum", s.momentum, "Momentum of sgd", "X")->capture_default_str();
  add(command, "--weight-decay", s.weight_decay,
      "Weight decay: an L2 penalty, but decoupled for\nadamw. By default 0, for adamw 0.01", "X");
  add_schedule_options(command, s);
  add(command, "--seeds", a.seeds, "5: seeds 1 to 5; 3,7: these two; 7,: only 7", "N|A,B,…")
      ->capture_default_str();
}

void add_run_options(CLI::App& command, CompareArguments& a) {
  add(command, "--jobs", a.jobs, "Trainings at the same time; 0: one per core", "N")
      ->capture_default_str();
  add(command, "--threads", a.threads,
      "Threads of each training; 0: an equal share of\nthe cores that --jobs allows", "N")
      ->capture_default_str();
  command.add_flag("--reproducible", a.settings.reproducible,
                   "The same bits on every instruction set, by slower\nmatrix products");
  command.add_flag("--save", a.settings.save,
                   "Keeps the weights of each training's best epoch\nin weights/"
                   "ACTIVATION-seed-N.safetensors, with\nPyTorch's names and layouts");
  command.add_flag("--tensorboard", a.settings.tensorboard,
                   "Writes the epochs' scores for TensorBoard, to\ntensorboard/ACTIVATION-seed-N");
  if (!a.settings.inspect) {
    add(command, "--probe", a.probe,
        "Looks inside the networks after each epoch:\ngradients, dead and saturated units",
        "on|off")
        ->capture_default_str();
  }
  add_out_options(command, a.out, a.resume);
  command.add_flag("--add", a.add,
                   "Adds --activations and --seeds to the results\nin --out; all else is taken "
                   "from there");
}

// The network's defaults for what no option says.
void take_defaults(const CompareArguments& arguments, lab::CompareSettings& s) {
  const lab::CompareSettings usual = lab::network_named(s.network).defaults();
  const auto take = [&](const char* option, auto& value, const auto& by_default) {
    if (std::ranges::find(arguments.given, option) == arguments.given.end()) value = by_default;
  };
  take("--hidden", s.hidden, usual.hidden);
  take("--epochs", s.epochs, usual.epochs);
  take("--batch", s.batch, usual.batch);
  take("--optimizer", s.optimizer, usual.optimizer);
  take("--weight-decay", s.weight_decay,
       s.optimizer == "adamw" ? nn::AdamW{}.weight_decay : usual.weight_decay);
  take("--lr", s.lr, usual.lr);
  take("--schedule", s.schedule, usual.schedule);
  take("--warmup", s.warmup, usual.warmup);
  take("--clip", s.clip, usual.clip);
}

}  // namespace

void add_compare_options(CLI::App& command, CompareArguments& a) {
  auto& s = a.settings;
  add_data_options(command, a.data, s);
  add_network_options(command, a);
  add_training_options(command, a);
  add_run_options(command, a);
}

lab::CompareSettings settings_of(const CompareArguments& arguments) {
  lab::CompareSettings s = arguments.settings;
  require_names("compare", arguments.activations);
  s.activations = parse_nonlinearities(arguments.activations);
  s.seeds = parse_seeds(arguments.seeds);
  s.hidden = parse_integers("hidden", arguments.hidden);
  s.lr = parse_rates("compare", arguments.lr);
  take_defaults(arguments, s);
  if (arguments.probe != "on" && arguments.probe != "off") {
    throw Error("[compare] probe must be on or off, got " + in_quotes(arguments.probe));
  }
  s.probe = arguments.probe == "on";
  s.data = data_path(arguments.data);
  return s;
}

void share_cores(const CompareArguments& arguments, lab::CompareSettings& s) {
  require_count("compare", "--jobs", arguments.jobs);
  require_count("compare", "--threads", arguments.threads, "an equal share of the cores");
  const int cores = or_cores(0);
  const auto count = static_cast<int>(s.activations.size() * s.seeds.size());
  const int jobs = or_cores(arguments.jobs);
  s.jobs = std::clamp(count, 1, jobs);
  const int left_over = std::max(1, std::min(jobs, cores) / s.jobs);
  s.threads = arguments.threads == 0 ? left_over : std::min(arguments.threads, cores);
}

void require_few_options(const CompareArguments& arguments) {
  const char* const mode = arguments.add ? "--add" : "--resume";
  if (arguments.add && arguments.resume) {
    throw Error("[compare] --add and --resume exclude each other");
  }
  if (!arguments.out) throw Error(fmt::format("[compare] {} needs --out", mode));
  std::vector<std::string> allowed = {"--out", "--jobs", "--threads", mode};
  if (arguments.add) allowed.insert(allowed.end(), {"--activations", "--seeds"});
  for (const std::string& name : arguments.given) {
    if (std::ranges::find(allowed, name) != allowed.end()) continue;
    throw Error(
        fmt::format("[compare] {} takes {} from {}: leave it out", mode, name, *arguments.out));
  }
}

}  // namespace actfn::app
