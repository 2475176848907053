// SPDX-License-Identifier: Apache-2.0
// Functions of a whole row: softmax and its family. A row is the elements of a tensor along one
// axis; -1 is the last axis. A scalar is a row of one element, with the axis 0 or -1. The functions
// of RowActivation give a tensor of the same shape, those of RowReduction one number for each row.
//
// All functions:
// - The tensors of a call must have one type and one shape. An output may be exactly the same
//   tensor as an input (in place); otherwise it must not overlap an input. Empty tensors are fine.
// - They throw Error before they write anything, for
//     a parameter        "[softmax] temperature must be finite and positive, got 0"
//     an axis            "[softmax] axis 2 is out of range: x has the shape 4x6"
//     types and shapes   "[softmax] y is float64, x is float32",
//                        "[softmax] y has the shape 6x4, x has 4x6"
//     overlap            "[softmax] y overlaps x: they must be the same or separate"
//     a mask             "[softmax] mask has the shape 3, which does not broadcast to x's 4x6"
// - An entry that is masked out, or -inf (for softmin +inf), takes no part: its probability is
//   exactly 0. A row in which no entry takes part gives zeros, for log_softmax -inf. Entries of
//   +inf (for softmin -inf) share the probability evenly, which is the limit; hardmax takes the
//   first.
// - A NaN makes its whole row NaN, unless it is masked out. The largest finite inputs do not
//   overflow.
// - The bits depend only on a row's values: not on strides, threads or instruction set. Sums have a
//   fixed order and are in double, or as precise as the errors below need.
// - Parameters are doubles within float32's range. Tensors of float32 and of 16 bits use them
//   rounded to float32. Results of 16 bits are those of float32, rounded once.
// - Results of float32 are written by non-temporal stores where all tensors of the call together
//   take 16 MB or more.
//
// Errors: softmax, softmin, softmax1 and log_softmax at most 2 ulp; sparsemax and entmax, of any
// alpha, 2 ulp or 2^-48, whichever is more; logsumexp 2 ulp, unless its largest entry and the
// logarithm cancel; logmeanexp 2 ulp or 2^-55 of its largest entry, whichever is more. Gradients
// are computed from the rounded y; softmax's in float32 has sum(y dy) with an error of at most
// 6 2^-24 sum|y dy|, and of 2^-149 for each product y dy below 2^-126. In entmax's, each power
// y^(2 - alpha) has a relative error of at most 2^-51 |(2 - alpha) log y|. Double backward is
// computed in double for every type and rounded once: in 16 bits too, where a composition of
// rounded steps has two to three times its error.
#pragma once

