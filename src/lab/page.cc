// SPDX-License-Identifier: Apache-2.0
#include "lab/page.h"

#include "lab/assets.h"
#include "lab/chart.h"
#include "lab/report_looks.h"
#include "lab/report_text.h"

#include <fmt/format.h>

namespace actfn::lab {
namespace {

using report::escape;

std::string generator(const std::string& version) {
  if (version.empty()) return "";
  return fmt::format("<meta name=\"generator\" content=\"actfn {}\">\n", escape(version));
}

}  // namespace

std::string html_page(const Page& page) {
  const bool has_scripts = !page.scripts.empty();
  // The policy makes sure that nothing is fetched, whatever finds its way into the text.
  return fmt::format(
      R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; )"
      R"(style-src 'unsafe-inline'; {}base-uri 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
{}<title>{}</title>
<link rel="icon" href="data:,">
<style>
{}</style>
{}</head><body>
{}
</body></html>
)",
      has_scripts ? "script-src 'unsafe-inline'; " : "", generator(page.version),
      escape(page.title), page.styles,
      has_scripts ? fmt::format("<script>\n{}</script>\n", page.scripts) : "", page.body);
}

std::string chart_page(const std::string& title, std::string_view styles, const std::string& body) {
  using namespace assets;
  return html_page(
      {.title = title,
       .styles = fmt::format("{}{}{}{}{}{}", report_css, report_tables_css, report_charts_css,
                             report_print_css, lab::chart_css(), styles),
       .body = report::marker_shapes() + "<main>" + body + "</main>"});
}

}  // namespace actfn::lab
