// SPDX-License-Identifier: Apache-2.0
// Reads activations from a configuration file. parse() reads the text that to_string() writes. For
// a mistake it throws an Error whose message the author of the file can understand.
#include <actfn/actfn.h>

#include <cstddef>
#include <iostream>
#include <sstream>
#include <string>

int main() {
  std::istringstream file(
      "encoder: gelu(approximate=tanh)\n"
      "decoder: leaky_relu(negative_slope=0.2)\n"
      "gate: sigmoid()\n"
      "head: geluu\n"
      "output: elu(alpha=nan)\n");
  int mistakes = 0;
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(':');
    const std::string layer = line.substr(0, colon);
    try {
      const actfn::Activation f = actfn::parse(line.substr(colon + 1));
      std::cout << layer << " uses " << actfn::to_string(f) << '\n';
    } catch (const actfn::Error& error) {
      std::cout << layer << ": " << error.what() << '\n';
      ++mistakes;
    }
  }
  return mistakes == 2 ? 0 : 1;
}
