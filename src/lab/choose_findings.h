// SPDX-License-Identifier: Apache-2.0
// What a choice says: which finalists can't be told apart, and which one to take.
#pragma once

#include "lab/choose.h"
#include "lab/report_judgement.h"
#include "lab/report_stats.h"

#include <cstddef>
#include <string>
#include <vector>

namespace actfn::lab {

// A candidate that did not come to the final, with its best learning rate in its last rung.
struct LeftOut {
  Standing standing;
  std::size_t rung = 0;  // from 1
};

struct ChoiceFindings {
  report::Overview overview;  // of the final
  // The ranking, the best first, as indices of the overview's series. A group has its best
  // activation and all that follow up to the first one that differs from it.
  std::vector<std::vector<std::size_t>> groups;
  std::vector<LeftOut> left_out;     // those that lasted longest first
  std::string headline;              // "Take gelu with a learning rate of 0.001"
  std::string recommendation;        // why, in a sentence or two; the same at each run
  std::vector<std::string> remarks;  // some of them on time
};

// Of one that is not interrupted.
ChoiceFindings findings(const Choice& choice);

// The place in the groups, from 1; 0: it has none.
std::size_t group_of(const ChoiceFindings& found, std::size_t series);

}  // namespace actfn::lab
