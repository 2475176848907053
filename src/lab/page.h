// SPDX-License-Identifier: Apache-2.0
// Pages of HTML that stand alone: they fetch nothing.
#pragma once

#include <string>
#include <string_view>

namespace actfn::lab {

struct Page {
  std::string title;
  std::string styles;
  std::string scripts = {};
  std::string version = {};  // of the program; empty: the page doesn't say
  std::string body;
};

std::string html_page(const Page& page);

// A page without scripts that looks like the report and has what chart_inline() draws. The styles
// come after those of the report.
std::string chart_page(const std::string& title, std::string_view styles, const std::string& body);

}  // namespace actfn::lab
