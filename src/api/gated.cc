// SPDX-License-Identifier: Apache-2.0
#include <actfn/gated.h>

#include "gated/kernels/gating.h"
#include "kernels/type.h"
#include "memory/demand.h"
#include "memory/walk.h"

namespace actfn {
namespace {

using gated::Gating;
using kernels::for_computed;
using kernels::name_of;
using memory::Block;
using memory::Named;
using memory::Walk;

// One operand of y's shape.
struct Operand {
  const void* data;
  Strides strides;
};

// a and b, or two tensors that belong to them: their gradients, for instance.
struct GateOperands {
  Operand a, b;
};

// Splits packed tensors into their two operands, which both have y's shape.
class Packed {
 public:
  Packed(const ListRef<Gate>& gate, const ConstTensor& x, int axis, Packing packing)
      : name_(name_of(gate)), packing_(packing), shape_(x.shape()) {
    if (x.dimensions() == 0) fail(name_, {"x is a scalar: it has no axis to be halved"});
    axis_ = memory::demand_axis(name_, axis, {"x", x});
    if (shape_[axis_] % 2 != 0) {
      fail(name_, {"axis ", axis_, " of x has the odd length ", shape_[axis_]});
    }
    shape_[axis_] /= 2;
  }

  const Shape& shape() const { return shape_; }

  // Demands that y has x's type and the halved shape.
  void check(const ConstTensor& x, const Named& y) const {
    memory::demand_same_type(name_, {"x", x}, y);
    if (y.data.shape() == shape_) return;
    fail(name_, {y.name, " has the shape ", text(y.data.shape()), ", x's ", text(x.shape()),
                 " halved along axis ", axis_, " is ", text(shape_)});
  }

  GateOperands halves(const ConstTensor& x) const {
    Strides strides = x.strides();
    const std::ptrdiff_t stride = strides[axis_];
    const bool interleaved = packing_ == Packing::interleaved;
    if (interleaved) strides[axis_] *= 2;
    std::ptrdiff_t distance =
        interleaved ? stride : stride * static_cast<std::ptrdiff_t>(shape_[axis_]);
    if (x.size() == 0) distance = 0;  // the address may be null
    const auto* const data = static_cast<const char*>(x.address());
    return {{data, strides},
            {data + distance * static_cast<std::ptrdiff_t>(kernels::size_of(x.type())), strides}};
  }

