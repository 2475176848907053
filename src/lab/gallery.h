// SPDX-License-Identifier: Apache-2.0
// The gallery: a page for each function of the catalogue, and an index to find them by.
#pragma once

#include "lab/function_facts.h"
#include "lab/gallery_charts.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab {

// A parameter, with the value that the example has for it.
struct DefinedParameter {
  std::string_view name;
  std::string value;
  bool required = false;  // there is no default
  std::string may_be;     // "finite and positive", "none or tanh"
};

// What a page has under "Definition".
struct Definition {
  std::string_view formula;
  std::string_view derivative;
  bool names_derivative = false;  // the derivative says itself what it is of: "dy/da = …"
  std::string_view shapes;        // empty for functions of single numbers
  std::vector<DefinedParameter> parameters;
  std::string_view source;
};

// All that a page shows of a function.
struct Exhibit {
  const FunctionInfo* about = nullptr;
  Function function;  // the catalogue's example
  FunctionFacts facts;
  Pictures pictures;
  std::vector<RecordedErrors> errors;
  std::vector<RecordedTable> times;
  std::vector<const Experiment*> experiments;
  Definition definition;
  // The names that mean it, and behind them, with no function, those that mean something else.
  std::vector<Alias> names_elsewhere;
};

// In the catalogue's order.
std::vector<Exhibit> exhibits();

enum class GalleryForm {
  pages,    // index.html and NAME.html
  markdown  // README.md, NAME.md and their pictures, for places that show no pages of HTML
};

// The files by name, in the order in which they are to be written: the index is the last.
struct GalleryFile {
  std::string name;
  std::string content;
};
std::vector<GalleryFile> gallery_files(GalleryForm form);

// Writes them into a directory, which it makes. Throws std::runtime_error where it cannot.
void write_gallery(GalleryForm form, const std::filesystem::path& directory);

// In a line: the form that the example chooses, with the parameters by name where it chooses none.
std::string short_formula(const Exhibit& exhibit);

// How properties of functions of one number are computed.
inline constexpr std::string_view kHowComputed =
    "All of it is computed: values and derivatives in float64, pieces from the definition, means "
    "as "
    "integrals. N(0, 1) is the standard normal distribution. From layer to layer: weights with the "
    "sum 0 and the sum of squares 1, inputs from a normal distribution with the mean 0.";

// What thumbnails show.
inline constexpr std::string_view kThumbnails =
    "The pictures have the function as a solid line and its derivative as a dotted one, from −4 to "
    "4; of a row or a group, the first output and the others.";

// The columns of a table of names_elsewhere; kNoFunction is in "here" where there is none.
std::vector<std::string> name_columns();
inline constexpr std::string_view kNoFunction = "no function here";

// Of gallery_files().
std::string exhibit_page(const std::vector<Exhibit>& all, std::size_t which);
std::string gallery_index(const std::vector<Exhibit>& all);
std::string exhibit_markdown(const Exhibit& exhibit);
std::string gallery_markdown(const std::vector<Exhibit>& all);

}  // namespace actfn::lab
