// SPDX-License-Identifier: Apache-2.0
#include "lab/gnuplot_script.h"

#include <algorithm>
#include <cmath>

namespace actfn::lab {
namespace {

// 1, 2 or 5 times a power of ten, and no less than `least`.
double round_step(double least) {
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least) return factor * power;
  }
  return 10 * power;
}

// What `set xtics` takes.
std::string tics_of(const Figure& figure, double labels) {
  if (figure.bar_names.empty()) {
    return fmt::to_string(round_step((figure.high - figure.low) / labels));
  }
  const auto count = static_cast<double>(figure.bar_names.size());
  const auto step = static_cast<std::size_t>(std::max(1.0, std::ceil(count / labels)));
  std::string all;
  for (std::size_t i = 0; i < figure.bar_names.size(); i += step) {
    append(all, "{}{} {}", all.empty() ? "" : ", ", quote(figure.bar_names[i]), i + 1);
  }
  return "(" + all + ")";
}

}  // namespace

std::string quote(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

std::string block_name(std::size_t panel, std::size_t curve) {
  return fmt::format("$p{}c{}", panel, curve);
}

void append_axes(std::string& script, const Figure& figure, const Panel& panel,
                 std::string_view prime, double labels) {
  std::string primes;
  for (int i = 0; i < panel.order; ++i) primes += prime;
  append(script, "set title \"f{}(x)\"\nset xrange [{}:{}]\nset yrange [{}:{}]\nset xtics {}\n",
         primes, figure.low, figure.high, panel.low, panel.high, tics_of(figure, labels));
}

}  // namespace actfn::lab
