#include "lab/compare.h"

#include <actfn/error.h>
#include <actfn/target.h>
#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <future>

#include "arguments.h"
#include "commands.h"
#include "lab/report.h"
#include "lab/results_io.h"
#include "lab/summary.h"
#include "output.h"
#include "progress.h"

namespace actfn::app {
namespace {

namespace fs = std::filesystem;

struct CompareArguments {
  std::string data;
  std::vector<std::string> activations = {"sigmoid,relu,leaky_relu(negative_slope=0.3),gelu"};
  std::string hidden = "128";
  std::string seeds = "1";
  std::string out;
  int jobs = 0;
  int threads = 0;
  lab::CompareSettings settings;
};

volatile std::sig_atomic_t g_signal = 0;

// The first signal asks for an orderly end; a second one ends the program as if nobody listened.
void on_signal(int signal) {
  g_signal = signal;
  std::signal(signal, SIG_DFL);
}

// One training a core; cores that are left over help within the trainings.
void share_cores(const CompareArguments& arguments, lab::CompareSettings& s) {
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const int count = static_cast<int>(lab::trainings(s).size());
  const int jobs = arguments.jobs == 0 ? cores : arguments.jobs;
  s.jobs = std::min(jobs, std::max(count, 1));
  s.threads = arguments.threads == 0 ? std::max(1, jobs / s.jobs) : arguments.threads;
  if (arguments.jobs < 0) s.jobs = arguments.jobs;  // validate() names it
}

lab::CompareSettings settings_of(const CompareArguments& arguments) {
  lab::CompareSettings s = arguments.settings;
  s.activations = parse_activations(arguments.activations);
  s.seeds = parse_seeds(arguments.seeds);
  s.hidden = parse_integers("hidden", arguments.hidden);
  share_cores(arguments, s);
  lab::validate(s);
  return s;
}

fs::path data_directory(const CompareArguments& arguments) {
  if (!arguments.data.empty()) return arguments.data;
  if (const auto found = data::find_fashion_mnist()) return *found;
  throw std::runtime_error(
      "[data] Fashion-MNIST is not installed: apt install dataset-fashion-mnist, or name a "
      "directory with its four IDX files by --data DIR");
}

fs::path output_directory(const CompareArguments& arguments) {
  if (!arguments.out.empty()) return arguments.out;
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char name[40];
  std::strftime(name, sizeof name, "actfn-compare-%Y%m%d-%H%M%S", &local);
  return name;
}

void make_directory(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (!error && fs::is_directory(directory)) return;
  const std::string why = error ? error.message() : "it is no directory";
  throw std::runtime_error("[compare] cannot create " + directory.string() + ": " + why);
}

// Runs the trainings in the background and draws until they are done.
lab::Comparison run(const lab::CompareSettings& s, const data::Dataset& data, lab::CsvLog& log) {
  std::vector<lab::Live> live(static_cast<std::size_t>(s.jobs));
  const auto batch = std::min(static_cast<std::size_t>(s.batch), data.train.labels.size());
  const auto batches = static_cast<int>((data.train.labels.size() + batch - 1) / batch);
  Progress progress(s, live, batches);
  std::stop_source stop;
  const std::function<void(const lab::EpochResult&)> done = [&](const lab::EpochResult& epoch) {
    log.add(epoch);
    progress.epoch_done(epoch);
  };
  auto result = std::async(std::launch::async,
                           [&] { return lab::compare(s, data, live, stop.get_token(), done); });
  while (result.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready) {
    progress.redraw();
    if (g_signal != 0) stop.request_stop();
  }
  progress.finish();
  return result.get();
}

void write_results(const lab::Comparison& comparison, const fs::path& directory) {
  lab::replace_file(directory / "results.csv", lab::csv(comparison.epochs));
  lab::replace_file(directory / "results.json", lab::json(comparison));
  lab::replace_file(directory / "report.html", lab::report_html(comparison));
}

std::string table(const lab::Comparison& comparison) {
  Table table({"ACTIVATION", "TRAIN LOSS", "TEST LOSS", "TEST ACCURACY", "S/EPOCH"});
  for (const auto& row : lab::summarize(comparison)) {
    table.add({row.activation, lab::spread_text(row.train_loss, 4),
               lab::spread_text(row.test_loss, 4), lab::spread_text(row.test_accuracy, 4),
               fmt::format("{:.3f}", row.seconds)});
  }
  return table.text(1);
}

void print_summary(const lab::Comparison& comparison, const fs::path& directory) {
  if (comparison.epochs.empty()) return;
  std::string out = "\n" + table(comparison) + "\n";
  const auto sentences = lab::verdicts(comparison);
  for (std::size_t i = 0; i < std::min<std::size_t>(sentences.size(), 2); ++i) {
    out += sentences[i] + "\n";
  }
  out += fmt::format("\n{:.1f} s. Report: {}\n", comparison.seconds,
                     (directory / "report.html").string());
  print(out);
}

int compare(const CompareArguments& arguments) {
  lab::CompareSettings settings = settings_of(arguments);
  target();  // a wrong ACTFN_TARGET shows before anything is done
  const data::Dataset data = data::read_dataset(data_directory(arguments));
  settings.data = data.directory.string();
  const fs::path directory = output_directory(arguments);
  make_directory(directory);
  lab::CsvLog log(directory / "results.csv");
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  const lab::Comparison result = run(settings, data, log);
  if (!result.epochs.empty()) write_results(result, directory);
  print_summary(result, directory);
  return result.interrupted ? kSignalled + g_signal : 0;
}

void add_options(CLI::App& command, CompareArguments& a) {
  auto& s = a.settings;
  command.add_option("--data", a.data, "Directory with the four IDX files, plain or .gz");
  command.add_option("--activations", a.activations, "Activations to compare, between commas")
      ->capture_default_str();
  command.add_option("--hidden", a.hidden, "Units of the hidden layers, between commas")
      ->capture_default_str();
  command.add_option("--epochs", s.epochs, "Passes over the training images")
      ->capture_default_str();
  command.add_option("--batch", s.batch, "Images a step")->capture_default_str();
  command.add_option("--optimizer", s.optimizer, "adam or sgd")->capture_default_str();
  command.add_option("--lr", s.lr, "Learning rate")->capture_default_str();
  command.add_option("--momentum", s.momentum, "Of sgd")->capture_default_str();
  command.add_option("--weight-decay", s.weight_decay, "Added to the gradient, times the weight")
      ->capture_default_str();
  command.add_option("--init", s.init, "glorot_uniform, glorot_normal, he_…, lecun_…")
      ->capture_default_str();
  command.add_option("--seeds", a.seeds, "N: the seeds 1 to N; a,b,c: those")
      ->capture_default_str();
  command.add_option("--jobs", a.jobs, "Trainings at a time [number of cores]");
  command.add_option("--threads", a.threads, "Threads of one training [cores that are left over]");
  command.add_option("--out", a.out, "Directory for the results [actfn-compare-DATE-TIME]");
}

}  // namespace

void add_compare(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand(
      "compare",
      "Trains a network with each activation on Fashion-MNIST and reports how they did:\n"
      "results.csv, results.json and report.html.\n\n"
      "Examples:\n"
      "  actfn compare\n"
      "  actfn compare --activations 'relu,elu(alpha=0.5),selu' --seeds 5 --out elu\n"
      "  actfn compare --hidden 256,64 --init he_normal --optimizer sgd --lr 0.1\n");
  auto arguments = std::make_shared<CompareArguments>();
  add_options(*command, *arguments);
  command->callback([arguments, &exit_code] { exit_code = compare(*arguments); });
}

}  // namespace actfn::app
