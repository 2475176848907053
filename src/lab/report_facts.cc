// SPDX-License-Identifier: Apache-2.0
#include "lab/report_facts.h"

#include "lab/networks.h"
#include "lab/report_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace actfn::lab::report {
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

Facts facts_of(const Comparison& c, const Overview& overview) {
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

std::string facts_list(const Comparison& comparison, const Overview& overview) {
  std::string out = R"(<dl class="facts">)";
  for (const auto& [name, text] : facts_of(comparison, overview)) {
    out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", name, escape(text));
  }
  return out + "</dl>";
}

std::string run_it_again(std::string_view command) {
  return fmt::format(
      R"(<h3>Run it again</h3><pre class="command" tabindex="0"><code>{}</code></pre>)",
      escape(command));
}

std::string data_name(const std::string& path) {
  std::string_view name = path;
  while (name.ends_with('/')) name.remove_suffix(1);
  name.remove_prefix(name.rfind('/') + 1);  // npos + 1 is 0
  return name.empty() ? "the data" : std::string(name);
}

}  // namespace actfn::lab::report
