// SPDX-License-Identifier: Apache-2.0
#include "lab/report_run.h"

#include "lab/networks.h"
#include "lab/networks/network.h"
#include "lab/report_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace actfn::lab {
namespace report {
namespace {

using Facts = std::vector<std::pair<std::string, std::string>>;

std::string optimizer(const CompareSettings& s) {
  std::string out = fmt::format("{}, learning rate {}", s.optimizer, fmt::join(s.lr, " or "));
  if (s.optimizer != "sgd") {
    out += fmt::format(", β₁ {}, β₂ {}, ε {}", kAdam.beta1, kAdam.beta2, kAdam.eps);
  }
  if (s.momentum != 0) out += fmt::format(", momentum {}", s.momentum);
  if (s.weight_decay != 0) out += fmt::format(", weight decay {}", s.weight_decay);
  if (s.clip != 0) out += fmt::format(", gradients clipped to a norm of {}", s.clip);
  return out;
}

std::string schedule(const CompareSettings& s) {
  std::string out = s.schedule;
  if (s.warmup != 0) out += fmt::format(", after a warm-up of {}", counted(s.warmup, "step"));
  return out;
}

std::string data_facts(const Comparison& c) {
  std::string out = fmt::format("{}: {} training", c.settings.data, grouped(c.samples.train));
  if (c.samples.validation > 0)
    out += fmt::format(", {} validation", grouped(c.samples.validation));
  return out + fmt::format(" and {} test samples", grouped(c.samples.test));
}

std::string ending(const CompareSettings& s) {
  if (s.patience == 0) return std::to_string(s.epochs);
  return fmt::format("{} at most; {} without a better validation loss end a training", s.epochs,
                     s.patience);
}

std::string matched(const CompareSettings& s) {
  return s.match == "width" ? "units that come out of a hidden layer" : "number of parameters";
}

// How steps are taken; what has its default is left out.
void add_steps(const CompareSettings& s, Facts& facts) {
  facts.emplace_back("Optimizer", typeset(optimizer(s)));
  if (s.schedule != "constant" || s.warmup != 0) {
    facts.emplace_back("Learning rate", typeset(schedule(s)));
  }
  if (s.label_smoothing != 0) {
    facts.emplace_back("Label smoothing", typeset(fmt::format("{}", s.label_smoothing)));
  }
}

Facts facts(const Comparison& c, const Overview& overview) {
  const CompareSettings& s = c.settings;
  Facts all = {
      {"Data", data_facts(c)},
      {"Network", network_text(s, c.form, c.outputs)},
      {"Alike", matched(s)},
      {"Initialisation", s.init},
  };
  add_steps(s, all);
  const Facts rest = {
      {"Batch", counted(s.batch, "sample")},
      {"Epochs", ending(s)},
      {"Seeds", fmt::format("{}", fmt::join(s.seeds, ","))},
      {"Trainings", fmt::format("{} of {} finished{}", overview.finished, overview.planned,
                                c.interrupted ? ", interrupted" : "")},
      {"At a time",
       fmt::format("{}, each on {}", counted(s.jobs, "training"), counted(s.threads, "thread"))},
      {"Reproducible", s.reproducible ? "on every instruction set" : "on processors like this one"},
      {"Wall time", wall_time(c.seconds)},
      {"Processor", fmt::format("{}, {}", c.machine.cpu, counted(c.machine.cores, "core"))},
      {"Instruction set", c.machine.target},
      {"Version", "actfn " + c.machine.version},
      {"Date", c.machine.date},
  };
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

}  // namespace

std::string data_name(const std::string& directory) {
  std::string_view path = directory;
  while (path.ends_with('/')) path.remove_suffix(1);
  path.remove_prefix(path.rfind('/') + 1);  // npos + 1 is 0
  return path.empty() ? "the data" : std::string(path);
}

std::string shell_quoted(std::string_view word) {
  const auto safe = [](char c) {
    return part_of_name(c) || std::string_view("-+./:,=@%").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), safe)) return std::string(word);
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? R"('\'')" : std::string(1, c);
  return out + "'";
}

std::string scope_text(const Comparison& c, const Overview& overview) {
  return fmt::format("{}, {}, {} on {}", counted(overview.series.size(), "activation"),
                     counted(c.settings.seeds.size(), "seed"), counted(c.settings.epochs, "epoch"),
                     data_name(c.settings.data));
}

std::string run_section(const Comparison& c, const Overview& overview,
                        std::span<const std::string_view> files) {
  std::string out = R"(<section id="run"><h2>The run</h2><dl class="facts">)";
  for (const auto& [name, text] : facts(c, overview)) {
    out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", name, escape(text));
  }
  return out + "</dl>" + again(command_line(c.settings), files) + "</section>";
}

std::string again(std::string_view command, std::span<const std::string_view> files) {
  std::string out =
      fmt::format(R"(<h3>Run it again</h3><pre class="command" tabindex="0"><code>{}</code></pre>)"
                  R"(<p class="files">The data of this page:)",
                  escape(command));
  for (const std::string_view file : files) {
    out += fmt::format(R"( <a href="{0}" download>{0}</a>)", file);
  }
  return out + "</p>";
}

}  // namespace report

std::string command_line(const CompareSettings& s) {
  using report::shell_quoted;
  std::vector<std::string> names;
  for (const Nonlinearity& a : s.activations) names.push_back(a.name);
  const CompareSettings usual = network_named(s.network).defaults();
  const char* end = s.seeds.size() == 1 ? "," : "";  // "7" alone would be seven seeds
  std::string out = fmt::format(
      "actfn {} --activations {} --seeds {}{}", s.inspect ? "inspect" : "compare",
      shell_quoted(fmt::format("{}", fmt::join(names, ","))), fmt::join(s.seeds, ","), end);
  if (s.network != CompareSettings().network) out += " --network " + shell_quoted(s.network);
  if (!s.hidden.empty()) out += fmt::format(" --hidden {}", fmt::join(s.hidden, ","));
  out += fmt::format(" --init {} --epochs {} --batch {}", shell_quoted(s.init), s.epochs, s.batch);
  if (s.match != "width") out += fmt::format(" --match {}", s.match);
  out += fmt::format(" --validation {}", s.validation);
  if (s.patience != 0) out += fmt::format(" --patience {}", s.patience);
  out += fmt::format(" --optimizer {} --lr {}", shell_quoted(s.optimizer), fmt::join(s.lr, ","));
  if (s.momentum != 0) out += fmt::format(" --momentum {}", s.momentum);
  if (s.weight_decay != 0 || s.optimizer == "adamw") {
    out += fmt::format(" --weight-decay {}", s.weight_decay);
  }
  if (s.schedule != usual.schedule) out += " --schedule " + shell_quoted(s.schedule);
  if (s.warmup != usual.warmup) out += fmt::format(" --warmup {}", s.warmup);
  if (s.clip != usual.clip) out += fmt::format(" --clip {}", s.clip);
  if (s.label_smoothing != 0) out += fmt::format(" --label-smoothing {}", s.label_smoothing);
  if (s.reproducible) out += " --reproducible";
  if (s.save) out += " --save";
  if (s.tensorboard) out += " --tensorboard";
  if (!s.probe) out += " --probe off";
  if (s.every != 1) out += fmt::format(" --every {}", s.every);
  if (s.samples != CompareSettings().samples) out += fmt::format(" --samples {}", s.samples);
  return out + fmt::format(" --jobs {} --data {}", s.jobs, shell_quoted(s.data));
}

}  // namespace actfn::lab
