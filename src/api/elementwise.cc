// SPDX-License-Identifier: Apache-2.0
#include <actfn/elementwise.h>

#include "kernels/evaluator.h"
#include "memory/demand.h"
#include "memory/walk.h"

namespace actfn {
namespace {

using kernels::Evaluator;
using kernels::name_of;
using kernels::Order;
using memory::Block;
using memory::Named;
using memory::Walk;

using Values = ListRef<Activation>;
using Gradients = GradientRef<Activation>;

const memory::Copies& stored(const ConstTensor& x) {
  return memory::copies<memory::BlockType::stored>(x.type());
}

double nanoseconds(const Values& f, const ConstTensor& x) {
  return f.entry().nanoseconds.of(x.type());
}

template <class Ref>
void map(const Ref& f, Order order, const Named& x, std::string_view name, const Tensor& to,
         const Threads& threads) {
  const Named y = {name, to};
  const memory::Call call(f, threads);
  const Evaluator evaluator(f, x.data.type());
  if (threads.count == 1 && memory::are_plain(x.data, y.data)) {
    return evaluator.map(order, x.data.address(), to.address(), x.data.size());
  }
  Walk walk(name_of(f), stored(x.data), {x}, {y});
  walk.run(threads, nanoseconds(f, x.data),
           [&](const Block& b) { evaluator.map(order, b.pointers[0], b.pointers[1], b.n); });
}

void backward(const Gradients& f, Order order, const Named& x, const ConstTensor& dy,
              const Tensor& dx, const Threads& threads) {
  const Evaluator evaluator(f, x.data.type());
  if (threads.count == 1 && memory::are_plain(x.data, dx) && memory::are_plain(dy, dx)) {
    return evaluator.backward(order, x.data.address(), dy.address(), dx.address(), dx.size());
  }
  Walk walk(name_of(f), stored(x.data), {x, {"dy", dy}}, {{"dx", dx}});
  walk.run(threads, nanoseconds(f, x.data), [&](const Block& b) {
    evaluator.backward(order, b.pointers[0], b.pointers[1], b.pointers[2], b.n);
  });
}

void demand_contiguous(std::string_view who, const Named& t) {
  if (!t.data.is_contiguous()) fail(who, {t.name, " must be contiguous"});
}

void demand_mask(const Gradients& f, std::size_t bytes, const Named& t) {
  const kernels::Slopes slopes = f.gradients().slopes(f.parameters());
  if (slopes.steep == slopes.flat) fail(name_of(f), {"the derivative takes other than two values"});
  demand_contiguous(name_of(f), t);
  const std::size_t want = (t.data.size() + 7) / 8;
  if (bytes != want) {
    fail(name_of(f), {"mask has ", bytes, " bytes, ", want, " are needed for ", t.name, "'s ",
                      t.data.size(), " elements"});
  }
}

// The shape of z as rows of the bias.
Shape demand_bias(const Values& f, const ConstTensor& bias, const ConstTensor& z) {
  memory::demand_same_type(name_of(f), {"z", z}, {"bias", bias});
  demand_contiguous(name_of(f), {"bias", bias});
  const std::size_t columns = bias.size();
  const Shape& shape = z.shape();
  const std::size_t last = shape.count() == 0 ? 1 : shape[shape.count() - 1];
  if (last == columns) return shape.count() == 0 ? Shape{1} : shape;
  const bool whole = columns == 0 ? z.size() == 0 : z.size() % columns == 0;
  if (!whole || shape.count() > 1 || !z.is_contiguous()) {
    fail(name_of(f), {"z has ", size_text(shape), ", which are no whole rows of ", columns});
  }
  return {columns == 0 ? 0 : z.size() / columns, columns};
}

template <class T, class Ref>
T evaluate_at(const Ref& f, Order order, T x) {
  const memory::Call call(f);
  if constexpr (!kernels::kHasType<T>) memory::demand_built(name_of(f), kTypeOf<T>);
  Evaluator(f, kTypeOf<T>).map(order, &x, &x, 1);
  return x;
}

}  // namespace

float evaluate(const ListRef<Activation>& f, float x) { return evaluate_at(f, Order::value, x); }
double evaluate(const ListRef<Activation>& f, double x) { return evaluate_at(f, Order::value, x); }
float evaluate_derivative(const GradientRef<Activation>& f, float x) {
  return evaluate_at(f, Order::derivative, x);
}
double evaluate_derivative(const GradientRef<Activation>& f, double x) {
  return evaluate_at(f, Order::derivative, x);
}

void forward(const ListRef<Activation>& f, const ConstTensor& x, const Tensor& y, Threads threads) {
  map(f, Order::value, {"x", x}, "y", y, threads);
}

void derivative(const GradientRef<Activation>& f, const ConstTensor& x, const Tensor& dydx,
                Threads threads) {
  map(f, Order::derivative, {"x", x}, "dydx", dydx, threads);
}

void second_derivative(const GradientRef<Activation>& f, const ConstTensor& x, const Tensor& d2ydx2,
                       Threads threads) {
  map(f, Order::second_derivative, {"x", x}, "d2ydx2", d2ydx2, threads);
}

void forward_with_derivative(const GradientRef<Activation>& f, const ConstTensor& x,
                             const Tensor& y, const Tensor& dydx, Threads threads) {
  const memory::Call call(f, threads);
  Walk walk(name_of(f), stored(x), {{"x", x}}, {{"y", y}, {"dydx", dydx}});
  const Evaluator evaluator(f, x.type());
  walk.run(threads, nanoseconds(f, x), [&](const Block& b) {
    evaluator.value_and_derivative(b.pointers[0], b.pointers[1], b.pointers[2], b.n);
  });
}

void backward(const GradientRef<Activation>& f, const ConstTensor& x, const ConstTensor& dy,
              const Tensor& dx, Threads threads) {
  const memory::Call call(f, threads);
  backward(f, Order::derivative, {"x", x}, dy, dx, threads);
}

void backward_from_output(const GradientRef<Activation>& f, const ConstTensor& y,
                          const ConstTensor& dy, const Tensor& dx, Threads threads) {
  const memory::Call call(f, threads);
  const std::string_view conflict = f.gradients().output_conflict(f.parameters());
  if (!conflict.empty()) fail(name_of(f), {conflict});
  backward(f, Order::derivative_from_output, {"y", y}, dy, dx, threads);
}

void forward_with_mask(const GradientRef<Activation>& f, const ConstTensor& x, const Tensor& y,
                       std::span<std::uint8_t> mask) {
  const memory::Call call(f);
  memory::demand_tensors(name_of(f), {{"x", x}}, {{"y", y}});
  demand_mask(f, mask.size(), {"x", x});
  demand_contiguous(name_of(f), {"y", y});
  const Evaluator evaluator(f, x.type());
  evaluator.mask(x.address(), mask.data(), x.size());
  evaluator.map(Order::value, x.address(), y.address(), x.size());
}

void backward_from_mask(const GradientRef<Activation>& f, std::span<const std::uint8_t> mask,
                        const ConstTensor& dy, const Tensor& dx) {
  const memory::Call call(f);
  memory::demand_tensors(name_of(f), {{"dy", dy}}, {{"dx", dx}});
  demand_mask(f, mask.size(), {"dy", dy});
  demand_contiguous(name_of(f), {"dx", dx});
  Evaluator(f, dy.type()).backward_from_mask(mask.data(), dy.address(), dx.address(), dy.size());
}

void double_backward(const GradientRef<Activation>& f, const ConstTensor& x, const ConstTensor& dy,
                     const ConstTensor& v, const Tensor& for_dy, const Tensor& for_x,
                     Threads threads) {
  const memory::Call call(f, threads);
  Walk walk(name_of(f), stored(x), {{"x", x}, {"dy", dy}, {"v", v}},
            {{"for_dy", for_dy}, {"for_x", for_x}});
  const Evaluator evaluator(f, x.type());
  walk.run(threads, nanoseconds(f, x), [&](const Block& b) {
    const auto& p = b.pointers;
    evaluator.double_backward({p[0], p[1], p[2], p[3], p[4]}, b.n);
  });
}

void bias_forward(const ListRef<Activation>& f, const ConstTensor& bias, const Tensor& z,
                  const Tensor& y, Threads threads) {
  const memory::Call call(f, threads);
  memory::demand_alike(name_of(f), {"z", z}, {{"y", y}});
  const Shape rows = demand_bias(f, bias, z);
  memory::demand_outputs(name_of(f), {{"z", z}}, {{"y", y}});
  memory::demand_outputs(name_of(f), {}, {{"z", z}});
  for (const Named& t : {Named{"z", z}, Named{"y", y}}) {
    memory::demand_apart(name_of(f), {"bias", bias}, t);
  }
  if (z.size() == 0) return;
  const auto in_rows = [&](const ConstTensor& t) {
    return rows.count() == t.dimensions() ? t : ConstTensor(t.address(), t.type(), rows);
  };
  const ConstTensor zs = in_rows(z), ys = in_rows(y);
  Strides of_bias = zs.strides();
  for (std::size_t i = 0; i < rows.count(); ++i) of_bias[i] = i + 1 == rows.count() ? 1 : 0;
  const Evaluator evaluator(f, z.type());
  Walk walk(stored(z), rows);
  walk.read(bias.address(), of_bias);
  walk.update(zs);
  walk.write(ys);
  walk.run(threads, nanoseconds(f, z), [&](const Block& b) {
    evaluator.bias_forward(b.pointers[0], b.pointers[1], b.pointers[2], nullptr, b.n);
  });
}

}  // namespace actfn
