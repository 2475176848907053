// SPDX-License-Identifier: Apache-2.0
#include "lab/report_differences.h"

#include "lab/report_charts.h"
#include "lab/report_scale.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace actfn::lab::report {
namespace {

constexpr double kRowHeight = 34;
constexpr double kAxisHeight = 24;
constexpr double kMargin = 2;  // per cent, so that marks at the ends are whole

// What is drawn of one contest: the other one's values minus those of the best.
struct Row {
  const Contest* contest;
  std::vector<double> seeds;
  double mean;
  Interval interval;
};

Row row_of(const Judgement& j, const Contest& c) {
  const Interval ahead = c.difference.interval;
  Row row{&c, {}, -c.difference.mean, {-ahead.high, -ahead.low}};
  if (is_loss(j.metric)) row = {&c, {}, c.difference.mean, ahead};
  for (const Run& run : c.other->runs) {
    const Run* const best = j.best().run_of(run.seed);
    if (!run.counted || best == nullptr) continue;
    row.seeds.push_back(run.end(j.metric) - best->end(j.metric));
  }
  return row;
}

std::vector<Row> rows_of(const Judgement& j) {
  std::vector<Row> rows;
  for (const Contest& c : j.contests) {
    if (c.difference.pairs >= kFewestSeeds) rows.push_back(row_of(j, c));
  }
  return rows;
}

Scale scale_of(const std::vector<Row>& rows) {
  std::vector<double> values = {0};
  for (const Row& row : rows) {
    values.insert(values.end(), row.seeds.begin(), row.seeds.end());
    values.insert(values.end(), {row.interval.low, row.interval.high});
  }
  return scale_for(values, false, 1);
}

std::string along(const Scale& scale, double v) {
  return coordinate(kMargin + (100 - 2 * kMargin) * (1 - scale.y(v))) + "%";
}

std::string picture(const Row& row, const Scale& scale) {
  const double middle = kRowHeight / 2;
  std::string out = fmt::format(
      R"(<svg class="contest series {}" width="100%" height="{}" aria-hidden="true">)"
      R"(<line class="zero" x1="{}" x2="{}" y1="0" y2="100%"/>)",
      look_classes(row.contest->other->look), kRowHeight, along(scale, 0), along(scale, 0));
  for (const double seed : row.seeds) {
    out += fmt::format(R"(<line class="seed" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>)",
                       along(scale, seed), middle - 9, middle + 9);
  }
  out +=
      fmt::format(R"(<line class="interval" x1="{}" x2="{}" y1="{}" y2="{}"/>)",
                  along(scale, row.interval.low), along(scale, row.interval.high), middle, middle);
  return out +
         fmt::format(R"(<circle cx="{}" cy="{}" r="5"/></svg>)", along(scale, row.mean), middle);
}

std::string words(const Judgement& j, const Row& row) {
  const Contest& c = *row.contest;
  if (c.call == Call::same) return "<b>Equal</b> in every seed";
  const std::string by = fmt::format(
      "{}, {}; {} of {} seeds", typeset(difference_text(c.difference.mean, j.metric)),
      interval_text(c.difference.interval, j.metric), c.difference.higher, c.difference.pairs);
  return (c.call == Call::open ? "<b>Too close to call:</b> " : "<b>Behind</b> by ") + by;
}

// Told apart by shape, not by colour alone.
std::string_view class_of(Call call) { return call == Call::apart ? "settled" : "open"; }

std::string axis(const Judgement& j, const Scale& scale) {
  std::string out = fmt::format(
      R"(<li class="axis" aria-hidden="true"><svg width="100%" height="{}">)", kAxisHeight);
  const double unit = is_loss(j.metric) ? 1 : 100;
  for (const double tick : scale.ticks()) {
    const std::string size = fmt::format("{:.4g}", std::abs(unit * tick));
    const std::string text = typeset(size == "0" ? size : (tick < 0 ? "-" : "+") + size);
    out += fmt::format(R"(<line class="mark" x1="{0}" x2="{0}" y1="0" y2="6"/>)"
                       R"(<text class="tick" x="{0}" y="20">{1}</text>)",
                       along(scale, tick), text);
  }
  return out +
         fmt::format("</svg><p>{} against {}, {}</p></li>", title_of(j.metric),
                     escape(short_name(j.best().name)),
                     is_loss(j.metric) ? "worse to the right" : "in points, worse to the left");
}

}  // namespace

std::string difference_chart(const Judgement& judgement) {
  const std::vector<Row> rows = rows_of(judgement);
  if (rows.empty()) return "";
  const Scale scale = scale_of(rows);
  std::string out = fmt::format(
      R"(<figure class="contests"><figcaption><h3>Against <code>{}</code>, seed by seed</h3>)"
      R"(<p>Mean difference in {} with its 95 % interval; short marks are seeds. Filled: a )"
      R"(difference. Hollow: too close to call.</p></figcaption><ul>)",
      breakable(judgement.best().name), noun(judgement.metric));
  for (const Row& row : rows) {
    const Series& s = *row.contest->other;
    out += fmt::format(R"(<li data-s="{}" class="{}"><span>{}<code>{}</code></span>)"
                       R"({}<p>{}</p></li>)",
                       s.index, class_of(row.contest->call), key(s.look), breakable(s.name),
                       picture(row, scale), words(judgement, row));
  }
  return out + axis(judgement, scale) + "</ul></figure>";
}

}  // namespace actfn::lab::report
