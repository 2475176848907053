// SPDX-License-Identifier: Apache-2.0
// Cases that tests/pytorch/run.py makes: arguments and tensors for a module of the library.
#pragma once

#include <actfn/nn/parameter.h>
#include <actfn/tensor.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace actfn::pytorch {

using Json = nlohmann::json;

// The names of types in safetensors files.
template <class T>
inline constexpr std::string_view kCode = "";
template <>
inline constexpr std::string_view kCode<float> = "F32";
template <>
inline constexpr std::string_view kCode<double> = "F64";
template <>
inline constexpr std::string_view kCode<bfloat16> = "BF16";
template <>
inline constexpr std::string_view kCode<float16> = "F16";
template <>
inline constexpr std::string_view kCode<std::int64_t> = "I64";
template <>
inline constexpr std::string_view kCode<bool> = "BOOL";

// A tensor: its elements in row-major order.
class Array {
 public:
  Array() = default;
  Array(std::string type, std::vector<std::size_t> shape, std::vector<std::byte> bytes)
      : type_(std::move(type)), shape_(std::move(shape)), bytes_(std::move(bytes)) {}
  // Zeros.
  template <class T>
  static Array zeros(std::vector<std::size_t> shape) {
    std::size_t size = sizeof(T);
    for (const std::size_t length : shape) size *= length;
    return {std::string(kCode<T>), std::move(shape), std::vector<std::byte>(size)};
  }
  // A copy of elements.
  template <class T>
  static Array of(std::vector<std::size_t> shape, std::span<const T> values) {
    Array copy = zeros<T>(std::move(shape));
    if (copy.as<T>().size() != values.size())
      throw std::runtime_error("an output has no such shape");
    std::copy(values.begin(), values.end(), copy.as<T>().begin());
    return copy;
  }

  const std::string& type() const { return type_; }
  const std::vector<std::size_t>& shape() const { return shape_; }
  const std::vector<std::byte>& bytes() const { return bytes_; }

  // T must be its type: std::runtime_error where it is another.
  template <class T>
  std::span<const T> as() const {
    require(kCode<T>);
    return {reinterpret_cast<const T*>(bytes_.data()), bytes_.size() / sizeof(T)};
  }
  template <class T>
  std::span<T> as() {
    require(kCode<T>);
    return {reinterpret_cast<T*>(bytes_.data()), bytes_.size() / sizeof(T)};
  }
  // A view of it, for the floating-point types.
  ConstTensor tensor() const { return {bytes_.data(), float_type(), Shape(shape_)}; }
  Tensor tensor() { return {bytes_.data(), float_type(), Shape(shape_)}; }

 private:
  void require(std::string_view code) const;
  Type float_type() const;

  std::string type_;
  std::vector<std::size_t> shape_;
  std::vector<std::byte> bytes_;
};

struct Case {
  Json arguments;
  std::map<std::string, Array> inputs;

  bool has(const std::string& name) const { return inputs.contains(name); }
  const Array& input(const std::string& name) const;
};

using Outputs = std::map<std::string, Array>;
using Run = Outputs (*)(const Case& given);

// Makes a module known to the driver: `const Module known("linear", run);`
struct Module {
  Module(std::string_view name, Run run);
};

// Sets all parameters to the inputs "parameters.NAME".
void set_parameters(const Case& given, std::span<const nn::Parameter> parameters);

// Adds all gradients to the outputs, as "gradients.NAME".
void put_gradients(std::span<const nn::Parameter> parameters, Outputs& outputs);

}  // namespace actfn::pytorch
