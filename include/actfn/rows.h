// Functions of a whole row: softmax and its family. A row is what lies along one axis of a tensor;
// axis -1 is the last. A scalar is a row of one, its axis 0 or -1. The functions of RowActivation
// give a tensor of the same shape, those of RowReduction one number a row.
//
// All functions: tensors must have the same type and shape; an output may be the very same tensor
// as an input (in place) but must not overlap it otherwise. Parameters, axis and shapes are
// validated first: on Error nothing has been written. A tensor without elements is fine.
//
// An entry that is -inf (of softmin +inf), or masked out, takes no part: its probability is exactly
// 0. A row in which none takes part gives zeros (-inf for the logarithms). +inf entries (of softmin
// -inf) share the probability evenly, as the limit has it; hardmax takes the first. A NaN makes its
// whole row NaN; what is masked out is not looked at, NaN or not. The largest finite inputs do not
// overflow.
//
// Sums are taken in an order of their own, in double or as precise as the errors below ask for: the
// bits depend only on a row's values, not on strides, threads or instruction set. Results of 16
// bits are those of float32, rounded once. Results of float32 are written by non-temporal stores
// where all tensors together take 16 MB or more.
// Parameters are doubles within float32's range; tensors of float32 and of 16 bits read them
// rounded to float32.
//
// Errors of values: softmax, softmin, softmax1 and log_softmax at most 2 ulp; sparsemax and entmax
// 2 ulp or 2^-48 (alpha other than 1, 1.5, 2: 2^-40), whichever is more; logsumexp 2 ulp unless its
// largest entry and the logarithm cancel; logmeanexp 2 ulp or 2^-50 (float64: 2^-60) of its
// largest entry, whichever is more. Gradients are computed from y as it was rounded; that of
// softmax in float32 takes sum(y dy) with an error of at most 6 2^-24 sum|y dy|.
#pragma once

