// SPDX-License-Identifier: Apache-2.0
#include "lab/report_tables.h"

#include "lab/report_charts.h"
#include "lab/report_judgement.h"
#include "lab/report_scale.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace actfn::lab::report {
namespace {

constexpr double kStripMargin = 5;  // per cent, so that dots at the ends are whole

struct Column {
  Metric metric;
  Scale scale;      // of the strips: left to right
  double best = 0;  // NaN where nothing can be compared
};

double share_along(const Column& column, double v) {
  const double share = 1 - column.scale.y(v);  // a scale counts from the top
  return kStripMargin + (100 - 2 * kStripMargin) * share;
}

Column column_of(const Overview& overview, Metric metric) {
  std::vector<double> values;
  for (const Series& s : overview.series) {
    const Spread end = s.end(metric);
    if (end.count == 0) continue;
    values.push_back(end.low);
    values.push_back(end.high);
  }
  Column column{metric, scale_for(values, is_loss(metric), 1), std::nan("")};
  for (const Series* s : overview.ranking()) {
    const double mean = s->end(metric).mean;
    const bool better = is_loss(metric) ? mean < column.best : mean > column.best;
    if (better || std::isnan(column.best)) column.best = mean;
  }
  return column;
}

// What was held out first, the best first of all.
std::vector<Column> columns_of(const Overview& overview) {
  const Metric first = overview.deciding();
  const Metric loss = overview.tested ? Metric::test_loss : Metric::validation_loss;
  std::vector<Column> columns = {column_of(overview, first)};
  if (loss != first) columns.push_back(column_of(overview, loss));
  columns.push_back(column_of(overview, Metric::train_loss));
  return columns;
}

std::string sort_value(double v) { return std::isfinite(v) ? fmt::format("{:.9g}", v) : ""; }

// For the script, which writes them to files.
std::string bounds(const Interval& i) {
  if (!std::isfinite(i.low) || !std::isfinite(i.high)) return "";
  return fmt::format(R"( data-low="{:.9g}" data-high="{:.9g}")", i.low, i.high);
}

std::string strip(const Series& s, const Column& column) {
  const Spread end = s.end(column.metric);
  std::string out =
      fmt::format(R"(<svg class="strip series {}" width="100%" height="14" aria-hidden="true">)"
                  R"(<line class="rail" x1="0" x2="100%" y1="7" y2="7"/>)"
                  R"(<line class="range" x1="{}%" x2="{}%" y1="7" y2="7"/>)",
                  look_classes(s.look), coordinate(share_along(column, end.low)),
                  coordinate(share_along(column, end.high)));
  for (const Run& run : s.runs) {
    const double v = run.end(column.metric);
    if (!run.counted || !std::isfinite(v)) continue;
    out += fmt::format(R"(<circle cx="{}%" cy="7" r="3"/>)", coordinate(share_along(column, v)));
  }
  return out + fmt::format(R"(<line class="mean" x1="{0}%" x2="{0}%" y1="1" y2="13"/></svg>)",
                           coordinate(share_along(column, end.mean)));
}

std::string metric_cell(const Series& s, const Column& column) {
  const Spread end = s.end(column.metric);
  if (end.count == 0) return R"(<td data-v="">–</td>)";
  // What reads the same is as good.
  const bool best = metric_text(end.mean, column.metric) == metric_text(column.best, column.metric);
  std::string range;
  if (end.count >= static_cast<int>(kFewestSeeds)) {
    range = fmt::format("<small>{}</small>", interval_text(end.interval, column.metric));
  }
  return fmt::format(R"(<td data-v="{}"{}{}><span class="number">{}</span>{}{}</td>)",
                     sort_value(end.mean), bounds(end.interval), best ? R"( class="best")" : "",
                     metric_text(end.mean, column.metric), range, strip(s, column));
}

std::string seeds_cell(const Series& s, int level) {
  if (s.runs.empty()) return R"(<td data-v="">not run</td>)";
  std::string note;
  if (s.diverged > 0) note = fmt::format("<small>{} diverged</small>", s.diverged);
  if (s.sound && s.level < level) note += fmt::format("<small>to epoch {}</small>", s.level);
  const std::string of = static_cast<int>(s.runs.size()) == s.counted && s.sound
                             ? ""
                             : fmt::format(" of {}", s.runs.size());
  return fmt::format(R"(<td data-v="{0}">{0}{1}{2}</td>)", s.sound ? s.counted : 0, of, note);
}

std::string name_cell(const Series& s) {
  return fmt::format(R"(<th scope="row" data-v="{}">{}<code>{}</code></th>)", escape(s.name),
                     key(s.look), breakable(s.name));
}

// By how much the best is ahead, with the seeds that it won.
std::string behind_cell(const Judgement& j, const Series& s) {
  const Contest* const found = j.against(s);
  if (found == nullptr) return R"(<td data-v="0">–</td>)";
  const PairedDifference& d = found->difference;
  if (d.pairs == 0) return R"(<td data-v="">–</td>)";
  std::string note;
  if (d.pairs >= kFewestSeeds) {
    note = fmt::format("<small>{}</small><small>{} of {} seeds</small>",
                       interval_text(d.interval, j.metric), d.higher, d.pairs);
  }
  return fmt::format(
      R"(<td data-v="{}"{}><span class="number">{}</span>{}</td>)", sort_value(d.mean),
      bounds(d.interval),
      found->call == Call::same ? "equal" : typeset(difference_text(d.mean, j.metric)), note);
}

std::string time_cell(const Comparison& c, const Series& s) {
  const StepTime* const time = step_time_of(c, s.index);
  if (time == nullptr) return R"(<td data-v="">–</td>)";
  return fmt::format(R"(<td data-v="{}"{}>{}<small>{} to {}</small></td>)",
                     sort_value(time->median), bounds({time->low, time->high}),
                     seconds(time->median), seconds(time->low), seconds(time->high));
}

std::string settings_cells(const Comparison& c, const Series& s, double rate) {
  std::string out;
  const std::size_t count =
      s.index < c.networks.size() ? nn::parameter_count(c.networks[s.index]) : 0;
  out += fmt::format(R"(<td data-v="{}">{}</td>)", count, grouped(count));
  if (c.settings.lr.size() > 1) out += fmt::format(R"(<td data-v="{0}">{0}</td>)", rate);
  if (c.settings.init == "auto")
    out += fmt::format(R"(<td data-v="{0}">{0}</td>)", c.inits[s.index]);
  return out;
}

// What was measured of each training.
std::vector<Metric> metrics_of(const Overview& overview) {
  std::vector<Metric> metrics(kMetrics.begin(), kMetrics.end());
  std::erase_if(metrics, [&](Metric m) {
    const bool of_validation = m == Metric::validation_loss || m == Metric::validation_accuracy;
    return (!is_loss(m) && !overview.has_accuracy) || (of_validation && !overview.validated);
  });
  return metrics;
}

// The best first, then what cannot be ranked, then what was never reached.
std::vector<const Series*> table_order(const Overview& overview) {
  std::vector<const Series*> order = overview.ranking();
  const std::size_t ranked = order.size();
  for (const Series& s : overview.series) {
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(ranked);
    if (std::find(order.begin(), end, &s) == end) order.push_back(&s);
  }
  const auto has_runs = [](const Series* s) { return !s->runs.empty(); };
  std::stable_partition(order.begin(), order.end(), has_runs);
  return order;
}

std::string seed_row(const Overview& overview, const Series& s, const Run& run) {
  std::string out = fmt::format(R"(<tr data-s="{}">)", s.index) + name_cell(s);
  out +=
      fmt::format(R"(<td data-v="{0}">{0}</td><td data-v="{1}">{1}</td><td data-v="{2}">{2}</td>)",
                  run.seed, run.last_epoch(), run.best_epoch());
  for (const Metric metric : metrics_of(overview)) {
    const double v = run.end(metric);
    out += fmt::format(R"(<td data-v="{}">{}</td>)", sort_value(v), metric_text(v, metric));
  }
  const std::string outcome = run.diverged_at != 0
                                  ? fmt::format("diverged in epoch {}", run.diverged_at)
                                  : (run.counted ? "counted" : "stopped early");
  return out + fmt::format(R"(<td data-v="{0}">{0}</td></tr>)", outcome);
}

// A table that scrolls by itself, so that the page never does sideways.
std::string open_table(std::string_view title, std::string_view kind) {
  return fmt::format(
      R"(<p class="swipe">Scroll sideways for more columns</p>)"
      R"(<div class="scroll" tabindex="0" role="region" aria-label="{0}">)"
      R"(<table class="sortable {1}" data-name="{1}"><caption class="unseen">{0}</caption>)",
      title, kind);
}

std::string results_head(const Comparison& c, const std::vector<Column>& columns) {
  std::string out = R"(<th scope="col">Activation</th>)";
  for (const Column& column : columns) {
    const bool first = &column == columns.data();
    const bool low = is_loss(column.metric);
    out += fmt::format(R"(<th scope="col" data-best="{}"{}>{}</th>)", low ? "low" : "high",
                       !first ? ""
                       : low  ? R"( aria-sort="ascending")"
                              : R"( aria-sort="descending")",
                       title_of(column.metric));
    if (first) out += R"(<th scope="col" data-best="low">Behind the best</th>)";
  }
  out += R"(<th scope="col" data-best="low">Time per step</th>)"
         R"(<th scope="col" data-best="low">Parameters</th>)";
  if (c.settings.lr.size() > 1) out += R"(<th scope="col">Learning rate</th>)";
  if (c.settings.init == "auto") out += R"(<th scope="col">Initialisation</th>)";
  return out + R"(<th scope="col" data-best="high">Seeds</th>)";
}

}  // namespace

