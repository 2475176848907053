// SPDX-License-Identifier: Apache-2.0
// The elementwise activations: one struct for each, with PyTorch's parameter names and defaults,
// and a variant that holds any of them. info() in catalogue.h has the derivative of each, too.
//
// A parameter is a finite double, unless its struct says more. It must fit in float32's range:
// 1e300 counts as infinite. Arrays of float32 and of 16 bits use it rounded to float32, as PyTorch
// does.
#pragma once

#include <actfn/accuracy.h>

#include <string>
#include <string_view>
#include <variant>

namespace actfn {

/// A double without a default value. A struct that has one does not compile without it.
///
///     actfn::Activation f = actfn::Softcap{.cap = 30};
struct Required {
  double value;
  constexpr Required(double v) : value(v) {}           // NOLINT(google-explicit-constructor)
  constexpr operator double() const { return value; }  // NOLINT(google-explicit-constructor)
  friend bool operator==(const Required&, const Required&) = default;
};

// clang-format off
/// atan(x).
struct Arctan { bool operator==(const Arctan&) const = default; };
/// (sqrt(x^2 + 1) - 1) / 2 + x.
struct BentIdentity { bool operator==(const BentIdentity&) const = default; };
/// max(x, 0) + min(0, alpha (exp(x / alpha) - 1)); alpha > 0. Barron 2017, arXiv:1704.07483.
struct Celu { double alpha = 1; bool operator==(const Celu&) const = default; };
/// erf(alpha x + shift). Chen et al. 2025, arXiv:2512.10938.
struct Derf {
  double alpha = 0.5;
  double shift = 0;
  bool operator==(const Derf&) const = default;
};
/// tanh(alpha x). Zhu et al. 2025, arXiv:2503.10622 (DyT).
struct DynamicTanh { double alpha = 0.5; bool operator==(const DynamicTanh&) const = default; };
/// x >= 0 ? x s : (exp(x) - 1) s, s = sigmoid(x). Basirat & Roth 2018, arXiv:1808.00783.
struct Elish { bool operator==(const Elish&) const = default; };
/// x > 0 ? x : alpha (exp(x) - 1). Clevert et al. 2015, arXiv:1511.07289.
struct Elu { double alpha = 1; bool operator==(const Elu&) const = default; };
/// exp(x). Keras.
struct Exp { bool operator==(const Exp&) const = default; };
/// exp(-x^2). Broomhead & Lowe 1988.
struct Gaussian { bool operator==(const Gaussian&) const = default; };
/// approximate = none: x Phi(x), Phi the normal distribution function; tanh:
/// x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2. Hendrycks & Gimpel 2016, arXiv:1606.08415.
struct Gelu {
  enum class Approximate { none, tanh };
  Approximate approximate = Approximate::none;
  bool operator==(const Gelu&) const = default;
};
/// x min(max(x + 2, 0), 2) / 2. Misra 2020.
struct HardMish { bool operator==(const HardMish&) const = default; };
/// |x| > lambd ? x : 0; lambd >= 0. Donoho & Johnstone 1994.
struct Hardshrink { double lambd = 0.5; bool operator==(const Hardshrink&) const = default; };
/// min(max(slope x + shift, 0), 1). Courbariaux et al. 2015, arXiv:1511.00363.
struct Hardsigmoid {
  double slope = 1.0 / 6;
  double shift = 0.5;
  bool operator==(const Hardsigmoid&) const = default;
};
/// x min(max(x + 3, 0), 6) / 6. Howard et al. 2019, arXiv:1905.02244.
struct Hardswish { bool operator==(const Hardswish&) const = default; };
/// min(max(x, min_val), max_val); max_val > min_val. Collobert 2004.
struct Hardtanh {
  double min_val = -1;
  double max_val = 1;
  bool operator==(const Hardtanh&) const = default;
};
/// x.
struct Identity { bool operator==(const Identity&) const = default; };
/// x >= 0 ? x : x / sqrt(1 + alpha x^2); alpha > 0. Carlile et al. 2017, arXiv:1710.09967.
struct Isrlu { double alpha = 1; bool operator==(const Isrlu&) const = default; };
/// x / sqrt(1 + alpha x^2); alpha > 0. Carlile et al. 2017, arXiv:1710.09967.
struct Isru { double alpha = 1; bool operator==(const Isru&) const = default; };
/// (1 + erf((x - mu) / (sigma sqrt(2)))) / 2; sigma > 0. Ma et al. 2022, arXiv:2209.10655.
struct Laplace {
  double mu = 0.707107;
  double sigma = 0.282095;
  bool operator==(const Laplace&) const = default;
};
/// x > 0 ? x : negative_slope x. Maas et al. 2013.
struct LeakyRelu {
  double negative_slope = 0.01;
  bool operator==(const LeakyRelu&) const = default;
};
/// x tanh(x). Roy et al. 2019, arXiv:1901.05894.
struct Lisht { bool operator==(const Lisht&) const = default; };
/// -log(1 + exp(-x)). PyTorch.
struct LogSigmoid { bool operator==(const LogSigmoid&) const = default; };
/// x log(1 + sigmoid(x)). Zhu et al. 2021.
struct Logish { bool operator==(const Logish&) const = default; };
/// x tanh(log(1 + exp(x))). Misra 2019, arXiv:1908.08681.
struct Mish { bool operator==(const Mish&) const = default; };
/// x > 0 ? tanh(x) : negative_slope tanh(x). Xu et al. 2016, arXiv:1602.05980.
struct PenalizedTanh {
  double negative_slope = 0.25;
  bool operator==(const PenalizedTanh&) const = default;
};
/// x sigmoid(1.702 x). Hendrycks & Gimpel 2016, arXiv:1606.08415.
struct QuickGelu { bool operator==(const QuickGelu&) const = default; };
/// (a0 + a1 x + … + a5 x^5) / (1 + |b1 x + … + b4 x^4|); the defaults fit leaky_relu on [-3, 3].
/// Molina et al. 2020, arXiv:1907.06732 (PAU).
struct Rational {
  double a0 = 0.03355815733452378;
  double a1 = 0.5050059186781659;
  double a2 = 1.6534697310952233;
  double a3 = 2.0100501552600014;
  double a4 = 0.9319195586484518;
  double a5 = 0.15242646398275836;
  double b1 = 4.812831860534153e-05;
  double b2 = 3.9802479055059194;
  double b3 = 1.5837587665720168e-05;
  double b4 = 0.30183382839661377;
  bool operator==(const Rational&) const = default;
};
/// max(x, 0). Nair & Hinton 2010.
struct Relu { bool operator==(const Relu&) const = default; };
/// min(max(x, 0), 6). Krizhevsky 2010.
struct Relu6 { bool operator==(const Relu6&) const = default; };
/// max(x, 0)^2. So et al. 2021, arXiv:2109.08668.
struct ReluSquared { bool operator==(const ReluSquared&) const = default; };
/// scale (x > 0 ? x : alpha (exp(x) - 1)), scale = 1.0507009873554805,
/// alpha = 1.6732632423543772. Klambauer et al. 2017, arXiv:1706.02515.
struct Selu { bool operator==(const Selu&) const = default; };
/// x erf(log(1 + exp(x))). Nag & Bhattacharyya 2021, arXiv:2108.09598.
struct Serf { bool operator==(const Serf&) const = default; };
/// max(x, -1). Clevert et al. 2015, arXiv:1511.07289.
struct ShiftedRelu { bool operator==(const ShiftedRelu&) const = default; };
/// x < -lambd ? x + bias : x > lambd ? x - bias : 0; lambd >= 0. ONNX.
struct Shrink {
  double lambd = 0.5;
  double bias = 0;
  bool operator==(const Shrink&) const = default;
};
/// 1 / (1 + exp(-x)). Verhulst 1838.
struct Sigmoid { bool operator==(const Sigmoid&) const = default; };
/// x sigmoid(x). Elfwing et al. 2017, arXiv:1702.03118.
struct Silu { bool operator==(const Silu&) const = default; };
/// sin(omega x). Sitzmann et al. 2020, arXiv:2006.09661 (SIREN; there omega is 30).
struct Sine { double omega = 1; bool operator==(const Sine&) const = default; };
/// x tanh(log(1 + sigmoid(x))). Wang et al. 2022.
struct Smish { bool operator==(const Smish&) const = default; };
/// x + sin(alpha x)^2 / alpha; x for alpha = 0. Ziyin et al. 2020, arXiv:2006.08195.
struct Snake { double alpha = 1; bool operator==(const Snake&) const = default; };
/// x + sin(alpha x)^2 / beta; beta > 0. Lee et al. 2022, arXiv:2206.04658 (BigVGAN).
struct SnakeBeta {
  double alpha = 1;
  double beta = 1;
  bool operator==(const SnakeBeta&) const = default;
};
/// cap tanh(x / cap); cap > 0, without a default. Gemma Team 2024, arXiv:2408.00118.
struct Softcap { Required cap; bool operator==(const Softcap&) const = default; };
/// beta x > threshold ? x : log(1 + exp(beta x)) / beta; beta from 2^-100 to 2^100, threshold above
/// -inf, +inf included. Dugas et al. 2001.
struct Softplus {
  double beta = 1;
  double threshold = 20;
  bool operator==(const Softplus&) const = default;
};
/// log(exp(beta x) - 1) / beta; beta from 2^-100 to 2^100. TensorFlow Probability.
struct SoftplusInverse {
  double beta = 1;
  bool operator==(const SoftplusInverse&) const = default;
};
/// x > lambd ? x - lambd : x < -lambd ? x + lambd : 0; lambd >= 0. Donoho & Johnstone 1994.
struct Softshrink { double lambd = 0.5; bool operator==(const Softshrink&) const = default; };
/// x / (1 + |x|). Turian et al. 2009.
struct Softsign { bool operator==(const Softsign&) const = default; };
/// x <= -1 ? 0 : x < 1 ? (x + 1)^2 / 4 : x. JAX.
struct SparsePlus { bool operator==(const SparsePlus&) const = default; };
/// min(max((x + 1) / 2, 0), 1). Courbariaux et al. 2015, arXiv:1511.00363.
struct SparseSigmoid { bool operator==(const SparseSigmoid&) const = default; };
/// (x + sqrt(x^2 + b)) / 2; b > 0. Barron 2021, arXiv:2112.11687.
struct Squareplus { double b = 4; bool operator==(const Squareplus&) const = default; };
/// scale max(x, 0)^2 + bias. Yu et al. 2022, arXiv:2210.13452 (MetaFormer).
struct StarRelu {
  double scale = 0.8944271909999159;
  double bias = -0.4472135954999579;
  bool operator==(const StarRelu&) const = default;
};
/// x > threshold ? 1 : 0. McCulloch & Pitts 1943.
struct Step { double threshold = 0; bool operator==(const Step&) const = default; };
/// x sigmoid(beta x). Ramachandran et al. 2017, arXiv:1710.05941.
struct Swish { double beta = 1; bool operator==(const Swish&) const = default; };
/// tanh(x). LeCun et al. 1998.
struct Tanh { bool operator==(const Tanh&) const = default; };
/// x - tanh(x). PyTorch.
struct Tanhshrink { bool operator==(const Tanhshrink&) const = default; };
/// x tanh(exp(x)). Fernandez & Mali 2024, arXiv:2412.20269.
struct Telu { bool operator==(const Telu&) const = default; };
/// x > threshold ? x : value; both without a default. PyTorch.
struct Threshold {
  Required threshold;
  Required value;
  bool operator==(const Threshold&) const = default;
};
/// x > alpha ? x : 0. Konda et al. 2014, arXiv:1402.3337.
struct ThresholdedRelu {
  double alpha = 1;
  bool operator==(const ThresholdedRelu&) const = default;
};
/// x > 0 ? alpha_p x^2 + beta x : alpha_n (exp(min(x, eps)) - 1 - x) + beta x; eps <= 0.
/// Huang & Schlag 2024, arXiv:2411.13010.
struct Xielu {
  double alpha_p = 0.8;
  double alpha_n = 0.8;
  double beta = 0.5;
  double eps = -1e-6;
  bool operator==(const Xielu&) const = default;
};

/// THE list: any elementwise activation. Kernels, parsing, the command line, tests and documents
/// follow from it. An Activation is a small value: copy it, store it, compare it with ==.
///
///     actfn::Activation f = actfn::LeakyRelu{.negative_slope = 0.2};
///     f = actfn::Gelu{actfn::Gelu::Approximate::tanh};
using Activation = std::variant<
    Arctan, BentIdentity, Celu, Derf, DynamicTanh, Elish, Elu, Exp, Gaussian, Gelu, HardMish,
    Hardshrink, Hardsigmoid, Hardswish, Hardtanh, Identity, Isrlu, Isru, Laplace, LeakyRelu, Lisht,
    LogSigmoid, Logish, Mish, PenalizedTanh, QuickGelu, Rational, Relu, Relu6, ReluSquared, Selu,
    Serf, ShiftedRelu, Shrink, Sigmoid, Silu, Sine, Smish, Snake, SnakeBeta, Softcap, Softplus,
    SoftplusInverse, Softshrink, Softsign, SparsePlus, SparseSigmoid, Squareplus, StarRelu, Step,
    Swish, Tanh, Tanhshrink, Telu, Threshold, ThresholdedRelu, Xielu>;
// clang-format on

template <>
inline constexpr bool internal::kHasAccuracies<Activation> = true;

/// Reads an activation from text: `name` or `name(parameter=value,…)`. Numbers are decimal or C99
/// hexadecimal and are rounded to the nearest double; spaces are ignored.
///
///     actfn::Activation f = actfn::parse("leaky_relu(negative_slope=0.2)");
///     std::string text = actfn::to_string(f);  // "leaky_relu(negative_slope=0.2)"
///
/// Throws Error for
/// - an unknown name: "[parse] unknown function 'geluu'; did you mean gelu?";
/// - a function of another kind: "[parse] softmax is a row function, where an elementwise function
///   is needed";
/// - an unknown, repeated or missing parameter: "[elu] no parameter 'a': it has alpha";
/// - a value that is not a number or out of range: "[elu] alpha must be finite, got nan".
Activation parse(std::string_view spec);

/// The inverse of parse(): the name and, in parentheses, each parameter that differs from its
/// default, as the shortest decimal that reads back as the same double.
std::string to_string(const Activation& activation);

/// Throws Error where a parameter is out of range: "[elu] alpha must be finite, got nan". Every
/// function that takes an Activation calls this first.
void validate(const Activation& activation);

}  // namespace actfn
