// SPDX-License-Identifier: Apache-2.0
#include "data/columns.h"

#include "catalogue/number.h"
#include "catalogue/quote.h"
#include "data/failure.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace actfn::data {
namespace {

void require_value(const Table& table, std::size_t row, std::size_t column) {
  const std::string_view text = table.value(row, column);
  const auto number = read_number<double>(text);
  const bool is_missing = text.empty() || text == "?" || text == "NA" || text == "N/A" ||
                          (number && std::isnan(*number));
  if (!is_missing) return;
  table.fail_at(row, column,
                text.empty() ? "the value is missing" : "the value is missing: " + in_quotes(text));
}

bool is_number(const Table& table, std::size_t row, std::size_t column) {
  return read_number<double>(table.value(row, column)).has_value();
}

template <class T>
T number_at(const Table& table, std::size_t row, std::size_t column, const char* type) {
  const std::string_view text = table.value(row, column);
  const auto number = read_number<T>(text);
  if (!number) table.fail_at(row, column, "expected a number, got " + in_quotes(text));
  if (!std::isfinite(*number)) {
    table.fail_at(row, column,
                  std::string("expected a finite number of ") + type + ", got " + in_quotes(text));
  }
  return *number;
}

void set_categories(const Table& table, Column& column, std::size_t most) {
  std::set<std::string_view> seen;
  for (std::size_t row = 0; row < table.rows() && seen.size() <= most; ++row) {
    seen.insert(table.value(row, column.at));
  }
  if (seen.size() > most) {
    fail(table.file(), "column " + printable(table.columns()[column.at]) + " has more than " +
                           std::to_string(most) + " different texts: too many for categories");
  }
  column.categories.assign(seen.begin(), seen.end());
}

}  // namespace

Column column_of(const Table& table, std::size_t at, std::size_t most_categories) {
  Column column;
  column.at = at;
  require_value(table, 0, at);
  column.is_numeric = is_number(table, 0, at);
  for (std::size_t row = 1; row < table.rows(); ++row) {
    require_value(table, row, at);
    if (is_number(table, row, at) == column.is_numeric) continue;
    const std::string got = in_quotes(table.value(row, at));
    table.fail_at(row, at,
                  column.is_numeric ? "expected a number, got " + got
                                    : "expected a category as in the rows above, got the "
                                      "number " +
                                          got);
  }
  if (!column.is_numeric) set_categories(table, column, most_categories);
  return column;
}

float float_at(const Table& table, std::size_t row, std::size_t column) {
  return number_at<float>(table, row, column, "float32");
}

double double_at(const Table& table, std::size_t row, std::size_t column) {
  return number_at<double>(table, row, column, "float64");
}

std::uint32_t category_at(const Table& table, std::size_t row, const Column& column) {
  require_value(table, row, column.at);
  const std::string_view value = table.value(row, column.at);
  const auto at = std::ranges::lower_bound(column.categories, value);
  if (at == column.categories.end() || *at != value) {
    table.fail_at(row, column.at, "no training sample has the category " + in_quotes(value));
  }
  return static_cast<std::uint32_t>(at - column.categories.begin());
}

}  // namespace actfn::data
