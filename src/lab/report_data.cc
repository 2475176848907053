// SPDX-License-Identifier: Apache-2.0
#include "lab/report_data.h"

#include "lab/probes_io.h"
#include "lab/results_io.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

namespace actfn::lab::report {
namespace {

// As a string of JSON that may stand in a script element: only "<" could end that.
std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < ' ' || c == '<') {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + "\"";
}

std::string script(std::string_view id, std::string_view json) {
  return fmt::format(R"(<script type="application/json" id="{}">{}</script>)", id, json);
}

std::string series_json(const Series& s, double rate) {
  std::vector<std::uint64_t> seeds;
  for (const Run& run : s.runs) {
    if (run.counted) seeds.push_back(run.seed);
  }
  return fmt::format(R"({{"name":{},"look":"{}","marker":{},"lr":{},"seeds":[{}]}})",
                     json_string(s.name), look_classes(s.look), s.look.marker, rate,
                     fmt::join(seeds, ","));
}

// results.json has its parts in lines that begin with two spaces, and no line breaks in strings.
std::string without(std::string_view name, std::string_view results) {
  const std::string heading = fmt::format("\n  \"{}\": [", name);
  const std::size_t found = results.find(heading);
  if (found == std::string_view::npos) return std::string(results);
  const std::size_t begin = found + heading.size();
  const std::size_t end = results.find(']', results.find("\n  ]", begin));
  if (results.substr(begin).starts_with(']') || end == std::string_view::npos) {
    return std::string(results);
  }
  return std::string(results.substr(0, begin)) + std::string(results.substr(end));
}

// The page makes these parts of the rows.
std::string run_json(std::string_view results) {
  std::string out = without("probes", without("epochs", results));
  for (std::size_t at = out.find('<'); at != std::string::npos; at = out.find('<', at)) {
    out.replace(at, 1, "\\u003c");
  }
  return out;
}

}  // namespace

std::string page_data(const Comparison& c, const Overview& overview, std::string_view results) {
  std::vector<std::string> series;
  const std::vector<double> rates = chosen_rates(c.settings, c.epochs);
  for (const Series& s : overview.series) series.push_back(series_json(s, rates[s.index]));
  std::string out = script("data-series", fmt::format("[{}]", fmt::join(series, ",")));
  out += script("data-rows", json_string(csv(c.epochs, c.settings.activations)));
  if (!c.probes.empty()) {
    out += script("data-probes", json_string(probes_heading(c.settings.inspect) +
                                             probes_csv(c.probes, c.settings.activations)));
  }
  return results.empty() ? out : out + script("data-run", run_json(results));
}

}  // namespace actfn::lab::report
