// SPDX-License-Identifier: Apache-2.0
// Values and derivatives of float32 and float64 against independently made reference vectors. They
// lie outside the project: ACTFN_SHARED, or ../shared beside the checkout.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "catalogue/lists.h"
#include "kernels/evaluator.h"
#include "oracle/oracle.h"

namespace actfn {
namespace {

namespace fs = std::filesystem;

fs::path golden() {
  const char* shared = std::getenv("ACTFN_SHARED");
  return (shared != nullptr ? fs::path(shared) : fs::path(ACTFN_SOURCE_DIR) / ".." / "shared") /
         "golden";
}

struct Row {
  float x;
  double value;
  double first;
  double second;
  bool has_first;
  bool has_second;
};

Row read_row(const std::string& line) {
  std::istringstream in(line);
  std::string field[4];
  for (auto& text : field) std::getline(in, text, ',');
  return {std::strtof(field[0].c_str(), nullptr),
          std::strtod(field[1].c_str(), nullptr),
          std::strtod(field[2].c_str(), nullptr),
          std::strtod(field[3].c_str(), nullptr),
          !field[2].empty(),
          !field[3].empty()};
}

constexpr double kMaxUlps64 = 2.5;

// Softplus' threshold, which the vectors leave out.
bool beyond_switch(const Activation& f, double x) {
  const auto* const softplus = std::get_if<Softplus>(&f);
  return softplus != nullptr && softplus->beta * x > softplus->threshold;
}

// "# elu(alpha=0.5): x, value, …"
std::string spec_of(const std::string& heading) {
  return heading.substr(2, heading.find(": x") - 2);
}

// The vectors' parameters are those of float32, and their own rounding counts too: half an ulp. A
// derivative that is next to nothing beside 1 may be wrong by as much.
void check_float64(const Activation& f, const Row& row) {
  if (std::holds_alternative<QuickGelu>(f)) return;  // its 1.702 is float32's in the vectors
  const Activation single = functions::rounded_to_float32(f);
  const double x = row.x;
  double y[3];
  forward(single, {&x, 1}, {y, 1});
  derivative(single, {&x, 1}, {y + 1, 1});
  second_derivative(single, {&x, 1}, {y + 2, 1});
  EXPECT_LE(oracle::ulps(y[0], row.value, 0), kMaxUlps64) << to_string(f) << " at " << x;
  if (row.has_first && std::abs(y[1] - row.first) > 0x1p-53) {
    EXPECT_LE(oracle::ulps(y[1], row.first, 0), kMaxUlps64) << to_string(f) << "' at " << x;
  }
  if (row.has_second && std::abs(y[2] - row.second) > 0x1p-53 && !beyond_switch(f, x)) {
    EXPECT_LE(oracle::ulps(y[2], row.second, 0), kMaxUlps64) << to_string(f) << "'' at " << x;
  }
}

void check_file(const fs::path& file, int& functions) {
  std::ifstream in(file);
  std::string line;
  ASSERT_TRUE(std::getline(in, line)) << file;
  Activation f;
  try {
    f = parse(spec_of(line));
  } catch (const Error&) {
    return;  // an activation that the list does not have
  }
  ++functions;
  while (std::getline(in, line)) {
    const Row row = read_row(line);
    check_float64(f, row);
    float y = 0;
    float slope = 0;
    forward(f, {&row.x, 1}, {&y, 1});
    derivative(f, {&row.x, 1}, {&slope, 1});
    EXPECT_LE(oracle::ulps(y, row.value), 4) << to_string(f) << " at " << row.x;
    float bend = 0;
    second_derivative(f, {&row.x, 1}, {&bend, 1});
    // Softplus' threshold, which the vectors leave out, differs by 2e-9: below the same bound.
    if (row.has_second && std::abs(static_cast<double>(bend) - row.second) > 0x1p-24) {
      EXPECT_LE(oracle::ulps(bend, row.second), 4) << to_string(f) << "'' at " << row.x;
    }
    if (!row.has_first || std::abs(static_cast<double>(slope) - row.first) <= 0x1p-24) continue;
    EXPECT_LE(oracle::ulps(slope, row.first), 4) << to_string(f) << "' at " << row.x;
  }
}

TEST(Golden, EveryVectorAgrees) {
  if (!fs::is_directory(golden())) GTEST_SKIP() << "no reference vectors at " << golden();
  int functions = 0;
  for (const auto& file : fs::directory_iterator(golden())) {
    if (file.path().extension() == ".csv") check_file(file.path(), functions);
  }
  EXPECT_GE(functions, 21);
}

}  // namespace
}  // namespace actfn
