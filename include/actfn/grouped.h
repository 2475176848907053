// Activations that change the number of channels: CReLU doubles it, Maxout divides it.
//
// All functions: tensors must have the same type, x an axis (-1: the last; a scalar has none:
// Error) and the others the shape that follows: "[crelu] y has the shape 2x3, x's 2x3 calls for
// 2x6". dx may be x (in place); apart from that outputs must not overlap inputs. Validated first:
// on Error nothing has been written. Tensors without elements are fine. Values are exact; NaN in
// gives NaN out.
#pragma once

#include <actfn/tensor.h>
#include <actfn/threads.h>

#include <cstddef>
#include <string>
#include <variant>

namespace actfn {

/// relu(x), then relu(-x): twice as many channels. See crelu().
struct Crelu {
  bool operator==(const Crelu&) const = default;
};

/// The largest of each `group` neighbours. See maxout().
struct Maxout {
  int group = 2;
  bool operator==(const Maxout&) const = default;
};

/// THE list.
using GroupedActivation = std::variant<Crelu, Maxout>;

std::string to_string(const GroupedActivation& f);
void validate(const GroupedActivation& f);

/// y = f(x) along the axis. y has twice x's length there for crelu, a group-th of it for maxout.
///
///     actfn::forward(actfn::Maxout{2}, {x, {32, 10}}, 1, {y, {32, 5}});
void forward(const GroupedActivation& f, const ConstTensor& x, int axis, const Tensor& y,
             Threads threads = {});
/// dx, of x's shape, from dy, of y's.
void backward(const GroupedActivation& f, const ConstTensor& x, const ConstTensor& dy, int axis,
              const Tensor& dx, Threads threads = {});

/// y = relu(x) and, behind it along the axis, relu(-x): y has twice x's length there.
/// Shang et al. 2016, arXiv:1603.05201.
void crelu(const ConstTensor& x, int axis, const Tensor& y, Threads threads = {});
/// dx = dy's first half where x > 0, less the second where x < 0; 0 at 0. The other half is
/// multiplied by 0: dx is NaN where that half is NaN or infinite.
void crelu_backward(const ConstTensor& x, const ConstTensor& dy, int axis, const Tensor& dx,
                    Threads threads = {});

/// y = the largest of each `group` neighbours along the axis. `group`, from 1 to 2^24, must divide
/// x's length there. Goodfellow et al. 2013, arXiv:1302.4389. A NaN makes its group's result NaN.
void maxout(const ConstTensor& x, int axis, std::size_t group, const Tensor& y,
            Threads threads = {});
/// The gradient, dy of y's shape, goes to the first of the largest, 0 to the others. All members of
/// a group with a NaN get NaN.
void maxout_backward(const ConstTensor& x, const ConstTensor& dy, int axis, std::size_t group,
                     const Tensor& dx, Threads threads = {});

}  // namespace actfn
