// SPDX-License-Identifier: Apache-2.0
// Runs ONNX models, read by ONNX's own classes: only the operators that the library writes, each
// computed in double and rounded to the type of its result.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace actfn::testing {

struct Array {
  enum class Type { float32, float64, int64, boolean };
  Type type = Type::float32;
  std::vector<std::size_t> shape;
  std::vector<double> values;  // row-major
};

// What is in a model, for tests of its form.
struct ModelForm {
  std::string producer, name, about;
  long ir_version, opset;
  std::vector<std::string> operators;     // in their order
  std::vector<std::string> initializers;  // their names
  std::vector<std::string> x_shape, y_shape;
};

ModelForm form_of(const std::string& model);

// y of the model for x. Throws std::runtime_error where the bytes are no model, or it has an
// operator that is not known, or an input that nothing gives.
Array run_model(const std::string& model, const Array& x);

}  // namespace actfn::testing
