// SPDX-License-Identifier: Apache-2.0
// Mutates specs with the words of the grammar: names, parameters, choices, aliases.
#include <actfn/catalogue.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace actfn::fuzz {
namespace {

std::vector<std::string> words() {
  std::vector<std::string> all = {"(", ")", ",", "=", "+", "inf", "nan", "1e-400", "0x1p-1074"};
  for (const FunctionInfo& f : catalogue()) {
    all.emplace_back(f.name);
    for (const ParameterInfo& p : f.parameters) {
      all.push_back(std::string(p.name) + "=");
      if (!p.alias.empty()) all.push_back(std::string(p.alias) + "=");
      all.insert(all.end(), p.choices.begin(), p.choices.end());
    }
  }
  for (const Alias& alias : aliases()) all.emplace_back(alias.name);
  return all;
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  static const std::vector<std::string> all = actfn::fuzz::words();
  std::minstd_rand random(seed);
  if (random() % 2 == 0) return LLVMFuzzerMutate(data, size, most);
  const std::string& word = all[random() % all.size()];
  const std::size_t at = random() % (size + 1);
  // In the place of what was there, or between.
  const std::size_t end = random() % 2 == 0 ? at : std::min(size, at + word.size());
  if (size - (end - at) + word.size() > most) return LLVMFuzzerMutate(data, size, most);
  std::memmove(data + at + word.size(), data + end, size - end);
  std::memcpy(data + at, word.data(), word.size());
  return size - (end - at) + word.size();
}
