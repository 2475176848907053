// SPDX-License-Identifier: Apache-2.0
// Text in rows and columns: CSV as RFC 4180 has it, with a line of names.
#pragma once

#include "data/dataset.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::data {

class Table {
 public:
  // A file whose name ends in .csv or .tsv, also with .gz behind it. Throws std::runtime_error
  // for one that is no such text: quotes that do not fit, rows of other lengths than the first.
  explicit Table(std::filesystem::path file);

  const std::filesystem::path& file() const { return file_; }
  const std::vector<std::string>& columns() const { return columns_; }
  std::size_t rows() const { return cells_.size() / columns_.size(); }
  std::string_view value(std::size_t row, std::size_t column) const;

  // Throws std::runtime_error("[data] FILE: row 7, column width: WHAT"). The line of names is row
  // 1, as editors and spreadsheets number rows.
  [[noreturn]] void fail_at(std::size_t row, std::size_t column, const std::string& what) const;

  // Where it is in the text.
  struct Cell {
    std::uint32_t begin, size;
  };

 private:
  void set_columns(const std::vector<Cell>& names);

  std::filesystem::path file_;
  std::string text_;
  std::vector<std::string> columns_;
  std::vector<Cell> cells_;
};

// ".csv", ".tsv" or "": what the name of a file ends in, in lower case, without .gz.
std::string table_extension(const std::filesystem::path& file);

// A name from the text, for messages: on one line and without control characters.
std::string printable(std::string_view name);

// "a, b and 5 more".
std::string listed_columns(const std::vector<std::string>& columns);

Dataset read_csv(const std::filesystem::path& file, const ReadOptions& options);

// The test part is in a file of its own, which has the same columns.
Dataset read_csv(const std::filesystem::path& train, const std::filesystem::path& test,
                 const ReadOptions& options);

}  // namespace actfn::data
