#include <actfn/random.h>

#include "api/check.h"
#include "api/share.h"
#include "random/kernels/words.h"

#include <algorithm>

namespace actfn {
namespace {

using kernels::for_width;
using kernels::kLineBlock;
using kernels::Lines;
using kernels::Span;
using random::Words;

// What is read and written; dy is x where there is none.
struct Operands {
  std::size_t size;
  Lines x, dy, y;
};

// loop(words, x, dy, y, n) for all blocks, in the type W, shared out to threads.
template <class W, class Loop>
void for_blocks(const Operands& all, const Noise& noise, std::size_t workers, const Loop& loop) {
  const kernels::Blocks& blocks = kernels::blocks(kernels::active_target());
  const std::size_t count = (all.size + kLineBlock - 1) / kLineBlock;
  share(count, 1, workers, [&](std::size_t first, std::size_t last) {
    random::Drawing drawing(noise);
    W x_buffer[kLineBlock], dy_buffer[kLineBlock], y_buffer[kLineBlock];
    for (std::size_t at = first * kLineBlock; at < last * kLineBlock; at += kLineBlock) {
      const Span span = {0, at, std::min(kLineBlock, all.size - at)};
      W* const y = result(all.y, span, y_buffer);
      const W* const x = load(blocks, all.x, span, x_buffer);
      loop(drawing.draw(at, span.n), x, load(blocks, all.dy, span, dy_buffer), y, span.n);
      store(blocks, all.y, span, y);
    }
  });
}

template <class W>
const random::Loops<W>& loops_of(const RandomActivation& f) {
  return random::table(kernels::active_target()).of<W>().activations[f.index()];
}

}  // namespace

Activation evaluated(const RandomActivation& f) {
  validate(f);
  return random::evaluated(f);
}

void forward(const RandomActivation& f, const ConstArray& x, const Noise& noise, const Array& y,
             Threads threads) {
  validate(f);
  check_threads(name_of(f), threads);
  check_arrays(name_of(f), {"x", x}, {"y", y});
  const Operands all = {x.size(), Lines(x), Lines(x), Lines(y)};
  const std::size_t workers = thread_count(threads, x.size(), false);
  for_width(x.type(), [&]<class W>() {
    const random::Loops<W>& loops = loops_of<W>(f);
    for_blocks<W>(all, noise, workers,
                  [&](const Words& words, const W* in, const W* /*dy*/, W* out, std::size_t n) {
                    loops.forward(f, words, in, out, n);
                  });
  });
}

void backward(const RandomActivation& f, const ConstArray& x, const ConstArray& dy,
              const Noise& noise, const Array& dx, Threads threads) {
  validate(f);
  check_threads(name_of(f), threads);
  check_arrays(name_of(f), {"x", x}, {"dx", dx});
  check_arrays(name_of(f), {"dy", dy}, {"dx", dx});
  const Operands all = {x.size(), Lines(x), Lines(dy), Lines(dx)};
  const std::size_t workers = thread_count(threads, x.size(), false);
  for_width(x.type(), [&]<class W>() {
    const random::Loops<W>& loops = loops_of<W>(f);
    for_blocks<W>(all, noise, workers,
                  [&](const Words& words, const W* in, const W* gradient, W* out, std::size_t n) {
                    loops.backward(f, words, in, gradient, out, n);
                  });
  });
}

}  // namespace actfn
