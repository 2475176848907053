// SPDX-License-Identifier: Apache-2.0
// The page of one function.
#include "lab/assets.h"
#include "lab/gallery.h"
#include "lab/page.h"
#include "lab/report_formula.h"
#include "lab/report_text.h"

#include <fmt/format.h>

namespace actfn::lab {
namespace {

using report::escape;
using report::typeset;

std::string section(std::string_view title, const std::string& content) {
  if (content.empty()) return {};
  return fmt::format("<section><h2>{}</h2>{}</section>", title, content);
}

std::string paragraph(std::string_view text) {
  return text.empty() ? std::string() : fmt::format("<p>{}</p>", escape(typeset(text)));
}

std::string scroll(std::string_view label, const std::string& table) {
  return fmt::format(R"(<div class="scroll" tabindex="0" role="region" aria-label="{}">{}</div>)",
                     escape(label), table);
}

std::string link(const Exhibit& e, std::string_view before, std::string_view after) {
  return fmt::format(R"(<a href="{0}.html">{1}{0}{2}</a>)", e.about->name, before, after);
}

std::string ways(const std::vector<Exhibit>& all, std::size_t which) {
  std::string out = R"(<nav class="ways" aria-label="Functions">)";
  out += R"(<a href="index.html">All functions</a>)";
  if (which > 0) out += link(all[which - 1], "← ", "");
  if (which + 1 < all.size()) out += link(all[which + 1], "", " →");
  return out + "</nav>";
}

std::string tags_of(const Exhibit& e) {
  std::string out;
  for (const std::string& tag : e.facts.tags) out += fmt::format("<li>{}</li>", tag);
  return out.empty() ? out : R"(<ul class="tags">)" + out + "</ul>";
}

std::string_view left_side(const Exhibit& e) {
  return e.about->kind == Kind::gate ? "f(<i>a</i>, <i>b</i>)" : "f(<i>x</i>)";
}

std::string opening(const std::vector<Exhibit>& all, std::size_t which) {
  const Exhibit& e = all[which];
  return fmt::format(R"(<header>{}<p class="scope"><b>{}</b> {}</p><h1><code>{}</code></h1>)"
                     R"(<p class="formula">{} = {}</p>{}</header>)",
                     ways(all, which), name_of(e.about->kind), escape(e.about->title),
                     report::breakable(to_string(e.function)), left_side(e),
                     report::formula_html(report::formula_of(e.function)), tags_of(e));
}

std::string figure(const Picture& picture) {
  const Chart& chart = picture.chart;
  return fmt::format(
      R"(<figure><figcaption>{}.</figcaption>{}<details><summary>As a table</summary>{}</details>)"
      "</figure>",
      escape(typeset(chart.title)), scroll(chart.title, chart_inline(chart)),
      scroll(chart.title + ", as a table", table_of(picture)));
}

std::string figures(const Exhibit& e) {
  std::string out;
  for (const Picture& picture : e.pictures.all) out += figure(picture);
  return out;
}

std::string facts(const std::vector<Fact>& all) {
  if (all.empty()) return {};
  std::string out;
  for (const Fact& fact : all) {
    out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", escape(fact.term), escape(fact.text));
  }
  return R"(<dl class="facts">)" + out + "</dl>";
}

std::string cell(const std::string& content) { return "<td>" + content + "</td>"; }

std::string head(const std::vector<std::string>& columns) {
  std::string out = "<thead><tr>";
  for (const std::string& name : columns) {
    out += fmt::format(R"(<th scope="col">{}</th>)", escape(name));
  }
  return out + "</tr></thead>";
}

std::string row(const std::vector<std::string>& cells) {
  std::string out;
  for (const std::string& text : cells) {
    out += out.empty() ? fmt::format(R"(<tr><th scope="row">{}</th>)", escape(text))
                       : cell(escape(text));
  }
  return out + "</tr>";
}

std::string table(std::string_view caption, const std::vector<std::string>& columns,
                  const std::vector<std::vector<std::string>>& rows, std::string_view kind = "") {
  std::string out = fmt::format(R"(<table class="{}"><caption>{}</caption>{}<tbody>)", kind,
                                escape(caption), head(columns));
  for (const auto& cells : rows) out += row(cells);
  return scroll(caption, out + "</tbody></table>");
}

std::string parameters(const Definition& d) {
  if (d.parameters.empty()) return {};
  std::vector<std::vector<std::string>> rows;
  for (const DefinedParameter& p : d.parameters) {
    rows.push_back({std::string(p.name), p.required ? "none; here " + p.value : p.value, p.may_be});
  }
  return table("Parameters", {"parameter", "default", "what it may be"}, rows, "words");
}

std::string definition(const Exhibit& e) {
  const Definition& d = e.definition;
  const auto line = [](const std::string& term, std::string_view formula) {
    return fmt::format(R"(<p class="formula">{}{}</p>)", term,
                       report::formula_html(report::readable(formula)));
  };
  std::string out = line(fmt::format("{} = ", left_side(e)), d.formula) +
                    line(d.names_derivative ? "" : "f′ = ", d.derivative);
  if (!d.shapes.empty()) out += paragraph(fmt::format("{}.", d.shapes));
  return out + parameters(d) + paragraph(fmt::format("Source: {}.", d.source));
}

std::string names_elsewhere(const Exhibit& e) {
  std::vector<std::vector<std::string>> rows;
  for (const Alias& a : e.names_elsewhere) {
    rows.push_back({std::string(a.name), std::string(a.function.empty() ? kNoFunction : a.function),
                    report::readable(a.formula), std::string(a.layout), std::string(a.users)});
  }
  std::string out = paragraph(e.about->note);
  if (!rows.empty()) {
    out += table("Names of other frameworks and papers", name_columns(), rows, "words");
  }
  return out;
}

std::string errors(const Exhibit& e) {
  std::string out;
  for (const RecordedErrors& one : e.errors) {
    out +=
        table(fmt::format("Largest errors of {} in ULP, from docs/{}", one.function, one.document),
              error_columns(), error_rows(one));
  }
  return out;
}

std::string times(const Exhibit& e) {
  std::string out;
  for (std::size_t i = 0; i < e.times.size(); ++i) {
    const RecordedTable& t = e.times[i];
    std::vector<std::string> columns = t.columns;
    if (columns.front().empty()) columns.front() = "what";
    // Several tables may have one section; places that scroll need names of their own.
    const std::string name = fmt::format("{}. {}", i + 1, t.section);
    out += table(name, columns, t.rows) +
           fmt::format(R"(<p class="hint">{}</p>)", escape(typeset(t.note)));
  }
  return out.empty() ? out : paragraph("As recorded in docs/performance.md.") + out;
}

std::string experiments(const Exhibit& e) {
  std::string out;
  for (const Experiment* one : e.experiments) {
    out += fmt::format("<li><code>actfn experiment {}</code> {}</li>", one->name,
                       escape(typeset(one->claim)));
  }
  return out.empty() ? out : R"(<ul class="experiments">)" + out + "</ul>";
}

std::string commands(const Exhibit& e) {
  const std::string spec = to_string(e.function);
  const std::string quoted = spec.find('(') == std::string::npos ? spec : "'" + spec + "'";
  std::string lines = escape("actfn show " + quoted);
  if (e.facts.curve) lines += "\n" + escape(fmt::format("actfn plot {} --order 0,1,2", quoted));
  if (e.about->kind == Kind::elementwise) {
    const std::string_view other = e.about->name == "relu" ? "gelu" : "relu";
    const std::string list = spec.find('(') == std::string::npos
                                 ? fmt::format("{},{}", spec, other)
                                 : fmt::format("'{},{}'", spec, other);
    lines += "\n" + escape("actfn compare --activations " + list);
  }
  return fmt::format(R"(<pre class="command"><code>{}</code></pre>)", lines);
}

std::string hint(const Exhibit& e) {
  if (!e.facts.properties) return {};
  return fmt::format(R"(<p class="hint">{}</p>)", kHowComputed);
}

}  // namespace

std::string exhibit_page(const std::vector<Exhibit>& all, std::size_t which) {
  const Exhibit& e = all[which];
  const std::string body =
      opening(all, which) + figures(e) +
      section("When to use it, and when not", paragraph(e.about->use)) +
      section("Properties", facts(e.facts.facts) + hint(e)) + section("Definition", definition(e)) +
      section("In other frameworks", names_elsewhere(e)) + section("Accuracy", errors(e)) +
      section("Speed", times(e)) + section("Experiments that name it", experiments(e)) +
      section("Try it", commands(e));
  return chart_page(fmt::format("{} · actfn gallery", e.about->name), assets::gallery_css, body);
}

}  // namespace actfn::lab
