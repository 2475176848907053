// SPDX-License-Identifier: Apache-2.0
// The values of a table that a comparison has written, by the names of its columns.
#pragma once

#include "data/csv.h"
#include "lab/results.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab {

// All functions throw std::runtime_error that names the file, and the row and column if need be.
class RowReader {
 public:
  // `names` are the columns by number; others are ignored. The first one has activations.
  RowReader(const data::Table& table, const CompareSettings& settings,
            std::span<const std::string_view> names);

  std::string_view text(std::size_t row, std::size_t name) const {
    return table_.value(row, places_[name]);
  }
  std::size_t activation(std::size_t row) const;                // its index in the settings
  std::uint64_t seed(std::size_t row, std::size_t name) const;  // one of the settings
  double lr(std::size_t row, std::size_t name) const;           // likewise
  // Between two numbers, both included.
  int whole(std::size_t row, std::size_t name, int least, int most) const;
  double number(std::size_t row, std::size_t name) const;
  // Whole numbers with ';' between: as many as there are places for.
  void counts(std::size_t row, std::size_t name, std::span<std::uint32_t> to) const;

 private:
  [[noreturn]] void fail_at(std::size_t row, std::size_t name, const std::string& what) const {
    table_.fail_at(row, places_[name], what);
  }

  template <class T>
  T whole(std::size_t row, std::size_t name) const;
  template <class T>
  T known(const std::vector<T>& all, std::size_t row, std::size_t name, T value) const;

  const data::Table& table_;
  const CompareSettings& settings_;
  std::vector<std::size_t> places_;
};

}  // namespace actfn::lab
