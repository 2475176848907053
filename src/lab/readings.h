// SPDX-License-Identifier: Apache-2.0
// What trials have measured: rows with named columns, as data.csv has them.
#pragma once

#include "lab/csv_text.h"

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab {

using Row = std::vector<std::string>;

inline std::string cell(std::string_view text) { return std::string(text); }
template <class T>
  requires std::integral<T> || std::floating_point<T>
std::string cell(T number) {
  if constexpr (std::integral<T>) {
    return std::to_string(number);
  } else {
    return csv_number(static_cast<double>(number));
  }
}

// A row of texts and numbers.
template <class... T>
Row row(const T&... cells) {
  return {cell(cells)...};
}

class Readings {
 public:
  Readings(std::vector<std::string> columns, std::vector<Row> rows);

  std::size_t size() const { return rows_.size(); }
  const std::vector<std::string>& columns() const { return columns_; }
  const std::vector<Row>& rows() const { return rows_; }

  // The rows with this value.
  template <class T>
  Readings where(std::string_view column, const T& value) const {
    return with(column, cell(value));
  }
  // The different values, in the order of the rows.
  std::vector<std::string> values(std::string_view column) const;
  std::vector<double> numbers(std::string_view column) const;
  // Of the only row.
  double number(std::string_view column) const;

 private:
  Readings with(std::string_view column, const std::string& value) const;
  std::size_t place(std::string_view column) const;

  std::vector<std::string> columns_;
  std::vector<Row> rows_;
};

// CSV with a line of names.
std::string to_csv(const Readings& readings);
// Reads what to_csv() has written; nothing where it is anything else, or has other columns.
std::vector<Row> rows_of_csv(std::string_view csv, const std::vector<std::string>& columns);

}  // namespace actfn::lab
