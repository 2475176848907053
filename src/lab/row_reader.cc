// SPDX-License-Identifier: Apache-2.0
#include "lab/row_reader.h"

#include "catalogue/number.h"
#include "catalogue/quote.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>

namespace actfn::lab {
namespace {

template <class T>
std::optional<T> read_whole(std::string_view digits) {
  T value{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

RowReader::RowReader(const data::Table& table, const CompareSettings& settings,
                     std::span<const std::string_view> names)
    : table_(table), settings_(settings) {
  const auto& columns = table.columns();
  for (const std::string_view name : names) {
    const auto found = std::ranges::find(columns, name);
    if (found == columns.end()) {
      throw std::runtime_error(
          fmt::format("[results] {}: has no column {}", table.file().string(), name));
    }
    places_.push_back(static_cast<std::size_t>(found - columns.begin()));
  }
}

std::size_t RowReader::activation(std::size_t row) const {
  const auto found = std::ranges::find(settings_.activations, text(row, 0), &Nonlinearity::name);
  if (found == settings_.activations.end()) {
    fail_at(row, 0, fmt::format("{} is not among the settings", in_quotes(text(row, 0))));
  }
  return static_cast<std::size_t>(found - settings_.activations.begin());
}

template <class T>
T RowReader::known(const std::vector<T>& all, std::size_t row, std::size_t name, T value) const {
  if (std::ranges::find(all, value) != all.end()) return value;
  fail_at(row, name, fmt::format("{} is not among the settings", text(row, name)));
}

std::uint64_t RowReader::seed(std::size_t row, std::size_t name) const {
  return known(settings_.seeds, row, name, whole<std::uint64_t>(row, name));
}

double RowReader::lr(std::size_t row, std::size_t name) const {
  return known(settings_.lr, row, name, number(row, name));
}

template <class T>
T RowReader::whole(std::size_t row, std::size_t name) const {
  const auto value = read_whole<T>(text(row, name));
  if (value) return *value;
  fail_at(row, name, fmt::format("expected a whole number, got {}", in_quotes(text(row, name))));
}

int RowReader::whole(std::size_t row, std::size_t name, int least, int most) const {
  const int value = whole<int>(row, name);
  if (value >= least && value <= most) return value;
  fail_at(row, name, fmt::format("expected {} to {}, got {}", least, most, value));
}

void RowReader::counts(std::size_t row, std::size_t name, std::span<std::uint32_t> to) const {
  std::string_view rest = text(row, name);
  for (std::size_t i = 0; i < to.size(); ++i) {
    const std::size_t end = i + 1 < to.size() ? rest.find(';') : rest.size();
    const auto count = end == std::string_view::npos
                           ? std::nullopt
                           : read_whole<std::uint32_t>(rest.substr(0, end));
    if (!count) {
      fail_at(row, name,
              fmt::format("expected {} whole numbers with ';' between, got {}", to.size(),
                          in_quotes(text(row, name))));
    }
    to[i] = *count;
    rest.remove_prefix(std::min(rest.size(), end + 1));
  }
}

double RowReader::number(std::size_t row, std::size_t name) const {
  const auto value = read_number<double>(text(row, name));
  if (!value)
    fail_at(row, name, fmt::format("expected a number, got {}", in_quotes(text(row, name))));
  return *value;
}

}  // namespace actfn::lab
