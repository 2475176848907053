// SPDX-License-Identifier: Apache-2.0
// What one sample is, as networks see it.
#pragma once

#include "data/dataset.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace actfn::lab {

struct SampleForm {
  enum class Kind { numbers, image, tokens };  // tokens: [height items, width tokens of each]

  constexpr SampleForm() = default;
  // So many numbers.
  constexpr SampleForm(std::size_t count)  // NOLINT(google-explicit-constructor): no more is needed
      : shape{1, 1, count} {}
  constexpr SampleForm(Kind is, const data::SampleShape& of, std::size_t different = 0)
      : kind(is), shape(of), vocabulary(different) {}

  std::size_t size() const { return shape.size(); }
  bool operator==(const SampleForm&) const = default;

  Kind kind = Kind::numbers;
  data::SampleShape shape = {1, 1, 784};  // MNIST's and Fashion-MNIST's
  std::size_t vocabulary = 0;             // of tokens: how many different ones there are
};

SampleForm form_of(const data::Dataset& data);

// "30 columns of numbers", "images of 28x28", "sequences of 5 items of 2 tokens"
std::string to_string(const SampleForm& form);

// "numbers", "image", "tokens". The second one throws Error for other names.
std::string_view kind_name(SampleForm::Kind kind);
SampleForm::Kind parse_kind(std::string_view name);

}  // namespace actfn::lab
