#include "kernels/evaluator.h"

#include "catalogue/lists.h"

#include <algorithm>

namespace actfn::kernels {
namespace {

// Elements of a buffer. Buffers of this size stay in the first-level cache.
constexpr std::size_t kBlock = 512;

template <class T>
constexpr bool kIsSixteenBit = sizeof(T) == 2;

// body(offset, count) for blocks of at most kBlock.
template <class Body>
void for_blocks(std::size_t n, const Body& body) {
  for (std::size_t i = 0; i < n; i += kBlock) body(i, std::min(kBlock, n - i));
}

template <class T>
typename Maps<T>::Map map_of(const Maps<T>& maps, Order order) {
  if (order >= Order::first_parameter) {
    return maps.parameters == nullptr ? nullptr : maps.parameters[parameter_of_order(order)];
  }
  const typename Maps<T>::Map all[] = {maps.value, maps.derivative, maps.second_derivative,
                                       maps.derivative_from_output};
  return all[static_cast<std::size_t>(order)];
}

}  // namespace

Evaluator::Evaluator(const Entry& entry, const Activation& f, Target target)
    : entry_(&entry),
      kernels_(&entry.kernels.of(target)),
      blocks_(&blocks(target)),
      single_(f),
      double_(f) {
  // No parameter of an elementwise function is a function: the list of all is not linked.
  functions::round_numbers_to_float32(entry.descriptor(),
                                      const_cast<void*>(parameters_of(single_)));
}

template <class T>
const void* Evaluator::parameters() const {
  return parameters_of(std::is_same_v<T, double> ? double_ : single_);
}

template <class T>
void Evaluator::map(Order order, const T* x, T* y, std::size_t n) const {
  if (const auto direct = map_of(kernels_->of<T>(), order)) {
    direct(parameters<T>(), x, y, n);
    return;
  }
  if constexpr (kIsSixteenBit<T>) {
    float buffer[kBlock];
    for_blocks(n, [&](std::size_t at, std::size_t count) {
      blocks_->widen(x + at, buffer, count);
      map(order, buffer, buffer, count);
      blocks_->narrow(buffer, y + at, count);
    });
  }
}

template <class T>
void Evaluator::backward(Order order, const T* x, const T* dy, T* dx, std::size_t n) const {
  const Maps<T>& maps = kernels_->of<T>();
  const auto direct = order == Order::derivative ? maps.backward : maps.backward_from_output;
  if (direct != nullptr) {
    direct(parameters<T>(), x, dy, dx, n);
    return;
  }
  if constexpr (kIsSixteenBit<T>) {
    float slope[kBlock];
    float gradient[kBlock];
    for_blocks(n, [&](std::size_t at, std::size_t count) {
      blocks_->widen(x + at, slope, count);
      map(order, slope, slope, count);
      blocks_->widen(dy + at, gradient, count);
      blocks_->of<float>().multiply(slope, gradient, slope, count);
      blocks_->narrow(slope, dx + at, count);
    });
  } else {
    T slope[kBlock];
    for_blocks(n, [&](std::size_t at, std::size_t count) {
      map(order, x + at, slope, count);
      blocks_->of<T>().multiply(dy + at, slope, dx + at, count);
    });
  }
}

template <class T>
void Evaluator::value_and_derivative(const T* x, T* y, T* dydx, std::size_t n) const {
  T slope[kBlock];
  for_blocks(n, [&](std::size_t at, std::size_t count) {
    map(Order::derivative, x + at, slope, count);  // y or dydx may be x
    map(Order::value, x + at, y + at, count);
    std::copy_n(slope, count, dydx + at);
  });
}

template <class T>
void Evaluator::double_backward(const DoubleBackward<T>& a, std::size_t n) const {
  T first[kBlock];
  T second[kBlock];
  for_blocks(n, [&](std::size_t at, std::size_t count) {
    if constexpr (kIsSixteenBit<T>) {
      float x[kBlock], v[kBlock], dy[kBlock], slope[kBlock];
      const auto& arithmetic = blocks_->of<float>();
      blocks_->widen(a.x + at, x, count);
      blocks_->widen(a.v + at, v, count);
      blocks_->widen(a.dy + at, dy, count);
      map(Order::derivative, x, slope, count);
      map(Order::second_derivative, x, x, count);
      arithmetic.multiply(dy, v, dy, count);
      arithmetic.multiply(dy, x, x, count);
      arithmetic.multiply(slope, v, slope, count);
      blocks_->narrow(slope, first, count);
      blocks_->narrow(x, second, count);
    } else {
      const auto& arithmetic = blocks_->of<T>();
      T weight[kBlock];
      map(Order::derivative, a.x + at, first, count);
      map(Order::second_derivative, a.x + at, second, count);
      arithmetic.multiply(a.v + at, a.dy + at, weight, count);
      arithmetic.multiply(weight, second, second, count);
      arithmetic.multiply(first, a.v + at, first, count);
    }
    std::copy_n(first, count, a.for_dy + at);
    std::copy_n(second, count, a.for_x + at);
  });
}

template <class T>
void Evaluator::bias_forward(const T* bias, T* z, T* y, std::size_t rows,
                             std::size_t columns) const {
  for (std::size_t r = 0; r < rows; ++r) {
    for_blocks(columns, [&](std::size_t at, std::size_t count) {
      T* const sum = z + r * columns + at;
      if constexpr (kIsSixteenBit<T>) {
        float a[kBlock];
        float b[kBlock];
        blocks_->widen(sum, a, count);
        blocks_->widen(bias + at, b, count);
        blocks_->of<float>().add(a, b, a, count);
        blocks_->narrow(a, sum, count);
      } else {
        blocks_->of<T>().add(sum, bias + at, sum, count);
      }
      map(Order::value, sum, y + r * columns + at, count);
    });
  }
}

// Only for the relu family, whose derivative has two values: see Slopes in kernels/entry.h.
template <class T>
void Evaluator::mask(const T* x, std::uint8_t* mask, std::size_t n) const {
  const Slopes slopes = entry_->slopes(single_);
  float wide[kBlock];
  for_blocks(n, [&](std::size_t at, std::size_t count) {
    if constexpr (sizeof(T) == 8) {
      double slope[kBlock];
      map(Order::derivative, x + at, slope, count);
      blocks_->of<double>().equals(slope, entry_->slopes(double_).steep, mask + at / 8, count);
      return;
    } else if constexpr (kIsSixteenBit<T>) {
      blocks_->widen(x + at, wide, count);
      map(Order::derivative, wide, wide, count);
    } else {
      map(Order::derivative, x + at, wide, count);
    }
    blocks_->of<float>().equals(wide, static_cast<float>(slopes.steep), mask + at / 8, count);
  });
}

template <class T>
void Evaluator::backward_from_mask(const std::uint8_t* mask, const T* dy, T* dx,
                                   std::size_t n) const {
  const Activation& f = sizeof(T) == 8 ? double_ : single_;
  const Slopes slopes = entry_->slopes(f);
  if constexpr (kIsSixteenBit<T>) {
    float wide[kBlock];
    for_blocks(n, [&](std::size_t at, std::size_t count) {
      blocks_->widen(dy + at, wide, count);
      blocks_->of<float>().multiply_by_bits(wide, mask + at / 8, static_cast<float>(slopes.steep),
                                            static_cast<float>(slopes.flat), wide, count);
      blocks_->narrow(wide, dx + at, count);
    });
  } else {
    blocks_->of<T>().multiply_by_bits(dy, mask, static_cast<T>(slopes.steep),
                                      static_cast<T>(slopes.flat), dx, n);
  }
}

#define ACTFN_INSTANTIATE(T)                                                               \
  template void Evaluator::map(Order, const T*, T*, std::size_t) const;                    \
  template void Evaluator::backward(Order, const T*, const T*, T*, std::size_t) const;     \
  template void Evaluator::value_and_derivative(const T*, T*, T*, std::size_t) const;      \
  template void Evaluator::double_backward(const DoubleBackward<T>&, std::size_t) const;   \
  template void Evaluator::bias_forward(const T*, T*, T*, std::size_t, std::size_t) const; \
  template void Evaluator::mask(const T*, std::uint8_t*, std::size_t) const;               \
  template void Evaluator::backward_from_mask(const std::uint8_t*, const T*, T*, std::size_t) const;

ACTFN_INSTANTIATE(float)
ACTFN_INSTANTIATE(double)
ACTFN_INSTANTIATE(bfloat16)
ACTFN_INSTANTIATE(float16)

}  // namespace actfn::kernels