#include <actfn/list_ref.h>
#include <actfn/tensor.h>
#include <actfn/threads.h>

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace actfn {

/// exp(z_i) / sum_j exp(z_j), z = x / temperature; temperature > 0. Bridle 1990.
struct Softmax {
  double temperature = 1;
  bool operator==(const Softmax&) const = default;
};
/// softmax(-x), with the same temperature. PyTorch.
struct Softmin {
  double temperature = 1;
  bool operator==(const Softmin&) const = default;
};
/// z_i - log(sum_j exp(z_j)), z = x / temperature; temperature > 0. Bridle 1990.
struct LogSoftmax {
  double temperature = 1;
  bool operator==(const LogSoftmax&) const = default;
};
/// max(0, x_i - tau), with tau such that the row sums to 1: the projection of x on the probability
/// simplex. Martins & Astudillo 2016, arXiv:1602.02068.
struct Sparsemax {
  bool operator==(const Sparsemax&) const = default;
};
/// max(0, (alpha - 1) x_i - tau)^(1 / (alpha - 1)), with tau such that the row sums to 1. alpha >=
/// 1 is finite; 1 gives softmax, 2 sparsemax. Beside those and 1.5 it takes several passes. Peters,
/// Niculae & Martins 2019, arXiv:1905.05702.
struct Entmax {
  double alpha = 1.5;
  bool operator==(const Entmax&) const = default;
};
/// 1 for the first of the largest entries, 0 for the others; its derivative is 0. ONNX.
struct Hardmax {
  bool operator==(const Hardmax&) const = default;
};

/// exp(x_i) / (exp(sink) + sum_j exp(x_j)): softmax with one more entry, the sink, that is not
/// written. A row sums to at most 1, and to nearly 0 if every x_j is far below the sink: an
/// attention head that finds nothing adds nothing. Miller 2023, "Attention Is Off By One"; gpt-oss.
struct Softmax1 {
  double sink = 0;
  bool operator==(const Softmax1&) const = default;
};

/// log(sum_j exp(x_j)).
struct Logsumexp {
  bool operator==(const Logsumexp&) const = default;
};
/// log(mean_j exp(x_j)) over the entries that are not masked out; an entry of -inf counts. JAX.
struct Logmeanexp {
  bool operator==(const Logmeanexp&) const = default;
};

/// THE lists: functions that give a tensor of the same shape, and functions that give one number
/// for each row.
///
///     actfn::RowActivation f = actfn::Softmax{.temperature = 2};
///     actfn::RowReduction g = actfn::Logsumexp{};
using RowActivation =
    std::variant<Softmax, Softmin, LogSoftmax, Sparsemax, Entmax, Hardmax, Softmax1>;
using RowReduction = std::variant<Logsumexp, Logmeanexp>;

/// Reads a row function from text, as parse() in activation.h does, with the same errors.
///
///     actfn::RowActivation f = actfn::parse_row_activation("entmax(alpha=1.2)");
///     std::string text = actfn::to_string(f);  // "entmax(alpha=1.2)"
RowActivation parse_row_activation(std::string_view spec);
RowReduction parse_row_reduction(std::string_view spec);
/// The inverse: the name, and in parentheses the parameters that differ from their defaults.
std::string to_string(const RowActivation& f);
std::string to_string(const RowReduction& f);
/// Throws Error where a parameter is out of range: "[softmax] temperature must be finite and
/// positive, got 0". Every function that takes one of these calls this first.
void validate(const RowActivation& f);
void validate(const RowReduction& f);

/// Options of row functions.
///
///     const actfn::RowOptions options = {.threads = {.count = 4}};
///     actfn::softmax({x, {4, 6}}, -1, {y, {4, 6}}, options);
struct RowOptions {
  /// The entries that take part; all of them without a mask. It broadcasts to x's shape.
  std::optional<ConstMask> mask = std::nullopt;
  Threads threads = {};
};

/// y = f(x) for each row along the axis. y may be x.
///
///     actfn::forward(actfn::Softmax{}, {x, {4, 6}}, -1, {y, {4, 6}});  // 4 rows of 6
///     const bool real[] = {true, true, true, true, false, false};
///     actfn::forward(actfn::Sparsemax{}, {x, {4, 6}}, -1, {y, {4, 6}},
///                    {.mask = actfn::ConstMask(real, {6}), .threads = {4}});
void forward(const ListRef<RowActivation>& f, const ConstTensor& x, int axis, const Tensor& y,
             const RowOptions& options = {});

/// dx = J^T dy, where J is the Jacobian of f and y is the output of forward(). Training need not
/// keep x, nor the mask: y has its effect. dx may be y or dy.
///
/// Where y is exactly 0 (by a mask, by sparsemax, by underflow), dx is 0 and dy is not read: a NaN
/// or an infinity in dy has no effect there. For log_softmax this holds where y is -inf, but not
/// where exp(y) underflows. A NaN in y, or a NaN or an infinity elsewhere in dy, enters the row's
/// sum and makes NaN of every dx that depends on the sum, also where y is 0. A NaN in the y of
/// hardmax gives NaN, too.
///
///     actfn::softmax({x, {4, 6}}, -1, {y, {4, 6}});
///     actfn::backward(actfn::Softmax{}, {y, {4, 6}}, {dy, {4, 6}}, -1, {dx, {4, 6}});
void backward(const GradientRef<RowActivation>& f, const ConstTensor& y, const ConstTensor& dy,
              int axis, const Tensor& dx, Threads threads = {});

/// The gradients of backward() itself. Given v, the gradient of a loss with respect to dx:
///   for_dy = J v, the gradient with respect to dy
///   for_x  = the gradient of v^T J^T dy with respect to x
/// Where y is 0 (log_softmax: -inf) both are 0, and dy and v are not read. for_dy and for_x may
/// each be one of the inputs; they must not overlap each other.
///
///     actfn::double_backward(actfn::Softmax{}, {y, {4, 6}}, {dy, {4, 6}}, {v, {4, 6}}, -1,
///                            {for_dy, {4, 6}}, {for_x, {4, 6}});
void double_backward(const GradientRef<RowActivation>& f, const ConstTensor& y,
                     const ConstTensor& dy, const ConstTensor& v, int axis, const Tensor& for_dy,
                     const Tensor& for_x, Threads threads = {});

/// forward() by name, with the other parameters at their defaults.
///
///     actfn::softmax({x, {2, 3, 4}}, 1, {y, {2, 3, 4}});       // along the middle axis
///     actfn::entmax({x, {4, 6}}, 1.2, -1, {y, {4, 6}});
///     actfn::softmax1({x, {4, 6}}, 0.5, -1, {y, {4, 6}});      // a sink of 0.5
void softmax(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options = {});
void log_softmax(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options = {});
void softmin(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options = {});
void sparsemax(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options = {});
void entmax(const ConstTensor& x, double alpha, int axis, const Tensor& y,
            const RowOptions& options = {});
void hardmax(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options = {});
void softmax1(const ConstTensor& x, double sink, int axis, const Tensor& y,
              const RowOptions& options = {});
/// Softmax over the channels of images: x has the shape (C, H, W) or (N, C, H, W), and the axis is
/// -3. Throws Error otherwise: "[softmax2d] x must have 3 or 4 dimensions, its shape is 4x6".
void softmax2d(const ConstTensor& x, const Tensor& y, Threads threads = {});

/// The gradient of softmax1 with respect to its sink: for each row, dsink = -p sum_i y_i dy_i,
/// where p = exp(sink) / (exp(sink) + sum_j exp(x_j)) is the probability of the sink. Where rows
/// share a sink, its gradient is the sum of their numbers.
///
/// dsink has x's shape with the length 1 along the axis, or without the axis: "[softmax1] dsink has
/// the shape 3, 4x1 is needed, or that without the axis". It must not overlap x or dy. The mask is
/// that of forward(). p is computed from x, since 1 - sum(y) would lose a small p to rounding.
/// Where y is 0, dy is not read.
///
///     std::vector<float> dsink(4);
///     actfn::softmax1_sink_backward({}, {x, {4, 6}}, {dy, {4, 6}}, -1, dsink);
void softmax1_sink_backward(const Softmax1& f, const ConstTensor& x, const ConstTensor& dy,
                            int axis, const Tensor& dsink, const RowOptions& options = {});

/// y = f(x), one number for each row. y has x's shape with the length 1 along the axis, or without
/// the axis: "[logsumexp] y has the shape 3, 4x1 is needed, or that without the axis". It must not
/// overlap x. A row in which no entry takes part, or which has none, gives -inf, also in
/// logmeanexp, whose mean is 0 / 0; one with +inf and no NaN gives +inf.
///
///     std::vector<float> sums(4);
///     actfn::forward(actfn::Logsumexp{}, {x, {4, 6}}, -1, sums);
///     actfn::backward(actfn::Logsumexp{}, {x, {4, 6}}, sums, -1, {dx, {4, 6}});  // sums as dy
void forward(const ListRef<RowReduction>& f, const ConstTensor& x, int axis, const Tensor& y,
             const RowOptions& options = {});
/// dx = dy softmax(x) for both functions. dy has a shape that y may have, and must not overlap dx;
/// the mask is that of forward(). It is computed from x, since exp(x - y) would show y's rounding.
/// An entry that takes no part gets 0 dy, which is NaN where dy is NaN or infinite.
void backward(const GradientRef<RowReduction>& f, const ConstTensor& x, const ConstTensor& dy,
              int axis, const Tensor& dx, const RowOptions& options = {});

/// forward() and backward() of the reductions by name.
///
///     std::vector<float> sums(4);
///     actfn::logsumexp({x, {4, 6}}, -1, sums);
void logsumexp(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options = {});
void logsumexp_backward(const ConstTensor& x, const ConstTensor& dy, int axis, const Tensor& dx,
                        const RowOptions& options = {});
void logmeanexp(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options = {});
void logmeanexp_backward(const ConstTensor& x, const ConstTensor& dy, int axis, const Tensor& dx,
                         const RowOptions& options = {});

}  // namespace actfn
