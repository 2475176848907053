// SPDX-License-Identifier: Apache-2.0
// Gated linear units: y = f(a) b. The operands a and b come packed in one tensor x, or as two
// tensors.
//
// All functions:
// - The tensors of a call must have one type. Empty tensors are fine.
// - An output may be exactly the same tensor as an input of its shape (y as a or b; dx as x; da and
//   db as any of a, b and dy; for_dy as dy; for_x as x or v). Otherwise it must not overlap an
//   input, and outputs must not overlap each other. The y of a packed x must not overlap x.
// - They throw Error before they write anything, for
//     a parameter   "[swiglu] beta must be finite, got nan"
//     the shapes    "[glu] axis 1 of x has the odd length 5",
//                   "[glu] y has the shape 4x2, x's 4x6 halved along axis 1 is 4x3",
//                   "[glu] b has the shape 4x2, a has 4x3"
//     overlap       "[glu] y overlaps a: they must be the same or separate"
//     a scalar x    "[glu] x is a scalar: it has no axis to be halved"
// - A NaN in an operand of a formula gives NaN. So does 0 times infinity, as in IEEE arithmetic:
//   where b is infinite, y is NaN if f(a) is 0, da if f'(a) is 0, and for_x if f''(a) is 0. For
//   reglu, y and da are NaN for all a <= 0 then; for bilinear and reglu, for_x is NaN for all a.
// - The bits of an element depend only on its operands: not on packing, axis, strides, threads or
//   instruction set.
// - Parameters are doubles within float32's range. Tensors of float32 and of 16 bits use them
//   rounded to float32.
//
// Errors: f(a) is rounded to float32 (float64 for float64) and then multiplied, so y has two
// roundings. So has each product in da = dy b f'(a) and db = dy f(a), where dy b is taken first
// (for glu, whose gate is b, with a and b exchanged). f and f' are those of forward() and
// derivative(); but in float32 f' has an error of at most 3 ulp in glu, and of 4 ulp, or 2^-25
// where f' < 1/4, in swiglu with beta 1. Results of 16 bits are computed as those of float32 and
// rounded once.
#pragma once

#include <actfn/activation.h>
#include <actfn/list_ref.h>
#include <actfn/tensor.h>
#include <actfn/threads.h>

#include <string>
#include <string_view>
#include <variant>