#include <actfn/tensor.h>
#include <actfn/threads.h>

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace actfn {

// exp(z_i) / sum_j exp(z_j), z = x / temperature (> 0, finite). Bridle 1990.
struct Softmax {
  double temperature = 1;
  bool operator==(const Softmax&) const = default;
};
// softmax(-x)
struct Softmin {
  double temperature = 1;
  bool operator==(const Softmin&) const = default;
};
// z_i - log(sum_j exp(z_j)), z = x / temperature
struct LogSoftmax {
  double temperature = 1;
  bool operator==(const LogSoftmax&) const = default;
};
// max(0, x_i - tau), tau such that the row sums to 1: the projection of x on the probability
// simplex. Martins & Astudillo 2016, arXiv:1602.02068
struct Sparsemax {
  bool operator==(const Sparsemax&) const = default;
};
// max(0, (alpha - 1) x_i - tau)^(1 / (alpha - 1)), tau such that the row sums to 1; alpha >= 1 and
// finite. 1 is softmax, 2 sparsemax. tau is found by Newton's steps, for alpha > 2 by bisection.
// Peters, Niculae & Martins 2019, arXiv:1905.05702
struct Entmax {
  double alpha = 1.5;
  bool operator==(const Entmax&) const = default;
};
// 1 for the first of the largest entries, 0 for the others. ONNX. Its derivative is 0, whatever dy.
struct Hardmax {
  bool operator==(const Hardmax&) const = default;
};

// exp(x_i) / (exp(sink) + sum_j exp(x_j)): softmax with one more entry, the sink, that is not
// written. A row may give less than 1 in all, and nearly 0 where every x_j is far below the sink:
// a head of attention that finds nothing adds nothing. Miller 2023, "Attention Is Off By One"; the
// sinks of gpt-oss.
struct Softmax1 {
  double sink = 0;
  bool operator==(const Softmax1&) const = default;
};

// log(sum_j exp(x_j))
struct Logsumexp {
  bool operator==(const Logsumexp&) const = default;
};
// log(mean_j exp(x_j)) over the entries that the mask leaves; -inf among them counts as an entry.
struct Logmeanexp {
  bool operator==(const Logmeanexp&) const = default;
};

// THE lists: what gives a tensor of the same shape, and what gives one number a row.
using RowActivation =
    std::variant<Softmax, Softmin, LogSoftmax, Sparsemax, Entmax, Hardmax, Softmax1>;
using RowReduction = std::variant<Logsumexp, Logmeanexp>;

// "softmax", "softmax(temperature=2)", "entmax(alpha=1.2)"; as parse() reads activations.
RowActivation parse_row_activation(std::string_view spec);
RowReduction parse_row_reduction(std::string_view spec);
std::string to_string(const RowActivation& f);
std::string to_string(const RowReduction& f);
// Throws Error where a parameter is out of range: "[softmax] temperature must be finite and
// positive, got 0".
void validate(const RowActivation& f);
void validate(const RowReduction& f);

struct RowOptions {
  // Which entries take part; none: all. "[softmax] mask has the shape 3, which does not broadcast
  // to x's 3x4" otherwise.
  std::optional<ConstMask> mask = std::nullopt;
  Threads threads = {};
};

// y = f(x), row by row along the axis.
void forward(const RowActivation& f, const ConstTensor& x, int axis, const Tensor& y,
             const RowOptions& options = {});

// dx = J^T dy, J being f's Jacobian, and y what forward() gave: that is all that training has to
// keep. The mask plays no part: y tells.
//
// Where y is exactly 0, be it by a mask, by sparsemax or by underflow, dx is 0 and dy is not looked
// at: a NaN or an infinity there is ignored. Of log_softmax the same goes for y = -inf, but not for
// a finite y whose probability underflows. A NaN or an infinity in dy elsewhere enters a sum over
// its row, and makes NaN of what the sum is a part of, dx where y is 0 included; a NaN in y does so
// too, in hardmax as well.
void backward(const RowActivation& f, const ConstTensor& y, const ConstTensor& dy, int axis,
              const Tensor& dx, Threads threads = {});

// The gradients of backward() by dy and by x, given v, the gradient of something by dx: for_dy is
// J v, and for_x the gradient of v^T J^T dy by x. Where y is 0 (log_softmax: -inf) both are 0, and
// neither dy nor v is looked at. for_dy and for_x may each be one of the inputs, but not the same
// tensor.
void double_backward(const RowActivation& f, const ConstTensor& y, const ConstTensor& dy,
                     const ConstTensor& v, int axis, const Tensor& for_dy, const Tensor& for_x,
                     Threads threads = {});

// forward() by name.
void softmax(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options = {});
void log_softmax(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options = {});
void softmin(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options = {});
void sparsemax(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options = {});
void entmax(const ConstTensor& x, double alpha, int axis, const Tensor& y,
            const RowOptions& options = {});
void hardmax(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options = {});
void softmax1(const ConstTensor& x, double sink, int axis, const Tensor& y,
              const RowOptions& options = {});
// Softmax over the channels of images, the axis third from last: x has the shape (C, H, W) or
// (N, C, H, W), Error otherwise.
void softmax2d(const ConstTensor& x, const Tensor& y, Threads threads = {});

// The gradient by softmax1's sink: dsink = sum_i dy_i dy_i/dsink = -p sum(y dy), one number a row,
// p = exp(sink) / (exp(sink) + sum_j exp(x_j)) being the sink's own probability. Add up the numbers
// of the rows that share a sink. dsink has x's shape with 1 for the axis, or without it, and must
// not overlap x or dy; the mask is that of forward(). From x: 1 - sum(y) would lose a small p to
// the rounding of y. Where y is 0, dy is not looked at.
void softmax1_sink_backward(const Softmax1& f, const ConstTensor& x, const ConstTensor& dy,
                            int axis, const Tensor& dsink, const RowOptions& options = {});

// One number a row: y has x's shape with 1 for the axis, or without it, and must not overlap x. A
// row in which no entry takes part gives -inf, one with +inf (and no NaN) +inf.
void forward(const RowReduction& f, const ConstTensor& x, int axis, const Tensor& y,
             const RowOptions& options = {});
// dx = dy softmax(x) for both, dy of a shape that y may have and apart from dx; the mask is that of
// forward(). From x alone: e^(x - y) would show y's rounding. What takes no part gets 0 times dy:
// NaN where dy is NaN or infinite.
void backward(const RowReduction& f, const ConstTensor& x, const ConstTensor& dy, int axis,
              const Tensor& dx, const RowOptions& options = {});

// forward() and backward() by name.
void logsumexp(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options = {});
void logsumexp_backward(const ConstTensor& x, const ConstTensor& dy, int axis, const Tensor& dx,
                        const RowOptions& options = {});
void logmeanexp(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options = {});
void logmeanexp_backward(const ConstTensor& x, const ConstTensor& dy, int axis, const Tensor& dx,
                         const RowOptions& options = {});

}  // namespace actfn
