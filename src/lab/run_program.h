// SPDX-License-Identifier: Apache-2.0
// Other programs that draw for us.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab {

struct Program {
  std::string_view who;  // begins messages
  std::string name;      // found on the PATH
  std::vector<std::string> arguments;
  std::string_view package;  // of Debian, which has it
};

// What it writes to its standard output when it reads the input from its standard input. Throws
// std::runtime_error where it is missing, "[plot] gnuplot not found: install gnuplot-nox", or
// fails.
std::string run_program(const Program& program, std::string_view input);

}  // namespace actfn::lab
