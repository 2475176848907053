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
constexpr double kAxisHeight = 46;
constexpr double kMargin = 2;  // per cent, so that marks at the ends are whole

// What is drawn of one contest: how far the other one is from the best; below 0 is worse.
struct Row {
  const Contest* contest;
  std::vector<double> seeds;
  double mean;
  Interval interval;
};

Row row_of(const Judgement& j, const Contest& c) {
  Row row{&c, {}, -c.difference.mean, {-c.difference.interval.high, -c.difference.interval.low}};
  const double sign = is_loss(j.metric) ? -1 : 1;
  for (const Run& run : c.other->runs) {
    const Run* const best = j.best().run_of(run.seed);
    if (!run.counted || best == nullptr) continue;
    row.seeds.push_back(sign * (run.end(j.metric) - best->end(j.metric)));
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
      look_classes(row.contest->other->index), kRowHeight, along(scale, 0), along(scale, 0));
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
  if (c.call == Call::same) return "equal in every seed";
  return fmt::format(
      "{} behind, {}; behind in {} of {} seeds{}", difference_text(c.difference.mean, j.metric),
      interval_text(c.difference.interval, j.metric), c.difference.higher, c.difference.pairs,
      c.call == Call::open ? ": no difference that this run can show" : "");
}

std::string axis(const Judgement& j, const Scale& scale) {
  std::string out = fmt::format(
      R"(<li class="axis" aria-hidden="true"><span></span><svg width="100%" height="{}">)",
      kAxisHeight);
  const double unit = is_loss(j.metric) ? 1 : 100;
  for (const double tick : scale.ticks()) {
    std::string text = fmt::format("{:.4g}", std::abs(unit * tick));
    if (tick != 0) text.insert(0, tick < 0 ? "−" : "+");
    out += fmt::format(R"(<line class="mark" x1="{0}" x2="{0}" y1="0" y2="6"/>)"
                       R"(<text class="tick" x="{0}" y="20">{1}</text>)",
                       along(scale, tick), text);
  }
  return out +
         fmt::format(R"(<text class="tick" x="50%" y="40">{} against {}, {}</text></svg></li>)",
                     noun(j.metric), escape(short_name(j.best().name)),
                     is_loss(j.metric) ? "lower loss to the right" : "in points");
}

}  // namespace

std::string difference_chart(const Judgement& judgement) {
  const std::vector<Row> rows = rows_of(judgement);
  if (rows.empty()) return "";
  const Scale scale = scale_of(rows);
  std::string out = fmt::format(
      R"(<figure class="contests"><figcaption><h3>Against {}, seed by seed</h3>)"
      R"(<p>Dot: mean difference in {}. Line: its 95 % interval. Short marks: seeds.</p>)"
      R"(</figcaption><ul>)",
      escape(judgement.best().name), noun(judgement.metric));
  for (const Row& row : rows) {
    const Series& s = *row.contest->other;
    out += fmt::format(R"(<li data-s="{}"><span>{}<code>{}</code></span>{})"
                       R"(<p class="hint">{}</p></li>)",
                       s.index, key(s.index), breakable(s.name), picture(row, scale),
                       escape(words(judgement, row)));
  }
  return out + axis(judgement, scale) + "</ul></figure>";
}

}  // namespace actfn::lab::report
