// Random functions: RReLU, noisy ReLU, dropout and alpha dropout, element by element, and Gumbel
// softmax along an axis.
//
// Noise comes from Philox 4x32-10 (Salmon et al. 2011). The key is a seed, the counter an element's
// position: the same seed and first position give the same noise on every machine, with any number
// of threads. So backward draws the numbers of forward again, and nothing is stored. Two calls draw
// different numbers only if their seeds or positions differ, whatever the functions. A part of an
// array, given its own position, gets the noise that the whole array would give it.
//
// Element i of an array, counted in row-major order, reads word p % 4 of block p / 4, where
// p = first + i modulo 2^64: one word per element, the same for every type. Arrays, errors and NaN
// are as in elementwise.h, tensors and axes as in rows.h.
#pragma once

#include <actfn/activation.h>
#include <actfn/array.h>
#include <actfn/rows.h>
#include <actfn/tensor.h>
#include <actfn/threads.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace actfn {

// For example the layer as the seed, and step * x.size() as the first position.
struct Noise {
  std::uint64_t seed = 0;
  std::uint64_t first = 0;  // the position of the array's first element
};

// Training: y = x > 0 ? x : r x, r drawn uniformly from [lower, upper) for each element, in 2^32
// steps. r is lower where the bounds are equal. f'(0) is r. Arrays read the bounds as they read the
// parameters of activation.h.
// Evaluation is leaky_relu with the slope (lower + upper) / 2: evaluated() below.
// Xu et al. 2015, arXiv:1505.00853. (Its Kaggle winner drew a from U(3, 8) and took x / a.)
// Throws Error where a bound is not finite or lower > upper.
struct Rrelu {
  double lower = 1.0 / 8;
  double upper = 1.0 / 3;
  bool operator==(const Rrelu&) const = default;
};
// Training: y = max(0, x + n), n drawn from the normal distribution of variance sigmoid(x), by Box
// and Muller: two elements share two words; |n| is at most 6.8 of its standard deviations.
// Evaluation is relu. The derivative takes n as given: 1 where x + n > 0.
// Nair & Hinton 2010.
struct NoisyRelu {
  bool operator==(const NoisyRelu&) const = default;
};
// Training: an element is dropped, set to 0, with probability p, 0 <= p <= 1 (rounded to a multiple
// of 2^-32), and otherwise multiplied by 1 / (1 - p). p is a double whatever the arrays' type.
// Dropped infinities give 0, NaN stays NaN; p = 1 drops all. Evaluation is the identity.
// Hinton et al. 2012, arXiv:1207.0580
struct Dropout {
  double p = 0.5;
  bool operator==(const Dropout&) const = default;
};
// Dropout that keeps the mean 0 and the variance 1 of self-normalizing networks: y = a (x or, with
// probability p, alpha') + b, alpha' = -1.7580993408473766,
// a = ((1 - p) (1 + p alpha'^2))^(-1/2), b = -a p alpha'. Evaluation is the identity.
// p = 1 gives 0, the limit of what is dropped. Klambauer et al. 2017, arXiv:1706.02515
struct AlphaDropout {
  double p = 0.5;
  bool operator==(const AlphaDropout&) const = default;
};

// Training: y = softmax((x + g) / tau) along an axis, tau > 0 and finite. Each element draws its
// g = -log(-log(u)), u = (word + 0.5) / 2^32, from the Gumbel distribution. The largest entry of y
// is entry i with probability softmax(x)_i, whatever tau is; a small tau brings y near the one-hot
// vector, a large one near equal entries.
// hard: y is 1 for the first of the largest entries and 0 for the others, and the gradient is that
// of the soft y (the straight-through estimator). Evaluation is softmax(x / tau), or hardmax.
//
// The error of g is at most 2^-48 max(1, |g|). g is from -3.14 to 22.88: what u's 32 bits can't
// tell apart, probabilities below 2^-33, is not drawn. x + g is rounded to the arrays' type.
// An entry of -inf is never drawn; other infinities and NaN are as in softmax.
// Jang et al. 2016, arXiv:1611.01144; Maddison et al. 2016, arXiv:1611.00712.
struct GumbelSoftmax {
  double tau = 1;
  bool hard = false;
  bool operator==(const GumbelSoftmax&) const = default;
};

// THE lists: functions of an element, and functions of a row.
using RandomActivation = std::variant<Rrelu, NoisyRelu, Dropout, AlphaDropout>;
using RandomRow = std::variant<GumbelSoftmax>;

// "rrelu(lower=0.1,upper=0.3)", "dropout(p=0.2)"; as parse() reads activations.
RandomActivation parse_random_activation(std::string_view spec);
std::string to_string(const RandomActivation& f);
// Throws Error where a parameter is out of range: "[dropout] p must be from 0 to 1, got 1.5".
void validate(const RandomActivation& f);

// "gumbel_softmax(tau=0.5,hard=true)".
RandomRow parse_random_row(std::string_view spec);
std::string to_string(const RandomRow& f);
void validate(const RandomRow& f);

// What takes its place when the network is evaluated.
Activation evaluated(const RandomActivation& f);
RowActivation evaluated(const RandomRow& f);

// y = f(x) with noise.
void forward(const RandomActivation& f, const ConstArray& x, const Noise& noise, const Array& y,
             Threads threads = {});
// dx = dy f'(x) with the same noise; 0 where dropout dropped the element, even if dy is infinite.
// dx may be x or dy. NaN in x or dy gives NaN. The two dropouts read x for its NaN only: a caller
// that did not keep x may pass dy instead.
void backward(const RandomActivation& f, const ConstArray& x, const ConstArray& dy,
              const Noise& noise, const Array& dx, Threads threads = {});

/// y = f(x) along the axis, with noise. y may be x.
///
///     actfn::forward(actfn::GumbelSoftmax{.tau = 0.5}, {x, {4, 10}}, -1, {.seed = 7},
///                    {y, {4, 10}});
void forward(const RandomRow& f, const ConstTensor& x, int axis, const Noise& noise,
             const Tensor& y, Threads threads = {});
/// dx = J^T dy, J being the Jacobian of f (if hard: of the soft f) with the same noise. It is
/// computed from x: y need not be kept. dx may be x, but must not overlap dy.
void backward(const RandomRow& f, const ConstTensor& x, const ConstTensor& dy, int axis,
              const Noise& noise, const Tensor& dx, Threads threads = {});

}  // namespace actfn
