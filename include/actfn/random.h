// Activations that draw: RReLU, noisy ReLU, dropout and alpha dropout.
//
// Noise comes from Philox 4x32-10 (Salmon et al. 2011), keyed by a seed and counted by the position
// of an element: the same seed and first position give the same noise, on every machine, with any
// number of threads. So backward draws again what forward drew, and nothing is stored. Two calls
// that are to differ need seeds, or positions, that differ: what they draw from is the same in all
// functions here. A part of an array, given its own position, has what the whole would have.
//
// Element i of an array, counted row by row, reads word p % 4 of block p / 4, where p = first + i
// modulo 2^64: one word an element, the same for every type. Arrays, errors and NaN are as in
// elementwise.h.
#pragma once

#include <actfn/activation.h>
#include <actfn/array.h>
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
// steps; r is lower where both are the same; f'(0) is r. Bounds are read as activation.h's
// parameters.
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

// THE list.
using RandomActivation = std::variant<Rrelu, NoisyRelu, Dropout, AlphaDropout>;

// "rrelu(lower=0.1,upper=0.3)", "dropout(p=0.2)"; as parse() reads activations.
RandomActivation parse_random_activation(std::string_view spec);
std::string to_string(const RandomActivation& f);
// Throws Error where a parameter is out of range: "[dropout] p must be from 0 to 1, got 1.5".
void validate(const RandomActivation& f);

// What takes its place when the network is evaluated.
Activation evaluated(const RandomActivation& f);

// y = f(x) with noise.
void forward(const RandomActivation& f, const ConstArray& x, const Noise& noise, const Array& y,
             Threads threads = {});
// dx = dy f'(x) with the same noise; 0 where an element was dropped, be dy infinite. dx may be x or
// dy. NaN in x or dy gives NaN; the two dropouts look at x for nothing else: where x was not kept,
// dy may stand for it.
void backward(const RandomActivation& f, const ConstArray& x, const ConstArray& dy,
              const Noise& noise, const Array& dx, Threads threads = {});

}  // namespace actfn
