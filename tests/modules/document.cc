// SPDX-License-Identifier: Apache-2.0
#include "modules/document.h"

#include <actfn/catalogue.h>

#include <algorithm>
#include <map>
#include <set>

#include "modules/proofs.h"

namespace actfn::modules {
namespace {

constexpr std::size_t kWidth = 100;  // of lines

std::string yes(bool is) { return is ? "yes" : ""; }

// Whether everything that runs in float32 runs in this type.
bool is_whole(const Support& s, std::size_t type) {
  const auto holds = [&](const Support::ByType& all) { return all[type] || !all[0]; };
  return s.value[type] && holds(s.backward) && holds(s.double_backward);
}

Row row_of(const Module& module) {
  const Support s = module.support(module);
  return {&module,
          {yes(s.value[0]), yes(s.backward[0]), yes(s.double_backward[0]), yes(is_whole(s, 0)),
           yes(is_whole(s, 1)), yes(is_whole(s, 2)), yes(is_whole(s, 3)), yes(s.in_place),
           yes(s.layer), onnx_tests(module), pytorch_cases(module), s.exported}};
}

// Remarks get numbers in the order in which the table has them.
class Notes {
 public:
  std::string marks(std::string_view module, Column column, bool filled) {
    std::string all;
    for (const std::size_t i : remarks_of(module, column, filled)) {
      if (std::ranges::find(order_, i) == order_.end()) order_.push_back(i);
      const auto number = std::ranges::find(order_, i) - order_.begin() + 1;
      all.append("[^").append(std::to_string(number)).append("]");
    }
    return all;
  }
  std::string text() const {
    std::string all;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      all.append("[^").append(std::to_string(i + 1)).append("]: ");
      all.append(remarks()[order_[i]].text).append("\n");
    }
    return all;
  }

 private:
  std::vector<std::size_t> order_;
};

// Breaks a paragraph at spaces, with `indent` before all lines but the first.
std::string wrapped(std::string_view text, std::string_view indent = "") {
  std::string all, line;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (!line.empty() && line.size() + 1 + word.size() > kWidth) {
      all.append(line).append("\n");
      line = indent;
    } else if (!line.empty() && line != indent) {
      line.append(" ");
    }
    line.append(word);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return all + line + "\n";
}

std::string head() {
  std::string titles = "| torch.nn | here |", rule = "|---|---|";
  for (std::size_t i = 0; i < kColumns; ++i) {
    titles.append(" ").append(text_of(static_cast<Column>(i)).title).append(" |");
    rule.append("---|");
  }
  return titles + "\n" + rule + "\n";
}

std::string line_of(const Row& row, Notes& notes) {
  std::string all = "| " + std::string(row.module->name) + " | `" + std::string(row.module->here);
  all.append("` |");
  for (std::size_t i = 0; i < kColumns; ++i) {
    const bool filled = !row.cells[i].empty();
    all.append(" ").append(filled ? row.cells[i] : "no");
    all.append(notes.marks(row.module->name, static_cast<Column>(i), filled)).append(" |");
  }
  return all + "\n";
}

std::string tables(const std::vector<Row>& rows, Notes& notes) {
  std::string all, section;
  for (const Row& row : rows) {
    if (row.module->section != section) {
      section = row.module->section;
      all.append("\n## ").append(section).append("\n\n").append(head());
    }
    all.append(line_of(row, notes));
  }
  return all;
}

std::string legend() {
  std::string all;
  for (std::size_t i = 0; i < kColumns; ++i) {
    const ColumnText& text = text_of(static_cast<Column>(i));
    all += wrapped("- **" + std::string(text.title) + "**: " + std::string(text.proof) + ".", "  ");
  }
  return all;
}

std::string summary(const std::vector<Row>& rows) {
  std::size_t filled = 0;
  for (const Row& row : rows) {
    filled += static_cast<std::size_t>(
        std::ranges::count_if(row.cells, [](const std::string& cell) { return !cell.empty(); }));
  }
  return std::to_string(filled) + " of " + std::to_string(rows.size() * kColumns);
}

// The functions of a kind that are none of the modules: first those that PyTorch has elsewhere.
struct Others {
  std::vector<std::string> elsewhere, new_ones;
};

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all.append(all.empty() ? "" : ", ").append(word);
  return all;
}

std::string beyond(const std::vector<Row>& rows) {
  std::set<std::string_view> of_modules;
  for (const Row& row : rows) of_modules.insert(row.module->cases);
  std::map<Kind, Others> others;
  for (const FunctionInfo& f : catalogue()) {
    if (of_modules.contains(f.name)) continue;
    const auto place = std::ranges::find(elsewhere(), f.name, &Elsewhere::function);
    const std::string name = "`" + std::string(f.name) + "`";
    Others& of_kind = others[f.kind];
    if (place == elsewhere().end()) {
      of_kind.new_ones.push_back(name);
    } else {
      of_kind.elsewhere.push_back(name + " (" + std::string(place->place) + ")");
    }
  }
  std::string all =
      "| kind | in the catalogue | elsewhere in PyTorch | not in PyTorch | these |\n"
      "|---|---:|---|---:|---|\n";
  for (const auto& [kind, of_kind] : others) {
    all.append("| ").append(name_of(kind)).append(" | ");
    all.append(std::to_string(catalogue(kind).size())).append(" | ");
    all.append(joined(of_kind.elsewhere)).append(" | ");
    all.append(std::to_string(of_kind.new_ones.size())).append(" | ");
    all.append(joined(of_kind.new_ones)).append(" |\n");
  }
  return all;
}

}  // namespace

std::vector<Row> rows() {
  std::vector<Row> all;
  for (const Module& module : modules()) all.push_back(row_of(module));
  return all;
}

std::vector<std::size_t> remarks_of(std::string_view module, Column column, bool filled) {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < remarks().size(); ++i) {
    const Remark& remark = remarks()[i];
    if (remark.column != column || remark.filled != filled) continue;
    if (std::ranges::find(remark.modules, module) != remark.modules.end()) all.push_back(i);
  }
  return all;
}

std::string document(const std::vector<Row>& rows) {
  Notes notes;
  std::string all =
      "<!-- Written by scripts/modules; tests/modules/modules_test.cc compares it. -->\n"
      "# PyTorch's activation modules\n\n";
  all += wrapped(
      "What the library has for each of the " + std::to_string(rows.size()) +
      " modules of torch.nn's two sections on non-linear activations: " + summary(rows) +
      " cells are filled, and each of the others has its reason. A program writes this page: it "
      "calls every function in every type, and counts the tests. A test does the same, and fails "
      "where the page says something else. What cells stand for, and what else tests it:");
  all += "\n" + legend();
  all += tables(rows, notes);
  all += "\n" + notes.text();
  all += "\n## Functions beyond these\n\n" +
         wrapped(
             "The catalogue also has functions that are none of these modules. Any elementwise "
             "function can be a gate (`gated`), and its parameters can be learned where it says "
             "so (`learnable`).") +
         "\n" + beyond(rows);
  return all;
}

}  // namespace actfn::modules
