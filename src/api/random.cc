#include <actfn/random.h>

#include "api/share.h"
#include "api/tensors.h"
#include "kernels/line.h"
#include "random/kernels/noise.h"
#include "random/kernels/philox.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace actfn {
namespace {

using kernels::for_width;
using kernels::kLineBlock;
using kernels::Lines;
using kernels::Span;
using noise::Drop;
using noise::kExtraWords;
using noise::Slope;

// The words at an array's positions.
class Words {
 public:
  explicit Words(const Noise& noise) : noise_(noise) {}

  // Of n <= kLineBlock elements from element `at` on.
  const std::uint32_t* draw(std::size_t at, std::size_t n) {
    const std::uint64_t position = noise_.first + at;
    const std::size_t before = position % 4;
    blocks_ = (before + n + 3) / 4;
    const auto purpose = static_cast<std::uint32_t>(Purpose::noise);
    noises.words({noise_.seed, 0, purpose}, position / 4, blocks_, words_);
    return words_ + before;
  }
  // The same as normal numbers.
  const double* draw_normal(std::size_t at, std::size_t n) {
    const std::uint32_t* const first = draw(at, n);
    noises.normals(words_, normals_, 4 * blocks_);
    return normals_ + (first - words_);
  }

  const noise::Noises& noises = noise::noises(kernels::active_target());

 private:
  Noise noise_;
  std::size_t blocks_ = 0;
  std::uint32_t words_[kLineBlock + kExtraWords] = {};
  double normals_[kLineBlock + kExtraWords] = {};
};

// What a kernel needs to know of an activation's parameters in arrays of one type.
Slope slope_of(const Rrelu& f, bool single) {
  const double lower = single ? static_cast<double>(static_cast<float>(f.lower)) : f.lower;
  const double upper = single ? static_cast<double>(static_cast<float>(f.upper)) : f.upper;
  return {lower, upper - lower, lower < upper ? std::nextafter(upper, lower) : upper};
}

// 1 / (1 - p) as two doubles of one sign, of which infinity makes no NaN.
Drop drop_of(const Dropout& f) {
  const double threshold = std::floor(f.p * 0x1p32 + 0.5);
  if (f.p == 1) return {threshold, 0, 0, -0.0, 0};
  const double kept = 1 - f.p;
  const double kept_rest = (1 - kept) - f.p;
  double scale = 1 / kept;
  double rest = std::fma(-scale, kept_rest, std::fma(-scale, kept, 1)) / kept;
  if (rest < 0) {
    const double below = std::nextafter(scale, 0);
    rest += scale - below;
    scale = below;
  }
  return {threshold, scale, std::max(rest, scale * 0x1p-120), -0.0, 0};
}

constexpr double kAlpha = -1.7580993408473766;  // what SELU goes to on the left

Drop drop_of(const AlphaDropout& f) {
  const double threshold = std::floor(f.p * 0x1p32 + 0.5);
  if (f.p == 0) return {threshold, 1, 0x1p-120, -0.0, 0};
  if (f.p == 1) return {threshold, 0, 0, -0.0, 0};  // its limit
  const double scale = 1 / std::sqrt((1 - f.p) * (1 + f.p * (kAlpha * kAlpha)));
  const double shift = -scale * f.p * kAlpha;
  return {threshold, scale, scale * 0x1p-120, shift, std::fma(scale, kAlpha, shift)};
}

// The derivative of what it stands for: dropped elements give 0.
Drop derivative_of(Drop p) {
  p.shift = -0.0;
  p.dropped = 0;
  return p;
}

// One block's arrays; in backward() x is followed by dy.
template <class W>
struct Block {
  std::size_t at, n;
  const W *x, *dy;
  W* y;
};

template <class W>
void forward_block(const Rrelu& f, Words& words, const Block<W>& b) {
  words.noises.of<W>().rrelu(slope_of(f, sizeof(W) == 4), words.draw(b.at, b.n), b.x, b.y, b.n);
}
template <class W>
void backward_block(const Rrelu& f, Words& words, const Block<W>& b) {
  words.noises.of<W>().rrelu_backward(slope_of(f, sizeof(W) == 4), words.draw(b.at, b.n), b.x, b.dy,
                                      b.y, b.n);
}
// In double, whatever the type.
template <class W>
void forward_block(const NoisyRelu& /*f*/, Words& words, const Block<W>& b) {
  double y[kLineBlock];
  const double* const normals = words.draw_normal(b.at, b.n);
  std::copy_n(b.x, b.n, y);
  words.noises.noisy_relu(normals, y, y, b.n);
  for (std::size_t i = 0; i < b.n; ++i) b.y[i] = static_cast<W>(y[i]);
}
template <class W>
void backward_block(const NoisyRelu& /*f*/, Words& words, const Block<W>& b) {
  double slope[kLineBlock];
  const double* const normals = words.draw_normal(b.at, b.n);
  std::copy_n(b.x, b.n, slope);
  words.noises.noisy_slope(normals, slope, slope, b.n);
  for (std::size_t i = 0; i < b.n; ++i) b.y[i] = b.dy[i] * static_cast<W>(slope[i]);
}
template <class A, class W>
void forward_block(const A& f, Words& words, const Block<W>& b) {
  words.noises.of<W>().drop(drop_of(f), words.draw(b.at, b.n), b.x, b.x, b.y, b.n);
}
template <class A, class W>
void backward_block(const A& f, Words& words, const Block<W>& b) {
  words.noises.of<W>().drop(derivative_of(drop_of(f)), words.draw(b.at, b.n), b.dy, b.x, b.y, b.n);
}

// body(words, block) for all blocks, by threads; dy may be x where there is none.
template <class W, class Body>
void for_blocks(const ConstArray& x, const ConstArray& dy, const Array& y, const Noise& noise,
                std::size_t workers, const Body& body) {
  const kernels::Blocks& blocks = kernels::blocks(kernels::active_target());
  const Lines in(x), gradient(dy), out(y);
  const std::size_t n = (x.size() + kLineBlock - 1) / kLineBlock;
  share(n, 1, workers, [&](std::size_t first, std::size_t last) {
    Words words(noise);
    W x_buffer[kLineBlock], dy_buffer[kLineBlock], y_buffer[kLineBlock];
    for (std::size_t at = first * kLineBlock; at < last * kLineBlock; at += kLineBlock) {
      const Span span = {0, at, std::min(kLineBlock, x.size() - at)};
      const Block<W> block = {at, span.n, load(blocks, in, span, x_buffer),
                              load(blocks, gradient, span, dy_buffer), result(out, span, y_buffer)};
      body(words, block);
      store(blocks, out, span, block.y);
    }
  });
}

}  // namespace

