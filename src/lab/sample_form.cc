// SPDX-License-Identifier: Apache-2.0
#include "lab/sample_form.h"

#include "catalogue/suggest.h"

#include <fmt/format.h>

#include <array>

namespace actfn::lab {
namespace {

constexpr std::array<std::string_view, 3> kKinds = {"numbers", "image", "tokens"};

}  // namespace

SampleForm form_of(const data::Dataset& data) {
  if (data.vocabulary > 0) return {SampleForm::Kind::tokens, data.shape, data.vocabulary};
  const bool is_table = !data.feature_names.empty();
  return {is_table ? SampleForm::Kind::numbers : SampleForm::Kind::image, data.shape};
}

std::string to_string(const SampleForm& form) {
  switch (form.kind) {
    case SampleForm::Kind::image:
      return "images of " + data::to_string(form.shape);
    case SampleForm::Kind::tokens:
      return fmt::format("sequences of {} items of {} token{}", form.shape.height,
                         form.shape.width, form.shape.width == 1 ? "" : "s");
    case SampleForm::Kind::numbers:
      break;
  }
  return fmt::format("{} column{} of numbers", form.size(), form.size() == 1 ? "" : "s");
}

std::string_view kind_name(SampleForm::Kind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

SampleForm::Kind parse_kind(std::string_view name) {
  return static_cast<SampleForm::Kind>(choose("results", "form", kKinds, name));
}

}  // namespace actfn::lab
