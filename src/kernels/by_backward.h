// SPDX-License-Identifier: Apache-2.0
// Derivatives by the loop that multiplies them by a gradient: one loop instead of two.
#pragma once

#include <cstddef>

namespace actfn::kernels {

using MapBackward = void (*)(const void* activation, const void* x, const void* dy, void* dx,
                             std::size_t n);

// dydx = f'(x), as the products of `backward` with 1, which are exact. T: float, bfloat16 or
// float16. dydx may be x.
template <class T>
void derivative_by_backward(MapBackward backward, const void* activation, const void* x, void* dydx,
                            std::size_t n);

}  // namespace actfn::kernels