Activation evaluated(const RandomActivation& f) {
  validate(f);
  if (const auto* const rrelu = std::get_if<Rrelu>(&f)) {
    return LeakyRelu{(rrelu->lower + rrelu->upper) / 2};
  }
  if (std::holds_alternative<NoisyRelu>(f)) return Relu{};
  return Identity{};
}

void forward(const RandomActivation& f, const ConstArray& x, const Noise& noise, const Array& y,
             Threads threads) {
  validate(f);
  check_threads(name_of(f), threads);
  check_arrays(name_of(f), {"x", x}, {"y", y});
  const std::size_t workers = thread_count(threads, x.size(), false);
  for_width(x.type(), [&]<class W>() {
    for_blocks<W>(x, x, y, noise, workers, [&](Words& words, const Block<W>& block) {
      std::visit([&](const auto& one) { forward_block(one, words, block); }, f);
    });
  });
}

void backward(const RandomActivation& f, const ConstArray& x, const ConstArray& dy,
              const Noise& noise, const Array& dx, Threads threads) {
  validate(f);
  check_threads(name_of(f), threads);
  check_arrays(name_of(f), {"x", x}, {"dx", dx});
  check_arrays(name_of(f), {"dy", dy}, {"dx", dx});
  const std::size_t workers = thread_count(threads, x.size(), false);
  for_width(x.type(), [&]<class W>() {
    for_blocks<W>(x, dy, dx, noise, workers, [&](Words& words, const Block<W>& block) {
      std::visit([&](const auto& one) { backward_block(one, words, block); }, f);
    });
  });
}

}  // namespace actfn
