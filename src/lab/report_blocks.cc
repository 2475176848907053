// SPDX-License-Identifier: Apache-2.0
#include "lab/report_blocks.h"

#include "lab/report_charts.h"
#include "lab/report_judgement.h"
#include "lab/report_text.h"

#include <fmt/format.h>

namespace actfn::lab::report {
namespace {

// "± 0.23": half the interval, in the unit of the value before it.
std::string half_interval(const Spread& s, Metric metric) {
  if (s.count < static_cast<int>(kFewestSeeds)) return "";
  const double half = (s.interval.high - s.interval.low) / 2;
  if (!is_loss(metric)) return fmt::format(" ± {:.2f}", 100 * half);
  // As many decimals as the value has.
  const bool plain = s.mean >= 0.01 && s.mean < 100;
  return " ± " + (plain ? fmt::format("{:.4f}", half) : typeset(number(half)));
}

std::string held_out(const Series& s, Metric metric) {
  const Spread end = s.end(metric);
  const std::string half = half_interval(end, metric);
  std::string value = is_loss(metric) ? typeset(number(end.mean))
                                      : fmt::format("{:.2f}<small> %</small>", 100 * end.mean);
  if (!half.empty()) value += fmt::format(" <small>{}</small>", half.substr(1));
  return value;
}

std::string standing_of_best(const Judgement& j) {
  const std::size_t others = j.contests.size();
  if (others == 0) return "the only one";
  const std::size_t ahead = j.called(Call::apart).size();
  if (!j.called(Call::untried).empty()) {
    return fmt::format("{}<small>too few seeds to tell</small>", best_word(j.metric));
  }
  std::string sure = fmt::format("clearly ahead of {} of {}", ahead, others);
  if (ahead == 0) sure = "too close to call";
  if (ahead == others) sure = others == 1 ? "clearly ahead" : "clearly ahead of all others";
  return fmt::format("{}<small>{}</small>", best_word(j.metric), sure);
}

// How it stands to the best: what the block is for.
std::string standing(const Judgement& j, const Series& s) {
  if (&s == &j.best()) return standing_of_best(j);
  const Contest* const found = j.against(s);
  if (found == nullptr || found->difference.pairs == 0) return "no seed in common";
  const PairedDifference& d = found->difference;
  if (found->call == Call::same) return "equal in every seed";
  std::string out = typeset(difference_text(d.mean, j.metric)) + " behind";
  if (d.pairs < kFewestSeeds) return out + "<small>too few seeds to tell</small>";
  out += fmt::format("<small>{}{}</small>", interval_text(d.interval, j.metric),
                     found->call == Call::open ? ", too close to call" : "");
  return out;
}

std::string fact(std::string_view name, const std::string& value) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", name, value);
}

std::string step_fact(const Comparison& c, const Series& s) {
  const StepTime* const time = step_time_of(c, s.index);
  return time == nullptr ? "" : fact("Time per step", seconds(time->median));
}

// The best one, and all that equal it in every seed.
bool leads(const Judgement& j, const Series& s) {
  const Contest* const found = j.against(s);
  return found == nullptr || found->call == Call::same;
}

std::string block(const Comparison& c, const Judgement& j, const Series& s) {
  const Spread loss = s.end(Metric::train_loss);
  return fmt::format(
      R"(<li data-s="{}"{}><h2>{}<code>{}</code></h2><p class="result">{}</p>)"
      R"(<p class="standing">{}</p><dl>{}{}</dl></li>)",
      s.index, leads(j, s) ? R"( class="leads")" : "", key(s.look), breakable(s.name),
      held_out(s, j.metric), standing(j, s),
      fact("Training loss", typeset(number(loss.mean)) + half_interval(loss, Metric::train_loss)),
      step_fact(c, s));
}

// So that no row is much shorter than the others.
std::size_t columns_for(std::size_t blocks) { return blocks <= 6 && blocks != 4 ? 3 : 4; }

}  // namespace

std::string number_blocks(const Comparison& comparison, const Overview& overview) {
  const std::vector<const Series*> ranking = overview.ranking();
  if (ranking.empty() || ranking.size() > kMostBlocks) return "";
  const Judgement j = judge(ranking, overview.deciding());
  const bool sure = ranking[0]->end(j.metric).count >= static_cast<int>(kFewestSeeds);
  std::string out = fmt::format(
      R"(<p class="hint">{}{}</p><ol class="blocks" style="--columns:{}">)", title_of(j.metric),
      sure ? ", mean over seeds ± half of its 95 % interval" : "", columns_for(ranking.size()));
  for (const Series* s : j.ranking) out += block(comparison, j, *s);
  return out + "</ol>";
}

}  // namespace actfn::lab::report
