// SPDX-License-Identifier: Apache-2.0
// Which column of a table is the label, and whether it has classes or numbers.
#include <actfn/error.h>

#include "catalogue/number.h"
#include "catalogue/quote.h"
#include "catalogue/suggest.h"
#include "data/classes.h"
#include "data/columns.h"
#include "data/failure.h"

#include <algorithm>
#include <set>

namespace actfn::data {
namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

std::size_t find_named(const Table& table, const std::string& wanted) {
  const auto& columns = table.columns();
  const auto at = std::ranges::find(columns, wanted);
  if (at != columns.end()) return static_cast<std::size_t>(at - columns.begin());
  throw Error("[data] " + table.file().string() + " has no column " + in_quotes(wanted) +
              " for the label; its columns are " + listed_columns(columns));
}

}  // namespace

std::size_t find_label(const Table& table, const std::string& wanted) {
  if (!wanted.empty()) return find_named(table, wanted);
  const auto& columns = table.columns();
  std::vector<std::string> found;
  std::size_t place = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string name = lower(columns[i]);
    const auto usual = {"label", "class", "target", "species", "y"};
    if (std::ranges::find(usual, name) == usual.end()) continue;
    found.push_back(columns[i]);
    place = i;
  }
  if (found.size() == 1) return place;
  if (found.empty()) {
    fail(table.file(),
         "no column is called label, class, target, species or y: name the label's, "
         "one of " +
             listed_columns(columns));
  }
  fail(table.file(), "several columns may be the label: name one of " + listed_columns(found));
}

LabelReader::LabelReader(const Table& train, const ReadOptions& options) {
  column_ = column_of(train, find_label(train, options.label), kMostClasses);
  const std::string& name = train.columns()[at()];
  if (!column_.is_numeric) {
    if (options.task == Task::regression) {
      throw Error("[data] " + train.file().string() + ": column " + printable(name) +
                  " has categories, a regression needs numbers");
    }
    names_ = column_.categories;
  } else if (options.task != Task::regression) {
    set_numbers(train);
    const bool has_few = !names_.empty() && names_.size() <= kFewClasses;
    task_ = options.task.value_or(has_few ? Task::classification : Task::regression);
    if (task_ == Task::classification && names_.empty()) {
      throw Error("[data] " + train.file().string() + ": column " + printable(name) +
                  " has numbers that are not whole, so they are no classes");
    }
  } else {
    task_ = Task::regression;
  }
  if (task_ == Task::regression) names_.clear();
  if (task_ == Task::classification) require_classes(train.file(), names_);
}

// The values and names of the classes; none where a number is not whole, or where there are too
// many.
void LabelReader::set_numbers(const Table& train) {
  std::set<double> seen;
  for (std::size_t row = 0; row < train.rows() && seen.size() <= kMostClasses; ++row) {
    const double value = double_at(train, row, at());
    if (!is_class_number(value)) return;
    seen.insert(value + 0.0);  // -0 is 0
  }
  values_.assign(seen.begin(), seen.end());
  for (const double value : values_) {
    names_.push_back(std::to_string(static_cast<std::int64_t>(value)));
  }
}

std::uint32_t LabelReader::class_at(const Table& table, std::size_t row) const {
  if (!column_.is_numeric) return category_at(table, row, column_);
  const double value = double_at(table, row, at());
  const auto found = std::ranges::lower_bound(values_, value);
  if (found == values_.end() || *found != value) {
    table.fail_at(row, at(),
                  "no training sample has the label " + in_quotes(table.value(row, at())));
  }
  return static_cast<std::uint32_t>(found - values_.begin());
}

void LabelReader::read(const Table& table, Samples& samples) const {
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (task_ == Task::regression) {
      samples.targets.push_back(float_at(table, row, at()));
    } else {
      samples.labels.push_back(class_at(table, row));
    }
  }
}

}  // namespace actfn::data
