// SPDX-License-Identifier: Apache-2.0
// How exact results are. It belongs to a call, not to a function: {Gelu{}, Accuracy::fast} is gelu,
// computed in another way. In C++ it follows the function in braces (list_ref.h), in a string it
// follows the name: "gelu@fast" (Spec in catalogue.h).
#pragma once

#include <cstddef>
#include <string_view>

namespace actfn {

/// How exact the results of a call are, for tensors of float32.
///
/// accurate, the default: values are within 1 ulp, first derivatives within 2 ulp, second within 4;
/// about a root of a derivative, where ulps have no bound, within 2^-24. fast: values and first
/// derivatives are within 4 ulp; tails, subnormal results, limits, signs of zero and NaN are as
/// right as those of accurate. nearest: values are correctly rounded: the float32 nearest to the
/// exact result. Within 2^-50 of the midpoint between two float32, the rounding rests on
/// double-double arithmetic and may be wrong. scripts/exhaustive counts such inputs for the default
/// parameters.
///
/// Each has one bit pattern for one input, on every instruction set, for any length and number of
/// threads. scripts/exhaustive measures errors and times of each function and accuracy.
///
/// What an accuracy has no form of its own for is computed as by accurate: all of fast where
/// nothing faster is known, the derivatives of nearest, second derivatives, derivatives with
/// respect to parameters, and all functions that are not elementwise. Tensors of float64 and of 16
/// bits have one accuracy: values within 2 ulp in float64, within 0.51 ulp in 16 bits.
///
///     actfn::forward({actfn::Gelu{}, actfn::Accuracy::fast}, x, y);
///     actfn::backward({actfn::Silu{}, actfn::Accuracy::fast}, x, dy, dx);
///     const float y0 = actfn::evaluate({actfn::Mish{}, actfn::Accuracy::nearest}, 0.5F);
///     const actfn::PreparedActivation<float> exact({actfn::Tanh{}, actfn::Accuracy::nearest});
enum class Accuracy { accurate, fast, nearest };

inline constexpr std::size_t kAccuracyCount = 3;

/// "accurate", "fast", "nearest".
constexpr std::string_view accuracy_name(Accuracy accuracy) {
  constexpr std::string_view kNames[kAccuracyCount] = {"accurate", "fast", "nearest"};
  return kNames[static_cast<std::size_t>(accuracy)];
}

namespace internal {

// Whether functions of a list have kernels of their own for other accuracies.
template <class List>
inline constexpr bool kHasAccuracies = false;

}  // namespace internal

}  // namespace actfn
