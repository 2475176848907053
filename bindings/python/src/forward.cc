// SPDX-License-Identifier: Apache-2.0
#include "compute.h"

#include <array>
#include <atomic>
#include <string>

namespace actfn::python {
namespace {

std::atomic<int> thread_count = 1;

struct Task {
  const Arrays& arrays;
  const Options& options;

  const ConstTensor& x() const { return *arrays.x; }
};

void compute(const Activation& f, const Task& t, const Tensor& y) {
  actfn::forward({f, t.options.accuracy}, t.x(), y, t.options.threads);
}

void compute(const RowActivation& f, const Task& t, const Tensor& y) {
  actfn::forward(f, t.x(), t.options.axis, y, t.options.rows());
}

void compute(const RowReduction& f, const Task& t, const Tensor& y) {
  actfn::forward(f, t.x(), t.options.axis, y, t.options.rows());
}

void compute(const Gate& f, const Task& t, const Tensor& y) {
  if (t.arrays.b != nullptr) return actfn::forward(f, t.x(), *t.arrays.b, y, t.options.threads);
  actfn::forward(f, t.x(), t.options.axis, y, t.options.gates());
}

void compute(const RandomActivation& f, const Task& t, const Tensor& y) {
  actfn::forward(f, t.x(), t.options.noise, y, t.options.threads);
}

void compute(const RandomRow& f, const Task& t, const Tensor& y) {
  actfn::forward(f, t.x(), t.options.axis, t.options.noise, y, t.options.rows());
}

void compute(const GroupedActivation& f, const Task& t, const Tensor& y) {
  actfn::forward(f, t.x(), t.options.axis, y, t.options.threads);
}

void compute(const LearnedActivation& f, const Task& t, const Tensor& y) {
  if (const auto* const learnable = std::get_if<Learnable>(&f)) {
    return compute(learnable->activation, t, y);
  }
  prelu(t.x(), *t.arrays.weight, y, t.options.threads);
}

// y's shape.
Shape shape_of(const Function& f, const Task& t) {
  const bool single = std::holds_alternative<Activation>(f);
  if (single || t.arrays.b != nullptr) return t.x().shape();
  const Shape kept = output_shape(f, t.x().shape(), t.options.axis);
  if (!std::holds_alternative<RowReduction>(f) || t.options.keepdims || kept.count() == 0) {
    return kept;
  }
  const int axis = t.options.axis;
  const auto at = static_cast<std::size_t>(axis < 0 ? axis + static_cast<int>(kept.count()) : axis);
  std::array<std::size_t, kMaxDimensions> lengths;
  std::size_t count = 0;
  for (std::size_t i = 0; i < kept.count(); ++i) {
    if (i != at) lengths[count++] = kept[i];
  }
  return Shape(std::span<const std::size_t>(lengths.data(), count));
}

}  // namespace

void set_threads(int count) {
  if (count < 0) {
    fail("set_num_threads", {"the number must not be negative, got ", std::to_string(count)});
  }
  thread_count.store(count, std::memory_order_relaxed);
}

int threads() { return thread_count.load(std::memory_order_relaxed); }

void compute_forward(const Function& f, const Arrays& arrays, const Options& options,
                     const Tensor& y) {
  const Task task = {arrays, options};
  std::visit([&](const auto& list) { compute(list, task, y); }, f);
}

nb::object forward(State& state, const Given& given) {
  const Function f = bound(state, given);
  const Operands operands(given);
  const Options options(given, state.accuracy);
  const Arrays arrays = operands.arrays();
  const Task task = {arrays, options};
  Result y(given.who(), operands.main(), given.at(Slot::out), shape_of(f, task));
  computed(Operation::forward, arrays.x->size(),
           [&] { compute_forward(f, arrays, options, y.tensor()); });
  return y.take();
}

}  // namespace actfn::python
