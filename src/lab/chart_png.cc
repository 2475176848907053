// SPDX-License-Identifier: Apache-2.0
#include "lab/chart.h"
#include "lab/run_program.h"

namespace actfn::lab {

std::string png_of(std::string_view svg) {
  return run_program({.who = "experiment",
                      .name = "rsvg-convert",
                      .arguments = {"--zoom=2", "--format=png"},
                      .package = "librsvg2-bin"},
                     svg);
}

}  // namespace actfn::lab
