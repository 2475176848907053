// SPDX-License-Identifier: Apache-2.0
#include "lab/recorded.h"

#include "lab/assets.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace actfn::lab {
namespace {

using Cells = std::vector<std::string>;

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

Cells cells_of(std::string_view line) {
  line.remove_prefix(1);
  Cells cells;
  for (std::size_t at = line.find('|'); at != std::string_view::npos; at = line.find('|')) {
    cells.push_back(trimmed(line.substr(0, at)));
    line.remove_prefix(at + 1);
  }
  return cells;
}

bool is_rule(const Cells& cells) {
  return std::ranges::all_of(cells, [](const std::string& cell) {
    return cell.find_first_not_of(":-") == std::string::npos && cell.size() > 2;
  });
}

// The text around tables: headings, and paragraphs.
class Surroundings {
 public:
  void read(std::string_view line) {
    const std::size_t level = line.find_first_not_of('#');
    if (line.starts_with('#') && level != std::string_view::npos && level >= 2) {
      enter(level, trimmed(line.substr(level)));
    } else if (line.empty()) {
      ended_ = true;
    } else {
      add(line);
    }
  }

  // "Gates", "Activations beside other libraries: float32, value".
  std::string section() const {
    std::string all;
    for (const std::string& name : names_) {
      if (!name.empty()) all += (all.empty() ? "" : ": ") + name;
    }
    return all;
  }
  // When the section was measured, and the paragraph right above, or else the section's first.
  std::string note() const {
    const std::string& about = paragraph_.empty() ? first_ : paragraph_;
    return date_ + (date_.empty() || about.empty() ? "" : " ") + about;
  }
  // A table is read: no paragraph is right above the next one.
  void leave() { paragraph_.clear(); }

 private:
  void enter(std::size_t level, std::string name) {
    names_.resize(level - 1);
    names_[level - 2] = std::move(name);
    if (level == 2) date_.clear(), first_.clear();
    paragraph_.clear();
  }
  void add(std::string_view line) {
    if (ended_) paragraph_.clear();
    ended_ = false;
    for (const char c : (paragraph_.empty() ? "" : " ") + std::string(line)) {
      if (c != '`') paragraph_ += c;
    }
    // A section begins with the date.
    if (line[0] >= '0' && line[0] <= '9' && date_.empty() && first_.empty()) {
      date_ = std::exchange(paragraph_, {});
    } else if (first_.empty() || paragraph_.starts_with(first_)) {
      first_ = paragraph_;
    }
  }

  Cells names_;
  std::string date_, first_, paragraph_;
  bool ended_ = false;
};

// Whether a cell names the function, with or without parameters and what was measured of it.
bool names(std::string_view cell, std::string_view function) {
  if (!cell.starts_with(function)) return false;
  return cell.size() == function.size() || cell[function.size()] == '(' ||
         cell[function.size()] == ',';
}

RecordedErrors& entry_for(std::vector<RecordedErrors>& all, const std::string& function,
                          const std::string& document) {
  for (RecordedErrors& one : all) {
    if (one.function == function && one.document == document) return one;
  }
  return all.emplace_back(RecordedErrors{function, document, {}});
}

RecordedErrors::Row& row_for(RecordedErrors& errors, const std::string& type) {
  for (RecordedErrors::Row& row : errors.rows) {
    if (row.type == type) return row;
  }
  return errors.rows.emplace_back(RecordedErrors::Row{type, {}, {}});
}

std::optional<std::size_t> column(const RecordedTable& table, std::string_view name) {
  const auto found = std::ranges::find(table.columns, name);
  if (found == table.columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - table.columns.begin());
}

void take_errors(const RecordedTable& table, const std::string& document, const FunctionInfo& about,
                 std::vector<RecordedErrors>& to) {
  const auto order = column(table, "order");
  const auto ulp = column(table, "max ULP");
  const auto inputs = column(table, "inputs");
  if (!order || !ulp || !inputs) return;
  for (const Cells& cells : table.rows) {
    if (cells.size() <= *ulp || !names(cells[0], about.name)) continue;
    int which = -1;
    std::from_chars(cells[*order].data(), cells[*order].data() + cells[*order].size(), which);
    if (which < 0 || which > 2) continue;
    auto& row = row_for(entry_for(to, cells[0], document), table.section);
    row.orders.at(static_cast<std::size_t>(which)) = cells[*ulp];
    if (which == 0) row.inputs = cells[*inputs];
  }
}

struct Document {
  std::string name;
  std::vector<RecordedTable> tables;
};

const std::vector<Document>& accuracy() {
  static const std::vector<Document> all = {
      {"accuracy.md", tables_of(assets::accuracy_md)},
      {"accuracy-samples.md", tables_of(assets::accuracy_samples_md)},
      {"accuracy-parameters.md", tables_of(assets::accuracy_parameters_md)}};
  return all;
}

const std::vector<RecordedTable>& performance() {
  static const std::vector<RecordedTable> all = tables_of(assets::performance_md);
  return all;
}

}  // namespace

