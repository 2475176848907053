// SPDX-License-Identifier: Apache-2.0
// The gallery as Markdown with pictures.
#include "lab/gallery.h"
#include "lab/report_formula.h"
#include "lab/report_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace actfn::lab {
namespace {

using report::typeset;

constexpr std::string_view kOrigin =
    "<!-- Written by scripts/gallery; tests/apps/cli_gallery_test.cc compares it. -->\n";

// Text in which nothing is a mark of Markdown.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\`*_{}[]<>#|").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

// As code, which a cell of a table can hold, too.
std::string code(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return "`" + out + "`";
}

std::string section(std::string_view title, const std::string& content) {
  if (content.empty()) return {};
  return fmt::format("\n## {}\n\n{}", title, content);
}

std::string paragraph(std::string_view text) {
  return text.empty() ? std::string() : plain(typeset(text)) + "\n";
}

std::string table(const std::vector<std::string>& columns,
                  const std::vector<std::vector<std::string>>& rows, bool words) {
  std::string out = fmt::format("| {} |\n|---", fmt::join(columns, " | "));
  for (std::size_t i = 1; i < columns.size(); ++i) out += words ? "|---" : "|---:";
  out += "|\n";
  for (const auto& cells : rows) out += fmt::format("| {} |\n", fmt::join(cells, " | "));
  return out;
}

std::string pictures(const Exhibit& e) {
  std::string out;
  for (const auto& [chart, readings] : e.pictures.all) {
    out += fmt::format("\n![{}](pictures/{}-{}.svg)\n", plain(typeset(chart.title)), e.about->name,
                       chart.file);
  }
  return out;
}

std::string facts(const Exhibit& e) {
  std::vector<std::vector<std::string>> rows;
  for (const Fact& fact : e.facts.facts) rows.push_back({plain(fact.term), plain(fact.text)});
  if (rows.empty()) return {};
  return table({"", ""}, rows, true) +
         (e.facts.properties ? fmt::format("\n{}\n", kHowComputed) : std::string());
}

std::string parameter(const DefinedParameter& p) {
  return fmt::format("\n- {}{}{}: {}", code(p.name), p.required ? ", no default; here " : " = ",
                     plain(p.value), plain(p.may_be));
}

std::string definition(const Exhibit& e) {
  const Definition& d = e.definition;
  std::string out =
      fmt::format("    {} = {}\n    {}{}\n", e.about->kind == Kind::gate ? "f(a, b)" : "f(x)",
                  d.formula, d.names_derivative ? "" : "f' = ", d.derivative);
  if (!d.shapes.empty()) out += fmt::format("\n{}.\n", plain(d.shapes));
  for (const DefinedParameter& p : d.parameters) out += parameter(p);
  if (!d.parameters.empty()) out += "\n";
  return out + fmt::format("\nSource: {}.\n", plain(d.source));
}

std::string names_elsewhere(const Exhibit& e) {
  std::vector<std::vector<std::string>> rows;
  for (const Alias& a : e.names_elsewhere) {
    rows.push_back({code(a.name), a.function.empty() ? std::string(kNoFunction) : code(a.function),
                    code(a.formula), plain(a.layout), plain(a.users)});
  }
  std::string out = paragraph(e.about->note);
  if (rows.empty()) return out;
  return out + (out.empty() ? "" : "\n") + table(name_columns(), rows, true);
}

std::string errors(const Exhibit& e) {
  std::string out;
  for (const RecordedErrors& one : e.errors) {
    out += fmt::format("{}Largest errors of {} in ULP, from [{}](../{}):\n\n{}",
                       out.empty() ? "" : "\n", code(one.function), one.document, one.document,
                       table(error_columns(), error_rows(one), false));
  }
  return out;
}

std::string times(const Exhibit& e) {
  std::string out;
  for (const RecordedTable& t : e.times) {
    std::vector<std::vector<std::string>> rows = t.rows;
    for (auto& cells : rows) cells.front() = plain(cells.front());
    out += fmt::format("\n**{}.** {}\n\n{}", plain(t.section), plain(typeset(t.note)),
                       table(t.columns, rows, false));
  }
  return out.empty() ? out : "As recorded in [performance.md](../performance.md).\n" + out;
}

std::string experiments(const Exhibit& e) {
  std::string out;
  for (const Experiment* one : e.experiments) {
    out +=
        fmt::format("- {} {}\n", code("actfn experiment " + one->name), plain(typeset(one->claim)));
  }
  return out;
}

}  // namespace

std::string exhibit_markdown(const Exhibit& e) {
  std::string out =
      fmt::format("{}# {}\n\n{}, {}. [All functions](README.md)\n", kOrigin, plain(e.about->name),
                  plain(e.about->title), name_of(e.about->kind));
  if (!e.facts.tags.empty()) out += fmt::format("\n*{}*\n", fmt::join(e.facts.tags, " · "));
  return out + pictures(e) + section("When to use it, and when not", paragraph(e.about->use)) +
         section("Properties", facts(e)) + section("Definition", definition(e)) +
         section("In other frameworks", names_elsewhere(e)) + section("Accuracy", errors(e)) +
         section("Speed", times(e)) + section("Experiments that name it", experiments(e));
}

std::string gallery_markdown(const std::vector<Exhibit>& all) {
  std::string out = fmt::format(
      "{}# Gallery\n\n{} functions: a page for each, made from the catalogue, with computed "
      "properties, recorded errors and times. {} `actfn gallery` writes the same as pages of HTML, "
      "with a search and filters.\n",
      kOrigin, all.size(), kThumbnails);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Exhibit& e = all[i];
    if (i == 0 || e.about->kind != all[i - 1].about->kind) {
      out += fmt::format("\n## {}\n\n| | | formula | properties |\n|---|---|---|---|\n",
                         name_of(e.about->kind));
    }
    out += fmt::format(
        "| [<img src=\"pictures/{0}.svg\" alt=\"{0}\" width=\"132\">]({0}.md) | "
        "[{1}]({0}.md) | {2} | {3} |\n",
        e.about->name, plain(e.about->name), plain(short_formula(e)),
        fmt::join(e.facts.tags, ", "));
  }
  return out;
}

}  // namespace actfn::lab
