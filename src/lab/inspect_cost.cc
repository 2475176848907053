// SPDX-License-Identifier: Apache-2.0
#include "lab/inspect_cost.h"

#include "lab/report_text.h"

#include <fmt/format.h>

namespace actfn::lab::report {
namespace {

constexpr double kMuch = 0.05;  // of the time of training

struct Part {
  const char* name;
  double Instruments::*seconds;
};

constexpr Part kParts[] = {
    {"Pass of the samples, forward and back", &Instruments::pass_seconds},
    {"Dead and saturated units, pre-activations", &Instruments::units_seconds},
    {"Mean and variance of activations, weights", &Instruments::activations_seconds},
    {"Effective rank", &Instruments::rank_seconds}};

double sum(std::span<const LayerProbe> probes, double Instruments::*seconds) {
  double all = 0;
  for (const LayerProbe& p : probes) {
    if (p.more) all += (*p.more).*seconds;
  }
  return all;
}

double of_all_parts(std::span<const LayerProbe> probes) {
  double all = 0;
  for (const Part& part : kParts) all += sum(probes, part.seconds);
  return all;
}

std::string row(const char* name, double seconds, double training) {
  std::string out =
      fmt::format(R"(<tr><th scope="row">{}</th><td>{}</td>)", name, report::seconds(seconds));
  if (training > 0) out += fmt::format("<td>{}</td>", percent(seconds / training));
  return out + "</tr>";
}

}  // namespace

std::string cost_sentence(std::span<const LayerProbe> probes) {
  const double training = sum(probes, &Instruments::training_seconds);
  const double all = of_all_parts(probes);
  if (training == 0) return fmt::format("The instruments took {}.", seconds(all));
  std::string out = fmt::format("The instruments took {}, {:.1f} % of the {} of training.",
                                seconds(all), 100 * all / training, seconds(training));
  if (all <= kMuch * training) return out;
  return out + " On data as small as these an epoch is short: --every N looks less often.";
}

std::string cost_table(std::span<const LayerProbe> probes) {
  const double training = sum(probes, &Instruments::training_seconds);
  std::string out =
      R"(<div class="scroll" tabindex="0" role="region" aria-label="Cost"><table class="costs">)"
      R"(<thead><tr><th scope="col">Instrument</th><th scope="col">Processor time</th>)";
  if (training > 0) out += R"(<th scope="col">Of training</th>)";
  out += "</tr></thead><tbody>";
  for (const Part& part : kParts) out += row(part.name, sum(probes, part.seconds), training);
  out += row("All", of_all_parts(probes), training);
  if (training > 0) out += row("Training, for comparison", training, training);
  return out + "</tbody></table></div>";
}

}  // namespace actfn::lab::report
