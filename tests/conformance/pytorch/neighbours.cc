// SPDX-License-Identifier: Apache-2.0
#include "conformance/pytorch/neighbours.h"

#include <cmath>

namespace actfn::conformance {
namespace {

// Tensors whose elements come from one another have the same number here. All of a row; a gate and
// what it lets through; channels that are made of the same, or into the same.
std::size_t group(const Case& c, const Along& at) {
  if (c.family == "rows") return 0;
  const std::size_t whole = Along(c, c.input("x").size(), 0).length;
  if (c.family == "gates") {
    if (at.length < whole) return at.place;
    return c.settings.at("packing") == "halves" ? at.place % (whole / 2) : at.place / 2;
  }
  if (c.spec == "crelu") return at.place % whole;
  const auto each = c.settings.at("group_size").get<std::size_t>();
  return at.length < whole ? at.place : at.place / each;
}

void along_axis(const Difference& d, const Visit& visit) {
  const Along at(d.c, d.c.out.at(d.output).layout.size(), d.i);
  const std::size_t wanted = group(d.c, at);
  for (const auto& [name, block] : d.c.in) {
    Along other(d.c, block.size(), 0);
    other.outer = at.outer;
    other.inner = at.inner;
    for (other.place = 0; other.place < other.length; ++other.place) {
      if (group(d.c, other) == wanted) visit(name, block, other.index());
    }
  }
}

// What is masked out counts nothing.
bool any(const Difference& d, bool (*test)(double)) {
  bool found = false;
  for_each_origin(d, [&](const std::string& name, const Block& block, std::size_t i) {
    found = found || ((name != "x" || d.c.takes_part(i)) && test(block[i]));
  });
  return found;
}

}  // namespace

Along::Along(const Case& c, std::size_t size, std::size_t i) {
  const Shape& shape = c.input("x").layout.shape;
  const auto n = static_cast<int>(shape.count());
  const auto axis = static_cast<std::size_t>(c.axis() < 0 ? c.axis() + n : c.axis());
  behind = 1;
  for (std::size_t a = axis + 1; a < shape.count(); ++a) behind *= shape[a];
  length = size * shape[axis] / c.input("x").size();
  inner = i % behind;
  place = i / behind % length;
  outer = i / behind / length;
}

void for_each_origin(const Difference& d, const Visit& visit) {
  if (d.c.settings.contains("axis")) return along_axis(d, visit);
  const bool sum = d.output == "dweight" || d.output == "for_weight" || d.output.starts_with("sum");
  for (const auto& [name, block] : d.c.in) {
    for (std::size_t i = 0; i < block.size(); ++i) {
      if (sum || block.size() == 1 || i == d.i) visit(name, block, i);
    }
  }
}

bool has_nan(const Difference& d) {
  return any(d, [](double x) { return std::isnan(x); });
}

bool has_infinity(const Difference& d) {
  return any(d, [](double x) { return std::isinf(x); });
}

}  // namespace actfn::conformance
