// SPDX-License-Identifier: Apache-2.0
// Activations that change the number of channels: CReLU doubles it, Maxout divides it.
//
// All functions:
// - The tensors of a call must have one type; an axis of -1 is the last one. dx may be exactly
//   x (in place); otherwise outputs must not overlap inputs. Empty tensors are fine.
// - They throw Error before they write anything, for
//     the shapes    "[crelu] y has the shape 2x3, x's 2x3 calls for 2x6",
//                   "[maxout] axis 1 of x has the length 5, which 2 does not divide"
//     a scalar x    "[crelu] x is a scalar: it has no axis"
//     the group     "[maxout] group must be a whole number from 1 to 2^24, got 0"
// - Values are exact. NaN gives NaN.
#pragma once

#include <actfn/tensor.h>
#include <actfn/threads.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace actfn {

/// relu(x), then relu(-x): twice as many channels. Shang et al. 2016, arXiv:1603.05201.
struct Crelu {
  bool operator==(const Crelu&) const = default;
};

/// The largest of each `group` neighbours, from 1 to 2^24: group times fewer channels. Goodfellow
/// et al. 2013, arXiv:1302.4389.
struct Maxout {
  int group = 2;
  bool operator==(const Maxout&) const = default;
};

/// THE list: any function that changes the number of channels.
using GroupedActivation = std::variant<Crelu, Maxout>;

/// Reads one from text, as parse() in activation.h does, with the same errors.
GroupedActivation parse_grouped_activation(std::string_view spec);
/// The inverse: the name, and in parentheses the parameters that differ from their defaults.
std::string to_string(const GroupedActivation& f);
/// Throws Error where a parameter is out of range: "[maxout] group must be a whole number from 1 to
/// 2^24, got 0". Every function that takes a GroupedActivation calls this first.
void validate(const GroupedActivation& f);

/// y = f(x) along the axis, where y has twice x's length for crelu and 1 / group of it for maxout.
///
///     actfn::forward(actfn::Maxout{2}, {x, {4, 6}}, -1, {y.data(), {4, 3}});
///     actfn::backward(actfn::Maxout{2}, {x, {4, 6}}, {dy.data(), {4, 3}}, -1, {dx, {4, 6}});
void forward(const GroupedActivation& f, const ConstTensor& x, int axis, const Tensor& y,
             Threads threads = {});
/// dx, which has x's shape, from x and from dy, which has y's shape.
void backward(const GroupedActivation& f, const ConstTensor& x, const ConstTensor& dy, int axis,
              const Tensor& dx, Threads threads = {});

/// y = relu(x) and, after it along the axis, relu(-x). y has twice x's length there.
///
///     actfn::crelu({x.data(), {4, 3}}, -1, {y, {4, 6}});
///     actfn::crelu_backward({x.data(), {4, 3}}, {dy, {4, 6}}, -1, {dx.data(), {4, 3}});
void crelu(const ConstTensor& x, int axis, const Tensor& y, Threads threads = {});
/// dx = dy1 where x > 0, -dy2 where x < 0, and 0 where x = 0; dy1 and dy2 are the halves of dy. The
/// other half is multiplied by 0: dx is NaN where that half is NaN or infinite.
void crelu_backward(const ConstTensor& x, const ConstTensor& dy, int axis, const Tensor& dx,
                    Threads threads = {});

/// y = the largest of each `group` neighbours along the axis. `group` must divide x's length there.
/// A NaN makes the result of its group NaN.
///
///     actfn::maxout({x, {4, 6}}, -1, 2, {y.data(), {4, 3}});
///     actfn::maxout_backward({x, {4, 6}}, {dy.data(), {4, 3}}, -1, 2, {dx, {4, 6}});
void maxout(const ConstTensor& x, int axis, std::size_t group, const Tensor& y,
            Threads threads = {});
/// dx = dy for the first of the largest in each group, 0 for the others. dy has y's shape. In a
/// group with a NaN, every dx is NaN.
void maxout_backward(const ConstTensor& x, const ConstTensor& dy, int axis, std::size_t group,
                     const Tensor& dx, Threads threads = {});

}  // namespace actfn
