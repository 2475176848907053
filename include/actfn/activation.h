// The list of activations: one aggregate each, with PyTorch's parameter names and defaults, and
// the variant that holds any of them. Formulas, derivatives and sources: src/activations/NAME.h,
// or catalogue.h at run time.
//
// Parameters are doubles within float32's range. Arrays of float32 and of the 16-bit types read
// them rounded to float32, as the other frameworks do.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace actfn {

// A parameter without a default: leaving it out does not compile.
struct Required {
  double value;
  constexpr Required(double v) : value(v) {}           // NOLINT(google-explicit-constructor)
  constexpr operator double() const { return value; }  // NOLINT(google-explicit-constructor)
  friend bool operator==(const Required&, const Required&) = default;
};

// clang-format off
struct Arctan { bool operator==(const Arctan&) const = default; };
struct BentIdentity { bool operator==(const BentIdentity&) const = default; };
struct Celu { double alpha = 1; bool operator==(const Celu&) const = default; };
struct Derf {
  double alpha = 0.5;
  double shift = 0;
  bool operator==(const Derf&) const = default;
};
struct DynamicTanh { double alpha = 0.5; bool operator==(const DynamicTanh&) const = default; };
struct Elish { bool operator==(const Elish&) const = default; };
struct Elu { double alpha = 1; bool operator==(const Elu&) const = default; };
struct Exp { bool operator==(const Exp&) const = default; };
struct Gaussian { bool operator==(const Gaussian&) const = default; };
struct Gelu {
  enum class Approximate { none, tanh };
  Approximate approximate = Approximate::none;
  bool operator==(const Gelu&) const = default;
};
struct HardMish { bool operator==(const HardMish&) const = default; };
struct Hardshrink { double lambd = 0.5; bool operator==(const Hardshrink&) const = default; };
struct Hardsigmoid {
  double slope = 1.0 / 6;
  double shift = 0.5;
  bool operator==(const Hardsigmoid&) const = default;
};
struct Hardswish { bool operator==(const Hardswish&) const = default; };
struct Hardtanh {
  double min_val = -1;
  double max_val = 1;
  bool operator==(const Hardtanh&) const = default;
};
struct Identity { bool operator==(const Identity&) const = default; };
struct Isrlu { double alpha = 1; bool operator==(const Isrlu&) const = default; };
struct Isru { double alpha = 1; bool operator==(const Isru&) const = default; };
struct Laplace {
  double mu = 0.707107;
  double sigma = 0.282095;
  bool operator==(const Laplace&) const = default;
};
struct LeakyRelu {
  double negative_slope = 0.01;
  bool operator==(const LeakyRelu&) const = default;
};
struct Lisht { bool operator==(const Lisht&) const = default; };
struct LogSigmoid { bool operator==(const LogSigmoid&) const = default; };
struct Logish { bool operator==(const Logish&) const = default; };
struct Mish { bool operator==(const Mish&) const = default; };
struct PenalizedTanh {
  double negative_slope = 0.25;
  bool operator==(const PenalizedTanh&) const = default;
};
struct QuickGelu { bool operator==(const QuickGelu&) const = default; };
// The coefficients of a polynomial over 1 + |another|.
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
struct Relu { bool operator==(const Relu&) const = default; };
struct Relu6 { bool operator==(const Relu6&) const = default; };
struct ReluSquared { bool operator==(const ReluSquared&) const = default; };
struct Selu { bool operator==(const Selu&) const = default; };
struct Serf { bool operator==(const Serf&) const = default; };
struct ShiftedRelu { bool operator==(const ShiftedRelu&) const = default; };
struct Shrink {
  double lambd = 0.5;
  double bias = 0;
  bool operator==(const Shrink&) const = default;
};
struct Sigmoid { bool operator==(const Sigmoid&) const = default; };
struct Silu { bool operator==(const Silu&) const = default; };
struct Sine { double omega = 1; bool operator==(const Sine&) const = default; };
struct Smish { bool operator==(const Smish&) const = default; };
struct Snake { double alpha = 1; bool operator==(const Snake&) const = default; };
struct SnakeBeta {
  double alpha = 1;
  double beta = 1;
  bool operator==(const SnakeBeta&) const = default;
};
struct Softcap { Required cap; bool operator==(const Softcap&) const = default; };
struct Softplus {
  double beta = 1;
  double threshold = 20;
  bool operator==(const Softplus&) const = default;
};
struct SoftplusInverse {
  double beta = 1;
  bool operator==(const SoftplusInverse&) const = default;
};
struct Softshrink { double lambd = 0.5; bool operator==(const Softshrink&) const = default; };
struct Softsign { bool operator==(const Softsign&) const = default; };
struct SparsePlus { bool operator==(const SparsePlus&) const = default; };
struct SparseSigmoid { bool operator==(const SparseSigmoid&) const = default; };
struct Squareplus { double b = 4; bool operator==(const Squareplus&) const = default; };
struct StarRelu {
  double scale = 0.8944271909999159;
  double bias = -0.4472135954999579;
  bool operator==(const StarRelu&) const = default;
};
struct Step { double threshold = 0; bool operator==(const Step&) const = default; };
struct Swish { double beta = 1; bool operator==(const Swish&) const = default; };
struct Tanh { bool operator==(const Tanh&) const = default; };
struct Tanhshrink { bool operator==(const Tanhshrink&) const = default; };
struct Telu { bool operator==(const Telu&) const = default; };
struct Threshold {
  Required threshold;
  Required value;
  bool operator==(const Threshold&) const = default;
};
struct ThresholdedRelu {
  double alpha = 1;
  bool operator==(const ThresholdedRelu&) const = default;
};
struct Xielu {
  double alpha_p = 0.8;
  double alpha_n = 0.8;
  double beta = 0.5;
  double eps = -1e-6;
  bool operator==(const Xielu&) const = default;
};

// THE list. Kernels, parsing, the command line, tests and documentation follow from it.
using Activation = std::variant<
    Arctan, BentIdentity, Celu, Derf, DynamicTanh, Elish, Elu, Exp, Gaussian, Gelu, HardMish,
    Hardshrink, Hardsigmoid, Hardswish, Hardtanh, Identity, Isrlu, Isru, Laplace, LeakyRelu, Lisht,
    LogSigmoid, Logish, Mish, PenalizedTanh, QuickGelu, Rational, Relu, Relu6, ReluSquared, Selu,
    Serf, ShiftedRelu, Shrink, Sigmoid, Silu, Sine, Smish, Snake, SnakeBeta, Softcap, Softplus,
    SoftplusInverse, Softshrink, Softsign, SparsePlus, SparseSigmoid, Squareplus, StarRelu, Step,
    Swish, Tanh, Tanhshrink, Telu, Threshold, ThresholdedRelu, Xielu>;
// clang-format on

// Reads `name` or `name(param=value,…)`: "gelu(approximate=tanh)", "softplus(beta=2)". Numbers are
// decimal or C99 hex, rounded to the nearest double; spaces are ignored.
// Throws Error for an unknown name (it proposes the nearest), an unknown, repeated or missing
// parameter, and a value that is no number or out of range.
Activation parse(std::string_view spec);

// The inverse of parse(): the name, and in parentheses the parameters that differ from their
// defaults, each as the shortest decimal that reads back the same.
std::string to_string(const Activation& activation);

// Throws Error where a parameter is out of range: "[elu] alpha must be finite, got nan". Every
// function that takes an Activation does this first.
void validate(const Activation& activation);

}  // namespace actfn
