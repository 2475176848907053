// SPDX-License-Identifier: Apache-2.0
#include "lab/evaluate.h"

#include <actfn/elementwise.h>
#include <actfn/nn/layers.h>

#include "catalogue/error.h"
#include "catalogue/lists.h"

#include <array>

namespace actfn::lab {
namespace {

// Random functions say what takes their place in evaluation.
template <class List>
concept Random = requires(const List& f) { evaluated(f); };

bool draws(const Function& f) {
  return std::visit([]<class List>(const List&) { return Random<List>; }, f);
}

[[noreturn]] void fail_order(const Function& f, int order) {
  const FunctionInfo& known = info(f);
  fail(known.name, {"order must be 0, got ", order, ": ", functions::described(f),
                    " has no single derivative for each number"});
}

template <class T>
struct Task {
  std::span<const T> x;
  std::span<T> y;
  Shape x_shape, y_shape;
  const Evaluation& how;

  ConstTensor in() const { return {x.data(), x_shape}; }
  Tensor out() const { return {y.data(), y_shape}; }
};

template <class T>
void run(const Activation& f, const Task<T>& task) {
  const GradientRef<Activation> call(f, task.how.accuracy);
  if (task.how.order == 0) return forward(call, task.x, task.y);
  (task.how.order == 1 ? derivative : second_derivative)(call, task.x, task.y, {});
}

// Functions along an axis: rows, gates.
template <class T, class List>
  requires requires(const List& f, const Task<T>& t) { forward(f, t.in(), -1, t.out()); }
void run(const List& f, const Task<T>& task) {
  forward(f, task.in(), -1, task.out());
}

template <class T>
void run(const GroupedActivation& f, const Task<T>& task) {
  if (const auto* const maxout_ = std::get_if<Maxout>(&f)) {
    maxout(task.in(), -1, static_cast<std::size_t>(maxout_->group), task.out());
  } else {
    crelu(task.in(), -1, task.out());
  }
}

template <class T, Random List>
void run(const List& f, const Task<T>& task) {
  run(evaluated(f), task);
}

template <class T, class List>
void run(const List& f, const Task<T>& /*task*/) {
  fail(functions::name_of(f), {"the program cannot evaluate this function"});
}

template <class T>
void draw(const RandomActivation& f, const Noise& noise, const Task<T>& task) {
  if (task.how.order == 0) return forward(f, task.x, noise, task.y);
  const std::vector<T> ones(task.x.size(), T(1.0F));
  backward(f, task.x, ones, noise, task.y);
}
// Random functions along an axis.
template <class T, class List>
  requires requires(const List& f, const Task<T>& t) { forward(f, t.in(), -1, Noise{}, t.out()); }
void draw(const List& f, const Noise& noise, const Task<T>& task) {
  forward(f, task.in(), -1, noise, task.out());
}
template <class T, class List>
void draw(const List& /*f*/, const Noise& /*noise*/, const Task<T>& /*task*/) {}

}  // namespace

std::optional<Activation> curve_of(const Function& f) {
  const std::array layers = {nn::Layer(f)};
  return nn::curve_of(layers);
}

void validate(const Function& f, const Evaluation& how) {
  validate(f);
  const std::string_view name = info(f).name;
  if (how.order < 0 || how.order > kHighestOrder) {
    fail(name, {"order must be 0, 1 or 2, got ", how.order});
  }
  if (how.seed && !draws(f)) fail(name, {"takes no seed: it draws no random numbers"});
  if (how.order != 0 && !curve_of(f)) fail_order(f, how.order);
  if (how.seed && how.order == kHighestOrder) {
    fail(name, {"with a seed order must be 0 or 1, got 2"});
  }
}

template <Element T>
std::vector<T> evaluate(const Function& f, std::span<const T> x, std::size_t columns,
                        const Evaluation& how) {
  validate(f, how);
  if (x.empty()) return {};
  const Shape shape = {x.size() / columns, columns};
  const Shape result = output_shape(f, shape);
  std::vector<T> y(result[0] * result[1]);
  const Task<T> task{x, y, shape, result, how};
  if (how.seed) {
    const Noise noise{*how.seed, 0};
    std::visit([&](const auto& list) { draw(list, noise, task); }, f);
  } else if (const auto curve = curve_of(f)) {
    run(*curve, task);
  } else {
    std::visit([&](const auto& list) { run(list, task); }, f);
  }
  return y;
}

template std::vector<float> evaluate(const Function&, std::span<const float>, std::size_t,
                                     const Evaluation&);
template std::vector<double> evaluate(const Function&, std::span<const double>, std::size_t,
                                      const Evaluation&);
template std::vector<bfloat16> evaluate(const Function&, std::span<const bfloat16>, std::size_t,
                                        const Evaluation&);
template std::vector<float16> evaluate(const Function&, std::span<const float16>, std::size_t,
                                       const Evaluation&);

}  // namespace actfn::lab
