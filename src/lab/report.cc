// SPDX-License-Identifier: Apache-2.0
#include "lab/report.h"

#include "lab/assets.h"
#include "lab/page.h"
#include "lab/report_blocks.h"
#include "lab/report_data.h"
#include "lab/report_facts.h"
#include "lab/report_inside.h"
#include "lab/report_names.h"
#include "lab/report_run.h"
#include "lab/report_sections.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace actfn::lab {
namespace {

using namespace report;

constexpr std::string_view kFiles[] = {"results.csv", "results.json"};

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

// The answer first: numbers, then how sure they are, then words. Many activations have their
// numbers in the table.
std::string body(const Comparison& c, const Findings& found, std::string_view results_json) {
  const Overview& overview = found.overview;
  const std::string first = differences_section(overview) + sentences(c, found);
  const std::string table = results_section(c, overview);
  const bool many = overview.ranking().size() > kMostBlocks;
  return marker_shapes() + "<main>" + opening(c, found) + (many ? table + first : first + table) +
         curves_section(overview) + inside_networks(c, overview) + functions_section(c, overview) +
         run_section(c, overview, kFiles) + reading_guide(c, overview) + "</main>" +
         page_data(c, overview, results_json);
}

}  // namespace

std::string report_html(const Comparison& comparison, const Findings& found,
                        std::string_view results_json) {
  using namespace assets;
  return html_page(
      {.title = found.headline + " · actfn compare",
       .styles =
           fmt::format("{}{}{}{}{}{}{}", report_css, report_controls_css, report_tables_css,
                       report_charts_css, report_figures_css, report_inside_css, report_print_css),
       .scripts = fmt::format("{}{}{}{}{}{}", report_base_js, report_charts_js, report_curves_js,
                              report_functions_js, report_save_js, report_js),
       .version = comparison.machine.version,
       .body = body(comparison, found, results_json)});
}

}  // namespace actfn::lab
