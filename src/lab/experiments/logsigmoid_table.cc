// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"

#include "lab/speed.h"
#include "oracle/oracle.h"

#include <algorithm>
#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr int kEnd = 32;                        // 0 beyond
constexpr std::array kEntries = {16, 64, 256};  // for each unit of x

// S = logsigmoid from its values at equal steps, with straight lines between them.
template <class T>
class Table {
 public:
  explicit Table(int entries) : entries_(static_cast<T>(entries)) {
    for (int i = 0; i <= kEnd * entries + 1; ++i) {
      values_.push_back(static_cast<T>(evaluate(LogSigmoid{}, static_cast<double>(i) / entries)));
    }
  }

  T operator()(T x) const { return x < 0 ? x + right(-x) : right(x); }

 private:
  T right(T x) const {
    if (!(x < kEnd)) return 0;
    const T at = x * entries_;
    const auto i = static_cast<std::size_t>(at);
    return values_[i] + (at - static_cast<T>(i)) * (values_[i + 1] - values_[i]);
  }

  T entries_;
  std::vector<T> values_;
};

// An eighth of the square of the step times the largest second derivative, 1/4.
double bound(int entries) { return 1.0 / entries / entries / 32; }

std::vector<Row> errors(int entries) {
  const Table<double> table(entries);
  std::vector<Row> rows;
  for (const double at : spaced(-40, 40, 8001)) {
    const auto x = static_cast<float>(at);
    const double truth = oracle::truth(LogSigmoid{}, x).value;
    const double got = table(x);
    rows.push_back(row("table", entries, x, std::fabs(got - truth),
                       oracle::ulps(static_cast<float>(got), truth)));
  }
  return rows;
}

std::vector<Row> own_errors(const Materials& /*materials*/) {
  std::vector<Row> rows;
  for (const double at : spaced(-40, 40, 8001)) {
    const auto x = static_cast<float>(at);
    const double truth = oracle::truth(LogSigmoid{}, x).value;
    const float got = evaluate(LogSigmoid{}, x);
    rows.push_back(
        row("actfn", 0, x, std::fabs(static_cast<double>(got) - truth), oracle::ulps(got, truth)));
  }
  return rows;
}

// Of 16384 numbers, in ns each.
std::vector<Row> speeds(bool quick) {
  std::vector<float> x;
  for (const double v : spaced(-8, 8, 16'384)) x.push_back(static_cast<float>(v));
  std::vector<float> y(x.size());
  std::vector<std::function<void()>> calls = {[&] { forward(LogSigmoid{}, x, y); }};
  for (const int entries : kEntries) {
    calls.emplace_back([&, table = Table<float>(entries)] {
      std::ranges::transform(x, y.begin(), std::cref(table));
    });
  }
  const auto ns = race(calls, quick ? 1e8 : 1e9);
  const auto count = static_cast<double>(x.size());
  std::vector<Row> rows = {row("actfn, ns", 0, 0, ns[0] / count, 0)};
  for (std::size_t i = 0; i < kEntries.size(); ++i) {
    rows.push_back(row("table, ns", kEntries[i], 0, ns[i + 1] / count, 0));
  }
  return rows;
}

std::vector<Trial> trials(const Scope& scope) {
  std::vector<Trial> all;
  for (const int entries : kEntries) {
    all.push_back(
        {fmt::format("error-{}", entries), [=](const Materials&) { return errors(entries); }});
  }
  all.push_back({"error-actfn", own_errors});
  all.push_back(timed("speed", [quick = scope.quick] { return speeds(quick); }));
  return all;
}

Line errors_line(const Readings& rows, std::string name) {
  return largest_of_pieces(rows, "x", "ulps", std::move(name), 50, 0.1);
}

Chart chart_of(const Readings& readings, const std::string& title) {
  Chart chart{
      .file = "errors",
      .title = title,
      .x = {"x"},
      .y = {.label = "largest error in ULP of float32; dashed: 1 ULP", .log = true, .low = 0.1},
      .marks = {{1, ""}}};
  for (const int entries : kEntries) {
    chart.lines.push_back(errors_line(readings.where("what", "table").where("entries", entries),
                                      fmt::format("{} entries a unit", entries)));
  }
  chart.lines.push_back(errors_line(readings.where("what", "actfn"), "actfn"));
  return chart;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  bool within = true;
  double error = 0;
  for (const int entries : kEntries) {
    const Readings rows = readings.where("what", "table").where("entries", entries);
    error = std::ranges::max(rows.numbers("value"));
    within = within && error <= bound(entries) * (1 + 1e-9);
  }
  const double ulps = std::ranges::max(readings.where("what", "actfn").numbers("ulps"));
  const double ours = readings.where("what", "actfn, ns").number("value");
  const double table = std::ranges::min(readings.where("what", "table, ns").numbers("value"));
  Verdict verdict{
      .holds = holds(within),
      .finding = fmt::format("A table of {} entries a unit is at most {:.2g} off and 0 from {} on; "
                             "actfn is right to {:.2f} ULP in {:.2f} times the table's time",
                             kEntries.back(), error, kEnd, ulps, ours / table),
      .measured = fmt::format("{:.3g} with {} entries a unit; {:.2f} ns against {:.2f} ns", error,
                              kEntries.back(), table, ours),
      .interval = {},
      .tolerance = "the bound"};
  Chart chart = chart_of(readings, verdict.finding);
  return {std::move(verdict), {std::move(chart)}};
}

}  // namespace

Experiment logsigmoid_table() {
  return {.name = "logsigmoid-table",
          .claim =
              "logsigmoid may be taken from a table for 0 to 32, with S(x) = x + S(-x) on the left "
              "and 0 beyond: with lines between entries it is at most step² / 32 off.",
          .source = "The bound is that of linear interpolation: step² / 8 times max |f''| = 1/4",
          .expected = "at most step² / 32; the time is measured",
          .setup =
              "Tables of logsigmoid with 16, 64 and 256 entries for each unit of x are evaluated "
              "in float64 at 8,001 numbers from -40 to 40 and compared with an oracle of higher "
              "precision. The claim holds if each table's largest error is within step² / 32. The "
              "times for 16,384 float32 numbers are measured and not judged.",
          .method = Method::timed,
          .columns = {"what", "entries", "x", "value", "ulps"},
          .trials = trials,
          .judge = judge};
}

}  // namespace actfn::lab::experiments
