// SPDX-License-Identifier: Apache-2.0
#include "pytorch/case.h"

#include <utility>

namespace actfn::pytorch {
namespace {

// Copies a matrix [rows, columns] to its transpose.
void transpose(std::span<const float> from, std::size_t rows, std::size_t columns,
               std::span<float> to) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) to[c * rows + r] = from[r * columns + c];
  }
}

std::vector<std::size_t> shape_of(const nn::Parameter& p) {
  return {p.shape.begin(), p.shape.end()};
}

}  // namespace

void Array::require(std::string_view code) const {
  if (code != type_) throw std::runtime_error("a tensor has the type " + type_);
}

Type Array::float_type() const {
  if (type_ == kCode<float>) return Type::float32;
  if (type_ == kCode<double>) return Type::float64;
  if (type_ == kCode<bfloat16>) return Type::bfloat16;
  if (type_ == kCode<float16>) return Type::float16;
  throw std::runtime_error("a tensor has the type " + type_);
}

const Array& Case::input(const std::string& name) const {
  const auto found = inputs.find(name);
  if (found == inputs.end()) throw std::runtime_error("the case has no tensor " + name);
  return found->second;
}

void set_parameters(const Case& given, std::span<const nn::Parameter> parameters) {
  for (const nn::Parameter& p : parameters) {
    const Array& values = given.input("parameters." + p.name);
    if (values.shape() != shape_of(p)) {
      throw std::runtime_error("parameter " + p.name + " has another shape than PyTorch's");
    }
    const auto from = values.as<float>();
    if (p.transposed) {
      transpose(from, p.shape[0], p.shape[1], p.values);
    } else {
      std::copy(from.begin(), from.end(), p.values.begin());
    }
  }
}

void put_gradients(std::span<const nn::Parameter> parameters, Outputs& outputs) {
  for (const nn::Parameter& p : parameters) {
    Array copy = Array::zeros<float>(shape_of(p));
    if (p.transposed) {
      transpose(p.gradients, p.shape[1], p.shape[0], copy.as<float>());
    } else {
      std::copy(p.gradients.begin(), p.gradients.end(), copy.as<float>().begin());
    }
    outputs["gradients." + p.name] = std::move(copy);
  }
}

}  // namespace actfn::pytorch
