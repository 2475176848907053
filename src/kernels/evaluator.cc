// SPDX-License-Identifier: Apache-2.0
#include "kernels/evaluator.h"

#include "kernels/type.h"

#include <algorithm>
#include <cstring>

namespace actfn::kernels {
namespace {

template <class Void>
Void* offset(Void* array, std::size_t bytes) {
  using Byte = std::conditional_t<std::is_const_v<Void>, const std::byte, std::byte>;
  return static_cast<Byte*>(array) + bytes;
}

// body(offset, count) for blocks of at most kBlock.
template <class Body>
void for_blocks(std::size_t n, const Body& body) {
  for (std::size_t i = 0; i < n; i += kBlock) body(i, std::min(kBlock, n - i));
}

// A block's arrays.
template <class W, std::size_t inputs>
using In = const std::array<const W*, inputs>&;
template <class W, std::size_t outputs>
using Out = const std::array<W*, outputs>&;

}  // namespace

Evaluator::Evaluator(const EntryOf<Activation>& entry, const GradientsOf<Activation>* gradients,
                     const void* leaf, Type type, Target target)
    : type_(type),
      values_(&entry.of(type).values.of(target)),
      gradients_(gradients),
      target_(target),
      parameters_(entry.descriptor(), leaf, type) {
  if (gradients != nullptr) derivatives_ = &gradients->of(type).kernels.of(target);
}

Map Evaluator::map_of(Order order, Type type) const {
  if (order == Order::value) return values_->of(type);
  const Derivatives& maps = derivatives_->of(type);
  if (order == Order::derivative) return maps.derivative;
  if (order == Order::second_derivative) return maps.second_derivative;
  if (order == Order::derivative_from_output) return maps.derivative_from_output;
  return maps.parameters == nullptr ? nullptr : maps.parameters[parameter_of_order(order)];
}

void Evaluator::map(Order order, const void* x, void* y, std::size_t n) const {
  if (const Map direct = map_of(order, type_)) return direct(parameters_.address(), x, y, n);
  const Map of_floats = map_of(order, Type::float32);
  const Conversion& conversion = conversions(target_).of(type_);
  float buffer[kBlock];
  for_blocks(n, [&](std::size_t at, std::size_t count) {
    conversion.widen(offset(x, 2 * at), buffer, count);
    of_floats(parameters_.address(), buffer, buffer, count);
    conversion.narrow(buffer, offset(y, 2 * at), count);
  });
}

template <class W>
void Evaluator::map_computed(Order order, const W* x, W* y, std::size_t n) const {
  map_of(order, kTypeOf<W>)(parameters_.address(), x, y, n);
}

// Calls body(in, out, n) for blocks of the type that results are computed in. A single output may
// be an input: the body writes it last. Two outputs are copies, so that the body may read inputs
// after it has written one.
template <std::size_t inputs, std::size_t outputs, class Body>
void Evaluator::in_blocks(const std::array<const void*, inputs>& in,
                          const std::array<void*, outputs>& out, std::size_t n,
                          const Body& body) const {
  const auto run = [&]<class W>(W(*buffers)[kBlock]) {
    const std::size_t size = size_of(type_);
    const bool converts = size == 2;
    const Conversion& conversion = conversions(target_).of(type_);
    for_blocks(n, [&](std::size_t at, std::size_t count) {
      std::array<const W*, inputs> from;
      std::array<W*, outputs> to;
      for (std::size_t k = 0; k < inputs; ++k) {
        const void* const x = offset(in[k], at * size);
        from[k] = converts ? buffers[k] : static_cast<const W*>(x);
        if (converts) conversion.widen(x, reinterpret_cast<float*>(buffers[k]), count);
      }
      W(*buffer)[kBlock] = buffers + inputs;
      for (W*& y : to) y = *buffer++;
      if (outputs == 1 && !converts) to.front() = static_cast<W*>(offset(out.front(), at * size));
      body(from, to, count);
      void* const* place = out.data();
      for (const W* const results : to) {
        void* const y = offset(*place++, at * size);
        if (converts) {
          conversion.narrow(reinterpret_cast<const float*>(results), y, count);
        } else if (results != y) {
          std::copy_n(results, count, static_cast<W*>(y));
        }
      }
    });
  };
  if (type_ == Type::float64) {
    double buffers[inputs + outputs][kBlock];
    return run(buffers);
  }
  float buffers[inputs + outputs][kBlock];
  run(buffers);
}

void Evaluator::backward(Order order, const void* x, const void* dy, void* dx,
                         std::size_t n) const {
  const Derivatives& own = derivatives_->of(type_);
  const auto direct = order == Order::derivative ? own.backward : own.backward_from_output;
  if (direct != nullptr) return direct(parameters_.address(), x, dy, dx, n);
  in_blocks<2, 1>({x, dy}, {dx}, n, [&]<class W>(In<W, 2> in, Out<W, 1> out, std::size_t count) {
    W slope[kBlock];
    map_computed(order, in[0], slope, count);
    blocks(target_).of<W>().multiply(slope, in[1], out[0], count);
  });
}

void Evaluator::value_and_derivative(const void* x, void* y, void* dydx, std::size_t n) const {
  const auto direct = derivatives_->of(type_).value_and_derivative;
  if (direct != nullptr) return direct(parameters_.address(), x, y, dydx, n);
  if (size_of(type_) == 2) {  // both with the bits that they have alone; x may be an output
    std::uint16_t copy[kBlock];
    for_blocks(n, [&](std::size_t at, std::size_t count) {
      std::memcpy(copy, offset(x, 2 * at), 2 * count);
      map(Order::value, copy, offset(y, 2 * at), count);
      map(Order::derivative, copy, offset(dydx, 2 * at), count);
    });
    return;
  }
  in_blocks<1, 2>({x}, {y, dydx}, n, [&]<class W>(In<W, 1> in, Out<W, 2> out, std::size_t count) {
    map_computed(Order::derivative, in[0], out[1], count);
    map_computed(Order::value, in[0], out[0], count);
  });
}

void Evaluator::double_backward(const DoubleBackward& a, std::size_t n) const {
  in_blocks<3, 2>({a.x, a.dy, a.v}, {a.for_dy, a.for_x}, n,
                  [&]<class W>(In<W, 3> in, Out<W, 2> out, std::size_t count) {
                    const auto& arithmetic = blocks(target_).of<W>();
                    W weight[kBlock];
                    map_computed(Order::derivative, in[0], out[0], count);
                    map_computed(Order::second_derivative, in[0], out[1], count);
                    arithmetic.multiply(in[2], in[1], weight, count);
                    arithmetic.multiply(weight, out[1], out[1], count);
                    arithmetic.multiply(out[0], in[2], out[0], count);
                  });
}

void Evaluator::bias_forward(const void* bias, void* z, void* y, void* dydz, std::size_t n) const {
  const std::size_t size = size_of(type_);
  for_blocks(n, [&](std::size_t at, std::size_t count) {  // z is in the cache for the value
    void* const sum = offset(z, at * size);
    in_blocks<2, 1>({sum, offset(bias, at * size)}, {sum}, count,
                    [&]<class W>(In<W, 2> in, Out<W, 1> out, std::size_t m) {
                      blocks(target_).of<W>().add(in[0], in[1], out[0], m);
                    });
    void* const value = offset(y, at * size);
    if (dydz == nullptr) {
      map(Order::value, sum, value, count);
    } else {
      value_and_derivative(sum, value, offset(dydz, at * size), count);
    }
  });
}

// Only for the relu family, whose derivative has two values: see Slopes in kernels/entry.h.
void Evaluator::mask(const void* x, std::uint8_t* mask, std::size_t n) const {
  const Slopes slopes = gradients_->slopes(parameters_.address());
  std::uint8_t* bits = mask;
  in_blocks<1, 0>({x}, {}, n, [&]<class W>(In<W, 1> in, Out<W, 0>, std::size_t count) {
    W slope[kBlock];
    map_computed(Order::derivative, in[0], slope, count);
    blocks(target_).of<W>().equals(slope, static_cast<W>(slopes.steep), bits, count);
    bits += kBlock / 8;
  });
}

void Evaluator::backward_from_mask(const std::uint8_t* mask, const void* dy, void* dx,
                                   std::size_t n) const {
  const Slopes slopes = gradients_->slopes(parameters_.address());
  const std::uint8_t* bits = mask;
  in_blocks<1, 1>({dy}, {dx}, n, [&]<class W>(In<W, 1> in, Out<W, 1> out, std::size_t count) {
    blocks(target_).of<W>().multiply_by_bits(in[0], bits, static_cast<W>(slopes.steep),
                                             static_cast<W>(slopes.flat), out[0], count);
    bits += kBlock / 8;
  });
}

}  // namespace actfn::kernels
