// SPDX-License-Identifier: Apache-2.0
#include "values.h"

#include <array>
#include <limits>
#include <optional>
#include <vector>

#include "catalogue/lists.h"
#include "describe.h"
#include "lab/evaluate.h"
#include "numbers.h"
#include "output.h"

namespace actfn::app {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
const std::vector<float> kAt = {-kInf, -5, -2, -1, -0.5, 0, 0.5, 1, 2, 5, kInf};
const std::vector<float> kOperands = {-2, -1, 0, 1, 2};
const std::vector<float> kRow = {3, 1, 0.5, 0, -1, -2};

using Json = nlohmann::ordered_json;

Json array_of(std::span<const float> values) {
  Json all = Json::array();
  for (const float v : values) all.push_back(json_of(v));
  return all;
}

struct CurveValues {
  std::vector<float> y, slope, curvature;

  explicit CurveValues(const Function& f)
      : y(lab::evaluate<float>(f, kAt, kAt.size(), {0, {}})),
        slope(lab::evaluate<float>(f, kAt, kAt.size(), {1, {}})),
        curvature(lab::evaluate<float>(f, kAt, kAt.size(), {2, {}})) {}

  std::string text() const {
    Table table({"x", "f(x)", "f'(x)", "f''(x)"});
    for (std::size_t i = 0; i < kAt.size(); ++i) {
      table.add({text_of(kAt[i]), text_of(y[i]), text_of(slope[i]), text_of(curvature[i])});
    }
    return table.text(0);
  }
  Json json() const {
    return {{"x", array_of(kAt)},
            {"f", array_of(y)},
            {"f'", array_of(slope)},
            {"f''", array_of(curvature)}};
  }
};

// The gate for each b, in the columns, and each a, in the rows.
std::vector<std::vector<float>> grid_of(const Function& gate) {
  std::vector<std::vector<float>> grid;
  for (const float a : kOperands) {
    auto& row = grid.emplace_back();
    for (const float b : kOperands) {
      const std::array pair = {a, b};
      row.push_back(lab::evaluate<float>(gate, pair, pair.size()).front());
    }
  }
  return grid;
}

std::string grid_text(const Function& gate) {
  std::vector<std::string> heading = {"a \\ b"};
  for (const float b : kOperands) heading.push_back(text_of(b));
  Table table(heading);
  const auto grid = grid_of(gate);
  for (std::size_t i = 0; i < grid.size(); ++i) {
    std::vector<std::string> line = {text_of(kOperands[i])};
    for (const float v : grid[i]) line.push_back(text_of(v));
    table.add(line);
  }
  return table.text(0);
}

Json grid_json(const Function& gate) {
  Json rows = Json::array();
  for (const auto& row : grid_of(gate)) rows.push_back(array_of(row));
  return {{"a", array_of(kOperands)}, {"b", array_of(kOperands)}, {"f", rows}};
}

// As many numbers as the function takes, over and over those of kRow; none where that is too many
// to print.
std::vector<float> row_for(const Function& f) {
  constexpr std::size_t kMost = 24;
  const std::size_t unit = std::max<std::size_t>(1, functions::lengths_of(f).x);
  if (unit > kMost) return {};
  std::vector<float> row;
  while (row.size() < kRow.size() || row.size() % unit != 0) {
    row.push_back(kRow[row.size() % kRow.size()]);
  }
  return row;
}

std::string spaced(std::span<const float> values) {
  std::string all;
  for (const float v : values) all += (all.empty() ? "" : " ") + text_of(v);
  return all;
}

std::string row_text(const Function& f) {
  const std::vector<float> row = row_for(f);
  if (row.empty()) return {};
  const auto y = lab::evaluate<float>(f, row, row.size());
  return wrapped(spaced(row), kTextWidth, 8, "x       ") +
         wrapped(spaced(y), kTextWidth, 8, "f(x)    ");
}

Json row_json(const Function& f) {
  const std::vector<float> row = row_for(f);
  return {{"x", array_of(row)},
          {"f", array_of(lab::evaluate<float>(f, row, std::max<std::size_t>(1, row.size())))}};
}

// What the values are those of, where that is not f itself.
std::string heading(const Function& f) {
  const Kind kind = info(f).kind;
  const auto curve = lab::curve_of(f);
  const std::string as = curve && to_string(*curve) != to_string(f) ? ": " + to_string(*curve) : "";
  if (kind == Kind::random) return "in evaluation" + as + "\n";
  if (kind == Kind::learned) return "before training" + as + "\n";
  return {};
}

}  // namespace

std::string values_text(const Function& f) {
  if (lab::curve_of(f)) return heading(f) + CurveValues(f).text();
  if (info(f).kind == Kind::gate) return grid_text(f);
  return heading(f) + row_text(f);
}

nlohmann::ordered_json values_json(const Function& f) {
  Json values;
  if (lab::curve_of(f)) {
    values = CurveValues(f).json();
  } else {
    values = info(f).kind == Kind::gate ? grid_json(f) : row_json(f);
  }
  if (const auto curve = lab::curve_of(f); curve && info(f).kind != Kind::elementwise) {
    values["of"] = to_string(*curve);
  }
  return values;
}

}  // namespace actfn::app
