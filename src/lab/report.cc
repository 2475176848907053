// SPDX-License-Identifier: Apache-2.0
#include "lab/report.h"

#include "lab/assets.h"
#include "lab/report_blocks.h"
#include "lab/report_charts.h"
#include "lab/report_data.h"
#include "lab/report_differences.h"
#include "lab/report_functions.h"
#include "lab/report_inside.h"
#include "lab/report_run.h"
#include "lab/report_tables.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace actfn::lab {
namespace {

using namespace report;

constexpr std::string_view kFiles[] = {"results.csv", "results.json"};

// The longest of the names that stands at `at` as a word of its own.
std::size_t name_at(std::string_view text, std::size_t at, const Overview& overview) {
  if (at > 0 && part_of_name(text[at - 1])) return 0;
  std::size_t longest = 0;
  for (const Series& s : overview.series) {
    const std::size_t end = at + s.name.size();
    const bool ends = end >= text.size() || (!part_of_name(text[end]) && text[end] != '(');
    if (ends && text.substr(at).starts_with(s.name)) longest = std::max(longest, s.name.size());
  }
  return longest;
}

std::string with_names_set(std::string_view text, const Overview& overview) {
  std::string out;
  std::size_t plain = 0;  // start of what is not yet written
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = name_at(text, i, overview);
    if (length == 0) {
      ++i;
      continue;
    }
    out += escape(typeset(text.substr(plain, i - plain))) + "<code>";
    out += breakable(text.substr(i, length)) + "</code>";
    plain = i += length;
  }
  return out + escape(typeset(text.substr(plain)));
}

std::string opening(const Comparison& c, const Findings& found) {
  std::string out = fmt::format(
      R"(<header><p class="scope"><b>actfn compare</b> {}</p><h1>{}</h1>)",
      escape(scope_text(c, found.overview)), with_names_set(found.headline, found.overview));
  if (c.interrupted) out += fmt::format(R"(<p class="notice">{}</p>)", escape(found.verdicts[0]));
  return out + number_blocks(c, found.overview) + "</header>";
}

// Whether a sentence only says again what the headline says, with a value that stands below it.
bool repeats(std::string_view sentence, std::string_view headline) {
  const std::size_t comma = sentence.find(", ");
  return comma != std::string_view::npos && headline.starts_with(sentence.substr(0, comma)) &&
         sentence.find(". ") == std::string_view::npos;
}

std::string sentences(const Comparison& c, const Findings& found) {
  std::string items;
  for (std::size_t i = c.interrupted ? 1 : 0; i < found.verdicts.size(); ++i) {
    if (repeats(found.verdicts[i], found.headline)) continue;
    items += "<li>" + with_names_set(found.verdicts[i], found.overview) + "</li>";
  }
  if (items.empty()) return "";
  return R"(<section id="findings"><h2>What the run shows</h2><ul class="findings">)" + items +
         "</ul></section>";
}

// Of one accuracy as a sample of what the network would do on endless data.
std::string sampling_error(const Comparison& c, const Overview& overview) {
  const std::vector<const Series*> ranking = overview.ranking();
  if (c.samples.test == 0 || ranking.empty() || !overview.has_accuracy) return "";
  const double p = ranking[0]->end(overview.deciding()).mean;
  const double error = std::sqrt(p * (1 - p) / static_cast<double>(c.samples.test));
  if (!(error > 0)) return "";
  return fmt::format(
      "<p>All networks are tested on the same {} samples. On others each accuracy would differ, "
      "with a standard error of {}: this moves all networks nearly alike, and the intervals leave "
      "it out.</p>",
      grouped(c.samples.test), points(error));
}

std::string of_the_parts(const Overview& overview) {
  if (!overview.validated) {
    return R"(<p><b>Test results</b> are measured after each epoch, on samples never trained on. )"
           R"(Nothing is chosen by them.</p>)";
  }
  return R"(<p><b>Validation results</b> are measured after each epoch, on training samples that )"
         R"(are held out: the same ones for all. They choose the best epoch. <b>Test results</b> )"
         R"(are measured once, when a training has ended.</p>)";
}

