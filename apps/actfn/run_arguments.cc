// SPDX-License-Identifier: Apache-2.0
#include "run_arguments.h"

#include <actfn/error.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ctime>
#include <stdexcept>
#include <system_error>

#include "catalogue/lists.h"
#include "catalogue/number.h"
#include "catalogue/quote.h"
#include "commands.h"
#include "data/recall.h"
#include "lab/networks/network.h"

namespace actfn::app {
namespace {

namespace fs = std::filesystem;

// A line for each network.
std::string networks_text() {
  std::string text = "What is trained.";
  for (const lab::Network* network : lab::all_networks()) {
    text += fmt::format("\n{}: {}", network->name, network->summary);
  }
  return text + "\nEach has defaults of its own: docs/compare.md";
}

}  // namespace

void add_data_options(CLI::App& command, std::optional<std::string>& data,
                      lab::CompareSettings& s) {
  add(command, "--data", data,
      "A table (.csv, .tsv), arrays (.npz, .npy), a\ndirectory of IDX files or of images in "
      "folders\nof their class; or recall, which is made. actfn\ndata says what it holds",
      "PATH");
  add(command, "--label", s.label, "The column of a table that is to be predicted", "NAME");
  add(command, "--task", s.task, "What the label is; auto: as it looks",
      "auto|classification|regression")
      ->capture_default_str();
}

void add_network_option(CLI::App& command, lab::CompareSettings& s) {
  add(command, "--network", s.network, networks_text().c_str(),
      fmt::format("{}", fmt::join(lab::network_names(), "|")))
      ->capture_default_str();
}

void add_match_option(CLI::App& command, lab::CompareSettings& s) {
  add(command, "--match", s.match,
      "What networks have in common: the width that\ncomes out of a hidden layer, or the number "
      "of\nparameters (gates get narrower layers)",
      "width|parameters")
      ->capture_default_str();
}

void add_out_options(CLI::App& command, std::optional<std::string>& out, bool& resume) {
  const std::string text = fmt::format(
      "Directory of the results, which must have none\nyet; by default actfn-{}-DATE-TIME",
      command.get_name());
  add(command, "--out", out, text.c_str(), "DIR");
  command.add_flag("--resume", resume,
                   "Goes on with the run in --out that was stopped\nor killed; its settings are "
                   "taken from there");
}

std::vector<double> parse_rates(std::string_view command, const std::string& text) {
  std::vector<double> rates;
  for (const auto& part : functions::split(text, ',')) {
    const auto rate = read_number<double>(functions::trimmed(part));
    if (!rate)
      throw Error(
          fmt::format("[{}] lr must be a number, or several: got {}", command, in_quotes(part)));
    rates.push_back(*rate);
  }
  return rates;
}

std::string data_path(const std::optional<std::string>& given) {
  if (given) {
    if (given->empty()) throw Error("[data] --data must be a file or directory, got ''");
    if (data::parse_recall(*given)) return *given;
    std::error_code ignored;
    const fs::path path = fs::absolute(*given, ignored).lexically_normal();
    return path.empty() ? *given : path.string();
  }
  if (const auto found = data::find_fashion_mnist()) return found->string();
  throw std::runtime_error(
      "[data] Fashion-MNIST is not installed: apt install dataset-fashion-mnist, or give data of "
      "your own with --data");
}

data::Dataset read_data(const lab::CompareSettings& settings) {
  data::ReadOptions options;
  options.label = settings.label;
  if (settings.task == "classification") options.task = data::Task::classification;
  if (settings.task == "regression") options.task = data::Task::regression;
  return data::read(settings.data, options);
}

fs::path dated_directory(std::string_view command) {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char date[20];
  std::strftime(date, sizeof date, "%Y%m%d-%H%M%S", &local);
  return fmt::format("actfn-{}-{}", command, date);
}

}  // namespace actfn::app
