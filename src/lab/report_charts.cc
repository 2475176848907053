// SPDX-License-Identifier: Apache-2.0
#include "lab/report_charts.h"

#include "lab/report_judgement.h"
#include "lab/report_scale.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace actfn::lab::report {
namespace {

// Plots stretch with the page while text and strokes keep their size: x is in per cent of the
// plot, y in pixels, and paths lie in an inner picture that is stretched to fit.
constexpr double kPathWidth = 1000;
constexpr double kPlotHeight = 260;
constexpr double kLabelGap = 15;
constexpr std::size_t kMany = 8;
constexpr std::size_t kShortName = 8;  // what a narrow plot has room for at the ends of lines
constexpr int kMarkersPerLine = 7;
constexpr int kMarkersWhereCrowded = 3;
constexpr int kEpochsPerBlock = 8;  // columns of a data table that fit on paper

struct EpochChart {
  Metric metric;
  int epochs;
  bool crowded;  // too many series for all of their marks at full strength
  Scale scale;
  std::vector<const Series*> series;  // those with something to draw
};

std::string subtitle(Metric metric, bool of_classes) {
  if (!is_loss(metric)) return "fraction correct; higher is better";
  return of_classes ? "cross-entropy in nats; lower is better"
                    : "squared error, of which the mean of the targets has 1; lower is better";
}

// From 0 to 1; epoch 0 is the network before training.
double place(const EpochChart& chart, int epoch) {
  return chart.epochs == 0 ? 0.5 : static_cast<double>(epoch) / chart.epochs;
}

std::string per_cent(double share) { return coordinate(100 * share) + "%"; }

bool has(const Spread& s) { return s.count > 0; }

// The last epoch at which the series has a value of this metric; -1: none.
int drawn_until(const Series& s, Metric metric) {
  int epoch = s.last_epoch;
  while (epoch >= 0 && !has(s.at(epoch, metric))) --epoch;
  return epoch;
}

// The ends of all bars of the charts that have one scale: losses, or accuracies.
std::vector<double> values_of(const Overview& overview, bool losses) {
  std::vector<double> values;
  for (const Metric metric : overview.curves()) {
    if (is_loss(metric) != losses) continue;
    for (const Series& s : overview.series) {
      for (int epoch = 0; epoch <= drawn_until(s, metric); ++epoch) {
        if (!has(s.at(epoch, metric))) continue;
        values.push_back(s.at(epoch, metric).low);
        values.push_back(s.at(epoch, metric).high);
      }
    }
  }
  return values;
}

EpochChart chart_of(const Overview& overview, Metric metric, bool log) {
  EpochChart chart{metric, 0, false, {}, {}};
  for (const Series& s : overview.series) {
    const int until = drawn_until(s, metric);
    if (until < 0) continue;
    chart.series.push_back(&s);
    chart.epochs = std::max(chart.epochs, until);
  }
  chart.crowded = chart.series.size() > kMany;
  const double needed = kLabelGap * static_cast<double>(chart.series.size());
  chart.scale = curve_scale(values_of(overview, is_loss(metric)), is_loss(metric), log,
                            std::max(kPlotHeight, needed));
  return chart;
}

std::string point(const EpochChart& chart, int epoch, double v) {
  return coordinate(kPathWidth * place(chart, epoch)) + " " + coordinate(chart.scale.y(v));
}

std::string line_path(const EpochChart& chart, const Series& s) {
  std::string d;
  bool pen_down = false;
  for (int epoch = 0; epoch <= s.last_epoch; ++epoch) {
    const Spread& at = s.at(epoch, chart.metric);
    if (has(at)) d += (pen_down ? "L" : "M") + point(chart, epoch, at.mean);
    pen_down = has(at);
  }
  return d;
}

// The interval of the mean, no wider than the values themselves: few seeds make it wider than the
// plot.
Interval band_of(const Spread& s) {
  return {std::max(s.low, s.interval.low), std::min(s.high, s.interval.high)};
}

// One closed shape for each stretch without a gap.
std::string band_path(const EpochChart& chart, const Series& s) {
  std::string d;
  for (int first = 0; first <= s.last_epoch; ++first) {
    int last = first;
    while (last <= s.last_epoch && has(s.at(last, chart.metric))) ++last;
    for (int e = first; e < last; ++e) {
      d += (e == first ? "M" : "L") + point(chart, e, band_of(s.at(e, chart.metric)).high);
    }
    for (int e = last - 1; e >= first; --e) {
      d += "L" + point(chart, e, band_of(s.at(e, chart.metric)).low);
    }
    if (last > first) d += "Z";
    first = last;
  }
  return d;
}

std::string series_open(const Series& s) {
  return fmt::format(R"(<g class="series {}" data-s="{}">)", look_classes(s.look), s.index);
}

std::string lines(const EpochChart& chart) {
  std::string out =
      fmt::format(R"(<svg class="lines" width="100%" height="{0}" viewBox="0 0 {1} {0}" )"
                  R"(preserveAspectRatio="none">)",
                  coordinate(chart.scale.height), kPathWidth);
  for (const Series* s : chart.series) {
    out += series_open(*s);
    if (s->counted > 1) out += fmt::format(R"(<path class="band" d="{}"/>)", band_path(chart, *s));
    out += fmt::format(R"(<path class="line" d="{}"/></g>)", line_path(chart, *s));
  }
  return out + "</svg>";
}

std::string markers(const EpochChart& chart, const Series& s) {
  std::string out;
  const int most = chart.crowded ? kMarkersWhereCrowded : kMarkersPerLine;
  const int step = chart.epochs / most + 1;
  const int until = drawn_until(s, chart.metric);
  for (int epoch = 0; epoch <= until; ++epoch) {
    const Spread& at = s.at(epoch, chart.metric);
    // Lines that share a stretch carry their markers at different epochs.
    const bool mine = epoch % step == static_cast<int>(s.index) % step || epoch == until;
    if (!mine || !has(at)) continue;
    out += marker(s.look, per_cent(place(chart, epoch)), chart.scale.y(at.mean));
  }
  return out;
}

// Pixels from the plot to the labels: more where lines have far to go to theirs.
int lead(const EpochChart& chart) { return chart.crowded ? 30 : 13; }

std::string label_text(const Series& s) {
  return short_name(s.name) + (s.sound ? "" : " diverged");
}

std::string label(const EpochChart& chart, const Series& s, double y) {
  const int until = drawn_until(s, chart.metric);
  const double end = chart.scale.y(s.at(until, chart.metric).mean);
  std::string out;
  if (const double x = place(chart, until); x < 1) {
    out += fmt::format(R"(<line class="guide" x1="{0}" x2="100%" y1="{1}" y2="{1}"/>)", per_cent(x),
                       coordinate(end));
  }
  const int reach = lead(chart);
  out += fmt::format(R"(<svg class="end" x="100%"><path class="leader" d="M6 {}L{} {}"/>)",
                     coordinate(end), reach, coordinate(y));
  out += marker(s.look, std::to_string(reach + 6), y);
  return out + fmt::format(R"(<text x="{}" y="{}">{}</text></svg>)", reach + 14, coordinate(y + 4),
                           escape(label_text(s)));
}

std::string ends(const EpochChart& chart) {
  std::vector<double> wishes;
  for (const Series* s : chart.series) {
    wishes.push_back(chart.scale.y(s->at(drawn_until(*s, chart.metric), chart.metric).mean));
  }
  const std::vector<double> places = spread_labels(wishes, kLabelGap, chart.scale.height);
  std::string out;
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    const Series& s = *chart.series[i];
    out += series_open(s) + markers(chart, s) + label(chart, s, places[i]) + "</g>";
  }
  return out;
}

