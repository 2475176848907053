// SPDX-License-Identifier: Apache-2.0
#include "lab/report_sections.h"

#include "lab/report_charts.h"
#include "lab/report_differences.h"
#include "lab/report_functions.h"
#include "lab/report_tables.h"

namespace actfn::lab::report {

std::string differences_section(const Overview& overview) {
  const std::vector<const Series*> ranking = overview.ranking();
  if (ranking.size() < 2) return "";
  const std::string chart = difference_chart(judge(ranking, overview.deciding()));
  return chart.empty()
             ? ""
             : R"(<section id="differences"><h2>What is different</h2>)" + chart + "</section>";
}

std::string results_section(const Comparison& c, const Overview& overview) {
  if (overview.level == 0) return "";
  return R"(<section id="results"><h2>Results</h2>)" + results_table(c, overview) +
         R"(<details><summary>Every seed</summary>)" + seeds_table(overview) +
         "</details></section>";
}

std::string curves_section(const Overview& overview) {
  if (overview.level == 0) return "";
  return R"(<section id="curves"><h2>Learning curves</h2>)" + learning_curves(overview) +
         "</section>";
}

std::string functions_section(const Comparison& c, const Overview& overview) {
  return R"(<section id="functions"><h2>The functions</h2><p class="hint">Each function f, solid, )"
         R"(and its derivative f′, dotted, between −4 and 4: one scale for all, the same on both )"
         R"(axes.</p>)" +
         function_plots(c, overview) + "</section>";
}

}  // namespace actfn::lab::report
