// Checks of arguments, shared by the functions of the public API. Each throws Error.
#pragma once

#include <actfn/activation.h>

#include <span>
#include <string_view>

namespace actfn {

struct NamedArray {
  std::string_view name;
  std::span<const float> data;
};

// Equal lengths, and either the very same memory or none in common.
void check_arrays(const Activation& f, NamedArray in, NamedArray out);

// No memory in common.
void check_apart(const Activation& f, NamedArray a, NamedArray b);

// z consists of whole rows as long as bias, and does not overlap it.
void check_rows(const Activation& f, std::span<const float> bias, std::span<const float> z);

}  // namespace actfn
