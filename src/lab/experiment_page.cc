// SPDX-License-Identifier: Apache-2.0
#include "lab/experiment_page.h"

#include "lab/assets.h"
#include "lab/page.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace actfn::lab {
namespace {

using report::counted;
using report::escape;
using report::typeset;

std::string badge(Holds holds) {
  return fmt::format(R"(<span class="verdict {}">{}</span>)", to_string(holds), in_words(holds));
}

std::size_t count(std::span<const ExperimentResult> results, Holds holds) {
  return static_cast<std::size_t>(std::ranges::count_if(
      results, [&](const ExperimentResult& r) { return r.outcome.verdict.holds == holds; }));
}

std::string headline(std::span<const ExperimentResult> results) {
  return fmt::format("{}: {} hold, {} do not, {} undecided", counted(results.size(), "claim"),
                     count(results, Holds::yes), count(results, Holds::no),
                     count(results, Holds::undecided));
}

std::string overview(std::span<const ExperimentResult> results) {
  std::string out = R"(<div class="scroll" tabindex="0" role="region" aria-label="Verdicts">)"
                    R"(<table class="verdicts"><thead><tr><th scope="col">Experiment</th>)"
                    R"(<th scope="col">Verdict</th><th scope="col">What was seen</th></tr></thead>)"
                    "<tbody>";
  for (const ExperimentResult& r : results) {
    out += fmt::format(
        R"(<tr><th scope="row"><a href="#{0}">{0}</a></th><td>{1}</td><td>{2}.</td></tr>)",
        r.experiment->name, badge(r.outcome.verdict.holds),
        escape(typeset(r.outcome.verdict.finding)));
  }
  return out + "</tbody></table></div>";
}

std::string fact(std::string_view term, const std::string& text) {
  return fmt::format("<dt>{}</dt><dd>{}</dd>", term, text);
}

std::string interval_text(const Verdict& v) {
  if (!v.interval) return "";
  return fmt::format(" (95 % interval of the first: {:.4g} to {:.4g})", v.interval->low,
                     v.interval->high);
}

// "actfn experiment sigmoid-slope --quick"
std::string rerun_command(const Experiment& experiment, const Scope& scope) {
  std::string command = "actfn experiment " + experiment.name;
  if (experiment.method == Method::networks) command += fmt::format(" --seeds {}", scope.seeds);
  return command + (scope.quick ? " --quick" : "");
}

std::string facts(const ExperimentResult& r, const Scope& scope) {
  const Experiment& e = *r.experiment;
  const Verdict& v = r.outcome.verdict;
  return "<dl class=\"readings\">" + fact("Source", escape(e.source)) +
         fact("Set-up", escape(typeset(e.setup))) + fact("Expected", escape(typeset(e.expected))) +
         fact("Measured", escape(typeset(v.measured + interval_text(v)))) +
         fact("Tolerance", escape(v.tolerance)) +
         fact("Run it again", fmt::format("<code>{}</code>", escape(rerun_command(e, scope)))) +
         fact("Data", fmt::format(R"(<a href="{0}/data.csv">data.csv</a>, )"
                                  R"(<a href="{0}/verdict.json">verdict.json</a>)",
                                  e.name)) +
         "</dl>";
}

std::string figure(const Experiment& e, const Chart& chart) {
  return fmt::format(
      R"(<figure><figcaption>{}.</figcaption>{}<details><summary>As a table</summary>)"
      R"(<div class="scroll" tabindex="0" role="region" aria-label="{} as a table">{}</div>)"
      R"(</details><p class="figure-files"><a href="{}/{}.svg">SVG</a> )"
      R"(<a href="{}/{}.png">PNG</a></p>)"
      "</figure>",
      escape(typeset(chart.title)), chart_inline(chart), escape(chart.file), chart_table(chart),
      e.name, chart.file, e.name, chart.file);
}

std::string section(const ExperimentResult& r, const Scope& scope) {
  const Experiment& e = *r.experiment;
  std::string out = fmt::format(R"(<section id="{}"><h2>{} {}</h2><p class="claim">{}</p>)", e.name,
                                e.name, badge(r.outcome.verdict.holds), escape(e.claim));
  for (const Chart& chart : r.outcome.figures) out += figure(e, chart);
  return out + facts(r, scope) + "</section>";
}

}  // namespace

std::string experiment_page(std::span<const ExperimentResult> results, const Scope& scope) {
  std::string body =
      fmt::format("<header><h1>What is said of activations, measured</h1><p>{}.</p></header>",
                  headline(results));
  body += overview(results);
  for (const ExperimentResult& r : results) body += section(r, scope);
  return chart_page(headline(results) + " · actfn experiment", assets::experiments_css, body);
}

}  // namespace actfn::lab
