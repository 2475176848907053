// SPDX-License-Identifier: Apache-2.0
// How a series is told apart, everywhere on the page and never by colour alone.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace actfn::lab::report {

struct Look {
  std::size_t colour = 0;
  std::size_t dash = 0;
  std::size_t marker = 0;
  bool hollow = false;  // the marker is an outline
};

// By name, so that a function looks alike in every report: usual ones have a look of their own,
// the others one that follows from the name. No two of the names share colour, dash and marker.
std::vector<Look> looks_of(const std::vector<std::string>& names);

// Class names for colour, dash and fill.
std::string look_classes(const Look& look);

// A marker; x is a coordinate with its unit.
std::string marker(const Look& look, const std::string& x, double y);

// A short stretch of the line with its marker, for legends and tables.
std::string key(const Look& look);

// The shapes that markers refer to: once per page.
std::string marker_shapes();

}  // namespace actfn::lab::report
