// SPDX-License-Identifier: Apache-2.0
#include "lab/report_run.h"

#include "lab/networks/network.h"
#include "lab/report_facts.h"
#include "lab/report_names.h"
#include "lab/report_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

namespace actfn::lab {
namespace report {

std::string scope_text(const Comparison& c, const Overview& overview) {
  return fmt::format("{}, {}, {} on {}", counted(overview.series.size(), "activation"),
                     counted(c.settings.seeds.size(), "seed"), counted(c.settings.epochs, "epoch"),
                     data_name(c.settings.data));
}

std::string run_section(const Comparison& c, const Overview& overview,
                        std::span<const std::string_view> files) {
  return R"(<section id="run"><h2>The run</h2>)" + facts_list(c, overview) +
         again(command_line(c.settings), files) + "</section>";
}

std::string again(std::string_view command, std::span<const std::string_view> files) {
  std::string out = run_it_again(command) + R"(<p class="files">The data of this page:)";
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
