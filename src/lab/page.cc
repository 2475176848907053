// SPDX-License-Identifier: Apache-2.0
#include "lab/page.h"

#include "lab/assets.h"
#include "lab/chart.h"
#include "lab/report_looks.h"
#include "lab/report_text.h"

#include <fmt/format.h>

namespace actfn::lab {

std::string page_html(const Page& page) {
  return fmt::format(
      R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; )"
      R"(style-src 'unsafe-inline'; base-uri 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{} · actfn {}</title>
<link rel="icon" href="data:,">
<style>
{}{}{}{}{}{}</style>
</head><body>
{}<main>{}</main>
</body></html>
)",
      report::escape(page.title), page.command, assets::report_css, assets::report_tables_css,
      assets::report_charts_css, assets::report_print_css, chart_css(), page.css,
      report::marker_shapes(), page.body);
}

}  // namespace actfn::lab
