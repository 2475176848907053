// SPDX-License-Identifier: Apache-2.0
// Columns of a table as numbers.
#pragma once

#include "data/csv.h"
#include "data/dataset.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace actfn::data {

// Whether a column holds numbers or categories, and what follows from the rows of one table.
struct Column {
  std::size_t at = 0;  // its place in the table
  bool is_numeric = false;
  std::vector<std::string> categories;  // each once, sorted; empty for numbers
  std::size_t width() const { return is_numeric ? 1 : categories.size(); }
};

// Fails for a value that is missing, and where some values are numbers and others are not.
Column column_of(const Table& table, std::size_t at, std::size_t most_categories);

// The value as a finite float32, and as a finite double; fails for any other.
float float_at(const Table& table, std::size_t row, std::size_t column);
double double_at(const Table& table, std::size_t row, std::size_t column);

// The place of the value among the categories; fails where it has none.
std::uint32_t category_at(const Table& table, std::size_t row, const Column& column);

// The place of the label's column: `wanted`, or else the only one with a usual name.
std::size_t find_label(const Table& table, const std::string& wanted);

// The labels of a table, and how they are read.
class LabelReader {
 public:
  // Decides by the rows of the training part.
  LabelReader(const Table& train, const ReadOptions& options);

  std::size_t at() const { return column_.at; }
  Task task() const { return task_; }
  const std::vector<std::string>& classes() const { return names_; }

  // Sets the labels or targets of `samples`.
  void read(const Table& table, Samples& samples) const;

 private:
  void set_numbers(const Table& train);
  std::uint32_t class_at(const Table& table, std::size_t row) const;

  Column column_;
  Task task_ = Task::classification;
  std::vector<std::string> names_;  // of classes
  std::vector<double> values_;      // of classes that are numbers, ascending
};

}  // namespace actfn::data
