#include <actfn/gated.h>

#include "api/parallel.h"
#include "api/share.h"
#include "api/tensors.h"
#include "api/walk.h"
#include "catalogue/error.h"
#include "gated/kernels/gating.h"

#include <array>
#include <span>

namespace actfn {
namespace {

using gated::Gating;

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
  Packed(const Gate& gate, const ConstTensor& x, int axis, Packing packing)
      : name_(name_of(gate)), packing_(packing), shape_(x.shape()) {
    if (x.dimensions() == 0) fail(name_, {"x is a scalar: it has no axis to be halved"});
    axis_ = axis_of(name_, axis, {"x", x});
    if (shape_[axis_] % 2 != 0) {
      fail(name_, {"axis ", axis_, " of x has the odd length ", shape_[axis_]});
    }
    shape_[axis_] /= 2;
  }

  const Shape& shape() const { return shape_; }

  // Demands that y has x's type and the halved shape.
  void check(const ConstTensor& x, const NamedTensor& y) const {
    check_same_type(name_, {"x", x}, y);
    if (y.data.shape() == shape_) return;
    fail(name_, {y.name, " has the shape ", text(y.data.shape()), ", x's ", text(x.shape()),
                 " halved along axis ", axis_, " is ", text(shape_)});
  }

  GateOperands halves(const ConstTensor& x) const {
    Strides strides = x.strides();
    const std::ptrdiff_t stride = strides[axis_];
    const bool interleaved = packing_ == Packing::interleaved;
    if (interleaved) strides[axis_] *= 2;
    const auto distance =
        interleaved ? stride : stride * static_cast<std::ptrdiff_t>(shape_[axis_]);
    const auto* const data = static_cast<const char*>(x.address());
    return {{data, strides}, {data + distance * size_of(x.type()), strides}};
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

std::size_t workers_for(const Gating& gating, Threads threads, const ConstTensor& y) {
  return thread_count(threads, y.size(), gating.light());
}

void run_forward(const Gate& gate, const GateOperands& x, const Tensor& y, Threads threads) {
  const Gating gating(gate);
  Walk walk(y.type(), y.shape());
  read(walk, gate_first(gating, x));
  walk.write(y.address(), y.strides());
  for_blocks_of(y.type(), [&]<class T>() {
    walk.run(workers_for(gating, threads, y), [&](void* const* p, std::size_t n, std::size_t) {
      gating.forward(block<T>(p, 0), block<T>(p, 1), block<T>(p, 2), n);
    });
  });
}

void run_backward(const Gate& gate, const GateOperands& x, const ConstTensor& dy,
                  const GateOperands& dx, Threads threads) {
  const Gating gating(gate);
  Walk walk(dy.type(), dy.shape());
  read(walk, gate_first(gating, x));
  walk.read(dy.address(), dy.strides());
  write(walk, gate_first(gating, dx));
  for_blocks_of(dy.type(), [&]<class T>() {
    walk.run(workers_for(gating, threads, dy), [&](void* const* p, std::size_t n, std::size_t) {
      const gated::Backward<T> arrays = {block<T>(p, 0), block<T>(p, 1), block<T>(p, 2),
                                         block<T>(p, 3), block<T>(p, 4)};
      gating.backward(arrays, n);
    });
  });
}

void check_options(const Gate& gate, const GateOptions& options) {
  validate(gate);
  check_threads(name_of(gate), options.threads);
}

// Demands that outputs can be written, do not overlap each other, and overlap an input only if both
// are the same tensor.
void check_memory(std::string_view name, std::span<const NamedTensor> inputs,
                  std::span<const NamedTensor> outputs) {
  for (const NamedTensor& out : outputs) {
    check_writable(name, out);
    for (const NamedTensor& in : inputs) check_in_place_or_apart(name, in, out);
    if (&out != outputs.data()) check_apart(name, outputs.front(), out);
  }
}

}  // namespace

void forward(const Gate& gate, const ConstTensor& x, int axis, const Tensor& y,
             const GateOptions& options) {
  check_options(gate, options);
  const Packed packed(gate, x, axis, options.packing);
  packed.check(x, {"y", y});
  check_memory(name_of(gate), std::array{NamedTensor{"x", x}}, std::array{NamedTensor{"y", y}});
  run_forward(gate, packed.halves(x), y, options.threads);
}

void backward(const Gate& gate, const ConstTensor& x, const ConstTensor& dy, int axis,
              const Tensor& dx, const GateOptions& options) {
  check_options(gate, options);
  const Packed packed(gate, x, axis, options.packing);
  packed.check(x, {"dy", dy});
  check_same_shape(name_of(gate), {"x", x}, {"dx", dx});
  check_memory(name_of(gate), std::array{NamedTensor{"x", x}, NamedTensor{"dy", dy}},
               std::array{NamedTensor{"dx", dx}});
  run_backward(gate, packed.halves(x), dy, packed.halves(dx), options.threads);
}

void double_backward(const Gate& gate, const ConstTensor& x, const ConstTensor& dy,
                     const ConstTensor& v, int axis, const Tensor& for_dy, const Tensor& for_x,
                     const GateOptions& options) {
  check_options(gate, options);
  const std::string_view name = name_of(gate);
  const Packed packed(gate, x, axis, options.packing);
  for (const NamedTensor& t : {NamedTensor{"dy", dy}, NamedTensor{"for_dy", for_dy}}) {
    packed.check(x, t);
  }
  for (const NamedTensor& t : {NamedTensor{"v", v}, NamedTensor{"for_x", for_x}}) {
    check_same_shape(name, {"x", x}, t);
  }
  check_memory(name, std::array{NamedTensor{"x", x}, NamedTensor{"dy", dy}, NamedTensor{"v", v}},
               std::array{NamedTensor{"for_dy", for_dy}, NamedTensor{"for_x", for_x}});
  const Gating gating(gate);
  Walk walk(x.type(), packed.shape());
  read(walk, gate_first(gating, packed.halves(x)));
  walk.read(dy.address(), dy.strides());
  read(walk, gate_first(gating, packed.halves(v)));
  walk.write(for_dy.address(), for_dy.strides());
  write(walk, gate_first(gating, packed.halves(for_x)));
  for_blocks_of(x.type(), [&]<class T>() {
    walk.run(
        workers_for(gating, options.threads, dy), [&](void* const* p, std::size_t n, std::size_t) {
          const gated::DoubleBackward<T> arrays = {block<T>(p, 0), block<T>(p, 1), block<T>(p, 2),
                                                   block<T>(p, 3), block<T>(p, 4), block<T>(p, 5),
                                                   block<T>(p, 6), block<T>(p, 7)};
          gating.double_backward(arrays, n);
        });
  });
}

void forward(const Gate& gate, const ConstTensor& a, const ConstTensor& b, const Tensor& y,
             Threads threads) {
  check_options(gate, {.threads = threads});
  const std::string_view name = name_of(gate);
  for (const NamedTensor& t : {NamedTensor{"b", b}, NamedTensor{"y", y}}) {
    check_same_shape(name, {"a", a}, t);
  }
  check_memory(name, std::array{NamedTensor{"a", a}, NamedTensor{"b", b}},
               std::array{NamedTensor{"y", y}});
  run_forward(gate, separate(a, b), y, threads);
}

void backward(const Gate& gate, const ConstTensor& a, const ConstTensor& b, const ConstTensor& dy,
              const Tensor& da, const Tensor& db, Threads threads) {
  check_options(gate, {.threads = threads});
  const std::string_view name = name_of(gate);
  for (const NamedTensor& t :
       {NamedTensor{"b", b}, NamedTensor{"dy", dy}, NamedTensor{"da", da}, NamedTensor{"db", db}}) {
    check_same_shape(name, {"a", a}, t);
  }
  check_memory(name, std::array{NamedTensor{"a", a}, NamedTensor{"b", b}, NamedTensor{"dy", dy}},
               std::array{NamedTensor{"da", da}, NamedTensor{"db", db}});
  run_backward(gate, separate(a, b), dy, separate(da, db), threads);
}

}  // namespace actfn
