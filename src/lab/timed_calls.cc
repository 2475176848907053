// SPDX-License-Identifier: Apache-2.0
#include "lab/timed_calls.h"

#include <actfn/elementwise.h>

#include "catalogue/error.h"
#include "catalogue/lists.h"
#include "lab/evaluate.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace actfn::lab {
namespace {

using Body = std::function<void()>;

constexpr std::size_t kRowLength = 1024;

template <class View>
View tensor_at(std::byte* start, Type type, const Shape& shape) {
  switch (type) {
    case Type::float32:
      return {reinterpret_cast<float*>(start), shape};
    case Type::float64:
      return {reinterpret_cast<double*>(start), shape};
    case Type::bfloat16:
      return {reinterpret_cast<bfloat16*>(start), shape};
    default:
      return {reinterpret_cast<float16*>(start), shape};
  }
}

struct Job {
  Work work;
  const TimedArrays& at;
  Threads threads;
  Accuracy accuracy;

  Tensor array(std::byte* start) const { return array_at(start, at.type, at.layout.x_size()); }
  Tensor in_x_shape(std::byte* start) const {
    return tensor_at<Tensor>(start, at.type, {at.layout.rows, at.layout.columns});
  }
  Tensor in_y_shape(std::byte* start) const {
    return tensor_at<Tensor>(start, at.type, {at.layout.rows, at.layout.y_columns});
  }
  bool is_value() const { return work == Work::value; }
};

Body call(const Activation& f, const Job& job) {
  const Tensor x = job.array(job.at.x);
  const Tensor dy = job.array(job.at.gradients);
  const Tensor out = job.array(job.at.out);
  const Threads t = job.threads;
  const Accuracy a = job.accuracy;
  switch (job.work) {
    case Work::value:
      return [=] { forward({f, a}, x, out, t); };
    case Work::derivative:
      return [=] { derivative({f, a}, x, out, t); };
    case Work::second_derivative:
      return [=] { second_derivative({f, a}, x, out, t); };
    case Work::backward:
      return [=] { backward({f, a}, x, dy, out, t); };
    case Work::backward_from_output:
      // The outputs take the gradients' place, which do not matter: x serves for them.
      forward({f, a}, x, dy);
      return [=] { backward_from_output({f, a}, dy, x, out, t); };
  }
  return {};
}

Body call(const RowActivation& f, const Job& job) {
  const Tensor x = job.in_x_shape(job.at.x);
  const Tensor out = job.in_x_shape(job.at.out);
  const Threads t = job.threads;
  if (job.is_value()) return [=] { forward(f, x, -1, out, {.threads = t}); };
  const Tensor y = job.in_x_shape(job.at.outputs);
  const Tensor dy = job.in_x_shape(job.at.gradients);
  forward(f, x, -1, y);
  return [=] { backward(f, y, dy, -1, out, t); };
}

// Gates, and rows that become one number: backward reads x.
template <class List>
  requires requires(const List& f, const Tensor& t) {
    forward(f, t, -1, t, {});
    backward(f, t, t, -1, t, {});
  }
Body call(const List& f, const Job& job) {
  const Tensor x = job.in_x_shape(job.at.x);
  const Threads t = job.threads;
  if (job.is_value()) {
    return [=, y = job.in_y_shape(job.at.out)] { forward(f, x, -1, y, {.threads = t}); };
  }
  const Tensor dy = job.in_y_shape(job.at.gradients);
  return [=, dx = job.in_x_shape(job.at.out)] { backward(f, x, dy, -1, dx, {.threads = t}); };
}

Body call(const RandomActivation& f, const Job& job) {
  const Tensor x = job.array(job.at.x);
  const Tensor out = job.array(job.at.out);
  const Threads t = job.threads;
  if (job.is_value()) return [=] { forward(f, x, Noise{}, out, t); };
  return [=, dy = job.array(job.at.gradients)] { backward(f, x, dy, Noise{}, out, t); };
}

// Random functions along an axis.
template <class List>
  requires requires(const List& f, const Tensor& t) {
    forward(f, t, -1, Noise{}, t);
    backward(f, t, t, -1, Noise{}, t);
  }
Body call(const List& f, const Job& job) {
  const Tensor x = job.in_x_shape(job.at.x);
  const Tensor out = job.in_x_shape(job.at.out);
  const RowOptions options = {.threads = job.threads};
  if (job.is_value()) return [=] { forward(f, x, -1, Noise{}, out, options); };
  const Tensor dy = job.in_x_shape(job.at.gradients);
  return [=] { backward(f, x, dy, -1, Noise{}, out, options); };
}

// The slopes of prelu, or their gradients, all of them `value`.
class Slopes {
 public:
  Slopes(const Prelu& f, Type type, double value)
      : memory_(std::make_shared<std::vector<double>>(static_cast<std::size_t>(f.num_parameters))),
        array_(array_at(reinterpret_cast<std::byte*>(memory_->data()), type, memory_->size())) {
    std::vector<double> same(array_.size(), value);
    convert(same);
  }
  const Tensor& array() const { return array_; }

