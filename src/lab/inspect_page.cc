// SPDX-License-Identifier: Apache-2.0
#include "lab/inspect_page.h"

#include "lab/assets.h"
#include "lab/inspect_charts.h"
#include "lab/inspect_cost.h"
#include "lab/page.h"
#include "lab/report_facts.h"
#include "lab/report_histogram.h"
#include "lab/report_run.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace actfn::lab {
namespace {

using namespace report;

// What both kinds of pages show.
struct Shown {
  std::vector<std::vector<InsideLayer>> networks;
  std::vector<LayerProbe> probes;
  std::vector<std::string> scores;  // by network; a sentence, or empty
  std::string scope;
  std::string method;
  std::string run;  // a section

  std::vector<Depth> depths() const { return {networks.begin(), networks.end()}; }
};

std::string sentence(const std::string& text) { return escape(typeset(text)) + "."; }

std::string name_of(Depth layers) {
  const Series& s = *layers.front().series;
  return key(s.look) + "<code>" + breakable(s.name) + "</code>";
}

std::string headline(const Shown& shown) {
  constexpr std::size_t kNamed = 2;
  std::vector<std::string> found;
  for (const Depth layers : shown.depths()) {
    const auto what = ailment(layers);
    if (what) found.push_back(short_name(layers.front().series->name) + ": " + *what);
  }
  if (found.empty()) return "Every layer gets a gradient, and few units are dead";
  std::string out = found.front();
  for (std::size_t i = 1; i < std::min(kNamed, found.size()); ++i) out += "; " + found[i];
  if (found.size() > kNamed) out += fmt::format("; and {} more", found.size() - kNamed);
  return out;
}

std::string opening(const Shown& shown) {
  std::string out =
      fmt::format(R"(<header><p class="scope"><b>actfn inspect</b> {}</p><h1>{}</h1></header>)",
                  escape(shown.scope), escape(typeset(headline(shown))));
  out += R"(<section id="findings"><h2>What was seen</h2><ul class="findings">)";
  for (std::size_t i = 0; i < shown.networks.size(); ++i) {
    const Depth layers = shown.networks[i];
    out += "<li>" + name_of(layers);
    for (const std::string& text : diagnosis(layers)) out += " " + sentence(text);
    if (!shown.scores[i].empty()) out += " " + sentence(shown.scores[i]);
    out += "</li>";
  }
  return out + "</ul>" + shown.method + "</section>";
}

std::string multiple(const Chart& chart, Depth layers) {
  return fmt::format(
      R"(<figure class="multiple"><figcaption><p class="who">{}</p>{}</figcaption>{}<details>)"
      R"(<summary>As a table</summary><div class="scroll" tabindex="0" role="region" )"
      R"(aria-label="{} as a table">{}</div></details></figure>)",
      name_of(layers), sentence(chart.title), chart_inline(chart), escape(chart.file),
      chart_table(chart));
}

bool can_show(const Instrument& instrument, Depth layers) {
  if (instrument.of_training && layers.front().last_epoch() == 0) return false;
  return !instrument.of_functions || std::ranges::any_of(layers, &InsideLayer::has_units);
}

std::vector<Depth> shown_by(const Instrument& instrument, const Shown& shown) {
  std::vector<Depth> networks = shown.depths();
  std::erase_if(networks, [&](Depth layers) { return !can_show(instrument, layers); });
  return networks;
}

std::string section(const Instrument& instrument, const Shown& shown) {
  const std::vector<Depth> networks = shown_by(instrument, shown);
  if (networks.empty()) return "";
  std::string out =
      fmt::format(R"(<section id="{}"><h2>{}</h2><p class="what">{}</p><div class="multiples">)",
                  instrument.name, instrument.title, escape(instrument.what));
  const std::vector<Chart> charts = multiples(instrument, networks);
  for (std::size_t i = 0; i < charts.size(); ++i) out += multiple(charts[i], networks[i]);
  return out + "</div></section>";
}

std::string histograms(Depth layers) {
  std::string pictures;
  for (const InsideLayer& layer : layers) {
    if (layer.has_units) pictures += histogram(layer, fmt::format("layer {}", layer.layer));
  }
  if (pictures.empty()) return "";
  return fmt::format(
      R"(<div class="depth"><p class="who">{}</p><p>{}</p><div class="insides small">{}</div>)"
      "</div>",
      name_of(layers), sentence(pre_activation_sentence(layers)), pictures);
}

std::string pre_activations(const Shown& shown) {
  std::string out;
  for (const Depth layers : shown.depths()) out += histograms(layers);
  if (out.empty()) return "";
  const bool trained = shown.networks.front().front().last_epoch() > 0;
  return fmt::format(
      R"(<section id="pre-activations"><h2>Pre-activations</h2><p class="what">How often the sums )"
      R"(that the units apply their function to take which value.{} The bins at both ends hold )"
      R"(all that is beyond.</p>{}</section>)",
      trained ? " Line: before training; filled: after the last epoch." : "", out);
}

std::string costs(const Shown& shown) {
  return fmt::format(
      R"(<section id="cost"><h2>What the instruments cost</h2><p class="what">{}</p>)"
      "{}</section>",
      escape(cost_sentence(shown.probes)), cost_table(shown.probes));
}

std::string page_of(const Shown& shown) {
  std::string body = opening(shown);
  for (const Instrument& instrument : instruments()) body += section(instrument, shown);
  body += pre_activations(shown) + costs(shown) + shown.run;
  const std::string css = std::string(assets::report_inside_css) + std::string(assets::inspect_css);
  return chart_page(headline(shown) + " · actfn inspect", css, body);
}

// The name of the network, which the page has beside each picture, goes into the title.
std::vector<Chart> figures_of(const Shown& shown) {
  std::vector<Chart> all;
  for (const Instrument& instrument : instruments()) {
    const std::vector<Depth> networks = shown_by(instrument, shown);
    std::vector<Chart> charts = multiples(instrument, networks);
    for (std::size_t i = 0; i < charts.size(); ++i) {
      Chart& chart = charts[i];
      chart.title = short_name(networks[i].front().series->name) + ": " + chart.title;
      all.push_back(std::move(chart));
    }
  }
  return all;
}

std::string method_text(int samples, const std::string& part, const std::string& when) {
  return fmt::format(
      R"(<p class="hint">Measured {}on the same {} {} samples, without noise. Layer 1 is the )"
      R"(first hidden layer. All numbers: <a href="probes.csv" download>probes.csv</a>.</p>)",
      when, samples, part);
}

std::string score_text(double loss, double accuracy) {
  if (std::isnan(accuracy)) return fmt::format("Its loss in the test is {}", number(loss));
  return fmt::format("{} of the test samples are classified correctly", percent(accuracy));
}

// By activation, those of its layers.
std::vector<std::vector<InsideLayer>> by_network(std::vector<InsideLayer> layers,
                                                 const Overview& overview) {
  std::vector<std::vector<InsideLayer>> all;
  for (const Series& series : overview.series) {
    std::vector<InsideLayer> mine;
    std::ranges::copy_if(layers, std::back_inserter(mine),
                         [&](const InsideLayer& layer) { return layer.series == &series; });
    if (!mine.empty()) all.push_back(std::move(mine));
  }
  return all;
}

Shown shown_of(const Comparison& c, const Overview& overview) {
  Shown shown;
  shown.networks = by_network(inside_layers(c, overview), overview);
  shown.probes = c.probes;
  for (const auto& network : shown.networks) {
    const Series& series = *network.front().series;
    const Spread loss = series.end(Metric::test_loss);
    const Spread accuracy = series.end(Metric::test_accuracy);
    shown.scores.push_back(loss.count == 0 ? "" : score_text(loss.mean, accuracy.mean));
  }
  shown.scope = scope_text(c, overview);
  const bool validated = c.samples.validation > 0;
  const std::size_t all = validated ? c.samples.validation : c.samples.train;
  shown.method =
      method_text(static_cast<int>(std::min(static_cast<std::size_t>(c.settings.samples), all)),
                  validated ? "held-out" : "training",
                  c.settings.every == 1
                      ? "after each epoch "
                      : fmt::format("after every {} epochs and the last, ", c.settings.every));
  constexpr std::string_view kFiles[] = {"probes.csv", "results.csv", "results.json"};
  shown.run = run_section(c, overview, kFiles);
  return shown;
}

std::string fact(std::string_view name, const std::string& text) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", name, escape(text));
}

