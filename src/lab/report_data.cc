// SPDX-License-Identifier: Apache-2.0
#include "lab/report_data.h"

#include "lab/report_charts.h"
#include "lab/results_io.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace actfn::lab::report {
namespace {

using Json = nlohmann::ordered_json;

// Inside of a script element: only "<" could end it.
std::string script(std::string_view id, const Json& json) {
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at)) {
    text.replace(at, 1, "\\u003c");
  }
  return fmt::format(R"(<script type="application/json" id="{}">{}</script>)", id, text);
}

Json series_json(const Series& s, double rate) {
  Json seeds = Json::array();
  for (const Run& run : s.runs) {
    if (run.counted) seeds.push_back(run.seed);
  }
  return {{"name", s.name},
          {"look", look_classes(s.look)},
          {"marker", s.look.marker},
          {"lr", rate},
          {"seeds", std::move(seeds)}};
}

}  // namespace

std::string page_data(const Comparison& c, const Overview& overview) {
  Json series = Json::array();
  const std::vector<double> rates = chosen_rates(c.settings, c.epochs);
  for (const Series& s : overview.series) series.push_back(series_json(s, rates[s.index]));
  Json run = Json::parse(json(c));
  run["epochs"] = Json::array();  // the rows have them
  return script("data-series", series) + script("data-run", run) +
         script("data-rows", csv(c.epochs, c.settings.activations));
}

}  // namespace actfn::lab::report
