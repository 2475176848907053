// SPDX-License-Identifier: Apache-2.0
// Prints a table of every elementwise function of the catalogue at a few points. An activation is a
// value: it can be stored, copied and printed.
#include <actfn/actfn.h>

#include <array>
#include <cstdio>

int main() {
  const std::array x = {-8.0F, -2.0F, -0.5F, 0.0F, 0.5F, 2.0F, 8.0F};
  std::printf("%-36s", "x");
  for (const float at : x) std::printf("%12g", at);
  std::printf("\n");

  std::array<float, x.size()> y{};
  for (const actfn::FunctionInfo& info : actfn::catalogue(actfn::Kind::elementwise)) {
    actfn::forward(std::get<actfn::Activation>(info.example), x, y);
    std::printf("%-36s", actfn::to_string(info.example).c_str());
    for (const float value : y) std::printf("%12.5g", value);
    std::printf("\n");
  }
}