 private:
  template <class T>
  void assign(const std::vector<double>& values) {
    std::transform(values.begin(), values.end(), array_.data<T>(),
                   [](double v) { return static_cast<T>(static_cast<float>(v)); });
  }
  void convert(const std::vector<double>& values) {
    switch (array_.type()) {
      case Type::float32:
        return assign<float>(values);
      case Type::float64:
        return assign<double>(values);
      case Type::bfloat16:
        return assign<bfloat16>(values);
      case Type::float16:
        return assign<float16>(values);
    }
  }

  std::shared_ptr<std::vector<double>> memory_;  // copies of a call share it
  Tensor array_;
};

Body call(const Prelu& f, const Job& job) {
  const Tensor x = job.in_x_shape(job.at.x);
  const Tensor out = job.in_x_shape(job.at.out);
  const Threads t = job.threads;
  const Slopes weight(f, job.at.type, f.init);
  if (job.is_value()) return [=] { prelu(x, weight.array(), out, t); };
  const Tensor dy = job.in_x_shape(job.at.gradients);
  const Slopes gradient(f, job.at.type, 0);
  return [=] { prelu_backward(x, weight.array(), dy, out, gradient.array(), t); };
}

// Training needs the gradients of x and of the parameters.
Body call(const Learnable& f, const Job& job) {
  const Activation inner = f.activation;
  Body of_x = call(inner, job);
  if (job.is_value()) return of_x;
  auto sums = std::make_shared<std::vector<double>>(learnable_parameters(inner).size());
  return [=, x = job.array(job.at.x), dy = job.array(job.at.gradients), t = job.threads] {
    of_x();
    parameter_gradient(inner, x, dy, *sums, t);
  };
}

Body call(const LearnedActivation& f, const Job& job) {
  return std::visit([&](const auto& one) { return call(one, job); }, f);
}

Body call(const GroupedActivation& f, const Job& job) {
  const Tensor x = job.in_x_shape(job.at.x);
  const Threads t = job.threads;
  const auto* const maxed = std::get_if<Maxout>(&f);
  const auto group = static_cast<std::size_t>(maxed == nullptr ? 0 : maxed->group);
  if (job.is_value()) {
    const Tensor y = job.in_y_shape(job.at.out);
    if (maxed == nullptr) return [=] { crelu(x, -1, y, t); };
    return [=] { maxout(x, -1, group, y, t); };
  }
  const Tensor dy = job.in_y_shape(job.at.gradients);
  const Tensor dx = job.in_x_shape(job.at.out);
  if (maxed == nullptr) return [=] { crelu_backward(x, dy, -1, dx, t); };
  return [=] { maxout_backward(x, dy, -1, group, dx, t); };
}

template <class List>
Body call(const List& f, const Job& /*job*/) {
  fail(functions::name_of(f), {"bench cannot measure this function"});
}

}  // namespace

Tensor array_at(std::byte* start, Type type, std::size_t n) { return {start, type, Shape{n}}; }

Layout layout_of(const Function& f, std::size_t n) {
  const auto* const learned = std::get_if<LearnedActivation>(&f);
  const auto* const slopes = learned == nullptr ? nullptr : std::get_if<Prelu>(learned);
  if (slopes != nullptr) {
    const auto channels = static_cast<std::size_t>(slopes->num_parameters);
    if (channels > 1) return {std::max<std::size_t>(1, n / channels), channels, channels, true};
  }
  if (curve_of(f)) return {1, n, n, false};
  const functions::Lengths lengths = functions::lengths_of(f);
  const bool reduces = lengths.x == 0;
  const std::size_t per_group = reduces ? 1 : std::max(lengths.x, lengths.y);
  const std::size_t groups = std::max<std::size_t>(1, std::min(n, kRowLength) / per_group);
  const std::size_t columns = reduces ? groups : groups * lengths.x;
  const std::size_t y_columns = reduces ? 1 : groups * lengths.y;
  return {std::max<std::size_t>(1, n / (groups * per_group)), columns, y_columns, true};
}

bool is_measured(const Function& f, Work work) {
  if (work == Work::value || work == Work::backward) return true;
  const bool elementwise = info(f).kind == Kind::elementwise;
  if (work != Work::backward_from_output) return elementwise;
  return elementwise && !info(f).from_output.empty();
}

bool needs_outputs(const Function& f, Work work) {
  return work == Work::backward && std::holds_alternative<RowActivation>(f);
}

Body timed_call(const Function& f, Work work, const TimedArrays& arrays, Threads threads,
                Accuracy accuracy) {
  const FunctionInfo& known = info(f);
  const bool both = work == Work::value || work == Work::backward;
  if (!both && known.kind != Kind::elementwise) {
    fail(known.name, {"order must be 0 or backward: it is ", functions::described(f)});
  }
  const Job job{work, arrays, threads, accuracy};
  return std::visit([&](const auto& list) { return call(list, job); }, f);
}

}  // namespace actfn::lab
