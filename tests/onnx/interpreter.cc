// SPDX-License-Identifier: Apache-2.0
#include "onnx/interpreter.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "onnx/operators.h"

namespace actfn::testing {
namespace {

::onnx::ModelProto parse(const std::string& bytes) {
  ::onnx::ModelProto model;
  if (!model.ParseFromString(bytes)) throw std::runtime_error("the bytes are no model");
  return model;
}

template <class T>
void append(const std::string& bytes, Array& to) {
  for (std::size_t i = 0; i + sizeof(T) <= bytes.size(); i += sizeof(T)) {
    T value{};
    std::memcpy(&value, bytes.data() + i, sizeof value);
    to.values.push_back(static_cast<double>(value));
  }
}

Array array_of(const ::onnx::TensorProto& tensor) {
  Array a;
  a.shape.assign(tensor.dims().begin(), tensor.dims().end());
  switch (tensor.data_type()) {
    case ::onnx::TensorProto::FLOAT:
      append<float>(tensor.raw_data(), a);
      break;
    case ::onnx::TensorProto::DOUBLE:
      a.type = Array::Type::float64;
      append<double>(tensor.raw_data(), a);
      break;
    case ::onnx::TensorProto::INT64:
      a.type = Array::Type::int64;
      append<std::int64_t>(tensor.raw_data(), a);
      break;
    default:
      throw std::runtime_error("an initializer of another type");
  }
  if (a.values.size() != size_of(a.shape)) throw std::runtime_error("an initializer's size");
  return a;
}

Attributes attributes_of(const ::onnx::NodeProto& node) {
  Attributes all;
  for (const auto& a : node.attribute()) {
    switch (a.type()) {
      case ::onnx::AttributeProto::INT:
        all.ints[a.name()] = {a.i()};
        break;
      case ::onnx::AttributeProto::INTS:
        all.ints[a.name()] = {a.ints().begin(), a.ints().end()};
        break;
      case ::onnx::AttributeProto::FLOAT:
        all.floats[a.name()] = static_cast<double>(a.f());
        break;
      case ::onnx::AttributeProto::STRING:
        all.texts[a.name()] = a.s();
        break;
      default:
        throw std::runtime_error("an attribute of another type");
    }
  }
  return all;
}

std::vector<std::string> shape_of(const ::onnx::ValueInfoProto& value) {
  std::vector<std::string> all;
  for (const auto& d : value.type().tensor_type().shape().dim()) {
    all.push_back(d.has_dim_param() ? d.dim_param() : std::to_string(d.dim_value()));
  }
  return all;
}

}  // namespace

ModelForm form_of(const std::string& bytes) {
  const ::onnx::ModelProto model = parse(bytes);
  const ::onnx::GraphProto& graph = model.graph();
  ModelForm form = {model.producer_name(),
                    graph.name(),
                    graph.doc_string(),
                    model.ir_version(),
                    model.opset_import(0).version(),
                    {},
                    {},
                    shape_of(graph.input(0)),
                    shape_of(graph.output(0))};
  for (const auto& node : graph.node()) form.operators.push_back(node.op_type());
  for (const auto& tensor : graph.initializer()) form.initializers.push_back(tensor.name());
  return form;
}

Array run_model(const std::string& bytes, const Array& x) {
  const ::onnx::ModelProto model = parse(bytes);
  std::map<std::string, Array> values = {{model.graph().input(0).name(), x}};
  const auto take = [&](const std::string& name) -> const Array& {
    const auto found = values.find(name);
    if (found == values.end()) throw std::runtime_error("nothing gives " + name);
    return found->second;
  };
  for (const auto& tensor : model.graph().initializer()) values[tensor.name()] = array_of(tensor);
  for (const auto& node : model.graph().node()) {
    std::vector<Array> inputs;
    for (const auto& name : node.input()) inputs.push_back(take(name));
    const auto outputs = apply(node.op_type(), inputs, attributes_of(node));
    for (int i = 0; i < node.output_size(); ++i) {
      if (!values.emplace(node.output(i), outputs.at(static_cast<std::size_t>(i))).second) {
        throw std::runtime_error("two operators give " + node.output(i));
      }
    }
  }
  return take(model.graph().output(0).name());
}

}  // namespace actfn::testing
