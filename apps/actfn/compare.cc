// SPDX-License-Identifier: Apache-2.0
#include "lab/compare.h"

#include <actfn/error.h>
#include <actfn/target.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <ctime>
#include <future>
#include <optional>
#include <thread>

#include "arguments.h"
#include "commands.h"
#include "lab/report.h"
#include "lab/results_directory.h"
#include "output.h"
#include "progress.h"

namespace actfn::app {
namespace {

namespace fs = std::filesystem;

struct CompareArguments {
  std::optional<std::string> data;
  std::vector<std::string> activations = {"sigmoid,relu,leaky_relu(negative_slope=0.3),gelu"};
  std::string hidden = "128";
  std::string seeds = "1";
  std::optional<std::string> out;
  int jobs = 0;
  int threads = 0;
  lab::CompareSettings settings;
};

volatile std::sig_atomic_t g_signal = 0;

// The first signal asks for an orderly end; a second one ends the program at once.
void on_signal(int signal) {
  g_signal = signal;
  std::signal(signal, SIG_DFL);
}

void listen_to_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    // Whoever started us may have wanted it ignored: nohup, a shell's background.
    if (std::signal(signal, on_signal) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

// One training per core; cores that are left over work within the trainings.
void share_cores(const CompareArguments& arguments, lab::CompareSettings& s) {
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const auto count = static_cast<int>(s.activations.size() * s.seeds.size());
  const int jobs = arguments.jobs == 0 ? cores : arguments.jobs;
  s.jobs = std::clamp(count, 1, jobs);
  const int left_over = std::max(1, std::min(jobs, cores) / s.jobs);
  s.threads = arguments.threads == 0 ? left_over : std::min(arguments.threads, cores);
}

lab::Plan plan_of(const CompareArguments& arguments) {
  require_count("compare", "jobs", arguments.jobs);
  require_count("compare", "threads", arguments.threads, "an equal share of the cores");
  lab::CompareSettings s = arguments.settings;
  require_names("compare", arguments.activations);
  s.activations = parse_nonlinearities(arguments.activations);
  s.seeds = parse_seeds(arguments.seeds);
  s.hidden = parse_integers("hidden", arguments.hidden);
  share_cores(arguments, s);
  return lab::Plan(std::move(s));
}

fs::path data_directory(const CompareArguments& arguments) {
  if (arguments.data) {
    if (arguments.data->empty()) throw Error("[data] --data must be a directory, got ''");
    return *arguments.data;
  }
  if (const auto found = data::find_fashion_mnist()) return *found;
  throw std::runtime_error(
      "[data] Fashion-MNIST is not installed: apt install dataset-fashion-mnist, or give a "
      "directory with its four IDX files: --data DIR");
}

fs::path usual_directory() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char name[40];
  std::strftime(name, sizeof name, "actfn-compare-%Y%m%d-%H%M%S", &local);
  return name;
}

// Runs the trainings in the background and draws until they are done.
lab::Comparison run(const lab::Plan& plan, const data::Dataset& data,
                    lab::ResultsDirectory& results) {
  const lab::CompareSettings& s = plan.settings;
  std::vector<lab::Live> live(static_cast<std::size_t>(s.jobs));
  const auto batch = std::min(static_cast<std::size_t>(s.batch), data.train.count);
  const auto batches = static_cast<int>((data.train.count + batch - 1) / batch);
  Progress progress(plan, live, batches);
  std::stop_source stop;
  const std::function<void(const lab::EpochResult&)> done = [&](const lab::EpochResult& epoch) {
    results.add(epoch);
    progress.epoch_done(epoch);
  };
  auto result = std::async(std::launch::async,
                           [&] { return lab::compare(plan, data, live, stop.get_token(), done); });
  while (result.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready) {
    progress.redraw();
    if (g_signal == 0 || stop.stop_requested()) continue;
    stop.request_stop();
    progress.say("Stopping. Finished epochs are kept; press Ctrl-C again to end at once.");
  }
  progress.finish();
  return result.get();
}

// Four decimals; the range over seeds where there are several.
std::string spread_text(const lab::report::Spread& s) {
  const auto text = [](double v) {
    if (!std::isfinite(v)) return std::string("nan");
    return std::abs(v) < 1e5 ? fmt::format("{:.4f}", v) : fmt::format("{:.3g}", v);
  };
  if (s.count < 2) return text(s.mean);
  return fmt::format("{} ({}–{})", text(s.mean), text(s.low), text(s.high));
}

// The figures of the report: means over the seeds that went equally far and stayed finite.
std::string table(const lab::report::Overview& overview) {
  using lab::report::Metric;
  Table table({"ACTIVATION", "TRAIN LOSS", "TEST LOSS", "TEST ACCURACY", "S/EPOCH"});
  for (const auto& series : overview.series) {
    if (series.last_epoch == 0) continue;
    table.add({series.name, spread_text(series.end(Metric::train_loss)),
               spread_text(series.end(Metric::test_loss)),
               spread_text(series.end(Metric::test_accuracy)),
               fmt::format("{:.3f}", series.seconds)});
  }
  return table.text(1);
}

void keep(const lab::Comparison& comparison, lab::ResultsDirectory& results) {
  const lab::Findings found = lab::findings(comparison);
  results.finish(comparison, lab::report_html(comparison, found));
  std::string out = "\n" + table(found.overview) + "\n";
  for (const auto& sentence : found.verdicts) out += sentence + "\n";
  out += fmt::format("\n{:.1f} s. Report: {}\n", comparison.seconds, results.report().string());
  print(out);
}

int compare(const CompareArguments& arguments) {
  if (arguments.out == "") throw Error("[compare] --out must be a directory, got ''");
  const lab::Plan plan = plan_of(arguments);
  target();  // a wrong ACTFN_TARGET shows before anything is done
  const data::Dataset data = data::read(data_directory(arguments));
  if (data.task == data::Task::regression) {
    throw Error("[compare] the labels of " + data.path.string() + " are numbers, not classes");
  }
  lab::ResultsDirectory results(arguments.out ? fs::path(*arguments.out) : usual_directory(),
                                plan.settings.activations, !arguments.out);
  listen_to_signals();
  const lab::Comparison result = run(plan, data, results);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_DFL);
  if (!result.epochs.empty()) {
    keep(result, results);
  } else {
    note("actfn: stopped before the first epoch was finished; nothing is kept\n");
  }
  return result.interrupted ? kSignalled + g_signal : 0;
}

void add_options(CLI::App& command, CompareArguments& a) {
  auto& s = a.settings;
  add(command, "--data", a.data,
      "Directory of four IDX files, plain or .gz:\ntrain-images-idx3-ubyte, "
      "train-labels-idx1-ubyte,\nt10k-images-idx3-ubyte, t10k-labels-idx1-ubyte",
      "DIR");
  command
      .add_option("--activations", a.activations,
                  "Functions of any kind. + joins several:\nselu+alpha_dropout(p=0.05)")
      ->type_name("SPEC,…")
      ->capture_default_str();
  add(command, "--hidden", a.hidden, "Units of the hidden layers", "N,…")->capture_default_str();
  add(command, "--epochs", s.epochs, "Passes over the images", "N")->capture_default_str();
  add(command, "--batch", s.batch, "Images per step", "N")->capture_default_str();
  add(command, "--optimizer", s.optimizer, "The update rule", "adam|sgd")->capture_default_str();
  add(command, "--lr", s.lr, "Learning rate", "X")->capture_default_str();
  add(command, "--momentum", s.momentum, "Momentum of sgd", "X")->capture_default_str();
  add(command, "--weight-decay", s.weight_decay, "L2 penalty", "X")->capture_default_str();
  add(command, "--init", s.init,
      "Distribution of the first weights: glorot, he\nor lecun, and _uniform or _normal", "NAME")
      ->capture_default_str();
  add(command, "--seeds", a.seeds, "5: seeds 1 to 5; 3,7: these two; 7,: only 7", "N|A,B,…")
      ->capture_default_str();
  add(command, "--jobs", a.jobs, "Trainings at the same time; 0: one per core", "N")
      ->capture_default_str();
  add(command, "--threads", a.threads,
      "Threads of each training; 0: an equal share of\nthe cores that --jobs allows", "N")
      ->capture_default_str();
  command.add_flag("--reproducible", s.reproducible,
                   "The same bits on every instruction set, by slower\nmatrix products");
  add(command, "--out", a.out, "Directory of the results; by default\nactfn-compare-DATE-TIME",
      "DIR");
}

}  // namespace

void add_compare(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand(
      "compare",
      "Trains a network with each function on Fashion-MNIST\n\n"
      "Writes results.csv, results.json and report.html. Until it ends, the rows of finished\n"
      "epochs are in unfinished/results.csv, and results of an earlier run stay as they are.\n\n"
      "Examples:\n"
      "  actfn compare\n"
      "  actfn compare --activations 'relu,elu(alpha=0.5),selu' --seeds 5 --out elu\n"
      "  actfn compare --activations 'prelu,rrelu,swiglu,selu+alpha_dropout(p=0.05)'\n"
      "  actfn compare --hidden 256,64 --init he_normal --optimizer sgd --lr 0.1\n");
  auto arguments = std::make_shared<CompareArguments>();
  add_options(*command, *arguments);
  command->callback([arguments, &exit_code] { exit_code = compare(*arguments); });
}

}  // namespace actfn::app
