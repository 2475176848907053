// SPDX-License-Identifier: Apache-2.0
#include "modules/support.h"

#include <actfn/actfn.h>
#include <actfn/nn/nn.h>
#include <actfn/onnx.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "every_operation.h"
#include "onnx/graph.h"
#include "onnx/interpreter.h"

namespace actfn::modules {
namespace {

using testing::Operation;
using testing::Values;

enum class Role { value, backward, double_backward };

bool has_role(const Operation& operation, Role role, std::string_view function) {
  const std::string_view endings[] = {"", "_backward", "_double_backward"};
  const std::string_view names[] = {"forward", "backward", "double_backward"};
  const auto i = static_cast<std::size_t>(role);
  return operation.name == names[i] || operation.name == std::string(names[i]) + " of two" ||
         operation.name == std::string(function).append(endings[i]);
}

// Numbers that every type holds.
template <class T>
Values<T> inputs_of(const Operation& operation) {
  Values<T> all;
  std::size_t next = 0;
  for (const Shape& shape : operation.inputs) {
    std::vector<T> one;
    for (std::size_t i = 0; i < testing::elements(shape); ++i, next += 7) {
      one.push_back(testing::as<T>(static_cast<double>(next % 13) / 4 - 1.375));
    }
    all.push_back(std::move(one));
  }
  return all;
}

// Outputs hold NaN at first, so that what is not written is seen.
template <class T>
Values<T> results_of(const Operation& operation) {
  const Values<T> in = inputs_of<T>(operation);
  Values<T> out;
  for (const Shape& shape : operation.outputs) {
    out.emplace_back(testing::elements(shape),
                     testing::as<T>(std::numeric_limits<double>::quiet_NaN()));
  }
  std::vector<ConstTensor> from;
  std::vector<Tensor> to;
  for (std::size_t k = 0; k < in.size(); ++k) from.emplace_back(in[k], operation.inputs[k]);
  for (std::size_t k = 0; k < out.size(); ++k) to.emplace_back(out[k], operation.outputs[k]);
  operation.run(from, to);
  return out;
}

// Whether the results in T are those in float64, but for T's rounding.
template <class T>
bool runs_in(const Operation& operation) {
  const auto got = results_of<T>(operation);
  const auto want = results_of<double>(operation);
  for (std::size_t k = 0; k < got.size(); ++k) {
    for (std::size_t i = 0; i < got[k].size(); ++i) {
      const double y = want[k][i];
      const double allowed = 8 * testing::spacing<T>(std::max(1.0, std::abs(y)));
      if (!(std::abs(static_cast<double>(got[k][i]) - y) <= allowed)) return false;
    }
  }
  return true;
}

// Whether an operation has this role, and all that have it run.
Support::ByType types_of(const std::vector<Operation>& operations, Role role,
                         std::string_view function) {
  Support::ByType all{};
  for (std::size_t t = 0; t < all.size(); ++t) {
    std::size_t count = 0, run = 0;
    for (const Operation& operation : operations) {
      if (!has_role(operation, role, function)) continue;
      ++count;
      const bool runs =
          kernels::for_type(kTypes[t], [&]<class T>() { return runs_in<T>(operation); });
      if (runs) ++run;
    }
    all[t] = count > 0 && run == count;
  }
  return all;
}

bool runs_in_place(const Operation& operation) {
  if (operation.inputs[0] != operation.outputs[0]) return false;
  auto in = inputs_of<float>(operation);
  std::vector<ConstTensor> from;
  for (std::size_t k = 0; k < in.size(); ++k) from.emplace_back(in[k], operation.inputs[k]);
  operation.run(from, {Tensor(in[0], operation.outputs[0])});
  return in[0] == results_of<float>(operation)[0];
}

Support support_by(const std::vector<Operation>& operations, std::string_view function) {
  Support all;
  all.value = types_of(operations, Role::value, function);
  all.backward = types_of(operations, Role::backward, function);
  all.double_backward = types_of(operations, Role::double_backward, function);
  all.in_place = std::ranges::any_of(operations, [&](const Operation& one) {
    return has_role(one, Role::value, function) && runs_in_place(one);
  });
  return all;
}

std::vector<float> numbers(std::size_t n) {
  std::vector<float> all(n);
  for (std::size_t i = 0; i < n; ++i) all[i] = static_cast<float>(i % 5) / 4 - 0.5F;
  return all;
}

struct OpsetModel {
  int opset;
  std::vector<std::string> operators;
};

template <class Model>
std::vector<OpsetModel> models(const Model& model) {
  std::vector<OpsetModel> all;
  for (int opset = onnx::kFirstOpset; opset <= onnx::kLastOpset; ++opset) {
    all.push_back({opset, testing::form_of(model(opset)).operators});
  }
  return all;
}

std::string described(const std::vector<OpsetModel>& models) {
  const auto has_one = [](const OpsetModel& m) { return m.operators.size() == 1; };
  const auto first = std::ranges::find_if(models, has_one);
  const auto count = [](const OpsetModel& m) { return std::to_string(m.operators.size()); };
  if (first == models.end()) return "composed of " + count(models.back());
  std::string name = "`" + first->operators[0] + "`";
  if (first == models.begin()) return name;
  return name + " from opset " + std::to_string(first->opset) + " on, else composed of " +
         count(models.front());
}

}  // namespace

bool runs(nn::Sequential network) {
  constexpr std::size_t kRows = 2;
  network.initialize(nn::Init::he_normal, 1);
  const auto x = numbers(kRows * static_cast<std::size_t>(network.in_features()));
  const auto y = network.forward(x);
  if (!std::ranges::all_of(y, [](float v) { return std::isfinite(v); })) return false;
  network.backward(numbers(y.size()));
  return true;
}

std::string exported(nn::Sequential& network) {
  return described(models([&](int opset) { return nn::to_onnx(network, {.opset = opset}); }));
}

Support support_of(const Function& f) {
  Support all = support_by(testing::operations_of(f, {2, 4, 6}, 1), info(f).name);
  all.layer = runs(nn::Sequential(Shape{6}, nn::Layer(f)));
  all.exported = described(models([&](int opset) { return onnx::model(f, {.opset = opset}); }));
  return all;
}

Support support_of_softmax2d() {
  using In = const std::vector<ConstTensor>&;
  using Out = const std::vector<Tensor>&;
  const Shape s = {2, 3, 4, 5};
  const Shape sample = {3, 4, 5};
  const std::vector<Operation> operations = {
      {"softmax2d", {s}, {s}, [](In x, Out y) { softmax2d(x[0], y[0]); }},
      {"backward", {s, s}, {s}, [](In x, Out y) { backward(Softmax{}, x[0], x[1], -3, y[0]); }},
      {"double_backward", {s, s, s}, {s, s}, [](In x, Out y) {
         double_backward(Softmax{}, x[0], x[1], x[2], -3, y[0], y[1]);
       }}};
  Support all = support_by(operations, "softmax2d");
  // A layer works along the channels of an image.
  nn::Sequential network(sample, Softmax{});
  const auto x = numbers(testing::elements(sample));
  std::vector<float> want(x.size());
  softmax2d({x, sample}, {want, sample});
  all.layer = std::ranges::equal(network.forward(x), want) && runs({sample, Softmax{}});
  all.exported = exported(network);
  return all;
}

}  // namespace actfn::modules
