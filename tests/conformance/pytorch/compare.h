// SPDX-License-Identifier: Apache-2.0
// Our results beside PyTorch's: the same, different for a reason that is known and was checked, or
// different.
#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "conformance/pytorch/case.h"

namespace actfn::conformance {

// By the names of the case's outputs.
using Results = std::map<std::string, Block>;

// An element that does not agree.
struct Difference {
  const Case& c;
  const Results& ours;
  const std::string& output;
  std::size_t i;
  double got, want;
};

// How far a result may be from what is wanted beside `scale`, a size: 2e-6 of it in float32, 1e-12
// in float64, for 16 bits one unit in the last place.
double tolerance(Type type, double scale);

// Equal, both NaN, or within the tolerance.
bool agree(Type type, double got, double want, double scale);

struct Tally {
  std::size_t cases = 0;
  std::size_t elements = 0;
  std::map<std::string, double> worst;  // by type: the largest difference in tolerances, of those
                                        // that agree
  struct Found {
    std::size_t elements = 0;
    std::string example;  // the first
  };
  std::map<std::string, Found> explained;  // by rule
  Found unexplained;
};

class Report {
 public:
  void add(const Case& c, const Results& results);
  std::size_t cases() const;
  std::size_t unexplained() const;
  // The first examples, a line each.
  std::string examples() const;
  nlohmann::json json() const;

 private:
  static void compare(const Case& c, const Results& ours, const std::string& output, Tally& tally);

  std::map<std::string, Tally> tallies_;
};

}  // namespace actfn::conformance
