// Gated linear units: y = f(a) b. The operands a and b come packed in one tensor or as two
// tensors.
//
// All functions: tensors must have the same type; an output may be the very same tensor as an input
// of its shape (in place: y as a or b; dx as x; da and db as any of a, b, dy; for_dy as dy; for_x
// as x or v), but must not overlap it otherwise, and outputs must not overlap each other. The y of
// a packed x can't lie in it. Validated first: on Error nothing has been written. Tensors without
// elements are fine.
//
// f(a) is rounded to float32 (float64 for float64) and then multiplied: y has two roundings. So
// have f'(a) and every product in da = dy b f'(a), db = dy f(a), of which the first is dy b. (Of
// glu, whose gate is b, with a and b exchanged.) f and f' are those of forward() and derivative();
// but in float32 f' has an error of 3 ulp at most in glu, and of 4 ulp, or 2^-25 where f' < 1/4, in
// swiglu of beta 1. Results of 16 bits are computed as those of float32 and rounded once. Backward
// computes f again from the input: forward has nothing to store.
//
// A NaN in what a formula above has gives NaN. As IEEE arithmetic has it, 0 times infinity is NaN
// too: where b is infinite, y is NaN if f(a) is 0, da if f'(a) is 0, and for_x if f''(a) is 0. So
// are y and da of reglu for a <= 0, and for_x of bilinear and reglu for all a.
//
// Parameters are doubles within float32's range; tensors of float32 and of 16 bits read them
// rounded to float32.
//
// An element's bits depend only on its operands, not on packing, axis, strides, threads or
// instruction set.
#pragma once

#include <actfn/activation.h>
#include <actfn/tensor.h>
#include <actfn/threads.h>

#include <string>
#include <string_view>
#include <variant>

namespace actfn {

// a sigmoid(b): here, as in PyTorch, the second half is the gate. Dauphin et al. 2016,
// arXiv:1612.08083. All others below have the gate first: Shazeer 2020, arXiv:2002.05202.
struct Glu {
  bool operator==(const Glu&) const = default;
};
// a b
struct Bilinear {
  bool operator==(const Bilinear&) const = default;
};
// relu(a) b
struct Reglu {
  bool operator==(const Reglu&) const = default;
};
// gelu(a) b
struct Geglu {
  Gelu::Approximate approximate = Gelu::Approximate::none;
  bool operator==(const Geglu&) const = default;
};
// swish(a) b, swish(a) = a sigmoid(beta a); of beta = 1: silu. ONNX 28's SwiGLU calls beta alpha.
struct Swiglu {
  double beta = 1;
  bool operator==(const Swiglu&) const = default;
};
// g sigmoid(alpha g) (l + 1), g = min(a, limit), l = min(max(b, -limit), limit). The form of
// gpt-oss, whose packing is interleaved. The gradient passes at the limits themselves, where
// PyTorch 2.15's clamp gives 0, and is 0 beyond; limit is positive, and may be infinite. The sum l
// + 1 is rounded as well. A NaN in b gives NaN in db too.
struct ClampedSwiglu {
  double alpha = 1.702;
  double limit = 7;
  bool operator==(const ClampedSwiglu&) const = default;
};
// min(silu(a), limit) l, l = min(max(b, -limit), limit). The form of Step-3.5: vLLM's
// SwigluStepAndMul. silu(a) is compared with the limit after it is rounded. The gradient passes at
// the limits themselves and is 0 beyond; limit is positive, and may be infinite. A NaN in b gives
// NaN in db too.
struct SwigluStep {
  double limit = 7;
  bool operator==(const SwigluStep&) const = default;
};
// f(a) b for any activation.
struct Gated {
  explicit Gated(const Activation& f = {}) : gate(f) {}
  Activation gate;
  bool operator==(const Gated&) const = default;
};

// THE list.
using Gate = std::variant<Glu, Bilinear, Reglu, Geglu, Swiglu, ClampedSwiglu, SwigluStep, Gated>;

// "glu", "swiglu(beta=1.5)", "geglu(approximate=tanh)", "gated(mish)", "gated(elu(alpha=2))"; as
// parse() reads activations.
Gate parse_gate(std::string_view spec);
std::string to_string(const Gate& gate);
// Throws Error where a parameter is out of range: "[swiglu] beta must be finite, got nan".
void validate(const Gate& gate);

// How a and b lie along the axis of a packed tensor: a0 a1 … b0 b1 …, or a0 b0 a1 b1 ….
enum class Packing { halves, interleaved };

struct GateOptions {
  Packing packing = Packing::halves;
  Threads threads;
};

// x has twice y's length along the axis (-1: the last), which must be even: "[glu] axis 1 of x has
// the odd length 5". A scalar has no axis: Error.
void forward(const Gate& gate, const ConstTensor& x, int axis, const Tensor& y,
             const GateOptions& options = {});
// dx, of x's shape, from dy, of y's.
void backward(const Gate& gate, const ConstTensor& x, const ConstTensor& dy, int axis,
              const Tensor& dx, const GateOptions& options = {});
// The gradients of backward() by dy and by x, given v, the gradient of something by dx, of x's
// shape and packing: for_dy = va b f' + vb f; in for_x, packed, va dy b f'' + vb dy f' for a and
// va dy f' for b. Where f'' jumps: see second_derivative().
void double_backward(const Gate& gate, const ConstTensor& x, const ConstTensor& dy,
                     const ConstTensor& v, int axis, const Tensor& for_dy, const Tensor& for_x,
                     const GateOptions& options = {});

// From two tensors of y's shape: a and b as they stand in the definitions above, so that b is
// glu's gate. A scalar is fine.
void forward(const Gate& gate, const ConstTensor& a, const ConstTensor& b, const Tensor& y,
             Threads threads = {});
void backward(const Gate& gate, const ConstTensor& a, const ConstTensor& b, const ConstTensor& dy,
              const Tensor& da, const Tensor& db, Threads threads = {});

}  // namespace actfn
