// SPDX-License-Identifier: Apache-2.0
#include "lab/gallery.h"

#include "lab/replace_file.h"
#include "lab/report_formula.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace actfn::lab {
namespace {

constexpr std::string_view kWho = "gallery";

std::string may_be(const ParameterInfo& p) {
  return p.choices.empty() ? std::string(p.condition)
                           : fmt::format("{}", fmt::join(p.choices, " or "));
}

Definition definition_of(const FunctionInfo& about) {
  Definition d{.formula = about.formula,
               .derivative = about.derivative,
               .names_derivative = about.derivative.starts_with("dy"),
               .shapes = about.kind == Kind::elementwise ? std::string_view() : about.shapes,
               .parameters = {},
               .source = about.source};
  for (const ParameterInfo& p : about.parameters) {
    d.parameters.push_back({p.name, parameter_text(p, about.example), p.required, may_be(p)});
  }
  return d;
}

std::vector<Alias> names_elsewhere_of(const FunctionInfo& about) {
  std::vector<Alias> names = aliases_of(about);
  const std::vector<Alias> others = lookalikes_of(about);
  names.insert(names.end(), others.begin(), others.end());
  return names;
}

Exhibit exhibit_of(const FunctionInfo& about) {
  Exhibit e;
  e.about = &about;
  e.function = about.example;
  e.facts = facts_of(e.function);
  e.pictures = pictures_of(e.function, e.facts);
  e.errors = recorded_errors(about);
  e.times = recorded_times(about);
  e.experiments = experiments_about(about);
  e.definition = definition_of(about);
  e.names_elsewhere = names_elsewhere_of(about);
  return e;
}

std::vector<GalleryFile> pages_of(const std::vector<Exhibit>& all) {
  std::vector<GalleryFile> files;
  for (std::size_t i = 0; i < all.size(); ++i) {
    files.push_back({std::string(all[i].about->name) + ".html", exhibit_page(all, i)});
  }
  files.push_back({"index.html", gallery_index(all)});
  return files;
}

std::vector<GalleryFile> markdown_of(const std::vector<Exhibit>& all) {
  std::vector<GalleryFile> files;
  for (const Exhibit& e : all) {
    const std::string name(e.about->name);
    for (const auto& [chart, readings] : e.pictures.all) {
      files.push_back({fmt::format("pictures/{}-{}.svg", name, chart.file), chart_svg(chart)});
    }
    files.push_back({fmt::format("pictures/{}.svg", name), thumbnail_svg(name, e.pictures)});
    files.push_back({name + ".md", exhibit_markdown(e)});
  }
  files.push_back({"README.md", gallery_markdown(all)});
  return files;
}

}  // namespace

std::vector<Exhibit> exhibits() {
  std::vector<Exhibit> all;
  for (const FunctionInfo& about : catalogue()) all.push_back(exhibit_of(about));
  return all;
}

std::vector<std::string> name_columns() {
  return {"name", "here", "formula", "operands", "used by"};
}

std::string short_formula(const Exhibit& exhibit) {
  const auto& parameters = exhibit.about->parameters;
  const bool chooses = std::ranges::any_of(
      parameters, [](const ParameterInfo& p) { return p.type == ParameterInfo::Type::choice; });
  return chooses ? report::formula_of(exhibit.function) : report::readable(exhibit.about->formula);
}

std::vector<GalleryFile> gallery_files(GalleryForm form) {
  const std::vector<Exhibit> all = exhibits();
  return form == GalleryForm::pages ? pages_of(all) : markdown_of(all);
}

void write_gallery(GalleryForm form, const std::filesystem::path& directory) {
  make_directories(kWho, form == GalleryForm::markdown ? directory / "pictures" : directory);
  for (const GalleryFile& file : gallery_files(form)) {
    replace_file(kWho, directory / file.name, file.content);
  }
}

}  // namespace actfn::lab
