// SPDX-License-Identifier: Apache-2.0
// The index of the gallery: all functions, with a search and filters.
#include "lab/assets.h"
#include "lab/gallery.h"
#include "lab/page.h"
#include "lab/report_formula.h"
#include "lab/report_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace actfn::lab {
namespace {

using report::escape;

// What the search finds it by.
std::string words_of(const Exhibit& e) {
  std::string words = fmt::format("{} {} {}", e.about->name, e.about->title, e.about->formula);
  for (const Alias& alias : e.names_elsewhere) {
    if (!alias.function.empty()) words += fmt::format(" {}", alias.name);
  }
  return words;
}

// "never flat" as a value of an attribute.
std::string attribute(std::string_view tag) {
  std::string out(tag);
  for (char& c : out) {
    if (c == ' ') c = '-';
  }
  return out;
}

std::string card(const Exhibit& e) {
  std::string tags;
  for (const std::string& tag : e.facts.tags) tags += (tags.empty() ? "" : " ") + attribute(tag);
  return fmt::format(R"(<li class="card" data-kind="{}" data-tags="{}" data-words="{}">)"
                     R"(<a href="{}.html">{}<span>{}</span></a><p class="formula">{}</p>)"
                     R"(<p class="about">{}</p></li>)",
                     name_of(e.about->kind), tags, escape(words_of(e)), e.about->name,
                     thumbnail_inline(e.pictures), escape(e.about->name),
                     report::formula_html(short_formula(e)),
                     fmt::format("{}", fmt::join(e.facts.tags, " · ")));
}

std::string_view heading(Kind kind) {
  switch (kind) {
    case Kind::elementwise:
      return "Of single numbers";
    case Kind::row:
      return "Of rows";
    case Kind::gate:
      return "Gates";
    case Kind::random:
      return "Random in training";
    case Kind::learned:
      return "Learned";
    case Kind::grouped:
      return "Of groups";
  }
  return "";
}

std::string cards(const std::vector<Exhibit>& all) {
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Kind kind = all[i].about->kind;
    if (i == 0 || kind != all[i - 1].about->kind) {
      out += fmt::format(R"(<section class="kind"><h2>{}</h2><ul class="cards">)", heading(kind));
    }
    out += card(all[i]);
    if (i + 1 == all.size() || all[i + 1].about->kind != kind) out += "</ul></section>";
  }
  return out;
}

std::string kinds(const std::vector<Exhibit>& all) {
  std::string out = R"(<option value="">all kinds</option>)";
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Kind kind = all[i].about->kind;
    if (i > 0 && kind == all[i - 1].about->kind) continue;
    out += fmt::format(R"(<option value="{0}">{0}</option>)", name_of(kind));
  }
  return out;
}

// A script shows it and makes it work.
std::string filters(const std::vector<Exhibit>& all) {
  std::string boxes;
  for (const Tag& tag : kTags) {
    boxes +=
        fmt::format(R"(<label title="{}"><input type="checkbox" name="has" value="{}"> {}</label>)",
                    tag.meaning, attribute(tag.name), tag.name);
  }
  return fmt::format(R"(<form class="filters" role="search" hidden><div class="fields">)"
                     R"(<label>Search <input type="search" name="find" autocomplete="off" )"
                     R"(placeholder="gelu, hard, min"></label>)"
                     R"(<label>Kind <select name="kind">{}</select></label></div>)"
                     R"(<fieldset><legend>Only functions that are</legend>{}</fieldset>)"
                     R"(<p class="found"><output name="count" aria-live="polite"></output> )"
                     R"(<button type="reset">Show all</button></p></form>)",
                     kinds(all), boxes);
}

std::string meanings() {
  std::string out;
  for (const Tag& tag : kTags) {
    out += fmt::format("<div><dt>{}</dt><dd>{}.</dd></div>", tag.name, tag.meaning);
  }
  return R"(<section><h2>What the words mean</h2><dl class="facts">)" + out + "</dl></section>";
}

}  // namespace

std::string gallery_index(const std::vector<Exhibit>& all) {
  using namespace assets;
  const std::string body = fmt::format(
      R"(<main><header><p class="scope"><b>actfn gallery</b></p><h1>{} activation functions</h1>)"
      R"(<p>Each with its curve, its computed properties, its errors and its time. {}</p>)"
      R"(</header>{}{}{}</main>)",
      all.size(), kThumbnails, filters(all), cards(all), meanings());
  return html_page({.title = "Activation functions · actfn gallery",
                    .styles = fmt::format("{}{}{}{}", report_css, report_tables_css,
                                          report_print_css, gallery_css),
                    .scripts = fmt::format("{}{}", report_base_js, gallery_js),
                    .body = body});
}

}  // namespace actfn::lab