std::string axes(const EpochChart& chart) {
  std::string out;
  for (const double tick : chart.scale.ticks()) {
    const std::string y = coordinate(chart.scale.y(tick));
    const std::string text = typeset(is_loss(chart.metric) ? fmt::format("{:.4g}", tick)
                                                           : fmt::format("{:.4g} %", 100 * tick));
    out += fmt::format(R"(<line class="grid" x2="100%" y1="{0}" y2="{0}"/>)", y);
    out += fmt::format(R"(<text class="tick y" x="-9" y="{}" dy="4">{}</text>)", y, text);
  }
  const double bottom = chart.scale.height;
  const std::vector<int> epochs = epoch_ticks(chart.epochs);
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    const std::string x = per_cent(place(chart, epochs[i]));
    // Every other label goes where there is little room, but never the last.
    const bool spare = i % 2 == 1 && i + 1 < epochs.size();
    out += fmt::format(R"(<line class="mark" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>)", x,
                       coordinate(bottom + 8), coordinate(bottom + 13));
    out += fmt::format(R"(<text class="tick{}" x="{}" y="{}">{}</text>)", spare ? " spare" : "", x,
                       coordinate(bottom + 27), epochs[i]);
  }
  return out +
         fmt::format(R"(<text class="tick" x="50%" y="{}">epoch</text>)", coordinate(bottom + 44));
}