std::string run_of(const Inspection& i) {
  constexpr std::string_view kFiles[] = {"probes.csv"};
  return R"(<section id="run"><h2>What was looked at</h2><dl class="facts">)" +
         fact("Weights", i.network.file) + fact("Layers", i.network.layers) +
         fact("Parameters", grouped(i.network.parameters)) + fact("Data", i.data) +
         fact("Processor", i.machine.cpu) + fact("Instruction set", i.machine.target) +
         fact("Version", "actfn " + i.machine.version) + fact("Date", i.machine.date) + "</dl>" +
         again(i.command, kFiles) + "</section>";
}

Series series_of(const Inspection& i) {
  Series series;
  series.name = i.network.name;
  series.look = looks_of({series.name}).front();
  return series;
}

Shown shown_of(const Inspection& i, const Series& series) {
  Shown shown;
  shown.networks = {inside_layers(i.layers, series)};
  shown.probes = i.layers;
  shown.scores = {score_text(i.test.loss, i.test.accuracy)};
  shown.scope = fmt::format("{} on {}", data_name(i.network.file), data_name(i.data));
  shown.method = method_text(i.samples, i.part, "");
  shown.run = run_of(i);
  return shown;
}

std::vector<std::string> lines_of(const Shown& shown) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < shown.networks.size(); ++i) {
    const Depth layers = shown.networks[i];
    std::string line = layers.front().series->name + ":";
    for (const std::string& text : diagnosis(layers)) line += " " + text + ".";
    if (!shown.scores[i].empty()) line += " " + shown.scores[i] + ".";
    lines.push_back(line);
  }
  lines.push_back(cost_sentence(shown.probes));
  return lines;
}

}  // namespace

std::string inspect_page(const Comparison& comparison) {
  const Overview overview = summarize(comparison);
  return page_of(shown_of(comparison, overview));
}

std::string inspect_page(const Inspection& inspection) {
  const Series series = series_of(inspection);
  return page_of(shown_of(inspection, series));
}

std::vector<Chart> inspect_figures(const Comparison& comparison) {
  const Overview overview = summarize(comparison);
  return figures_of(shown_of(comparison, overview));
}

std::vector<Chart> inspect_figures(const Inspection& inspection) {
  const Series series = series_of(inspection);
  return figures_of(shown_of(inspection, series));
}

std::vector<std::string> inspect_findings(const Comparison& comparison) {
  const Overview overview = summarize(comparison);
  return lines_of(shown_of(comparison, overview));
}

std::vector<std::string> inspect_findings(const Inspection& inspection) {
  const Series series = series_of(inspection);
  return lines_of(shown_of(inspection, series));
}

}  // namespace actfn::lab
