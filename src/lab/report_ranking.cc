// SPDX-License-Identifier: Apache-2.0
#include "lab/report_ranking.h"

#include "lab/report_judgement.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <utility>

namespace actfn::lab::report {

Chart ranking_chart(const Overview& overview, std::string title) {
  const Metric metric = overview.deciding();
  const double unit = is_loss(metric) ? 1 : 100;
  Chart chart{.file = "ranking",
              .title = std::move(title),
              .kind = Chart::Kind::dots,
              .x = {.label = fmt::format("{}{}, mean and 95 % interval", noun(metric),
                                         is_loss(metric) ? "" : " in %")},
              .lines = {{std::string(noun(metric)), {}}}};
  for (const Series* s : overview.ranking()) {
    const Spread end = s->end(metric);
    chart.lines[0].points.push_back({static_cast<double>(chart.names.size()), unit * end.mean,
                                     unit * end.interval.low, unit * end.interval.high});
    chart.names.push_back(short_name(s->name));
  }
  return chart;
}

}  // namespace actfn::lab::report