std::string summary(const EpochChart& chart) {
  const auto end = [&](const Series* s) {
    return s->at(drawn_until(*s, chart.metric), chart.metric).mean;
  };
  const auto less = [&](const Series* a, const Series* b) { return end(a) < end(b); };
  const auto [low, high] = std::minmax_element(chart.series.begin(), chart.series.end(), less);
  const std::string from = metric_text(end(*low), chart.metric);
  const std::string to = metric_text(end(*high), chart.metric);
  return fmt::format(
      "{} over {} for {}. The last values {}. All values are in the table that follows.",
      title_of(chart.metric), counted(chart.epochs, "epoch"),
      counted(chart.series.size(), "activation"),
      from == to
          ? "are " + from
          : fmt::format("go from {} ({}) to {} ({})", from, (*low)->name, to, (*high)->name));
}

std::string plot(const EpochChart& chart) {
  std::size_t name = 0;
  for (const Series* s : chart.series) name = std::max(name, width(label_text(*s)));
  return fmt::format(
      R"(<div class="plot{}{}" role="img" aria-label="{}" style="--name:{};--lead:{}px">)"
      R"(<svg class="canvas" width="100%" height="{}" aria-hidden="true" focusable="false">)"
      R"({}{}{}<line class="cursor" y2="{}"/></svg></div>)",
      chart.crowded ? " crowded" : "", name > kShortName ? " long" : "", escape(summary(chart)),
      name, lead(chart) + 17, coordinate(chart.scale.height), axes(chart), lines(chart),
      ends(chart), coordinate(chart.scale.height));
}

std::string table_cell(const Spread& at, Metric metric) {
  if (!has(at)) return "<td>–</td>";
  const std::string range =
      at.count == 1 ? "" : fmt::format("<small>{}</small>", range_text(at, metric));
  return fmt::format(R"(<td data-v="{:.9g}">{}{}</td>)", at.mean, metric_text(at.mean, metric),
                     range);
}

std::string table_block(const EpochChart& chart, int first, int last) {
  std::string out =
      fmt::format(R"(<table data-name="{}"><caption>{}, epochs {} to {}</caption><thead><tr>)",
                  column_name(chart.metric), title_of(chart.metric), first, last);
  out += R"(<th scope="col">activation</th>)";
  for (int e = first; e <= last; ++e) out += fmt::format(R"(<th scope="col">{}</th>)", e);
  out += "</tr></thead><tbody>";
  for (const Series* s : chart.series) {
    out += fmt::format(R"(<tr><th scope="row">{}</th>)", breakable(s->name));
    for (int e = first; e <= last; ++e) out += table_cell(s->at(e, chart.metric), chart.metric);
    out += "</tr>";
  }
  return out + "</tbody></table>";
}

