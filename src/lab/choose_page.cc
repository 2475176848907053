// SPDX-License-Identifier: Apache-2.0
#include "lab/choose_page.h"

#include "lab/assets.h"
#include "lab/choose_cost.h"
#include "lab/choose_plan.h"
#include "lab/page.h"
#include "lab/report_facts.h"
#include "lab/report_judgement.h"
#include "lab/report_names.h"
#include "lab/report_ranking.h"
#include "lab/report_sections.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <cmath>
#include <ranges>
#include <string_view>

namespace actfn::lab {
namespace {

using namespace report;

std::string opening(const Choice& choice, const ChoiceFindings& found) {
  const CompareSettings& s = choice.settings.training;
  std::string out = fmt::format(
      R"(<header><p class="scope"><b>actfn choose</b> {}, {} on {}</p><h1>{}</h1>)",
      counted(s.activations.size(), "activation"), counted(s.lr.size(), "learning rate"),
      escape(data_name(s.data)), with_names_set(found.headline, found.overview));
  out += fmt::format("<p>{}</p>", with_names_set(found.recommendation, found.overview));
  std::string items;
  for (const std::string& remark : found.remarks) {
    items += "<li>" + with_names_set(remark, found.overview) + "</li>";
  }
  if (!items.empty()) out += R"(<ul class="findings">)" + items + "</ul>";
  return out + "</header>";
}

std::string group_items(const ChoiceFindings& found) {
  std::string items;
  for (const std::vector<std::size_t>& group : found.groups) {
    std::string names;
    for (const std::size_t i : group) {
      const Series& s = found.overview.series[i];
      names += fmt::format("{}{}<code>{}</code>", names.empty() ? "" : ", ", key(s.look),
                           breakable(s.name));
    }
    items += "<li>" + names + "</li>";
  }
  return items;
}

std::string groups(const ChoiceFindings& found) {
  if (found.groups.empty()) return "";
  return R"(<section id="groups"><h2>Groups</h2><p class="hint">A group has its best activation )"
         R"(and all that follow in the ranking up to the first one that differs from it: by a )"
         R"(paired t-test over the seeds, with Holm’s correction.</p><ol class="groups">)" +
         group_items(found) + "</ol></section>";
}

std::string finding(const ChoiceFindings& found, const Series& best, Metric metric) {
  const std::size_t others = found.groups[0].size() - 1;
  std::string out = fmt::format("{} has the {} {}", best.name, best_word(metric), noun(metric));
  if (others == 0) return out;
  return out + fmt::format(", and {} can't be told from it",
                           others == 1 ? "1 other" : fmt::format("{} others", others));
}

Chart ranking_chart(const ChoiceFindings& found) {
  const Overview& overview = found.overview;
  return report::ranking_chart(overview,
                               finding(found, *overview.ranking()[0], overview.deciding()));
}

std::string ranking(const ChoiceFindings& found) {
  if (found.groups.empty()) return "";
  const Chart chart = ranking_chart(found);
  return R"(<section id="ranking"><h2>Ranking</h2><figure>)" + chart_inline(chart) +
         "<details><summary>As a table</summary>" + chart_table(chart) +
         "</details></figure></section>";
}

std::string open_table(std::string_view title, std::initializer_list<std::string_view> columns) {
  std::string out = fmt::format(
      R"(<div class="scroll" tabindex="0" role="region" aria-label="{}"><table><thead><tr>)",
      title);
  for (const std::string_view column : columns) {
    out += fmt::format(R"(<th scope="col">{}</th>)", column);
  }
  return out + "</tr></thead><tbody>";
}

constexpr std::string_view kCloseTable = "</tbody></table></div>";

std::string loss_text(double loss) { return std::isfinite(loss) ? typeset(number(loss)) : "–"; }

std::string left_out(const Choice& choice, const ChoiceFindings& found) {
  if (found.left_out.empty()) return "";
  std::string out =
      R"(<section id="left-out"><h2>Left out before the final</h2><p class="hint">Each with its )"
      R"(best learning rate and its lowest validation loss in the rung that it left in: one )"
      R"(training, which says little about an activation that left late.</p>)" +
      open_table("Left out", {"Activation", "Left in rung", "Learning rate", "Validation loss"});
  for (const LeftOut& one : found.left_out) {
    out += fmt::format(
        R"(<tr><th scope="row"><code>{}</code></th><td>{}</td><td>{}</td><td>{}</td></tr>)",
        breakable(choice.settings.training.activations[one.standing.activation].name), one.rung,
        one.standing.lr, loss_text(one.standing.loss));
  }
  return out.append(kCloseTable) + "</section>";
}

std::string stage_row(const Choice& choice, std::size_t index) {
  const bool is_final = index == choice.plan.rungs.size();
  const Stage& s = is_final ? choice.plan.final : choice.plan.rungs[index];
  const auto samples = std::llround(s.share * static_cast<double>(choice.final.samples.train));
  return fmt::format(
      R"(<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>)",
      stage_name(choice.plan, index), s.pairs, counted(s.seeds.size(), "seed"), s.epochs,
      grouped(static_cast<std::size_t>(samples)));
}

std::string stages(const Choice& choice) {
  std::string out =
      open_table("Stages", {"Stage", "Pairs", "Seeds of each", "Epochs", "Training samples"});
  for (std::size_t i = 0; i <= choice.plan.rungs.size(); ++i) out += stage_row(choice, i);
  return out.append(kCloseTable);
}

std::string how(const Choice& choice) {
  return R"(<section id="how"><h2>How it was found</h2><div class="prose"><p>Pairs of an )"
         R"(activation and a learning rate train in rungs, each with the first weights that suit )"
         R"(the activation. The half with the lowest validation loss goes on and trains twice as )"
         R"(long. In the final, every activation that is left trains with its best learning rate )"
         R"(and seeds that no rung had. <b>The test part</b> is used there for the first time, )"
         R"(and nothing is chosen by it but the order of this page.</p><p>The intervals are about )"
         R"(seeds: they don’t say how results would differ on other samples.</p></div>)" +
         stages(choice) + "</section>";
}

std::string the_run(const Choice& choice, const ChoiceFindings& found) {
  const ChooseSettings& s = choice.settings;
  std::string out = R"(<section id="run"><h2>The run</h2>)";
  out += fmt::format(
      "<p>--budget {} minutes, --speed {}. The plan was counted to take {:.1f} minutes on {} "
      "cores.</p>",
      s.budget, s.speed, counted_minutes(choice.plan, s.speed), kCountedCores);
  out += facts_list(choice.final, found.overview) + run_it_again(command_line(s));
  return out + R"(<p class="files">The data of this page: )"
               R"(<a href="ranking.csv" download>ranking.csv</a> )"
               R"(<a href="ranking.json" download>ranking.json</a> )"
               R"(<a href="results.csv" download>results.csv</a></p></section>)";
}

// The best ones: more curves than these are no picture.
Overview best_ones(const Overview& overview) {
  constexpr std::size_t kMost = 8;
  Overview few = overview;
  few.series.clear();
  for (const Series* s : overview.ranking() | std::views::take(kMost)) few.series.push_back(*s);
  return few;
}

std::string body(const Choice& choice, const ChoiceFindings& found) {
  const Overview& overview = found.overview;
  return opening(choice, found) + groups(found) + ranking(found) +
         results_section(choice.final, overview) + differences_section(overview) +
         left_out(choice, found) + how(choice) + curves_section(best_ones(overview)) +
         functions_section(choice.final, overview) + the_run(choice, found);
}

}  // namespace

std::vector<Chart> choose_figures(const ChoiceFindings& found) {
  if (found.groups.empty()) return {};
  return {ranking_chart(found)};
}

std::string choose_page(const Choice& choice, const ChoiceFindings& found) {
  return chart_page(found.headline + " · actfn choose", assets::report_figures_css,
                    body(choice, found));
}

}  // namespace actfn::lab
