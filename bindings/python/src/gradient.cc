// SPDX-License-Identifier: Apache-2.0
#include <span>
#include <string>
#include <vector>

#include "compute.h"

namespace actfn::python {
namespace {

struct Task {
  const Arrays& arrays;
  const Options& options;
  std::span<const Tensor> results;

  const ConstTensor& x() const { return *arrays.x; }
  const ConstTensor& grad() const { return *arrays.grad; }
  const ConstTensor& v() const { return *arrays.v; }
  const Tensor& out(std::size_t i) const { return results[i]; }
  int axis() const { return options.axis; }
  Threads threads() const { return options.threads; }
};

// A row function's gradients come from its output: the one that is given, or that of x.
template <class Body>
void from_output(const RowActivation& f, const Task& t, const Body& body) {
  if (t.arrays.y != nullptr) return body(*t.arrays.y);
  const Scratch y(t.x().type(), t.x().shape());
  forward(f, t.x(), t.axis(), y.tensor(), t.options.rows());
  body(y.tensor());
}

void backwards(const Activation& f, const Task& t) {
  const Accuracy how = t.options.accuracy;
  if (t.arrays.y == nullptr) return backward({f, how}, t.x(), t.grad(), t.out(0), t.threads());
  backward_from_output({f, how}, *t.arrays.y, t.grad(), t.out(0), t.threads());
}

void backwards(const RowActivation& f, const Task& t) {
  from_output(f, t, [&](const ConstTensor& y) {
    backward(f, y, t.grad(), t.axis(), t.out(0), t.threads());
  });
}

void backwards(const RowReduction& f, const Task& t) {
  backward(f, t.x(), t.grad(), t.axis(), t.out(0), t.options.rows());
}

void backwards(const Gate& f, const Task& t) {
  if (t.arrays.b == nullptr) {
    return backward(f, t.x(), t.grad(), t.axis(), t.out(0), t.options.gates());
  }
  backward(f, t.x(), *t.arrays.b, t.grad(), t.out(0), t.out(1), t.threads());
}

void backwards(const RandomActivation& f, const Task& t) {
  backward(f, t.x(), t.grad(), t.options.noise, t.out(0), t.threads());
}

void backwards(const RandomRow& f, const Task& t) {
  backward(f, t.x(), t.grad(), t.axis(), t.options.noise, t.out(0), t.options.rows());
}

void backwards(const GroupedActivation& f, const Task& t) {
  backward(f, t.x(), t.grad(), t.axis(), t.out(0), t.threads());
}

void backwards(const LearnedActivation& f, const Task& t) {
  if (const auto* const learnable = std::get_if<Learnable>(&f)) {
    return backwards(learnable->activation, t);
  }
  prelu_backward(t.x(), *t.arrays.weight, t.grad(), t.out(0), t.out(1), t.threads());
}

// What backwards() writes: x's gradient, and that of what else is learned or a gate's operand.
std::vector<const Input*> of_backward(const Operands& operands) {
  const Arrays arrays = operands.arrays();
  if (arrays.b != nullptr) return {&operands.main(), &operands.of(Slot::b)};
  if (arrays.weight != nullptr) return {&operands.main(), &operands.of(Slot::weight)};
  return {&operands.main()};
}

void twice(const Activation& f, const Task& t) {
  double_backward({f, t.options.accuracy}, t.x(), t.grad(), t.v(), t.out(0), t.out(1), t.threads());
}

void twice(const RowActivation& f, const Task& t) {
  from_output(f, t, [&](const ConstTensor& y) {
    double_backward(f, y, t.grad(), t.v(), t.axis(), t.out(0), t.out(1), t.threads());
  });
}

void twice(const Gate& f, const Task& t) {
  double_backward(f, t.x(), t.grad(), t.v(), t.axis(), t.out(0), t.out(1), t.options.gates());
}

void twice(const RandomActivation& f, const Task& t) {
  double_backward(f, t.x(), t.grad(), t.v(), t.options.noise, t.out(0), t.out(1), t.threads());
}

void twice(const LearnedActivation& f, const Task& t) {
  if (const auto* const learnable = std::get_if<Learnable>(&f)) {
    return twice(learnable->activation, t);
  }
  const Arrays& a = t.arrays;
  prelu_double_backward(t.x(), *a.weight, t.grad(), t.v(), *a.v_weight, t.out(0), t.out(1),
                        t.out(2), t.threads());
}

// Signatures have no double backward of these.
void twice(const RowReduction& /*f*/, const Task& /*t*/) {}
void twice(const RandomRow& /*f*/, const Task& /*t*/) {}
void twice(const GroupedActivation& /*f*/, const Task& /*t*/) {}

std::vector<const Input*> of_double_backward(const Operands& operands) {
  std::vector<const Input*> all = {&operands.of(Slot::grad), &operands.main()};
  if (operands.arrays().weight != nullptr) all.push_back(&operands.of(Slot::weight));
  return all;
}

std::vector<const Input*> likes_of(Operation operation, const Operands& operands) {
  if (operation == Operation::backward) return of_backward(operands);
  if (operation == Operation::double_backward) return of_double_backward(operands);
  return {&operands.main()};
}

const Activation& learnable_of(const Function& f) {
  const auto* const activation = std::get_if<Activation>(&f);
  if (activation != nullptr) return *activation;
  return std::get<Learnable>(std::get<LearnedActivation>(f)).activation;
}

// A float for each parameter that can be learned.
nb::object parameter_gradients(const Function& f, const Task& t) {
  const Activation& activation = learnable_of(f);
  const auto names = learnable_parameters(activation);
  std::vector<double> gradient(names.size());
  computed(Operation::parameter_gradient, t.x().size(),
           [&] { parameter_gradient(activation, t.x(), t.grad(), gradient, t.threads()); });
  nb::dict all;
  for (std::size_t i = 0; i < names.size(); ++i) {
    all[nb::str(names[i].data(), names[i].size())] = gradient[i];
  }
  return all;
}

nb::object taken(std::vector<Result>& results) {
  if (results.size() == 1) return results[0].take();
  nb::list all;
  for (Result& result : results) all.append(result.take());
  return nb::tuple(all);
}

}  // namespace

void compute_gradient(Operation operation, const Function& f, const Arrays& arrays,
                      const Options& options, std::span<const Tensor> results) {
  const Task t = {arrays, options, results};
  if (operation == Operation::backward) {
    return std::visit([&](const auto& list) { backwards(list, t); }, f);
  }
  if (operation == Operation::double_backward) {
    return std::visit([&](const auto& list) { twice(list, t); }, f);
  }
  const auto& activation = std::get<Activation>(f);
  const auto of_order = operation == Operation::derivative ? derivative : second_derivative;
  of_order({activation, options.accuracy}, t.x(), t.out(0), t.threads());
}

nb::object gradient(Operation operation, State& state, const Given& given) {
  const Function f = bound(state, given);
  const Operands operands(given);
  const Options options(given, state.accuracy);
  const Arrays arrays = operands.arrays();
  if (operation == Operation::parameter_gradient) {
    return parameter_gradients(f, {arrays, options, {}});
  }
  const std::vector<const Input*> likes = likes_of(operation, operands);
  PyObject* const out = given.at(Slot::out);
  if (out != nullptr && likes.size() > 1) fail_type(given.who(), {"out cannot hold two results"});
  std::vector<Result> results;
  std::vector<Tensor> tensors;
  results.reserve(likes.size());
  for (const Input* like : likes) {
    results.emplace_back(given.who(), *like, out, like->tensor().shape());
    tensors.push_back(results.back().tensor());
  }
  computed(operation, arrays.shown().size(),
           [&] { compute_gradient(operation, f, arrays, options, tensors); });
  return taken(results);
}

}  // namespace actfn::python