std::string of_guessing(const Comparison& c, const Overview& overview) {
  if (!overview.has_accuracy) {
    return R"(<p><b>Loss</b> is the mean squared error, in units of the variance of the targets: )"
           R"(the mean of the targets has 1.</p>)";
  }
  return fmt::format(
      "<p><b>Loss</b> is the mean cross-entropy in nats; guessing by the frequencies of the "
      "classes costs {} and is correct for {}.</p>",
      number(c.chance.loss), escape(percent(c.chance.accuracy)));
}

std::string reading_guide(const Comparison& c, const Overview& overview) {
  return R"(<section id="guide"><h2>What the numbers mean</h2><div class="prose">)"
         R"(<p><b>Training loss and accuracy</b> are running means over the minibatches of an )"
         R"(epoch, as Keras shows them: taken while the weights still change. So in early )"
         R"(epochs a loss on other samples can lie below them. Epoch 0 is the network before )"
         R"(training.</p>)" +
         of_the_parts(overview) + of_guessing(c, overview) +
         R"(<p><b>Differences</b> are taken seed by seed: trainings with one seed share the order )"
         R"(of the samples, and weights begin with the same random numbers. Their 95 % intervals )"
         R"(are those of Student’s t; with several others, Holm’s correction decides what is )"
         R"(called a difference. <b>Bands</b> are 95 % intervals of the mean, cut at the lowest )"
         R"(and the highest seed. Seeds that diverged or stopped early are left out, and the )"
         R"(table says so.</p>)"
         R"(<p><b>Time per step</b> is processor time: the median over many rounds in which all )"
         R"(networks take turns on one thread, with the quartiles.</p>)" +
         sampling_error(c, overview) + "</div></section>";
}

std::string differences(const Overview& overview) {
  const std::vector<const Series*> ranking = overview.ranking();
  if (ranking.size() < 2) return "";
  const std::string chart = difference_chart(judge(ranking, overview.deciding()));
  return chart.empty()
             ? ""
             : R"(<section id="differences"><h2>What is different</h2>)" + chart + "</section>";
}

std::string results(const Comparison& c, const Overview& overview) {
  if (overview.level == 0) return "";
  return R"(<section id="results"><h2>Results</h2>)" + results_table(c, overview) +
         R"(<details><summary>Every seed</summary>)" + seeds_table(overview) +
         "</details></section>";
}

std::string curves(const Overview& overview) {
  if (overview.level == 0) return "";
  return R"(<section id="curves"><h2>Learning curves</h2>)" + learning_curves(overview) +
         "</section>";
}

std::string functions(const Comparison& c, const Overview& overview) {
  return R"(<section id="functions"><h2>The functions</h2><p class="hint">Each function f, solid, )"
         R"(and its derivative f′, dotted, between −4 and 4: one scale for all, the same on both )"
         R"(axes.</p>)" +
         function_plots(c, overview) + "</section>";
}

// The answer first: numbers, then how sure they are, then words. Many activations have their
// numbers in the table.
std::string body(const Comparison& c, const Findings& found, std::string_view results_json) {
  const Overview& overview = found.overview;
  const std::string first = differences(overview) + sentences(c, found);
  const std::string table = results(c, overview);
  const bool many = overview.ranking().size() > kMostBlocks;
  return marker_shapes() + "<main>" + opening(c, found) + (many ? table + first : first + table) +
         curves(overview) + inside_networks(c, overview) + functions(c, overview) +
         run_section(c, overview, kFiles) + reading_guide(c, overview) + "</main>" +
         page_data(c, overview, results_json);
}

}  // namespace

std::string report_html(const Comparison& comparison, const Findings& found,
                        std::string_view results_json) {
  // The policy makes sure that nothing is fetched, whatever finds its way into the text.
  return fmt::format(
      R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; )"
      R"(style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="actfn {}">
<title>{} · actfn compare</title>
<link rel="icon" href="data:,">
<style>
{}{}{}{}{}{}{}</style>
<script>
{}{}{}{}{}{}</script>
</head><body>
{}
</body></html>
)",
      escape(comparison.machine.version), escape(found.headline), assets::report_css,
      assets::report_controls_css, assets::report_tables_css, assets::report_charts_css,
      assets::report_figures_css, assets::report_inside_css, assets::report_print_css,
      assets::report_base_js, assets::report_charts_js, assets::report_curves_js,
      assets::report_functions_js, assets::report_save_js, assets::report_js,
      body(comparison, found, results_json));
}

}  // namespace actfn::lab
