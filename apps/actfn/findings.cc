// SPDX-License-Identifier: Apache-2.0
#include "findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "lab/report_judgement.h"
#include "lab/report_text.h"
#include "output.h"

namespace actfn::app {
namespace {

using namespace lab::report;

std::string table(const lab::Comparison& c, const Overview& overview) {
  const Metric deciding = overview.deciding();
  Table table({"ACTIVATION", heading(deciding), "BEHIND", "TRAIN LOSS", "US/STEP"});
  Judgement judgement{deciding, {}, {}};
  if (!overview.ranking().empty()) judgement = judge(overview.ranking(), deciding);
  std::vector<const Series*> order = judgement.ranking;
  for (const Series& s : overview.series) {
    const bool ranked = std::ranges::find(order, &s) != order.end();
    if (!ranked && !s.runs.empty()) order.push_back(&s);
  }
  for (const Series* s : order) {
    table.add({s->name, mean_text(s->end(deciding), deciding), behind_text(judgement, *s),
               mean_text(s->end(Metric::train_loss), Metric::train_loss), step_text(c, *s)});
  }
  return table.text(1);
}

}  // namespace

std::string mean_text(const Spread& s, Metric metric) {
  std::string text = value_text(s.mean, metric);
  if (s.count < static_cast<int>(kFewestSeeds)) return text;
  const double reach = (s.interval.high - s.interval.low) / 2;
  return text + (is_loss(metric) ? fmt::format(" ± {:.4f}", reach)
                                 : fmt::format(" ± {:.2f}", 100 * reach));
}

std::string behind_text(const Judgement& j, const Series& s) {
  const Contest* const found = j.against(s);
  if (found == nullptr) return "";
  if (found->call == Call::same) return "equal";
  std::string text = difference_text(found->difference.mean, j.metric);
  if (found->difference.pairs < kFewestSeeds) return text;
  return text + fmt::format(" [{}]", interval_text(found->difference.interval, j.metric));
}

std::string step_text(const lab::Comparison& c, const Series& s) {
  const lab::StepTime* const time = lab::step_time_of(c, s.index);
  return time == nullptr ? "–" : fmt::format("{:.1f}", 1e6 * time->median);
}

std::string heading(Metric metric) {
  std::string text(noun(metric));
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

std::string findings_text(const lab::Comparison& comparison, const lab::Findings& found) {
  std::string out = "\n" + table(comparison, found.overview) + "\n";
  for (const auto& sentence : found.verdicts) out += wrapped(sentence, kTextWidth, 2);
  return out;
}

}  // namespace actfn::app
