// SPDX-License-Identifier: Apache-2.0
// What a function of one number is like, computed from its values and derivatives in float64 and
// from its definition.
#pragma once

#include <actfn/activation.h>

#include "lab/normal_mean.h"

#include <optional>
#include <vector>

namespace actfn::lab {

// The least or the greatest value.
struct Bound {
  double value = 0;          // may be infinite
  bool reached = false;      // at some x
  std::optional<double> at;  // the only x, as far as was looked
};

// An interval of x in which the definition takes one way.
struct Stretch {
  double low = 0, high = 0;
  bool flat = false;      // f' is 0
  bool straight = false;  // f'' is 0
};

// Where f, f', f'' or f''' jumps.
struct Jump {
  double at = 0;
  int order = 0;  // of the first that jumps
  double size = 0;
};

enum class Trend { constant, increasing, not_decreasing, decreasing, not_increasing, none };
enum class Bend { straight, convex, concave, none };
enum class Symmetry { odd, even, point, none };  // point: about (0, f(0))

// A variance that the layer of moments_after() keeps.
struct FixedVariance {
  double variance = 0;
  double mean = 0;
  double slope = 0;  // of the variance behind it by that before it; it attracts where below 1
};

// What becomes of a variance through many such layers, where none is kept.
enum class Drift { kept, shrinks, grows, unknown };

struct Properties {
  double domain = 0;  // f has numbers from here on; -inf: everywhere
  Bound low, high;
  double left = 0, right = 0;  // limits at -inf and inf; NaN: none
  Trend trend = Trend::none;
  Bend bend = Bend::none;
  Symmetry symmetry = Symmetry::none;
  std::vector<Stretch> stretches;  // in order; together they are the domain
  std::vector<Jump> jumps;         // in order, of all sizes that can be told from rounding
  Bound slope;                     // the greatest |f'|; infinite where f jumps, too
  std::vector<double> fixed;       // f(x) = x, in order, but for `fixed_stretches`
  bool more_fixed = false;         // than were looked for
  std::vector<Stretch> fixed_stretches;
  std::vector<Stretch> zeros;  // f is 0
  double share_of_zeros = 0;   // for x from N(0, 1)
  double share_of_flat = 0;    // where f' is 0
  Moments normal;              // of f(x) for x from N(0, 1); NaN where f has no numbers
  double square_of_slope = 0;  // the mean of f'(x)^2
  double gain = 0;             // 1 / sqrt(the mean of f(x)^2)
  std::vector<FixedVariance> fixed_variances;
  Drift drift = Drift::unknown;

  bool bounded() const;
  bool monotone() const { return trend != Trend::none; }
  // The last derivative without a jump: 0 where only f is continuous, -1 where it is not; none:
  // every one. Jumps of less than a millionth do not count.
  std::optional<int> smooth_to() const;
};

// Jumps that are smaller are told, but a function is not called rough for them.
inline constexpr double kSmallJump = 1e-6;

Properties properties_of(const Activation& f);

// PyTorch's torch.nn.init.calculate_gain(), where it has one for f.
std::optional<double> pytorch_gain(const Activation& f);

}  // namespace actfn::lab
