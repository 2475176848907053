// SPDX-License-Identifier: Apache-2.0
// Random functions: RReLU, noisy ReLU, dropout and alpha dropout of single elements, and Gumbel
// softmax along an axis.
//
// Noise comes from Philox 4x32-10 (Salmon et al. 2011). The key is a seed, the counter the position
// of an element. The same seed and position give the same noise on every machine and with any
// number of threads, so backward() draws the numbers of forward() again, and nothing is stored. Two
// calls draw different numbers only if their seeds or positions differ, even if their functions do.
// A part of an array that is given its own position gets the noise that the whole array would give
// it.
//
// Element i of an array, counted in row-major order, uses word p % 4 of block p / 4, where
// p = first + i modulo 2^64: one word for each element, the same for every type.
//
// Arrays, errors and NaN are as in elementwise.h, tensors and axes as in rows.h.
#pragma once

#include <actfn/activation.h>
#include <actfn/list_ref.h>
#include <actfn/rows.h>
#include <actfn/tensor.h>
#include <actfn/threads.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace actfn {

/// Where noise comes from. Give each layer a seed and each training step other positions.
///
///     const std::uint64_t layer = 3, step = 100;
///     const actfn::Noise noise = {.seed = layer, .first = step * x.size()};
///     actfn::forward(actfn::Dropout{.p = 0.1}, x, noise, y);
struct Noise {
  std::uint64_t seed = 0;
  std::uint64_t first = 0;  ///< the position of the array's first element
};

/// Training: x > 0 ? x : r x, with r drawn for each element from the uniform distribution on
/// [lower, upper), in 2^32 steps; r = lower where the bounds are equal. f'(0) = r. Evaluation:
/// leaky_relu with the slope (lower + upper) / 2. lower <= upper, both finite; arrays of float32
/// and of 16 bits use them rounded to float32. Xu et al. 2015, arXiv:1505.00853. (The winner of
/// Kaggle's contest drew a from U(3, 8) and took x / a.)
struct Rrelu {
  double lower = 1.0 / 8;
  double upper = 1.0 / 3;
  bool operator==(const Rrelu&) const = default;
};
/// Training: max(0, x + n), with n from the normal distribution of variance sigmoid(x), by Box and
/// Muller's method: two elements share two words, and |n| is at most 6.8 standard deviations. The
/// derivative takes n as a constant: 1 where x + n > 0, else 0. Evaluation: relu. Nair & Hinton
/// 2010.
struct NoisyRelu {
  bool operator==(const NoisyRelu&) const = default;
};
/// Training: 0 with probability p (an element is dropped), else x / (1 - p). p is from 0 to 1, is
/// rounded to a multiple of 2^-32, and is a double for every type of array. A dropped infinity
/// gives 0, NaN stays NaN; p = 1 drops all. Evaluation: the identity. Hinton et al. 2012,
/// arXiv:1207.0580.
struct Dropout {
  double p = 0.5;
  bool operator==(const Dropout&) const = default;
};
/// Dropout that keeps the mean 0 and the variance 1 of self-normalizing networks, for use after
/// selu. Training: a alpha' + b with probability p, else a x + b, where alpha' =
/// -1.7580993408473766, a = ((1 - p) (1 + p alpha'^2))^(-1/2), b = -a p alpha'; 0 for p = 1.
/// Evaluation: the identity. Klambauer et al. 2017, arXiv:1706.02515.
struct AlphaDropout {
  double p = 0.5;
  bool operator==(const AlphaDropout&) const = default;
};

/// Training: softmax((x + g) / tau) along an axis, with g = -log(-log(u)) of the Gumbel
/// distribution for each element, u = (word + 0.5) / 2^32; tau > 0. Entry i is the largest with
/// probability softmax(x)_i, whatever tau is. A small tau brings y near a one-hot vector, a large
/// tau near equal entries. Evaluation: softmax(x / tau), or hardmax. With hard, y is 1 for the
/// first of the largest entries and 0 for the others, and the gradient is that of the soft y (the
/// straight-through estimator). Jang et al. 2016, arXiv:1611.01144; Maddison et al. 2016,
/// arXiv:1611.00712.
///
/// The error of g is at most 2^-48 max(1, |g|). g is from -3.14 to 22.88: u has 32 bits, so that
/// probabilities below 2^-33 are never drawn. x + g is rounded to the type of x. An entry of -inf
/// is never drawn; other infinities and NaN are as in softmax.
struct GumbelSoftmax {
  double tau = 1;
  bool hard = false;
  bool operator==(const GumbelSoftmax&) const = default;
};

