// Activations that change the number of channels: CReLU doubles it, Maxout divides it.
//
// All functions: tensors must have the same type, and x an axis (-1: the last). dx may be x (in
// place); apart from that outputs must not overlap inputs. Validated first: on Error nothing has
// been written. Values are exact; NaN in gives NaN out.
#pragma once

#include <actfn/tensor.h>
#include <actfn/threads.h>

#include <cstddef>

namespace actfn {

// y = relu(x) and, behind it along the axis, relu(-x): y has twice x's length there.
// Shang et al. 2016, arXiv:1603.05201. Its gradient at 0 is 0.
void crelu(const ConstTensor& x, int axis, const Tensor& y, Threads threads = {});
void crelu_backward(const ConstTensor& x, const ConstTensor& dy, int axis, const Tensor& dx,
                    Threads threads = {});

// y = the largest of each `group` neighbours along the axis, whose length group must divide.
// Goodfellow et al. 2013, arXiv:1302.4389. A NaN makes its group's result NaN.
void maxout(const ConstTensor& x, int axis, std::size_t group, const Tensor& y,
            Threads threads = {});
// The gradient goes to the first of the largest, 0 to the others; NaN to all of a group with a NaN.
void maxout_backward(const ConstTensor& x, const ConstTensor& dy, int axis, std::size_t group,
                     const Tensor& dx, Threads threads = {});

}  // namespace actfn
