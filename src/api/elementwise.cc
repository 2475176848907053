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
  if (z.empty()) return;
  const std::size_t columns = bias.size();
  active_kernels(f).bias_forward(parameters_of(f), bias.data(), z.data(), y.data(),
                                 z.size() / columns, columns);
}

}  // namespace actfn
