// SPDX-License-Identifier: Apache-2.0
#include "onnx/graph.h"

#include <actfn/version.h>

#include "catalogue/error.h"
#include "catalogue/size.h"
#include "onnx/protobuf.h"

#include <algorithm>
#include <bit>
#include <cctype>

namespace actfn::onnx {
namespace {

// The first version of the format that has opset 17. A runtime reads older versions, too.
constexpr std::int64_t kIrVersion = 8;
// protobuf's limit for a whole model, less what is left for operators.
constexpr std::size_t kMostBytes = (std::size_t{1} << 31U) - (std::size_t{1} << 20U);

template <class Unsigned>
void append_little_endian(std::string& to, Unsigned number) {
  for (unsigned shift = 0; shift < 8 * sizeof number; shift += 8) {
    to.push_back(static_cast<char>(number >> shift & 0xFFU));
  }
}

std::string bytes_of(double value, DataType type) {
  std::string bytes;
  if (type == DataType::float64) {
    append_little_endian(bytes, std::bit_cast<std::uint64_t>(value));
  } else {
    append_little_endian(bytes, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
  }
  return bytes;
}

std::string bytes_of(std::span<const std::int64_t> values) {
  std::string bytes;
  for (const std::int64_t v : values) append_little_endian(bytes, static_cast<std::uint64_t>(v));
  return bytes;
}

// The messages below have the fields of onnx.proto3.

// AttributeProto; its type is the last number.
struct AttributeFields {
  Message& m;
  void operator()(std::int64_t i) const { m.add(3, i), type(2); }
  void operator()(float f) const { m.add(2, f), type(1); }
  void operator()(const std::string& s) const { m.add(4, s), type(3); }
  void operator()(const std::vector<std::int64_t>& ints) const {
    for (const std::int64_t i : ints) m.add(8, i);
    type(7);
  }
  void type(std::int64_t number) const { m.add(20, number); }
};

Message message_of(const Attribute& attribute) {
  Message m;
  m.add(1, attribute.name);
  std::visit(AttributeFields{m}, attribute.value);
  return m;
}

// ValueInfoProto, of a float32 tensor.
Message value_info(std::string_view name, std::span<const Dimension> shape) {
  Message dimensions;
  for (const Dimension& d : shape) {
    Message one;
    if (const auto* const length = std::get_if<std::int64_t>(&d)) {
      one.add(1, *length);
    } else {
      one.add(2, std::get<std::string>(d));
    }
    dimensions.add(1, one);
  }
  Message tensor;
  tensor.add(1, static_cast<std::int64_t>(DataType::float32));
  tensor.add(2, dimensions);
  Message type;
  type.add(1, tensor);
  Message m;
  m.add(1, name);
  m.add(2, type);
  return m;
}

Message opset_import(int opset) {
  Message m;
  m.add(1, std::string_view());
  m.add(2, std::int64_t{opset});
  return m;
}

}  // namespace

Graph::Graph(std::string name, std::string about, int opset)
    : name_(std::move(name)), about_(std::move(about)), opset_(opset) {
  if (opset >= kFirstOpset && opset <= kLastOpset) return;
  fail("onnx", {"opset must be from ", kFirstOpset, " to ", kLastOpset, ", got ", opset});
}

std::string Graph::new_name(std::string_view op) {
  std::string begin(op);
  std::ranges::transform(begin, begin.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return begin + "_" + std::to_string(names_[begin]++);
}

std::vector<std::string> Graph::add_many(std::string_view op, std::vector<std::string> inputs,
                                         std::vector<Attribute> attributes, std::size_t outputs) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < outputs; ++i) names.push_back(new_name(op));
  nodes_.push_back({std::string(op), std::move(inputs), names, std::move(attributes)});
  return names;
}

std::string Graph::add(std::string_view op, std::vector<std::string> inputs,
                       std::vector<Attribute> attributes) {
  return add_many(op, std::move(inputs), std::move(attributes), 1).front();
}

// One that is not learned is there once; without a name it gets a new one.
std::string Graph::initializer(Initializer added) {
  const auto equals = [&added](const Initializer& known) {
    return !known.learned && known.type == added.type && known.shape == added.shape &&
           known.bytes == added.bytes;
  };
  const auto known = std::ranges::find_if(initializers_, equals);
  if (!added.learned && known != initializers_.end()) return known->name;
  if (added.name.empty()) added.name = new_name("constant");
  initializers_.push_back(std::move(added));
  return initializers_.back().name;
}

std::string Graph::constant(double value, DataType type) {
  return initializer({"", type, {}, bytes_of(value, type)});
}

std::string Graph::whole(std::int64_t value) {
  return initializer({"", DataType::int64, {}, bytes_of(std::span(&value, 1))});
}

std::string Graph::wholes(std::span<const std::int64_t> values) {
  const auto length = static_cast<std::int64_t>(values.size());
  return initializer({"", DataType::int64, {length}, bytes_of(values)});
}

std::string Graph::weights(const std::string& name, std::span<const std::int64_t> shape,
                           std::span<const float> values) {
  return add_floats(name, shape, values, true);
}

std::string Graph::table(const std::string& name, std::span<const std::int64_t> shape,
                         std::span<const float> values) {
  return add_floats(name, shape, values, false);
}

std::string Graph::add_floats(const std::string& name, std::span<const std::int64_t> shape,
                              std::span<const float> values, bool learned) {
  const Size size = Size(values.size()) * sizeof(float) + weight_bytes_;
  if (size > kMostBytes) {
    fail("onnx", {name, " brings the weights to ", size.value(), " bytes: a model has room for ",
                  kMostBytes});
  }
  std::string bytes;
  bytes.reserve(values.size() * sizeof(float));
  for (const float v : values) append_little_endian(bytes, std::bit_cast<std::uint32_t>(v));
  const std::size_t before = initializers_.size();
  std::string got = initializer(
      {name, DataType::float32, {shape.begin(), shape.end()}, std::move(bytes), learned});
  if (initializers_.size() > before) weight_bytes_ = size.value();
  return got;
}

std::string Graph::reduce(std::string_view op, const std::string& x, bool keep) {
  const Attribute keepdims = {"keepdims", std::int64_t{keep ? 1 : 0}};
  if (opset_ >= 18 || op == "ReduceSum") return add(op, {x, wholes({-1})}, {keepdims});
  return add(op, {x}, {{"axes", std::vector<std::int64_t>{-1}}, keepdims});
}

Message Graph::message_of(const Initializer& initializer) {
  Message m;
  for (const std::int64_t length : initializer.shape) m.add(1, length);
  m.add(2, static_cast<std::int64_t>(initializer.type));
  m.add(8, initializer.name);
  m.add(9, initializer.bytes);
  return m;
}

// The value `y` is called "y".
Message Graph::message_of(const Node& node, const std::string& y) {
  const auto name = [&y](const std::string& value) { return value == y ? "y" : value; };
  Message m;
  for (const std::string& input : node.inputs) m.add(1, input == "x" ? input : name(input));
  for (const std::string& output : node.outputs) m.add(2, name(output));
  m.add(3, name(node.outputs.front()));
  m.add(4, node.op);
  for (const Attribute& a : node.attributes) m.add(5, onnx::message_of(a));
  return m;
}

std::string Graph::model(const std::string& y, std::span<const Dimension> x_shape,
                         std::span<const Dimension> y_shape) const {
  Message graph;
  for (const Node& node : nodes_) graph.add(1, message_of(node, y));
  const bool is_input = std::ranges::none_of(
      nodes_, [&y](const Node& node) { return std::ranges::count(node.outputs, y) > 0; });
  if (is_input) graph.add(1, message_of({"Identity", {y}, {"y"}, {}}, "y"));
  graph.add(2, name_);
  for (const Initializer& i : initializers_) graph.add(5, message_of(i));
  graph.add(10, about_);
  graph.add(11, value_info("x", x_shape));
  graph.add(12, value_info("y", y_shape));
  Message model;
  model.add(1, kIrVersion);
  model.add(2, std::string_view("actfn"));
  model.add(3, std::string_view(ACTFN_VERSION));
  model.add(7, graph);
  model.add(8, opset_import(opset_));
  return model.bytes();
}

}  // namespace actfn::onnx