/// THE lists: random functions of single elements, and of rows.
using RandomActivation = std::variant<Rrelu, NoisyRelu, Dropout, AlphaDropout>;
using RandomRow = std::variant<GumbelSoftmax>;

/// Reads a random function from text, as parse() in activation.h does, with the same errors.
///
///     actfn::RandomActivation f = actfn::parse_random_activation("rrelu(lower=0.1,upper=0.3)");
///     actfn::RandomRow g = actfn::parse_random_row("gumbel_softmax(tau=0.5,hard=true)");
RandomActivation parse_random_activation(std::string_view spec);
/// The inverse: the name, and in parentheses the parameters that differ from their defaults.
std::string to_string(const RandomActivation& f);
/// Throws Error where a parameter is out of range: "[dropout] p must be from 0 to 1, got 1.5",
/// "[rrelu] lower must not exceed upper, got lower=0.5, upper=0.25". Every function that takes a
/// RandomActivation or a RandomRow calls this first.
void validate(const RandomActivation& f);

/// The same for functions of rows.
RandomRow parse_random_row(std::string_view spec);
std::string to_string(const RandomRow& f);
void validate(const RandomRow& f);

/// The function without noise that takes f's place in evaluation.
///
///     actfn::forward(actfn::evaluated(actfn::Rrelu{}), x, y);  // leaky_relu
Activation evaluated(const ListRef<RandomActivation>& f);
RowActivation evaluated(const ListRef<RandomRow>& f);

/// y[i] = f(x[i]) with noise. y may be x.
///
///     actfn::forward(actfn::Dropout{.p = 0.1}, x, {.seed = 7}, y);
///     actfn::backward(actfn::Dropout{.p = 0.1}, x, dy, {.seed = 7}, dx);  // the same noise
void forward(const ListRef<RandomActivation>& f, const ConstTensor& x, const Noise& noise,
             const Tensor& y, Threads threads = {});
/// dx[i] = dy[i] f'(x[i]) with the same noise; 0 where dropout dropped the element, even if dy is
/// infinite. dx may be x or dy. NaN in x or dy gives NaN. dropout and alpha_dropout read x only for
/// its NaN: a caller that did not keep x may pass dy in its place.
void backward(const ListRef<RandomActivation>& f, const ConstTensor& x, const ConstTensor& dy,
              const Noise& noise, const Tensor& dx, Threads threads = {});

/// The gradients of backward() itself, with the same noise. Given v, the gradient of a loss with
/// respect to dx:
///   for_dy[i] = v[i] f'(x[i])  the gradient with respect to dy: what backward() gives for v
///   for_x[i]  = 0              the gradient with respect to x: noise counts as a constant
/// for_x is NaN where x, dy or v is NaN. for_dy and for_x may each be one of the inputs; they must
/// not overlap each other.
///
///     actfn::double_backward(actfn::Rrelu{}, x, dy, v, {.seed = 7}, for_dy, for_x);
void double_backward(const ListRef<RandomActivation>& f, const ConstTensor& x,
                     const ConstTensor& dy, const ConstTensor& v, const Noise& noise,
                     const Tensor& for_dy, const Tensor& for_x, Threads threads = {});

/// y = f(x) for each row along the axis, with noise. y may be x. An entry that is masked out is
/// never drawn: its y is 0. The noise of the others does not depend on the mask. It takes several
/// passes: where std::bad_alloc is thrown, y may hold numbers of an earlier one; so may dx of
/// backward().
///
///     const actfn::GumbelSoftmax f = {.tau = 0.5};
///     actfn::forward(f, {x, {4, 6}}, -1, {.seed = 7}, {y, {4, 6}});
///     actfn::backward(f, {x, {4, 6}}, {dy, {4, 6}}, -1, {.seed = 7}, {dx, {4, 6}});
void forward(const ListRef<RandomRow>& f, const ConstTensor& x, int axis, const Noise& noise,
             const Tensor& y, const RowOptions& options = {});
/// dx = J^T dy with the same noise and mask, where J is the Jacobian of f (with hard: of the soft
/// f). It is computed from x: y need not be kept. dx may be x, but must not overlap dy.
void backward(const ListRef<RandomRow>& f, const ConstTensor& x, const ConstTensor& dy, int axis,
              const Noise& noise, const Tensor& dx, const RowOptions& options = {});

}  // namespace actfn
