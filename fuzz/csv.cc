// SPDX-License-Identifier: Apache-2.0
// Tables of text.
#include "data/csv.h"

#include <string>
#include <vector>

#include "support/data_file.h"
#include "support/file.h"
#include "support/samples.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

std::string in_csv(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  return out + "\"";
}

// All cells of a table, the names first, by rows.
std::vector<std::string> cells_of(const data::Table& table) {
  std::vector<std::string> cells = table.columns();
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (std::size_t c = 0; c < table.columns().size(); ++c)
      cells.emplace_back(table.value(row, c));
  }
  return cells;
}

// Written with quotes around each cell, it is read as the same table.
void check_cells(const File& file) {
  std::vector<std::string> cells;
  std::size_t columns = 0;
  const auto read = [&] {
    const data::Table table(file.path());
    columns = table.columns().size();
    cells = cells_of(table);
  };
  if (!is_read(file.path().string() + ": ", read)) return;
  require(columns > 0 && cells.size() % columns == 0 && cells.size() > columns, "ragged rows");
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    text += in_csv(cells[i]) + ((i + 1) % columns == 0 ? "\r\n" : ",");
  }
  file.set(text);
  require(cells_of(data::Table(file.path())) == cells, "other cells than were written");
}

void check(Stream in) {
  static const File file;
  file.set(in.rest());
  data::Dataset set;
  if (is_read(file.path().string() + ": ", [&] { set = data::read_csv(file.path(), {}); })) {
    require_dataset(set);
  }
  check_cells(file);
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check({data, size});
  return 0;
}
