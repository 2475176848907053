// SPDX-License-Identifier: Apache-2.0
// The page of a choice.
#pragma once

#include "lab/chart.h"
#include "lab/choose.h"
#include "lab/choose_findings.h"

#include <string>
#include <vector>

namespace actfn::lab {

// What to take, the ranking with its groups, what was left out, and how it was found. One page that
// stands alone: it fetches nothing and has no script. It links to the files beside it.
std::string choose_page(const Choice& choice, const ChoiceFindings& found);

// Its ranking, as a picture that stands alone. Empty where nothing was ranked.
std::vector<Chart> choose_figures(const ChoiceFindings& found);

}  // namespace actfn::lab
