#include "api/row_parse.h"

#include "api/number.h"
#include "api/spec.h"
#include "api/tensors.h"

#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace actfn {
namespace {

// In the order of the list.
constexpr std::string_view kNames[] = {"softmax",   "softmin", "log_softmax",
                                       "sparsemax", "entmax",  "hardmax"};

static_assert(std::size(kNames) == std::variant_size_v<RowActivation>);

// None of them has more than one parameter.
std::vector<NamedNumber> numbers_of(RowActivation& f) {
  return std::visit(
      [](auto& p) -> std::vector<NamedNumber> {
        if constexpr (requires { p.temperature; }) return {{"temperature", &p.temperature}};
        if constexpr (requires { p.alpha; }) return {{"alpha", &p.alpha}};
        return {};
      },
      f);
}

}  // namespace

std::string_view row_name(const RowActivation& f) { return kNames[f.index()]; }

RowActivation parse_row_activation(std::string_view spec) {
  const std::size_t index = read_name(spec, "row activation", kNames);
  RowActivation f = default_of<RowActivation>(index);
  read_numbers(spec, kNames[index], numbers_of(f));
  validate(f);
  return f;
}

std::string to_string(const RowActivation& f) {
  RowActivation own = f;
  RowActivation usual = default_of<RowActivation>(f.index());
  return write_spec(row_name(f), numbers_of(own), numbers_of(usual));
}

void validate(const RowActivation& f) {
  RowActivation own = f;
  for (const NamedNumber& p : numbers_of(own)) {
    const auto value = static_cast<float>(*p.value);  // what float32 rows read
    const bool alpha = p.name == "alpha";
    if (std::isfinite(value) && (alpha ? value >= 1 : value > 0)) continue;
    fail(row_name(f), {p.name, alpha ? " must be at least 1" : " must be positive",
                       " and finite, got ", write_number(*p.value)});
  }
}

}  // namespace actfn
