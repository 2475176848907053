// SPDX-License-Identifier: Apache-2.0
// Rows whose result is decided by a NaN or an infinity.
#include "rows/kernels/table.h"

#include <algorithm>

namespace actfn::rows {

template <class T>
std::size_t count_of(const T* x, T value, std::size_t n) {
  return static_cast<std::size_t>(std::count(x, x + n, value));
}
template std::size_t count_of(const float*, float, std::size_t);
template std::size_t count_of(const double*, double, std::size_t);

template <class T>
void write_special(const Form& form, double sign, double max, const T* x, T* y, std::size_t n) {
  const T none = static_cast<T>(max == max ? form.none : max);
  if (!(max > 0)) return static_cast<void>(std::fill_n(y, n, none));
  const T largest = static_cast<T>(sign * max);
  const auto share = static_cast<T>(form.share(static_cast<double>(count_of(x, largest, n))));
  for (std::size_t i = 0; i < n; ++i) y[i] = x[i] == largest ? share : none;
}
template void write_special(const Form&, double, double, const float*, float*, std::size_t);
template void write_special(const Form&, double, double, const double*, double*, std::size_t);

}  // namespace actfn::rows
