// SPDX-License-Identifier: Apache-2.0
// A graph of ONNX operators, and its bytes. Values have names; each operator gives new ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace actfn::onnx {

class Message;

inline constexpr int kFirstOpset = 17;
inline constexpr int kLastOpset = 24;

// ONNX's numbers for the types of tensors.
enum class DataType : std::int64_t { float32 = 1, int64 = 7, float64 = 11 };

struct Attribute {
  std::string name;
  std::variant<std::int64_t, float, std::string, std::vector<std::int64_t>> value;
};

// A length, or a name that stands for any length.
using Dimension = std::variant<std::int64_t, std::string>;

class Graph {
 public:
  // `name` and `about` are for readers. Throws Error: "[onnx] opset must be from 17 to 24, got 9".
  Graph(std::string name, std::string about, int opset);

  int opset() const { return opset_; }

  // Adds the operator, and gives the name of its output.
  std::string add(std::string_view op, std::vector<std::string> inputs,
                  std::vector<Attribute> attributes = {});
  // The names of its `outputs` outputs.
  std::vector<std::string> add_many(std::string_view op, std::vector<std::string> inputs,
                                    std::vector<Attribute> attributes, std::size_t outputs);

  // A number, or a list of whole numbers: the same name for the same value.
  std::string constant(double value, DataType type = DataType::float32);
  std::string whole(std::int64_t value);                     // a scalar
  std::string wholes(std::span<const std::int64_t> values);  // a list
  std::string wholes(std::initializer_list<std::int64_t> values) {
    return wholes(std::span(values.begin(), values.size()));
  }
  // Learned numbers under a name of their own; gives the name. Throws Error where they are more
  // than a model may have: "[onnx] 0.weight brings the weights to 4294967296 bytes: a model has
  // room for 2146435072".
  std::string weights(const std::string& name, std::span<const std::int64_t> shape,
                      std::span<const float> values);
  // The same for numbers that are not learned: the name of the first ones for equal numbers.
  std::string table(const std::string& name, std::span<const std::int64_t> shape,
                    std::span<const float> values);

  // The operators whose reduced axis is an attribute before opset 18 and an input from then on:
  // along the last axis, which stays with the length 1.
  std::string reduce(std::string_view op, const std::string& x, bool keep = true);

  // The model, whose input is "x", and whose output is `y` under the name "y".
  std::string model(const std::string& y, std::span<const Dimension> x_shape,
                    std::span<const Dimension> y_shape) const;

 private:
  struct Node {
    std::string op;
    std::vector<std::string> inputs, outputs;
    std::vector<Attribute> attributes;
  };
  struct Initializer {
    std::string name;
    DataType type;
    std::vector<std::int64_t> shape;
    std::string bytes;  // little-endian
    bool learned = false;
  };

  static Message message_of(const Node& node, const std::string& y);
  static Message message_of(const Initializer& initializer);
  std::string new_name(std::string_view op);
  std::string initializer(Initializer added);
  std::string add_floats(const std::string& name, std::span<const std::int64_t> shape,
                         std::span<const float> values, bool learned);

  std::string name_, about_;
  int opset_;
  std::vector<Node> nodes_;
  std::vector<Initializer> initializers_;
  std::size_t weight_bytes_ = 0;
  std::map<std::string, std::size_t, std::less<>> names_;  // how many values begin so
};

}  // namespace actfn::onnx
