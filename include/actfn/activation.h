// The list of activations: one aggregate each, with PyTorch's parameter names and defaults, and
// the variant that holds any of them. Formulas, derivatives and sources: src/activations/NAME.h,
// or catalogue.h at run time.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace actfn {

// A parameter without a default: leaving it out does not compile.
struct Required {
  float value;
  constexpr Required(float v) : value(v) {}           // NOLINT(google-explicit-constructor)
  constexpr operator float() const { return value; }  // NOLINT(google-explicit-constructor)
  friend bool operator==(const Required&, const Required&) = default;
};

// clang-format off
struct Celu { float alpha = 1; bool operator==(const Celu&) const = default; };
struct Elu { float alpha = 1; bool operator==(const Elu&) const = default; };
struct Gelu {
  enum class Approximate { none, tanh };
  Approximate approximate = Approximate::none;
  bool operator==(const Gelu&) const = default;
};
struct Hardshrink { float lambd = 0.5F; bool operator==(const Hardshrink&) const = default; };
struct Hardsigmoid { bool operator==(const Hardsigmoid&) const = default; };
struct Hardswish { bool operator==(const Hardswish&) const = default; };
struct Hardtanh {
  float min_val = -1;
  float max_val = 1;
  bool operator==(const Hardtanh&) const = default;
};
struct Identity { bool operator==(const Identity&) const = default; };
struct Laplace {
  float mu = 0.707107F;
  float sigma = 0.282095F;
  bool operator==(const Laplace&) const = default;
};
struct LeakyRelu {
  float negative_slope = 0.01F;
  bool operator==(const LeakyRelu&) const = default;
};
struct Lisht { bool operator==(const Lisht&) const = default; };
struct LogSigmoid { bool operator==(const LogSigmoid&) const = default; };
struct Mish { bool operator==(const Mish&) const = default; };
struct QuickGelu { bool operator==(const QuickGelu&) const = default; };
struct Relu { bool operator==(const Relu&) const = default; };
struct Relu6 { bool operator==(const Relu6&) const = default; };
struct ReluSquared { bool operator==(const ReluSquared&) const = default; };
struct Selu { bool operator==(const Selu&) const = default; };
struct ShiftedRelu { bool operator==(const ShiftedRelu&) const = default; };
struct Shrink {
  float lambd = 0.5F;
  float bias = 0;
  bool operator==(const Shrink&) const = default;
};
struct Sigmoid { bool operator==(const Sigmoid&) const = default; };
struct Silu { bool operator==(const Silu&) const = default; };
struct Softcap { Required cap; bool operator==(const Softcap&) const = default; };
struct Softplus {
  float beta = 1;
  float threshold = 20;
  bool operator==(const Softplus&) const = default;
};
struct Softshrink { float lambd = 0.5F; bool operator==(const Softshrink&) const = default; };
struct Softsign { bool operator==(const Softsign&) const = default; };
struct SparsePlus { bool operator==(const SparsePlus&) const = default; };
struct SparseSigmoid { bool operator==(const SparseSigmoid&) const = default; };
struct Squareplus { float b = 4; bool operator==(const Squareplus&) const = default; };
struct Swish { float beta = 1; bool operator==(const Swish&) const = default; };
struct Tanh { bool operator==(const Tanh&) const = default; };
struct Tanhshrink { bool operator==(const Tanhshrink&) const = default; };
struct Telu { bool operator==(const Telu&) const = default; };
struct Threshold {
  Required threshold;
  Required value;
  bool operator==(const Threshold&) const = default;
};

struct ThresholdedRelu {
  float alpha = 1;
  bool operator==(const ThresholdedRelu&) const = default;
};

// THE list. Kernels, parsing, the command line, tests and documentation follow from it.
using Activation = std::variant<
    Celu, Elu, Gelu, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, Identity, Laplace, LeakyRelu,
    Lisht, LogSigmoid, Mish, QuickGelu, Relu, Relu6, ReluSquared, Selu, ShiftedRelu, Shrink,
    Sigmoid, Silu, Softcap, Softplus, Softshrink, Softsign, SparsePlus, SparseSigmoid,
    Squareplus, Swish, Tanh, Tanhshrink, Telu, Threshold, ThresholdedRelu>;
// clang-format on

// Reads `name` or `name(param=value,…)`: "gelu(approximate=tanh)", "softplus(beta=2)". Numbers are
// decimal or C99 hex, rounded to the nearest float32; spaces are ignored.
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
