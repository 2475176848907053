// SPDX-License-Identifier: Apache-2.0
// docs/modules.md.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "modules/modules.h"

namespace actfn::modules {

// A module's cells, in the order of Column; what is not there is empty.
struct Row {
  const Module* module;
  std::array<std::string, kColumns> cells;
};
std::vector<Row> rows();

// The indices of remarks() for this cell, which is filled or empty.
std::vector<std::size_t> remarks_of(std::string_view module, Column column, bool filled);

std::string document(const std::vector<Row>& rows);

}  // namespace actfn::modules
