// "name(parameter=value,…)" for the lists whose parameters are all numbers with defaults.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace actfn {

struct NamedNumber {
  std::string_view name;
  double* value;
};

// Which of `names` stands in front; throws Error, `kind` being what they are: "random activation".
std::size_t read_name(std::string_view spec, std::string_view kind,
                      std::span<const std::string_view> names);

// Assigns what stands in parentheses.
void read_numbers(std::string_view spec, std::string_view name,
                  std::span<const NamedNumber> numbers);

// The inverse: `defaults` has the same names.
std::string write_spec(std::string_view name, std::span<const NamedNumber> numbers,
                       std::span<const NamedNumber> defaults);

// The index-th alternative of a list, with its defaults.
template <class List, std::size_t... i>
List default_of(std::size_t index, std::index_sequence<i...> /*all*/) {
  const std::array<List, sizeof...(i)> all = {std::variant_alternative_t<i, List>{}...};
  return all.at(index);
}
template <class List>
List default_of(std::size_t index) {
  return default_of<List>(index, std::make_index_sequence<std::variant_size_v<List>>());
}

}  // namespace actfn
