// SPDX-License-Identifier: Apache-2.0
#include "lab/readings.h"

#include "catalogue/number.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace actfn::lab {
namespace {

void append_line(std::string& to, const Row& row) {
  for (std::size_t i = 0; i < row.size(); ++i) to += (i == 0 ? "" : ",") + csv_field(row[i]);
  to += '\n';
}

// The cells of the line that `rest` begins with, which is taken away. Cells have no quotes or line
// breaks of their own.
Row take_line(std::string_view& rest) {
  Row cells(1);
  bool quoted = false;
  std::size_t i = 0;
  for (; i < rest.size() && rest[i] != '\n'; ++i) {
    if (rest[i] == '"') {
      quoted = !quoted;
    } else if (rest[i] == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += rest[i];
    }
  }
  rest.remove_prefix(std::min(i + 1, rest.size()));
  return cells;
}

}  // namespace

Readings::Readings(std::vector<std::string> columns, std::vector<Row> rows)
    : columns_(std::move(columns)), rows_(std::move(rows)) {}

std::size_t Readings::place(std::string_view column) const {
  const auto found = std::ranges::find(columns_, column);
  if (found == columns_.end()) {
    throw std::logic_error("[experiment] no column " + std::string(column));
  }
  return static_cast<std::size_t>(found - columns_.begin());
}

Readings Readings::with(std::string_view column, const std::string& value) const {
  const std::size_t at = place(column);
  std::vector<Row> rows;
  std::ranges::copy_if(rows_, std::back_inserter(rows),
                       [&](const Row& row) { return row[at] == value; });
  return {columns_, std::move(rows)};
}

std::vector<std::string> Readings::values(std::string_view column) const {
  const std::size_t at = place(column);
  std::vector<std::string> values;
  for (const Row& row : rows_) {
    if (std::ranges::find(values, row[at]) == values.end()) values.push_back(row[at]);
  }
  return values;
}

std::vector<double> Readings::numbers(std::string_view column) const {
  const std::size_t at = place(column);
  std::vector<double> numbers;
  for (const Row& row : rows_) {
    const auto number = read_number<double>(row[at]);
    numbers.push_back(number ? *number : std::numeric_limits<double>::quiet_NaN());
  }
  return numbers;
}

double Readings::number(std::string_view column) const {
  if (size() != 1) throw std::logic_error("[experiment] one row has to be left");
  return numbers(column)[0];
}

std::string to_csv(const Readings& readings) {
  std::string text;
  append_line(text, readings.columns());
  for (const Row& row : readings.rows()) append_line(text, row);
  return text;
}

std::vector<Row> rows_of_csv(std::string_view csv, const std::vector<std::string>& columns) {
  if (!csv.ends_with('\n') || take_line(csv) != columns) return {};
  std::vector<Row> rows;
  while (!csv.empty()) {
    rows.push_back(take_line(csv));
    if (rows.back().size() != columns.size()) return {};
  }
  return rows;
}

}  // namespace actfn::lab
