#include <actfn/elementwise.h>

#include "catalogue/descriptor.h"
#include "kernels/evaluator.h"
#include "memory/demand.h"
#include "memory/type.h"
#include "memory/walk.h"

namespace actfn {
namespace {

using functions::name_of;
using kernels::Evaluator;
using kernels::Order;
using memory::Block;
using memory::for_type;
using memory::Named;
using memory::Walk;

// What an element costs, where memory limits the speed and elsewhere.
constexpr double kLightNanoseconds = 0.01, kNanoseconds = 0.1;

void demand_call(const Activation& f, Threads threads) {
  validate(f);
  memory::demand_threads(name_of(f), threads);
}

void demand_arrays(const Activation& f, std::initializer_list<Named> inputs,
                   std::initializer_list<Named> outputs) {
  for (const Named& in : inputs) memory::demand_alike(name_of(f), in, outputs);
  memory::demand_outputs(name_of(f), inputs, outputs);
}

memory::Crew crew_for(const Activation& f, Threads threads, const ConstTensor& x) {
  const bool light = kernels::entry(f).light;
  return memory::crew_for(threads, x.size(), light ? kLightNanoseconds : kNanoseconds);
}

// Calls body.operator()<T>(evaluator, block) for all elements of tensors of type T.
template <class Body>
void walk(const Activation& f, Threads threads, std::initializer_list<const ConstTensor*> inputs,
          std::initializer_list<const ConstTensor*> outputs, const Body& body) {
  const ConstTensor& x = **inputs.begin();
  const Evaluator evaluator(f);
  Walk all(x.type(), x.shape(), memory::BlockType::stored);
  for (const ConstTensor* const t : inputs) all.read(*t);
  for (const ConstTensor* const t : outputs) all.write(*t);
  for_type(x.type(), [&]<class T>() {
    all.run(crew_for(f, threads, x),
            [&](const Block& b) { body.template operator()<T>(evaluator, b); });
  });
}

void map(const Activation& f, Order order, const Named& x, const Named& y, Threads threads) {
  demand_call(f, threads);
  demand_arrays(f, {x}, {y});
  walk(f, threads, {&x.data}, {&y.data}, [order]<class T>(const Evaluator& e, const Block& b) {
    e.map(order, b.of<const T>(0), b.of<T>(1), b.n);
  });
}

void backward(const Activation& f, Order order, const Named& x, const ConstTensor& dy,
              const Tensor& dx, Threads threads) {
  demand_arrays(f, {x, {"dy", dy}}, {{"dx", dx}});
  walk(f, threads, {&x.data, &dy}, {&dx}, [order]<class T>(const Evaluator& e, const Block& b) {
    e.backward(order, b.of<const T>(0), b.of<const T>(1), b.of<T>(2), b.n);
  });
}

void demand_contiguous(std::string_view who, const Named& t) {
  if (!t.data.is_contiguous()) fail(who, {t.name, " must be contiguous"});
}

void demand_mask(const Activation& f, std::size_t bytes, const Named& t) {
  const kernels::Slopes slopes = kernels::entry(f).slopes(f);
  if (slopes.steep == slopes.flat) fail(name_of(f), {"the derivative takes other than two values"});
  demand_contiguous(name_of(f), t);
  const std::size_t want = (t.data.size() + 7) / 8;
  if (bytes != want) {
    fail(name_of(f), {"mask has ", bytes, " bytes, ", want, " are needed for ", t.name, "'s ",
                      t.data.size(), " elements"});
  }
}

// The shape of z as rows of the bias.
Shape demand_bias(const Activation& f, const ConstTensor& bias, const ConstTensor& z) {
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

}  // namespace

void forward(const Activation& f, const ConstTensor& x, const Tensor& y, Threads threads) {
  map(f, Order::value, {"x", x}, {"y", y}, threads);
}

void derivative(const Activation& f, const ConstTensor& x, const Tensor& dydx, Threads threads) {
  map(f, Order::derivative, {"x", x}, {"dydx", dydx}, threads);
}

void second_derivative(const Activation& f, const ConstTensor& x, const Tensor& d2ydx2,
                       Threads threads) {
  map(f, Order::second_derivative, {"x", x}, {"d2ydx2", d2ydx2}, threads);
}

void forward_with_derivative(const Activation& f, const ConstTensor& x, const Tensor& y,
                             const Tensor& dydx, Threads threads) {
  demand_call(f, threads);
  demand_arrays(f, {{"x", x}}, {{"y", y}, {"dydx", dydx}});
  walk(f, threads, {&x}, {&y, &dydx}, []<class T>(const Evaluator& e, const Block& b) {
    e.value_and_derivative(b.of<const T>(0), b.of<T>(1), b.of<T>(2), b.n);
  });
}

void backward(const Activation& f, const ConstTensor& x, const ConstTensor& dy, const Tensor& dx,
              Threads threads) {
  demand_call(f, threads);
  backward(f, Order::derivative, {"x", x}, dy, dx, threads);
}

void backward_from_output(const Activation& f, const ConstTensor& y, const ConstTensor& dy,
                          const Tensor& dx, Threads threads) {
  demand_call(f, threads);
  const std::string_view conflict = kernels::entry(f).output_conflict(f);
  if (!conflict.empty()) fail(name_of(f), {conflict});
  backward(f, Order::derivative_from_output, {"y", y}, dy, dx, threads);
}

void forward_with_mask(const Activation& f, const ConstTensor& x, const Tensor& y,
                       std::span<std::uint8_t> mask) {
  validate(f);
  demand_arrays(f, {{"x", x}}, {{"y", y}});
  demand_mask(f, mask.size(), {"x", x});
  demand_contiguous(name_of(f), {"y", y});
  const Evaluator evaluator(f);
  for_type(x.type(), [&]<class T>() {
    evaluator.mask(x.data<T>(), mask.data(), x.size());
    evaluator.map(Order::value, x.data<T>(), y.data<T>(), x.size());
  });
}

void backward_from_mask(const Activation& f, std::span<const std::uint8_t> mask,
                        const ConstTensor& dy, const Tensor& dx) {
  validate(f);
  demand_arrays(f, {{"dy", dy}}, {{"dx", dx}});
  demand_mask(f, mask.size(), {"dy", dy});
  demand_contiguous(name_of(f), {"dx", dx});
  const Evaluator evaluator(f);
  for_type(dy.type(), [&]<class T>() {
    evaluator.backward_from_mask(mask.data(), dy.data<T>(), dx.data<T>(), dy.size());
  });
}

void double_backward(const Activation& f, const ConstTensor& x, const ConstTensor& dy,
                     const ConstTensor& v, const Tensor& for_dy, const Tensor& for_x,
                     Threads threads) {
  demand_call(f, threads);
  demand_arrays(f, {{"x", x}, {"dy", dy}, {"v", v}}, {{"for_dy", for_dy}, {"for_x", for_x}});
  walk(f, threads, {&x, &dy, &v}, {&for_dy, &for_x},
       []<class T>(const Evaluator& e, const Block& b) {
         e.double_backward<T>(
             {b.of<const T>(0), b.of<const T>(1), b.of<const T>(2), b.of<T>(3), b.of<T>(4)}, b.n);
       });
}

void bias_forward(const Activation& f, const ConstTensor& bias, const Tensor& z, const Tensor& y,
                  Threads threads) {
  demand_call(f, threads);
  memory::demand_alike(name_of(f), {"z", z}, {{"y", y}});
  const Shape rows = demand_bias(f, bias, z);
  memory::demand_outputs(name_of(f), {{"z", z}}, {{"y", y}});
  for (const Named& t : {Named{"z", z}, Named{"y", y}}) {
    memory::demand_outputs(name_of(f), {}, {t});
    memory::demand_apart(name_of(f), {"bias", bias}, t);
  }
  if (z.size() == 0) return;
  const auto in_rows = [&](const ConstTensor& t) {
    return rows.count() == t.dimensions() ? t : ConstTensor(t.address(), t.type(), rows);
  };
  const ConstTensor zs = in_rows(z), ys = in_rows(y);
  Strides of_bias = zs.strides();
  for (std::size_t i = 0; i < rows.count(); ++i) of_bias[i] = i + 1 == rows.count() ? 1 : 0;
  Walk all(z.type(), rows, memory::BlockType::stored);
  all.read(bias.address(), of_bias);
  all.update(zs);
  all.write(ys);
  const Evaluator evaluator(f);
  for_type(z.type(), [&]<class T>() {
    all.run(crew_for(f, threads, z), [&](const Block& b) {
      evaluator.bias_forward(b.of<const T>(0), b.of<T>(1), b.of<T>(2), 1, b.n);
    });
  });
}

}  // namespace actfn
