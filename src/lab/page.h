// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace actfn::lab {

// A page that stands alone: it fetches nothing and has no script. It looks like the report, and has
// what chart_inline() draws.
struct Page {
  std::string title;
  std::string_view command;  // "experiment"
  std::string_view css;      // of its own
  std::string body;
};

std::string page_html(const Page& page);

}  // namespace actfn::lab
