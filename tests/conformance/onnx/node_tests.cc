// SPDX-License-Identifier: Apache-2.0
#include "conformance/onnx/node_tests.h"

#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "conformance/onnx/counts.h"

namespace actfn::conformance {
namespace {

namespace fs = std::filesystem;

fs::path folder() {
  const char* shared = std::getenv("ACTFN_SHARED");
  return (shared != nullptr ? fs::path(shared) : fs::path(ACTFN_SOURCE_DIR) / ".." / "shared") /
         "onnx-node";
}

template <class Message>
Message read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  Message message;
  if (!in || !message.ParseFromIstream(&in)) {
    throw std::runtime_error(file.string() + ": cannot be read");
  }
  return message;
}

Type type_of(int onnx_type) {
  switch (onnx_type) {
    case onnx::TensorProto::FLOAT:
      return Type::float32;
    case onnx::TensorProto::DOUBLE:
      return Type::float64;
    case onnx::TensorProto::BFLOAT16:
      return Type::bfloat16;
    case onnx::TensorProto::FLOAT16:
      return Type::float16;
    default:
      throw std::runtime_error("no type of ours: " + std::to_string(onnx_type));
  }
}

// The elements of a tensor of T's.
template <class T>
Buffer as_doubles(const std::string& bytes) {
  Buffer all(Type::float64, bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < all.size(); ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    all.set(i, static_cast<double>(value));
  }
  return all;
}

Buffer elements_of(const onnx::TensorProto& tensor) {
  const std::string& bytes = tensor.raw_data();
  if (tensor.data_type() == onnx::TensorProto::BOOL) return as_doubles<std::uint8_t>(bytes);
  if (tensor.data_type() == onnx::TensorProto::INT64) return as_doubles<std::int64_t>(bytes);
  return {type_of(tensor.data_type()), std::string_view(bytes)};
}

Value read_value(const fs::path& file) {
  const auto tensor = read<onnx::TensorProto>(file);
  std::vector<std::size_t> lengths;
  for (const auto length : tensor.dims()) lengths.push_back(static_cast<std::size_t>(length));
  Value value{Shape(std::span<const std::size_t>(lengths)), elements_of(tensor),
              tensor.data_type() == onnx::TensorProto::BOOL};
  std::size_t count = 1;
  for (const auto length : lengths) count *= length;
  if (count != value.elements.size()) throw std::runtime_error(file.string() + ": not raw data");
  return value;
}

Node read_node(const fs::path& file) {
  const auto graph = read<onnx::ModelProto>(file).graph();
  if (graph.node_size() != 1) throw std::runtime_error(file.string() + ": more than one node");
  const auto& from = graph.node(0);
  Node node{from.op_type(), {}, {}, {}, {}};
  node.inputs.assign(from.input().begin(), from.input().end());
  node.outputs.assign(from.output().begin(), from.output().end());
  for (const auto& attribute : from.attribute()) {
    if (attribute.type() == onnx::AttributeProto::FLOAT) {
      node.numbers[attribute.name()] = attribute.f();
    } else if (attribute.type() == onnx::AttributeProto::INT) {
      node.numbers[attribute.name()] = static_cast<double>(attribute.i());
    } else {
      node.words[attribute.name()] = attribute.s();
    }
  }
  return node;
}

std::vector<Value> read_values(const fs::path& data, const std::string& kind) {
  std::vector<Value> values;
  for (int i = 0;; ++i) {
    const fs::path file = data / (kind + "_" + std::to_string(i) + ".pb");
    if (!fs::exists(file)) return values;
    values.push_back(read_value(file));
  }
}

NodeTest read_test(const fs::path& directory) {
  NodeTest test{directory.filename(), read_node(directory / "model.onnx"), {}, {}, {}};
  const fs::path data = directory / "test_data_set_0";
  test.inputs = read_values(data, "input");
  test.outputs = read_values(data, "output");
  test.output = test.outputs.at(0);
  return test;
}

// One unit in the last place of 16 bits: ONNX' reference works in those.
double tolerance(Type type, double want) {
  const double size = std::abs(want);
  if (type == Type::float16) return std::max(size, 0x1p-14) * 0x1p-10;
  if (type == Type::bfloat16) return size * 0x1p-7;
  return std::max(size, 1.0) * 1e-6;
}

}  // namespace

void expect_close(const NodeTest& test, const Value& got, const Value& want) {
  double worst = 0;
  // ONNX' reference of Attention rounds to 16 bits between its steps.
  const bool rounds = test.node.operation == "Attention" && size_of(got.elements.type()) == 2;
  const double units = rounds ? 2 : 1;
  ASSERT_EQ(got.elements.size(), want.elements.size());
  for (std::size_t i = 0; i < got.elements.size(); ++i) {
    const double difference = std::abs(got.elements[i] - want.elements[i]);
    EXPECT_LE(difference, units * tolerance(got.elements.type(), want.elements[i]))
        << i << ": " << got.elements[i] << ", not " << want.elements[i];
    worst = std::max(worst, difference / std::max(std::abs(want.elements[i]), 1.0));
  }
  std::ostringstream text;
  text << worst;
  ::testing::Test::RecordProperty(test.name, text.str());
}

const std::vector<NodeTest>& node_tests() {
  static const std::vector<NodeTest> tests = [] {
    std::vector<NodeTest> all;
    if (!fs::is_directory(folder())) return all;
    for (const auto& entry : fs::directory_iterator(folder())) {
      if (entry.is_directory()) all.push_back(read_test(entry.path()));
    }
    return all;
  }();
  return tests;
}

bool are_there(const std::string& operation) {
  return std::any_of(node_tests().begin(), node_tests().end(),
                     [&](const NodeTest& test) { return test.node.operation == operation; });
}

namespace {

// How many tests the function has computed.
std::size_t run_all(const Computed& one) {
  std::size_t run = 0;
  for (const NodeTest& test : node_tests()) {
    if (test.node.operation != one.operation) continue;
    SCOPED_TRACE(test.name);
    Value got{test.output.shape, Buffer(test.output.elements.type(), test.output.elements.size()),
              false};
    bool is_ours = false;
    EXPECT_NO_THROW(is_ours = one.run(test.node, test.inputs, got));
    if (!is_ours) continue;
    expect_close(test, got, test.output);
    ++run;
  }
  return run;
}

}  // namespace

void expect_agreement(const std::vector<Computed>& all) {
  if (node_tests().empty()) GTEST_SKIP() << "no node tests at " << folder();
  for (const Computed& one : all) {
    const std::string name = one.operation + " by " + one.function;
    SCOPED_TRACE(name);
    const std::size_t wanted = node_tests_of(one.operation, one.function);
    EXPECT_GT(wanted, 0U) << "counts.h does not have it";
    EXPECT_EQ(run_all(one), wanted);
  }
}

}  // namespace actfn::conformance