std::string results_table(const Comparison& c, const Overview& overview) {
  const std::vector<Column> columns = columns_of(overview);
  std::string out = fmt::format(
      R"(<p class="hint">Means over seeds, with their 95 % intervals; every dot is a seed. Test )"
      R"(results are those {}. The best of each column is bold.</p>)",
      overview.validated ? "of the epoch with the lowest validation loss" : "after the last epoch");
  out += open_table("Final results", "results") + "<thead><tr>" + results_head(c, columns) +
         "</tr></thead><tbody>";
  Judgement judgement{overview.deciding(), {}, {}};
  if (!overview.ranking().empty()) judgement = judge(overview.ranking(), overview.deciding());
  const std::vector<double> rates = chosen_rates(c.settings, c.epochs);
  for (const Series* s : table_order(overview)) {
    out += fmt::format(R"(<tr data-s="{}">)", s->index) + name_cell(*s);
    out += metric_cell(*s, columns[0]) + behind_cell(judgement, *s);
    for (std::size_t i = 1; i < columns.size(); ++i) out += metric_cell(*s, columns[i]);
    out += time_cell(c, *s) + settings_cells(c, *s, rates[s->index]);
    out += seeds_cell(*s, overview.level) + "</tr>";
  }
  return out + "</tbody></table></div>";
}

std::string seeds_table(const Overview& overview) {
  std::string out = open_table("Every training at its end", "seeds") + "<thead><tr>";
  out += R"(<th scope="col">Activation</th><th scope="col">Seed</th>)"
         R"(<th scope="col">Epochs</th><th scope="col">Best epoch</th>)";
  for (const Metric metric : metrics_of(overview)) {
    out += fmt::format(R"(<th scope="col" data-best="{}">{}</th>)",
                       is_loss(metric) ? "low" : "high", title_of(metric));
  }
  out += R"(<th scope="col">Outcome</th></tr></thead><tbody>)";
  for (const Series* s : table_order(overview)) {
    for (const Run& run : s->runs) out += seed_row(overview, *s, run);
  }
  return out + "</tbody></table></div>";
}

}  // namespace actfn::lab::report