std::string table(const EpochChart& chart) {
  std::string out =
      fmt::format(R"(<details><summary>{} as a table</summary>)"
                  R"(<div class="scroll" tabindex="0" role="region" aria-label="{} as a table">)",
                  title_of(chart.metric), title_of(chart.metric));
  for (int first = 0; first <= chart.epochs; first += kEpochsPerBlock) {
    out += table_block(chart, first, std::min(chart.epochs, first + kEpochsPerBlock - 1));
  }
  return out + "</div></details>";
}

std::string json(double v, bool loss) {
  if (!std::isfinite(v)) return "null";
  return loss ? fmt::format("{:.6g}", v) : fmt::format("{:.5f}", v);
}

std::string json(const Spread& at, bool loss) {
  if (!has(at)) return "null";
  const Interval band = band_of(at);
  return fmt::format("[{},{},{},{},{}]", json(at.mean, loss), json(at.low, loss),
                     json(at.high, loss), json(band.low, loss), json(band.high, loss));
}

// For the script: per series [mean, low, high, bounds of the band] by epoch, or null.
std::string readings(const EpochChart& chart) {
  const bool loss = is_loss(chart.metric);
  std::string out = fmt::format(R"({{"metric":"{}","epochs":{},"loss":{},"series":{{)",
                                column_name(chart.metric), chart.epochs, loss);
  for (const Series* s : chart.series) {
    out += fmt::format(R"({}"{}":[)", s == chart.series.front() ? "" : ",", s->index);
    for (int e = 0; e <= chart.epochs; ++e) {
      out += (e == 0 ? "" : ",") + json(s->at(e, chart.metric), loss);
    }
    out += "]";
  }
  return out + "}}";
}

std::string axis_note(const Scale& scale) {
  if (!scale.log) return "";
  return scale.of_errors ? "; logarithmic in the errors" : "; logarithmic";
}

std::string figure(const EpochChart& chart, bool of_classes) {
  return fmt::format(
      R"(<figure class="chart"><figcaption><h3>{}</h3><p>{}<span class="axis-note">{}</span>)"
      R"(</p></figcaption>{}{})"
      R"(<script type="application/json">{}</script></figure>)",
      title_of(chart.metric), subtitle(chart.metric, of_classes), axis_note(chart.scale),
      plot(chart), table(chart), readings(chart));
}

std::string legend(const Overview& overview) {
  std::string out = R"(<ul class="legend" aria-label="Activations">)";
  for (const Series& s : overview.series) {
    if (s.runs.empty()) continue;
    out += fmt::format(R"(<li data-s="{}" data-short="{}">{}<code>{}</code></li>)", s.index,
                       escape(label_text(s)), key(s.look), breakable(s.name));
  }
  return out + "</ul>";
}

}  // namespace

std::string learning_curves(const Overview& overview) {
  const bool log = spans_much(values_of(overview, true));
  std::string out = legend(overview) + fmt::format(R"(<div class="charts" data-log="{}">)", log);
  for (const Metric metric : overview.curves()) {
    const EpochChart chart = chart_of(overview, metric, log);
    if (!chart.series.empty()) out += figure(chart, overview.has_accuracy);
  }
  return out + "</div>";
}

std::string title_of(Metric metric) {
  switch (metric) {
    case Metric::train_loss:
      return "Training loss";
    case Metric::validation_loss:
      return "Validation loss";
    case Metric::test_loss:
      return "Test loss";
    case Metric::train_accuracy:
      return "Training accuracy";
    case Metric::validation_accuracy:
      return "Validation accuracy";
    case Metric::test_accuracy:
      return "Test accuracy";
  }
  return "";
}

std::string column_name(Metric metric) {
  std::string name(noun(metric));
  std::ranges::replace(name, ' ', '_');
  return name.starts_with("training") ? name.replace(0, 8, "train") : name;
}

std::string metric_text(double value, Metric metric) {
  return is_loss(metric) ? typeset(number(value)) : escape(percent(value));
}

std::string range_text(const Spread& spread, Metric metric) {
  if (is_loss(metric)) return typeset(number(spread.low) + " to " + number(spread.high));
  return fmt::format("{:.2f} to {}", 100 * spread.low, escape(percent(spread.high)));
}

}  // namespace actfn::lab::report