 private:
  std::string_view name_;
  Packing packing_;
  Shape shape_;
  std::size_t axis_;
};

GateOperands separate(const ConstTensor& a, const ConstTensor& b) {
  return {{a.address(), a.strides()}, {b.address(), b.strides()}};
}

// Puts the gate first, as Gating expects it.
GateOperands gate_first(const Gating& gating, const GateOperands& x) {
  return gating.second_is_gate() ? GateOperands{x.b, x.a} : x;
}

void read(Walk& walk, const GateOperands& x) {
  walk.read(x.a.data, x.a.strides);
  walk.read(x.b.data, x.b.strides);
}

void write(Walk& walk, const GateOperands& x) {
  walk.write(x.a.data, x.a.strides);
  walk.write(x.b.data, x.b.strides);
}

void run_forward(const ListRef<Gate>& gate, const GateOperands& operands, const Tensor& y,
                 Threads threads) {
  const Gating gating(gate, kernels::computed(y.type()));
  const GateOperands x = gate_first(gating, operands);
  Walk walk(memory::computed_copies(y.type()), y.shape());
  walk.use_pairs(memory::pair_copies(y.type()));
  read(walk, x);
  walk.write(y);
  for_computed(y.type(), [&]<class T>() {
    walk.run(threads, gating.nanoseconds(), [&](const Block& b) {
      gating.forward(b.of<const T>(0), b.of<const T>(1), b.of<T>(2), b.n);
    });
  });
}

void run_backward(const ListRef<Gate>& gate, const GateOperands& operands, const ConstTensor& dy,
                  const GateOperands& gradients, Threads threads) {
  const Gating gating(gate, kernels::computed(dy.type()));
  const GateOperands x = gate_first(gating, operands);
  const GateOperands dx = gate_first(gating, gradients);
  Walk walk(memory::computed_copies(dy.type()), dy.shape());
  walk.use_pairs(memory::pair_copies(dy.type()));
  read(walk, x);
  walk.read(dy);
  write(walk, dx);
  for_computed(dy.type(), [&]<class T>() {
    walk.run(threads, gating.nanoseconds(), [&](const Block& b) {
      gating.backward<T>(
          {b.of<const T>(0), b.of<const T>(1), b.of<const T>(2), b.of<T>(3), b.of<T>(4)}, b.n);
    });
  });
}

}  // namespace

void forward(const ListRef<Gate>& gate, const ConstTensor& x, int axis, const Tensor& y,
             const GateOptions& options) {
  const memory::Call call(gate, options.threads);
  const Packed packed(gate, x, axis, options.packing);
  packed.check(x, {"y", y});
  memory::demand_outputs(name_of(gate), {{"x", x}}, {{"y", y}});
  run_forward(gate, packed.halves(x), y, options.threads);
}

void backward(const ListRef<Gate>& gate, const ConstTensor& x, const ConstTensor& dy, int axis,
              const Tensor& dx, const GateOptions& options) {
  const memory::Call call(gate, options.threads);
  const Packed packed(gate, x, axis, options.packing);
  packed.check(x, {"dy", dy});
  memory::demand_alike(name_of(gate), {"x", x}, {{"dx", dx}});
  memory::demand_outputs(name_of(gate), {{"x", x}, {"dy", dy}}, {{"dx", dx}});
  run_backward(gate, packed.halves(x), dy, packed.halves(dx), options.threads);
}

void double_backward(const ListRef<Gate>& gate, const ConstTensor& x, const ConstTensor& dy,
                     const ConstTensor& v, int axis, const Tensor& for_dy, const Tensor& for_x,
                     const GateOptions& options) {
  const memory::Call call(gate, options.threads);
  const std::string_view name = name_of(gate);
  const Packed packed(gate, x, axis, options.packing);
  for (const Named& t : {Named{"dy", dy}, Named{"for_dy", for_dy}}) packed.check(x, t);
  memory::demand_alike(name, {"x", x}, {{"v", v}, {"for_x", for_x}});
  memory::demand_outputs(name, {{"x", x}, {"dy", dy}, {"v", v}},
                         {{"for_dy", for_dy}, {"for_x", for_x}});
  const Gating gating(gate, kernels::computed(x.type()));
  const GateOperands xs = gate_first(gating, packed.halves(x));
  const GateOperands vs = gate_first(gating, packed.halves(v));
  const GateOperands for_xs = gate_first(gating, packed.halves(for_x));
  Walk walk(memory::computed_copies(x.type()), packed.shape());
  walk.use_pairs(memory::pair_copies(x.type()));
  read(walk, xs);
  walk.read(dy);
  read(walk, vs);
  walk.write(for_dy);
  write(walk, for_xs);
  for_computed(x.type(), [&]<class T>() {
    walk.run(options.threads, gating.nanoseconds(), [&](const Block& b) {
      gating.double_backward<T>(
          {b.of<const T>(0), b.of<const T>(1), b.of<const T>(2), b.of<const T>(3), b.of<const T>(4),
           b.of<T>(5), b.of<T>(6), b.of<T>(7)},
          b.n);
    });
  });
}

void forward(const ListRef<Gate>& gate, const ConstTensor& a, const ConstTensor& b, const Tensor& y,
             Threads threads) {
  const memory::Call call(gate, threads);
  memory::demand_tensors(name_of(gate), {{"a", a}, {"b", b}}, {{"y", y}});
  run_forward(gate, separate(a, b), y, threads);
}

void backward(const ListRef<Gate>& gate, const ConstTensor& a, const ConstTensor& b,
              const ConstTensor& dy, const Tensor& da, const Tensor& db, Threads threads) {
  const memory::Call call(gate, threads);
  memory::demand_tensors(name_of(gate), {{"a", a}, {"b", b}, {"dy", dy}}, {{"da", da}, {"db", db}});
  run_backward(gate, separate(a, b), dy, separate(da, db), threads);
}

}  // namespace actfn
