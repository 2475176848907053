// SPDX-License-Identifier: Apache-2.0
#include "conformance/pytorch/families.h"

#include <stdexcept>

namespace actfn::conformance {
namespace {

constexpr double kGap = 1.375;  // what stands between the elements; all types hold it

using Family = void (*)(const Case&, Results&);

const std::map<std::string, Family>& families() {
  static const std::map<std::string, Family> all = {{"elementwise", run_elementwise},
                                                    {"gates", run_gates},
                                                    {"grouped", run_grouped},
                                                    {"prelu", run_prelu},
                                                    {"random", run_random},
                                                    {"parameters", run_parameters},
                                                    {"rows", run_rows}};
  return all;
}

Block empty_block(Type type, const Layout& layout) {
  Block block{layout, Buffer(type, layout.length)};
  for (std::size_t i = 0; i < block.buffer.size(); ++i) block.buffer.set(i, kGap);
  return block;
}

void require_gaps(const Case& c, const std::string& name, const Block& block) {
  std::vector<bool> used(block.buffer.size());
  for (std::size_t i = 0; i < block.size(); ++i) used[block.layout.place(i)] = true;
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!used[i] && block.buffer[i] != kGap) {
      throw std::runtime_error(c.id + ", " + name + ": written between the elements");
    }
  }
}

}  // namespace

Results run(const Case& c) {
  const auto family = families().find(c.family);
  if (family == families().end()) throw std::runtime_error("no family is called " + c.family);
  Results results;
  for (const auto& [name, expected] : c.out) results[name] = empty_block(c.type, expected.layout);
  family->second(c, results);
  for (const auto& [name, block] : results) require_gaps(c, name, block);
  return results;
}

}  // namespace actfn::conformance
