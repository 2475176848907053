// SPDX-License-Identifier: Apache-2.0
// Pages of HTML that stand alone: they fetch nothing.
#pragma once

#include <string>

namespace actfn::lab {

struct Page {
  std::string title;
  std::string styles;
  std::string scripts = {};
  std::string version = {};  // of the program; empty: the page doesn't say
  std::string body;
};

std::string html_page(const Page& page);

}  // namespace actfn::lab