namespace actfn {

/// a sigmoid(b). The second operand is the gate, as in PyTorch. Dauphin et al. 2016,
/// arXiv:1612.08083. In all other functions here the first one is: Shazeer 2020, arXiv:2002.05202.
struct Glu {
  bool operator==(const Glu&) const = default;
};
/// a b.
struct Bilinear {
  bool operator==(const Bilinear&) const = default;
};
/// relu(a) b.
struct Reglu {
  bool operator==(const Reglu&) const = default;
};
/// gelu(a) b, in the exact form or with tanh.
struct Geglu {
  Gelu::Approximate approximate = Gelu::Approximate::none;
  bool operator==(const Geglu&) const = default;
};
/// swish(a) b, where swish(a) = a sigmoid(beta a); beta = 1 is silu. The SwiGLU of ONNX 28 calls
/// beta alpha.
struct Swiglu {
  double beta = 1;
  bool operator==(const Swiglu&) const = default;
};
/// g sigmoid(alpha g) (l + 1), where g = min(a, limit) and l = min(max(b, -limit), limit);
/// limit > 0, +inf included. The form of gpt-oss, which packs interleaved; arXiv:2508.10925.
/// The gradient is 0 beyond the limits and passes at the limits themselves, where that of PyTorch
/// 2.15's clamp is 0. The sum l + 1 is rounded. A NaN in b makes db NaN, too.
struct ClampedSwiglu {
  double alpha = 1.702;
  double limit = 7;
  bool operator==(const ClampedSwiglu&) const = default;
};
/// min(silu(a), limit) l, where l = min(max(b, -limit), limit); limit > 0, +inf included. The form
/// of Step-3.5: vLLM's SwigluStepAndMul. silu(a) is rounded before it is compared with the limit.
/// The gradient is 0 beyond the limits and passes at the limits themselves. A NaN in b makes db
/// NaN, too.
struct SwigluStep {
  double limit = 7;
  bool operator==(const SwigluStep&) const = default;
};
/// f(a) b for any activation f.
struct Gated {
  constexpr explicit Gated(const Activation& f = {}) : gate(f) {}
  Activation gate;
  bool operator==(const Gated&) const = default;
};

/// THE list: any gate.
///
///     actfn::Gate gate = actfn::Swiglu{.beta = 1.5};
///     gate = actfn::Gated(actfn::Mish{});
using Gate = std::variant<Glu, Bilinear, Reglu, Geglu, Swiglu, ClampedSwiglu, SwigluStep, Gated>;

/// Reads a gate from text, as parse() in activation.h does, with the same errors.
///
///     actfn::Gate gate = actfn::parse_gate("gated(elu(alpha=2))");
///     std::string text = actfn::to_string(gate);  // "gated(elu(alpha=2))"
Gate parse_gate(std::string_view spec);
/// The inverse: the name, and in parentheses the parameters that differ from their defaults.
std::string to_string(const Gate& gate);
/// Throws Error where a parameter is out of range: "[swiglu] beta must be finite, got nan". Every
/// function that takes a Gate calls this first.
void validate(const Gate& gate);

/// How a and b are packed along the axis of x: a0 a1 … b0 b1 … (halves), or a0 b0 a1 b1 …
/// (interleaved).
enum class Packing { halves, interleaved };

/// Options of gates with a packed x.
struct GateOptions {
  Packing packing = Packing::halves;
  Threads threads = {};
};

/// y from a packed x. x has twice y's length along the axis; -1 is the last axis.
///
///     actfn::forward(actfn::Swiglu{}, {x, {4, 6}}, -1, {y.data(), {4, 3}});
///     actfn::forward(actfn::ClampedSwiglu{}, {x, {4, 6}}, -1, {y.data(), {4, 3}},
///                    {.packing = actfn::Packing::interleaved});
void forward(const ListRef<Gate>& gate, const ConstTensor& x, int axis, const Tensor& y,
             const GateOptions& options = {});
/// dx, which has x's shape and packing, from dy, which has y's shape. It computes f again from x:
/// forward() stores nothing for it.
///
///     actfn::backward(actfn::Swiglu{}, {x, {4, 6}}, {dy.data(), {4, 3}}, -1, {dx, {4, 6}});
void backward(const ListRef<Gate>& gate, const ConstTensor& x, const ConstTensor& dy, int axis,
              const Tensor& dx, const GateOptions& options = {});
/// The gradients of backward() itself, from a packed x. v, the gradient of a loss with respect to
/// dx, and for_x have x's shape and packing; their halves are called va and vb here:
///   for_dy = va b f' + vb f, the gradient with respect to dy
///   for_x  = va dy b f'' + vb dy f' with respect to a, va dy f' with respect to b
/// Where f'' jumps, see second_derivative().
///
///     actfn::double_backward(actfn::Swiglu{}, {x, {4, 6}}, {dy.data(), {4, 3}}, {v, {4, 6}}, -1,
///                            {for_dy.data(), {4, 3}}, {for_x, {4, 6}});
void double_backward(const ListRef<Gate>& gate, const ConstTensor& x, const ConstTensor& dy,
                     const ConstTensor& v, int axis, const Tensor& for_dy, const Tensor& for_x,
                     const GateOptions& options = {});

/// y from two tensors of y's shape, a and b as in the definitions above: glu's gate is b. A scalar
/// is fine.
///
///     actfn::forward(actfn::Swiglu{}, a, b, y);
///     actfn::backward(actfn::Swiglu{}, a, b, dy, da, db);
void forward(const ListRef<Gate>& gate, const ConstTensor& a, const ConstTensor& b, const Tensor& y,
             Threads threads = {});
/// da and db, the gradients with respect to a and b, from dy; all have y's shape.
void backward(const ListRef<Gate>& gate, const ConstTensor& a, const ConstTensor& b,
              const ConstTensor& dy, const Tensor& da, const Tensor& db, Threads threads = {});

}  // namespace actfn
