#include <actfn/elementwise.h>

#include "api/check.h"
#include "kernels/entry.h"

namespace actfn {

using kernels::active_kernels;
using kernels::parameters_of;

void forward(const Activation& f, std::span<const float> x, std::span<float> y) {
  validate(f);
  check_arrays(f, {"x", x}, {"y", y});
  active_kernels(f).value(parameters_of(f), x.data(), y.data(), x.size());
}

void derivative(const Activation& f, std::span<const float> x, std::span<float> dydx) {
  validate(f);
  check_arrays(f, {"x", x}, {"dydx", dydx});
  active_kernels(f).derivative(parameters_of(f), x.data(), dydx.data(), x.size());
}

void second_derivative(const Activation& f, std::span<const float> x, std::span<float> d2ydx2) {
  validate(f);
  check_arrays(f, {"x", x}, {"d2ydx2", d2ydx2});
  active_kernels(f).second_derivative(parameters_of(f), x.data(), d2ydx2.data(), x.size());
}

void forward_with_derivative(const Activation& f, std::span<const float> x, std::span<float> y,
                             std::span<float> dydx) {
  validate(f);
  check_arrays(f, {"x", x}, {"y", y});
  check_arrays(f, {"x", x}, {"dydx", dydx});
  check_apart(f, {"y", y}, {"dydx", dydx});
  active_kernels(f).value_and_derivative(parameters_of(f), x.data(), y.data(), dydx.data(),
                                         x.size());
}

void double_backward(const Activation& f, std::span<const float> x, std::span<const float> dy,
                     std::span<const float> v, std::span<float> for_dy, std::span<float> for_x) {
  validate(f);
  for (const NamedArray out : {NamedArray{"for_dy", for_dy}, NamedArray{"for_x", for_x}}) {
    for (const NamedArray in : {NamedArray{"x", x}, NamedArray{"dy", dy}, NamedArray{"v", v}}) {
      check_arrays(f, in, out);
    }
  }
  check_apart(f, {"for_dy", for_dy}, {"for_x", for_x});
  active_kernels(f).double_backward(
      parameters_of(f), {x.data(), dy.data(), v.data(), for_dy.data(), for_x.data()}, x.size());
}

void backward(const Activation& f, std::span<const float> x, std::span<const float> dy,
              std::span<float> dx) {
  validate(f);
  check_arrays(f, {"x", x}, {"dx", dx});
  check_arrays(f, {"dy", dy}, {"dx", dx});
  active_kernels(f).backward(parameters_of(f), x.data(), dy.data(), dx.data(), x.size());
}

void bias_forward(const Activation& f, std::span<const float> bias, std::span<float> z,
                  std::span<float> y) {
  validate(f);
  check_arrays(f, {"z", z}, {"y", y});
  check_rows(f, bias, z);
  check_apart(f, {"y", y}, {"bias", bias});
  if (z.empty()) return;
  const std::size_t columns = bias.size();
  active_kernels(f).bias_forward(parameters_of(f), bias.data(), z.data(), y.data(),
                                 z.size() / columns, columns);
}

}  // namespace actfn