std::vector<RecordedTable> tables_of(std::string_view markdown) {
  std::vector<RecordedTable> tables;
  Surroundings around;
  bool inside = false;
  while (!markdown.empty()) {
    const std::size_t end = std::min(markdown.find('\n'), markdown.size());
    const std::string_view line = markdown.substr(0, end);
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
    if (!line.starts_with('|')) {
      if (inside) around.leave();
      inside = false;
      around.read(line);
      continue;
    }
    Cells cells = cells_of(line);
    if (!inside) {
      tables.push_back({around.section(), around.note(), std::move(cells), {}});
      inside = true;
    } else if (!is_rule(cells)) {
      tables.back().rows.push_back(std::move(cells));
    }
  }
  return tables;
}

std::vector<RecordedErrors> recorded_errors(const FunctionInfo& about) {
  std::vector<RecordedErrors> all;
  for (const Document& document : accuracy()) {
    for (const RecordedTable& table : document.tables) {
      take_errors(table, document.name, about, all);
    }
  }
  return all;
}

std::vector<std::string> error_columns() {
  return {"type", "value", "f′", "f″", "inputs of the value"};
}

std::vector<std::vector<std::string>> error_rows(const RecordedErrors& errors) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& r : errors.rows) {
    rows.push_back({r.type, r.orders[0], r.orders[1], r.orders[2], r.inputs});
  }
  return rows;
}

std::vector<RecordedAccuracy> recorded_accuracies(const FunctionInfo& about) {
  constexpr std::size_t kColumns = 8;
  std::vector<RecordedAccuracy> all;
  for (const RecordedTable& table : accuracy().front().tables) {
    if (column(table, "accuracy") != 1 || table.columns.size() != kColumns) continue;
    for (const Cells& c : table.rows) {
      if (c.size() != kColumns || !names(c[0], about.name)) continue;
      all.push_back({c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]});
    }
  }
  return all;
}

std::vector<RecordedTable> recorded_times(const FunctionInfo& about) {
  std::vector<RecordedTable> all;
  for (const RecordedTable& table : performance()) {
    if (table.note.find("seconds") == std::string::npos) continue;  // of other quantities
    RecordedTable some{table.section, table.note, table.columns, {}};
    for (const Cells& cells : table.rows) {
      if (!cells.empty() && names(cells[0], about.name)) some.rows.push_back(cells);
    }
    if (!some.rows.empty()) all.push_back(std::move(some));
  }
  return all;
}

std::string recorded_speed(const FunctionInfo& about) {
  constexpr std::string_view kSection = "Activations and their floor";
  for (const RecordedTable& table : recorded_times(about)) {
    const Cells& cells = table.rows.front();
    if (table.section != kSection || cells.size() < 7) continue;
    return fmt::format(
        "value {}, backward {} ns an element of float32 in the second-level cache; in brackets: "
        "times a copy of the memory",
        cells[2], cells[5]);
  }
  return {};
}

}  // namespace actfn::lab
