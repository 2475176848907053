// SPDX-License-Identifier: Apache-2.0
#include "lab/report_tables.h"

#include "lab/report_charts.h"
#include "lab/report_scale.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace actfn::lab::report {
namespace {

constexpr std::array kColumns = {Metric::train_loss, Metric::test_loss, Metric::test_accuracy};
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
    if (s.end(metric).count == 0) continue;
    values.push_back(s.end(metric).low);
    values.push_back(s.end(metric).high);
  }
  Column column{metric, scale_for(values, is_loss(metric), 1), std::nan("")};
  for (const Series* s : overview.ranking()) {
    const double mean = s->end(metric).mean;
    const bool better = is_loss(metric) ? mean < column.best : mean > column.best;
    if (better || std::isnan(column.best)) column.best = mean;
  }
  return column;
}

std::string sort_value(double v) { return std::isfinite(v) ? fmt::format("{:.9g}", v) : ""; }

std::string strip(const Series& s, const Column& column) {
  const Spread& end = s.end(column.metric);
  std::string out =
      fmt::format(R"(<svg class="strip series {}" width="100%" height="14" aria-hidden="true">)"
                  R"(<line class="rail" x1="0" x2="100%" y1="7" y2="7"/>)"
                  R"(<line class="range" x1="{}%" x2="{}%" y1="7" y2="7"/>)",
                  look_classes(s.index), coordinate(share_along(column, end.low)),
                  coordinate(share_along(column, end.high)));
  for (const Run& run : s.runs) {
    const double v = run.at(s.last_epoch, column.metric);
    if (!run.counted || !std::isfinite(v)) continue;
    out += fmt::format(R"(<circle cx="{}%" cy="7" r="3"/>)", coordinate(share_along(column, v)));
  }
  return out + fmt::format(R"(<line class="mean" x1="{0}%" x2="{0}%" y1="1" y2="13"/></svg>)",
                           coordinate(share_along(column, end.mean)));
}

std::string metric_cell(const Series& s, const Column& column) {
  const Spread& end = s.end(column.metric);
  if (end.count == 0) return R"(<td data-v="">–</td>)";
  // What reads the same is as good.
  const bool best = metric_text(end.mean, column.metric) == metric_text(column.best, column.metric);
  std::string range;
  if (end.count > 1) {
    range = fmt::format("<small>{}</small>", range_text(end, column.metric));
  }
  return fmt::format(R"(<td data-v="{}"{}><span class="number">{}</span>{}{}</td>)",
                     sort_value(end.mean), best ? R"( class="best")" : "",
                     metric_text(end.mean, column.metric), range, strip(s, column));
}

std::string seeds_cell(const Series& s, int last_epoch) {
  if (s.runs.empty()) return R"(<td data-v="">not run</td>)";
  std::string note;
  if (s.diverged > 0) note = fmt::format("<small>{} diverged</small>", s.diverged);
  if (s.sound && s.last_epoch < last_epoch) {
    note += fmt::format("<small>to epoch {}</small>", s.last_epoch);
  }
  const std::string of = static_cast<int>(s.runs.size()) == s.counted && s.sound
                             ? ""
                             : fmt::format(" of {}", s.runs.size());
  return fmt::format(R"(<td data-v="{0}">{0}{1}{2}</td>)", s.sound ? s.counted : 0, of, note);
}

std::string name_cell(const Series& s) {
  return fmt::format(R"(<th scope="row" data-v="{}">{}<code>{}</code></th>)", escape(s.name),
                     key(s.index), breakable(s.name));
}

std::string row(const Series& s, const std::array<Column, kColumns.size()>& columns, int epochs) {
  std::string out = fmt::format(R"(<tr data-s="{}">)", s.index) + name_cell(s);
  for (const Column& column : columns) out += metric_cell(s, column);
  return out +
         fmt::format(R"(<td data-v="{}">{}</td>)", sort_value(s.seconds), seconds(s.seconds)) +
         seeds_cell(s, epochs) + "</tr>";
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

std::string seed_row(const Series& s, const Run& run) {
  const int epoch = run.last_epoch();
  std::string out = fmt::format(R"(<tr data-s="{}">)", s.index) + name_cell(s);
  out += fmt::format(R"(<td data-v="{0}">{0}</td><td data-v="{1}">{1}</td>)", run.seed, epoch);
  for (const Metric metric : kMetrics) {
    const double v = run.at(epoch, metric);
    out += fmt::format(R"(<td data-v="{}">{}</td>)", sort_value(v), metric_text(v, metric));
  }
  const std::string outcome = run.diverged_at != 0
                                  ? fmt::format("diverged in epoch {}", run.diverged_at)
                                  : (run.counted ? "counted" : "stopped early");
  return out + fmt::format(R"(<td data-v="{0}">{0}</td></tr>)", outcome);
}

// A table that scrolls by itself, so that the page never does sideways.
std::string open_table(std::string_view title, std::string_view kind) {
  return fmt::format(R"(<div class="scroll" tabindex="0" role="region" aria-label="{0}">)"
                     R"(<table class="sortable {1}"><caption class="unseen">{0}</caption>)",
                     title, kind);
}

}  // namespace

std::string results_table(const Overview& overview) {
  const std::array<Column, kColumns.size()> columns = {column_of(overview, kColumns[0]),
                                                       column_of(overview, kColumns[1]),
                                                       column_of(overview, kColumns[2])};
  std::string out =
      R"(<p class="hint">After the last epoch: the mean over seeds, with the range from the )"
      R"(lowest to the highest. Every dot is a seed. The lowest losses and the highest )"
      R"(accuracy are bold.</p>)";
  out += open_table("Final results", "results");
  out += R"(<thead><tr><th scope="col">Activation</th>)"
         R"(<th scope="col" aria-sort="ascending">Training loss</th>)"
         R"(<th scope="col">Test loss</th><th scope="col">Test accuracy</th>)"
         R"(<th scope="col">Time per epoch</th><th scope="col">Seeds</th></tr></thead><tbody>)";
  for (const Series* s : table_order(overview)) out += row(*s, columns, overview.last_epoch);
  return out + "</tbody></table></div>";
}

std::string seeds_table(const Overview& overview) {
  std::string out = open_table("Every training at its last epoch", "seeds") + "<thead><tr>";
  for (const char* head : {"Activation", "Seed", "Epoch", "Training loss", "Test loss",
                           "Training accuracy", "Test accuracy", "Outcome"}) {
    out += fmt::format(R"(<th scope="col">{}</th>)", head);
  }
  out += "</tr></thead><tbody>";
  for (const Series* s : table_order(overview)) {
    for (const Run& run : s->runs) out += seed_row(*s, run);
  }
  return out + "</tbody></table></div>";
}

}  // namespace actfn::lab::report
