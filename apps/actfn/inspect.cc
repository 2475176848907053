// SPDX-License-Identifier: Apache-2.0
#include <actfn/error.h>
#include <actfn/target.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "arguments.h"
#include "commands.h"
#include "compare_arguments.h"
#include "comparison_run.h"
#include "lab/inspect_page.h"
#include "lab/report_names.h"
#include "output.h"
#include "run_arguments.h"
#include "saved_network.h"

namespace actfn::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWho = "[inspect] ";

struct InspectArguments : CompareArguments {
  SavedNetworkArguments saved;
};

// The lab speaks of compare, whose trainings these are.
std::string in_our_name(std::string_view message) {
  constexpr std::string_view kOther = "[compare] ";
  if (!message.starts_with(kOther)) return std::string(message);
  return std::string(kWho) + std::string(message.substr(kOther.size()));
}

template <class F>
int in_our_name(const F& run) {
  try {
    return run();
  } catch (const Error& e) {
    throw Error(in_our_name(std::string_view(e.what())));
  } catch (const std::runtime_error& e) {
    throw std::runtime_error(in_our_name(std::string_view(e.what())));
  }
}

void say(const std::vector<std::string>& findings, const lab::ResultsDirectory& results) {
  for (const std::string& line : findings) print(wrapped(line, kTextWidth, 2));
  print(fmt::format("\nPage: {}\n", results.report().string()));
}

int train(const InspectArguments& a) {
  require_fit("inspect", a.saved);
  return run_comparison(a, [](const lab::Comparison& c, lab::ResultsDirectory& results) {
    results.finish(c, lab::inspect_page(c), lab::inspect_figures(c));
    say(lab::inspect_findings(c), results);
  });
}

bool is_given(const InspectArguments& a, std::string_view option) {
  return std::ranges::find(a.given, option) != a.given.end();
}

// Those of training have no meaning where nothing is trained.
void require_few_options(const InspectArguments& a) {
  constexpr std::string_view kAllowed[] = {
      "--weights",    "--network", "--input",   "--data",         "--label", "--task",
      "--validation", "--samples", "--threads", "--reproducible", "--out"};
  for (const std::string& name : a.given) {
    if (std::ranges::find(kAllowed, name) != std::end(kAllowed)) continue;
    throw Error(fmt::format("{}--weights trains nothing: leave {} out", kWho, name));
  }
}

// What compare has by default, for the data and the parts of them.
lab::CompareSettings plain_settings(const InspectArguments& a) {
  CompareArguments plain;
  plain.data = a.data;
  plain.settings.label = a.settings.label;
  plain.settings.task = a.settings.task;
  plain.settings.validation = a.settings.validation;
  plain.settings.samples = a.settings.samples;
  plain.settings.reproducible = a.settings.reproducible;
  return lab::Plan(settings_of(plain)).settings;
}

std::string command_of(const InspectArguments& a, const lab::CompareSettings& s) {
  using lab::report::shell_quoted;
  std::string out = "actfn inspect --weights " + shell_quoted(a.saved.file());
  if (a.saved.network) out += " --network " + shell_quoted(*a.saved.network);
  if (a.saved.input) out += " --input " + shell_quoted(*a.saved.input);
  out += " --data " + shell_quoted(s.data);
  if (!s.label.empty()) out += " --label " + shell_quoted(s.label);
  if (s.task != "auto") out += " --task " + s.task;
  return out + fmt::format(" --validation {} --samples {}", s.validation, s.samples);
}

int look(const InspectArguments& a) {
  require_few_options(a);
  require_fit("inspect", a.saved);
  if (a.out == "") throw Error("[inspect] --out must be a directory, got ''");
  const lab::CompareSettings s = plain_settings(a);
  require_count("inspect", "--threads", a.threads);
  target();  // a wrong ACTFN_TARGET shows now
  nn::Sequential network = read_network("inspect", a.saved);
  network.set_reproducible(s.reproducible);
  if (a.threads > 0) network.set_threads(a.threads);
  lab::Inspection found =
      lab::inspect(network, read_data(s), {.validation = s.validation, .samples = s.samples});
  found.network.file = a.saved.file();
  found.network.name = fs::path(a.saved.file()).stem().string();
  found.data = s.data;
  found.command = command_of(a, s);
  using Start = lab::ResultsDirectory::Start;
  lab::ResultsDirectory results(a.out ? fs::path(*a.out) : dated_directory("inspect"),
                                a.out ? Start::empty : Start::fresh);
  results.finish(lab::probes_of(found), lab::inspect_page(found), lab::inspect_figures(found));
  say(lab::inspect_findings(found), results);
  return 0;
}

void add_options(CLI::App& command, InspectArguments& a) {
  a.settings.inspect = true;
  a.activations = {"sigmoid,relu"};
  add_compare_options(command, a);
  add(command, "--every", a.settings.every,
      "Looks after every N epochs only, and after the\nlast one", "N")
      ->capture_default_str();
  add(command, "--samples", a.settings.samples, "Samples that are looked at", "N")
      ->capture_default_str();
  add(command, "--weights", a.saved.weights,
      "A saved network: nothing is trained. --network\nthen has its layers, joined by '+', where "
      "the "
      "file\ndoes not name them",
      "FILE.safetensors");
  add(command, "--input", a.saved.input,
      "The shape of a sample for --weights, where no\nLinear is the first layer: 1x28x28", "SHAPE");
}

}  // namespace

void add_inspect(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand(
      "inspect",
      "Looks inside a network while it is trained, or inside a saved one\n\n"
      "Of each hidden layer, after each epoch: gradients, what training has changed, dead and\n"
      "saturated units, mean and variance of activations, effective rank, pre-activations; and\n"
      "what measuring them costs. Writes index.html, figures, probes.csv and what compare writes.\n"
      "docs/inspect.md describes them. The options of training are those of compare.\n\n"
      "Examples:\n"
      "  actfn inspect --activations sigmoid,relu --hidden 64,64,64,64,64,64,64,64\n"
      "  actfn inspect --network cnn --activations relu,gelu --init auto --out cnn\n"
      "  actfn inspect --data iris.csv --hidden 32,32 --epochs 50 --every 5\n"
      "  actfn inspect --out cnn --resume\n"
      "  actfn inspect --weights out/weights/relu-seed-1.safetensors\n"
      "  actfn inspect --weights torch.safetensors --network 'linear(4,8)+relu+linear(8,3)' \\\n"
      "    --data iris.csv\n");
  auto a = std::make_shared<InspectArguments>();
  add_options(*command, *a);
  command->callback([command, a, &exit_code] {
    for (const CLI::Option* option : command->get_options()) {
      if (option->count() > 0) a->given.push_back(option->get_name());
    }
    if (a->saved.weights && is_given(*a, "--network")) a->saved.network = a->settings.network;
    exit_code = in_our_name([&a] { return a->saved.weights ? look(*a) : train(*a); });
  });
}

}  // namespace actfn::app
