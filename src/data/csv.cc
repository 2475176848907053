// SPDX-License-Identifier: Apache-2.0
#include "data/csv.h"

#include "catalogue/number.h"
#include "catalogue/quote.h"
#include "data/failure.h"
#include "data/gz_reader.h"

#include <algorithm>
#include <set>
#include <utility>

namespace actfn::data {
namespace {

namespace fs = std::filesystem;

// Cells of a text, row by row. What is in quotes is written over itself where two quotes stand for
// one.
class Rows {
 public:
  Rows(const fs::path& file, std::string& text, char delimiter)
      : file_(file), text_(text), delimiter_(delimiter), ends_{delimiter, '\n'} {}

  // Appends the cells of the next row; false at the end.
  bool next(std::vector<Table::Cell>& cells) {
    if (is_done_) return false;
    ++row_;
    column_ = 0;
    do {
      ++column_;
      cells.push_back(cell());
    } while (take(delimiter_));
    is_done_ = !take('\n');
    return true;
  }

  std::size_t row() const { return row_; }
  std::size_t columns() const { return column_; }

 private:
  bool is_at(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool take(char c) {
    const bool found = is_at(c);
    at_ += found ? 1 : 0;
    return found;
  }
  bool is_blank(char c) const { return c == ' ' || c == '\r' || (c == '\t' && c != delimiter_); }
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  Table::Cell cell() {
    skip_blanks();
    return take('"') ? quoted() : plain();
  }

  Table::Cell plain() {
    const std::size_t begin = at_;
    at_ = std::min(text_.find_first_of(ends_, at_), text_.size());
    std::size_t end = at_;
    while (end > begin && is_blank(text_[end - 1])) --end;
    const auto value = std::string_view(text_).substr(begin, end - begin);
    if (value.find('"') != std::string_view::npos) {
      fail_here("a quote is within a value that does not begin with one");
    }
    return cell_of(begin, end);
  }

  Table::Cell quoted() {
    const std::size_t begin = at_;
    std::size_t end = at_;
    while (true) {
      if (at_ == text_.size()) fail_here("a quote is not closed");
      const char c = text_[at_++];
      if (c == '"' && !take('"')) break;
      text_[end++] = c;
    }
    skip_blanks();
    if (at_ < text_.size() && !is_at(delimiter_) && !is_at('\n')) {
      fail_here("text follows a closing quote");
    }
    return cell_of(begin, end);
  }

  static Table::Cell cell_of(std::size_t begin, std::size_t end) {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
  }

  [[noreturn]] void fail_here(const std::string& what) const {
    fail(file_,
         "row " + std::to_string(row_) + ", column " + std::to_string(column_) + ": " + what);
  }

  const fs::path& file_;
  std::string& text_;
  char delimiter_;
  std::string ends_;
  std::size_t at_ = 0;
  std::size_t row_ = 0;
  std::size_t column_ = 0;
  bool is_done_ = false;
};

std::string read_text(const fs::path& file) {
  const auto bytes = GzReader(file).read_all(kMostBytes);
  std::string text(bytes.begin(), bytes.end());
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    fail(file, "is text in UTF-16; save it in UTF-8");
  }
  if (text.find('\0') != std::string::npos) fail(file, "holds a zero byte, so it is no text");
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  text.erase(text.find_last_not_of("\r\n") + 1);
  if (text.empty()) fail(file, "is empty");
  return text;
}

char delimiter_of(const fs::path& file, std::string_view text) {
  if (table_extension(file) == ".tsv") return '\t';
  const auto line = text.substr(0, text.find('\n'));
  const auto has = [&](char c) { return line.find(c) != std::string_view::npos; };
  return has(';') && !has(',') ? ';' : ',';
}

}  // namespace

std::string table_extension(const fs::path& file) {
  std::string name = file.filename().string();
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  for (const std::string_view end : {".csv", ".tsv"}) {
    if (name.ends_with(end)) return std::string(end);
  }
  return {};
}

std::string printable(std::string_view name) {
  const std::string quoted = in_quotes(name);
  return quoted.substr(1, quoted.size() - 2);
}

std::string listed_columns(const std::vector<std::string>& columns) {
  constexpr std::size_t kMost = 20;
  std::string text;
  for (std::size_t i = 0; i < std::min(columns.size(), kMost); ++i) {
    text += (i == 0 ? "" : ", ") + printable(columns[i]);
  }
  if (columns.size() > kMost) text += " and " + std::to_string(columns.size() - kMost) + " more";
  return text;
}

Table::Table(fs::path file) : file_(std::move(file)), text_(read_text(file_)) {
  Rows rows(file_, text_, delimiter_of(file_, text_));
  std::vector<Cell> names;
  rows.next(names);
  set_columns(names);
  while (rows.next(cells_)) {
    if (rows.columns() == columns_.size()) continue;
    fail(file_, "row " + std::to_string(rows.row()) + " has " + std::to_string(rows.columns()) +
                    " columns, the line of names has " + std::to_string(columns_.size()));
  }
  if (cells_.empty()) fail(file_, "has no rows below the line of names");
}

void Table::set_columns(const std::vector<Cell>& names) {
  for (const Cell& cell : names) columns_.emplace_back(text_, cell.begin, cell.size);
  if (std::ranges::all_of(columns_,
                          [](const auto& s) { return read_number<double>(s).has_value(); })) {
    fail(file_, "row 1 has numbers alone: the first line must have the names of the columns");
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].empty()) fail(file_, "column " + std::to_string(i + 1) + " has no name");
    if (seen.insert(columns_[i]).second) continue;
    fail(file_, "two columns have the name " + in_quotes(columns_[i]));
  }
}

std::string_view Table::value(std::size_t row, std::size_t column) const {
  const Cell& cell = cells_[row * columns_.size() + column];
  return std::string_view(text_).substr(cell.begin, cell.size);
}

void Table::fail_at(std::size_t row, std::size_t column, const std::string& what) const {
  fail(file_,
       "row " + std::to_string(row + 2) + ", column " + printable(columns_[column]) + ": " + what);
}

}  // namespace actfn::data
