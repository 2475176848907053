// "name(parameter=value,…)" for the lists whose parameters are all numbers with defaults.
#pragma once

#include <span>
#include <string>
#include <string_view>

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

}  // namespace actfn
