// SPDX-License-Identifier: Apache-2.0
// Soft clipping in an audio plug-in: softcap changes a block of samples in place. It is nearly the
// identity near 0 and tends to ±cap. What needs memory or may throw is done before the first block;
// the calls for blocks do neither, so an audio thread may make them.
#include <actfn/actfn.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>

int main() {
  // Before the first block: this chooses the instruction set, and checks the parameter.
  std::printf("instruction set: %s\n", std::string(actfn::target()).c_str());
  const actfn::PreparedActivation<float> clip(actfn::Softcap{.cap = 0.9F});

  std::array<float, 480> block{};
  for (std::size_t i = 0; i < block.size(); ++i) {
    block[i] = 2.5F * std::sin(0.0576F * static_cast<float>(i));  // 440 Hz at 48 kHz, too loud
  }
  clip.forward(block.data(), block.data(), block.size());

  const auto [low, high] = std::minmax_element(block.begin(), block.end());
  std::printf("samples from %.4f to %.4f\n", *low, *high);
  return *low >= -0.9F && *high <= 0.9F && *high > 0.88F ? 0 : 1;
}
