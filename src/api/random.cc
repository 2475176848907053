#include <actfn/random.h>

#include "api/check.h"
#include "api/row_loops.h"
#include "api/share.h"
#include "api/tensors.h"
#include "random/kernels/words.h"

#include <algorithm>

namespace actfn {
namespace {

using kernels::for_width;
using kernels::kLineBlock;
using kernels::Lines;
using kernels::Span;
using random::Words;

// The arrays that are read and written. dy.data is null where no gradient is read.
struct RandomOperands {
  std::size_t size;
  Lines x, dy, y;
};

// Calls loop(words, x, dy, y, n) for all blocks, converted to the type W, in `workers` threads.
template <class W, class Loop>
void for_blocks(const RandomOperands& all, const Noise& noise, std::size_t workers,
                const Loop& loop) {
  const kernels::Blocks& blocks = kernels::blocks(kernels::active_target());
  const std::size_t count = (all.size + kLineBlock - 1) / kLineBlock;
  share(count, 1, workers, [&](std::size_t first, std::size_t last) {
    random::Drawing drawing(noise);
    W x_buffer[kLineBlock], dy_buffer[kLineBlock], y_buffer[kLineBlock];
    for (std::size_t at = first * kLineBlock; at < last * kLineBlock; at += kLineBlock) {
      const Span span = {0, at, std::min(kLineBlock, all.size - at)};
      W* const y = result(all.y, span, y_buffer);
      const W* const x = load(blocks, all.x, span, x_buffer);
      const W* const dy = all.dy.data == nullptr ? nullptr : load(blocks, all.dy, span, dy_buffer);
      loop(drawing.draw(at, span.n), x, dy, y, span.n);
      store(blocks, all.y, span, y);
    }
  });
}

// z = x + noise
void perturb(const RandomRow& f, const ConstTensor& x, const Noise& noise, const Tensor& z,
             Threads threads) {
  const RandomOperands all = {x.size(), Lines(x, 0), Lines(), Lines(z, 0)};
  const std::size_t workers = thread_count(threads, x.size(), false);
  for_width(x.type(), [&]<class W>() {
    const auto& loops = kernels::entry(f).loops.of(kernels::active_target()).of<W>();
    for_blocks<W>(all, noise, workers,
                  [&](const Words& words, const W* in, const W* /*dy*/, W* out, std::size_t n) {
                    loops.perturb(words, in, out, n);
                  });
  });
}

void check_rows(std::string_view who, const NamedTensor& x, int axis, const NamedTensor& y,
                const RowOptions& options) {
  check_threads(who, options.threads);
  (void)axis_of(who, axis, x);
  (void)broadcast(who, options.mask, x, 0);
  check_same_shape(who, x, y);
  check_in_place_or_apart(who, x, y);
  check_writable(who, y);
}

}  // namespace

Activation evaluated(const RandomActivation& f) {
  validate(f);
  return kernels::entry(f).evaluated(kernels::parameters_of(f));
}

void forward(const RandomActivation& f, const ConstArray& x, const Noise& noise, const Array& y,
             Threads threads) {
  validate(f);
  check_threads(name_of(f), threads);
  check_arrays(name_of(f), {"x", x}, {"y", y});
  const RandomOperands all = {x.size(), Lines(x), Lines(), Lines(y)};
  const std::size_t workers = thread_count(threads, x.size(), false);
  for_width(x.type(), [&]<class W>() {
    const auto& loops = kernels::entry(f).loops.of(kernels::active_target()).of<W>();
    for_blocks<W>(all, noise, workers,
                  [&](const Words& words, const W* in, const W* /*dy*/, W* out, std::size_t n) {
                    loops.forward(kernels::parameters_of(f), words, in, out, n);
                  });
  });
}

void backward(const RandomActivation& f, const ConstArray& x, const ConstArray& dy,
              const Noise& noise, const Array& dx, Threads threads) {
  validate(f);
  check_threads(name_of(f), threads);
  check_arrays(name_of(f), {"x", x}, {"dx", dx});
  check_arrays(name_of(f), {"dy", dy}, {"dx", dx});
  const RandomOperands all = {x.size(), Lines(x), Lines(dy), Lines(dx)};
  const std::size_t workers = thread_count(threads, x.size(), false);
  for_width(x.type(), [&]<class W>() {
    const auto& loops = kernels::entry(f).loops.of(kernels::active_target()).of<W>();
    for_blocks<W>(all, noise, workers,
                  [&](const Words& words, const W* in, const W* gradient, W* out, std::size_t n) {
                    loops.backward(kernels::parameters_of(f), words, in, gradient, out, n);
                  });
  });
}

RowActivation evaluated(const RandomRow& f) {
  validate(f);
  return kernels::entry(f).evaluated(kernels::parameters_of(f));
}

void forward(const RandomRow& f, const ConstTensor& x, int axis, const Noise& noise,
             const Tensor& y, const RowOptions& options) {
  validate(f);
  check_rows(name_of(f), {"x", x}, axis, {"y", y}, options);
  perturb(f, x, noise, y, options.threads);
  forward(kernels::entry(f).evaluated(kernels::parameters_of(f)), y, axis, y, options);
}

void backward(const RandomRow& f, const ConstTensor& x, const ConstTensor& dy, int axis,
              const Noise& noise, const Tensor& dx, const RowOptions& options) {
  validate(f);
  check_rows(name_of(f), {"x", x}, axis, {"dx", dx}, options);
  check_same_shape(name_of(f), {"dy", dy}, {"dx", dx});
  check_apart(name_of(f), {"dy", dy}, {"dx", dx});
  const RowActivation soft = kernels::entry(f).relaxed(kernels::parameters_of(f));
  perturb(f, x, noise, dx, options.threads);
  forward(soft, dx, axis, dx, options);
  backward(soft, dx, dy, axis, dx, options.threads);
}

}  // namespace actfn
