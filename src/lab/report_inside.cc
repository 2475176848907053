// SPDX-License-Identifier: Apache-2.0
#include "lab/report_inside.h"

#include "lab/networks/network.h"
#include "lab/probe.h"
#include "lab/report_charts.h"
#include "lab/report_histogram.h"
#include "lab/report_inside_means.h"
#include "lab/report_scale.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

namespace actfn::lab::report {
namespace {

// Small multiples are pictures of one size, which shrink with their text.
constexpr double kWidth = 300;
constexpr double kHeight = 130;
constexpr double kWorthSaying = 0.05;   // share of saturated units
constexpr double kVanishes = 10;        // ratio of the gradients of two layers
constexpr double kFewestPercent = 0.1;  // what the axis of shares reaches at least

using Layers = std::span<const InsideLayer>;

struct Quantity {
  const char* title;
  const char* subtitle;
  double (*of)(const InsidePoint& point);
  bool share;
};

constexpr Quantity kQuantities[] = {
    {"Gradient", "L2 norm of the loss’ gradient by the layer’s weights; logarithmic",
     [](const InsidePoint& p) { return p.gradient_norm; }, false},
    {"Dead units", "share whose derivative is 0 for every sample",
     [](const InsidePoint& p) { return p.dead; }, true},
    {"Saturated units", "share that lets through less than a tenth of its steepest slope",
     [](const InsidePoint& p) { return p.saturated; }, true}};

std::string place(const Series& series, const std::string& text) {
  return fmt::format(R"(<g class="series {}" data-s="{}">{}</g>)", look_classes(series.look),
                     series.index, text);
}

Scale scale_of(Layers layers, const Quantity& quantity) {
  std::vector<double> values;
  for (const InsideLayer& layer : layers) {
    for (const InsidePoint& point : layer.points) {
      if (std::isfinite(quantity.of(point))) values.push_back(quantity.of(point));
    }
  }
  const auto [low, high] = std::ranges::minmax_element(values);
  if (values.empty()) return {0, 1, false, kHeight};
  if (quantity.share) return {0, std::max(kFewestPercent, *high * 1.05), false, kHeight};
  if (*low > 0) return {*low / 1.3, *high * 1.3, true, kHeight};
  return scale_for(values, false, kHeight);
}

double x_of(int epoch, int epochs) {
  return epochs == 0 ? kWidth / 2 : kWidth * epoch / static_cast<double>(epochs);
}

std::string line(const InsideLayer& layer, const Quantity& quantity, const Scale& scale,
                 int epochs) {
  std::string d;
  bool pen_down = false;
  for (int epoch = 0; epoch <= layer.last_epoch(); ++epoch) {
    const InsidePoint& point = layer.points[static_cast<std::size_t>(epoch)];
    if (point.seeds == 0) continue;  // inspect need not look after each epoch
    const double v = quantity.of(point);
    if (std::isfinite(v)) {
      d += (pen_down ? "L" : "M") + coordinate(x_of(epoch, epochs)) + " " + coordinate(scale.y(v));
    }
    pen_down = std::isfinite(v);
  }
  return place(*layer.series, fmt::format(R"(<path class="line" d="{}"/>)", d));
}

std::string axes(const Scale& scale, bool share, int epochs) {
  std::string out;
  for (const double tick : scale.ticks()) {
    const std::string y = coordinate(scale.y(tick));
    out += fmt::format(R"(<line class="grid" x2="{0}" y1="{1}" y2="{1}"/>)", kWidth, y);
    out += fmt::format(R"(<text class="tick y" x="-6" y="{}" dy="4">{:.3g}{}</text>)", y,
                       share ? 100 * tick : tick, share ? " %" : "");
  }
  for (const int epoch : {0, epochs}) {
    out += fmt::format(R"(<text class="tick" x="{}" y="{}">{}</text>)",
                       coordinate(x_of(epoch, epochs)), kHeight + 18, epoch);
    if (epochs == 0) break;
  }
  return out + fmt::format(R"(<text class="tick" x="{}" y="{}">epoch</text>)", kWidth / 2,
                           kHeight + (epochs == 0 ? 34 : 18));
}

std::string shown(const Quantity& quantity, double v) {
  return quantity.share ? percent(v) : number(v);
}

std::string words(Layers layers, const Quantity& quantity) {
  std::string out =
      fmt::format("{} in layer {} by epoch. At the end:", quantity.title, layers.front().layer);
  for (const InsideLayer& layer : layers) {
    const double end = quantity.of(layer.last());
    if (std::isnan(end)) continue;
    out += fmt::format(" {} {};", short_name(layer.series->name), shown(quantity, end));
  }
  out.back() = '.';
  return out;
}

std::string chart(Layers layers, const Quantity& quantity) {
  const Scale scale = scale_of(layers, quantity);
  int epochs = 0;
  for (const InsideLayer& layer : layers) epochs = std::max(epochs, layer.last_epoch());
  std::string out = fmt::format(
      R"(<figure class="inside" data-title="{0}, hidden layer {6}" data-keys="inside-keys">)"
      R"(<figcaption><h4>{0}</h4><p>{1}</p></figcaption>)"
      R"(<svg viewBox="-52 -8 {2} {3}" role="img" aria-label="{4}">{5})",
      quantity.title, quantity.subtitle, kWidth + 64, kHeight + 48, escape(words(layers, quantity)),
      axes(scale, quantity.share, epochs), layers.front().layer);
  for (const InsideLayer& layer : layers) out += line(layer, quantity, scale, epochs);
  return out + "</svg></figure>";
}

std::string histograms(Layers layers) {
  std::string out;
  for (const InsideLayer& layer : layers) {
    if (!layer.has_units) continue;
    out += histogram(layer, "<code>" + breakable(short_name(layer.series->name)) + "</code>");
  }
  if (out.empty()) return "";
  return fmt::format(R"(<div data-title="Pre-activations, hidden layer {}">)",
                     layers.front().layer) +
         R"(<h4>Pre-activations</h4><p class="hint">How often the sums that the units apply their )"
         R"(function to take which value. Line: before training; filled: after the last epoch. )"
         R"(The bins at both ends hold all beyond.</p><div class="insides small">)" +
         out + "</div></div>";
}

// Those of one layer, and those that follow.
std::pair<Layers, Layers> split(Layers all) {
  const auto end = std::ranges::find_if(
      all, [&](const InsideLayer& layer) { return layer.layer != all.front().layer; });
  const auto count = static_cast<std::size_t>(end - all.begin());
  return {all.first(count), all.subspan(count)};
}

std::string of_layer(Layers layers) {
  std::string out = fmt::format("<h3>Hidden layer {}</h3>", layers.front().layer);
  out += R"(<div class="insides">)";
  const bool has_units = std::ranges::any_of(layers, &InsideLayer::has_units);
  for (const Quantity& quantity : kQuantities) {
    if (has_units || !quantity.share) out += chart(layers, quantity);
  }
  return out + "</div>" + histograms(layers);
}

std::string keys(Layers layers) {
  std::string out = R"(<ul class="inside-keys">)";
  for (const InsideLayer& layer : layers) {
    if (layer.layer != layers.front().layer) break;
    out += fmt::format("<li>{}<code>{}</code></li>", key(layer.series->look),
                       breakable(layer.series->name));
  }
  return out + "</ul>";
}

std::string method(const Comparison& c) {
  const bool validated = c.samples.validation > 0;
  const std::string_view units = network_named(c.settings.network).units;
  const std::size_t all = validated ? c.samples.validation : c.samples.train;
  return fmt::format(
      R"(<p class="hint">Measured after each epoch on the same {} {} samples, without noise. )"
      R"(Lines are means over seeds. A unit is saturated if its slope, on average over )"
      R"(the samples, is )"
      R"(less than a tenth of the steepest one that its function has between −2 and 2. So dead )"
      R"(units count too. {}{}All numbers: <a href="probes.csv" download>probes.csv</a>.</p>)",
      std::min(static_cast<std::size_t>(c.settings.samples), all),
      validated ? "held-out" : "training", units, units.empty() ? "" : " ");
}

// " in layer 2", where there are several.
std::string where(Layers all, const InsideLayer& layer) {
  return all.back().layer == 1 ? "" : fmt::format(" in layer {}", layer.layer);
}

// "3 of 128 units of relu are dead after 5 epochs." A mean over seeds may be no whole number.
std::string count_of_units(Layers all, const InsideLayer& layer, double share, const char* what) {
  const double units = share * layer.width;
  const int seeds = layer.last().seeds;
  return fmt::format("{}{:.3g} of {} of {}{} {} {} after {}.",
                     seeds == 1 ? "" : fmt::format("On average over {} seeds, ", seeds), units,
                     counted(layer.width, "unit"), layer.series->name, where(all, layer),
                     units == 1 ? "is" : "are", what, counted(layer.last_epoch(), "epoch"));
}

void add_counts(Layers all, std::vector<std::string>& to) {
  for (const InsideLayer& layer : all) {
    const InsidePoint& end = layer.last();
    if (end.dead > 0) to.push_back(count_of_units(all, layer, end.dead, "dead"));
    if (end.saturated - end.dead >= kWorthSaying) {
      to.push_back(count_of_units(all, layer, end.saturated, "saturated"));
    }
  }
}

// On the way from the last hidden layer to the first.
void add_gradients(Layers all, std::vector<std::string>& to) {
  for (const InsideLayer& first : split(all).first) {
    const auto last = std::ranges::find_if(all, [&](const InsideLayer& layer) {
      return layer.layer == all.back().layer && layer.series == first.series;
    });
    if (last == all.end()) continue;
    const double ratio = last->last().gradient_norm / first.last().gradient_norm;
    if (!std::isfinite(ratio) || ratio == 0) continue;
    if (ratio < kVanishes && ratio > 1 / kVanishes) continue;
    to.push_back(fmt::format(
        "With {}, the gradient of layer 1 is {:.0f} times {} than that of layer {} after {}.",
        first.series->name, std::max(ratio, 1 / ratio), ratio > 1 ? "smaller" : "larger",
        last->layer, counted(first.last_epoch(), "epoch")));
  }
}

}  // namespace

std::vector<std::string> inside_findings(const Comparison& comparison, const Overview& overview) {
  const std::vector<InsideLayer> all = inside_layers(comparison, overview);
  std::vector<std::string> found;
  if (all.empty()) return found;
  add_counts(all, found);
  add_gradients(all, found);
  if (found.empty() && std::ranges::any_of(all, &InsideLayer::has_units)) {
    found.emplace_back("No unit is dead after the last epoch, and few are saturated.");
  }
  return found;
}

std::string inside_networks(const Comparison& comparison, const Overview& overview) {
  const std::vector<InsideLayer> all = inside_layers(comparison, overview);
  if (all.empty()) return "";
  std::string out = R"(<section id="inside"><h2>Inside the networks</h2><ul class="inside-found">)";
  for (const std::string& sentence : inside_findings(comparison, overview)) {
    out += "<li>" + escape(sentence) + "</li>";
  }
  out += "</ul>" + method(comparison) + keys(all);
  for (Layers rest = all; !rest.empty();) {
    const auto [layer, others] = split(rest);
    out += of_layer(layer);
    rest = others;
  }
  return out + "</section>";
}

}  // namespace actfn::lab::report
