// Gated linear units: y = f(a) b. The gate and what it lets through come packed in one tensor or in
// two of their own.
//
// All functions: tensors must have the same type; an output may be the very same tensor as an input
// of its shape, but must not overlap it otherwise. Validated first: on Error nothing has been
// written. Backward computes f again from the input: forward has nothing to store. f(a) is rounded
// to float32 (float64 for float64) before it is multiplied. NaN in gives NaN out.
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
// swish(a) b, swish(a) = a sigmoid(beta a)
struct Swiglu {
  double beta = 1;
  bool operator==(const Swiglu&) const = default;
};
// g sigmoid(alpha g) (l + 1), g = min(a, limit), l = min(max(b, -limit), limit). The form of
// gpt-oss. ONNX 28.
struct ClampedSwiglu {
  double alpha = 1.702;
  double limit = 7;
  bool operator==(const ClampedSwiglu&) const = default;
};
// f(a) b for any activation.
struct Gated {
  Activation gate;
  bool operator==(const Gated&) const = default;
};

// THE list.
using Gate = std::variant<Glu, Bilinear, Reglu, Geglu, Swiglu, ClampedSwiglu, Gated>;

// "glu", "swiglu(beta=1.5)", "geglu(approximate=tanh)", "gated(mish)", "gated(elu(alpha=2))".
Gate parse_gate(std::string_view spec);
std::string to_string(const Gate& gate);
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
// The gradients of backward() by dy and by x, given v, the gradient of something by dx.
void double_backward(const Gate& gate, const ConstTensor& x, const ConstTensor& dy,
                     const ConstTensor& v, int axis, const Tensor& for_dy, const Tensor& for_x,
                     const GateOptions& options = {});

// From two tensors of y's shape.
void forward(const Gate& gate, const ConstTensor& a, const ConstTensor& b, const Tensor& y,
             Threads threads = {});
void backward(const Gate& gate, const ConstTensor& a, const ConstTensor& b, const ConstTensor& dy,
              const Tensor& da, const Tensor& db, Threads threads = {});

}  // namespace actfn
