// SPDX-License-Identifier: Apache-2.0
#include <actfn/random.h>

#include "kernels/type.h"
#include "memory/demand.h"
#include "memory/rows.h"
#include "memory/walk.h"
#include "random/kernels/words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace actfn {
namespace {

using kernels::for_computed;
using kernels::name_of;
using memory::Block;
using memory::Walk;
using random::Words;

// What an element costs.
constexpr double kNanoseconds = 0.3;

// Calls loop(words, block) for all elements. Words follow their order.
template <class Loop>
void for_blocks(Walk& walk, const Noise& noise, Threads threads, const Loop& loop) {
  walk.in_order();
  walk.run(threads, kNanoseconds, [&](const Block& b) {
    random::Drawing drawing(noise);
    loop(drawing.draw(b.at, b.n), b);
  });
}

// The kernels of f for tensors that are computed in W.
template <class W, class List>
const auto& loops_of(const ListRef<List>& f) {
  return f.entry().loops.of(kernels::active_target()).template of<W>();
}

// 0, or NaN where one of the three is.
template <class W>
void zeros_or_nan(const W* x, const W* dy, const W* v, W* to, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const bool nan = std::isnan(x[i]) || std::isnan(dy[i]) || std::isnan(v[i]);
    to[i] = nan ? std::numeric_limits<W>::quiet_NaN() : W(0);
  }
}

// z = x + noise
void perturb(const ListRef<RandomRow>& f, const ConstTensor& x, const Noise& noise, const Tensor& z,
             Threads threads) {
  Walk walk(memory::computed_copies(x.type()), x.shape());
  walk.read(x);
  walk.write(z);
  for_computed(x.type(), [&]<class W>() {
    for_blocks(walk, noise, threads, [&](const Words& words, const Block& b) {
      loops_of<W>(f).perturb(words, b.of<const W>(0), b.of<W>(1), b.n);
    });
  });
}

void demand_rows(std::string_view who, const memory::Named& x, int axis, const memory::Named& y,
                 const RowOptions& options) {
  static_cast<void>(memory::demand_axis(who, axis, x));
  static_cast<void>(memory::demand_mask(who, options.mask, x, 0));
  memory::demand_tensors(who, {x}, {y});
}

}  // namespace

Activation evaluated(const ListRef<RandomActivation>& f) {
  const memory::Call call(f);
  return f.entry().evaluated(f.parameters());
}

void forward(const ListRef<RandomActivation>& f, const ConstTensor& x, const Noise& noise,
             const Tensor& y, Threads threads) {
  const memory::Call call(f, threads);
  Walk walk(name_of(f), memory::computed_copies(x.type()), {{"x", x}}, {{"y", y}});
  for_computed(x.type(), [&]<class W>() {
    for_blocks(walk, noise, threads, [&](const Words& words, const Block& b) {
      loops_of<W>(f).forward(f.parameters(), words, b.of<const W>(0), b.of<W>(1), b.n);
    });
  });
}

void backward(const ListRef<RandomActivation>& f, const ConstTensor& x, const ConstTensor& dy,
              const Noise& noise, const Tensor& dx, Threads threads) {
  const memory::Call call(f, threads);
  Walk walk(name_of(f), memory::computed_copies(x.type()), {{"x", x}, {"dy", dy}}, {{"dx", dx}});
  for_computed(x.type(), [&]<class W>() {
    for_blocks(walk, noise, threads, [&](const Words& words, const Block& b) {
      loops_of<W>(f).backward(f.parameters(), words, b.of<const W>(0), b.of<const W>(1), b.of<W>(2),
                              b.n);
    });
  });
}

void double_backward(const ListRef<RandomActivation>& f, const ConstTensor& x,
                     const ConstTensor& dy, const ConstTensor& v, const Noise& noise,
                     const Tensor& for_dy, const Tensor& for_x, Threads threads) {
  const memory::Call call(f, threads);
  Walk walk(name_of(f), memory::computed_copies(x.type()), {{"x", x}, {"dy", dy}, {"v", v}},
            {{"for_dy", for_dy}, {"for_x", for_x}});
  for_computed(x.type(), [&]<class W>() {
    for_blocks(walk, noise, threads, [&](const Words& words, const Block& b) {
      // An output may be an input of the other one.
      std::array<W, kernels::kBlock> zeros;
      zeros_or_nan(b.of<const W>(0), b.of<const W>(1), b.of<const W>(2), zeros.data(), b.n);
      loops_of<W>(f).backward(f.parameters(), words, b.of<const W>(0), b.of<const W>(2), b.of<W>(3),
                              b.n);
      std::copy_n(zeros.data(), b.n, b.of<W>(4));
    });
  });
}

RowActivation evaluated(const ListRef<RandomRow>& f) {
  const memory::Call call(f);
  return f.entry().evaluated(f.parameters());
}

void forward(const ListRef<RandomRow>& f, const ConstTensor& x, int axis, const Noise& noise,
             const Tensor& y, const RowOptions& options) {
  const memory::Call call(f, options.threads);
  demand_rows(name_of(f), {"x", x}, axis, {"y", y}, options);
  perturb(f, x, noise, y, options.threads);
  forward(f.entry().evaluated(f.parameters()), y, axis, y, options);
}

void backward(const ListRef<RandomRow>& f, const ConstTensor& x, const ConstTensor& dy, int axis,
              const Noise& noise, const Tensor& dx, const RowOptions& options) {
  const memory::Call call(f, options.threads);
  demand_rows(name_of(f), {"x", x}, axis, {"dx", dx}, options);
  memory::demand_alike(name_of(f), {"dy", dy}, {{"dx", dx}});
  memory::demand_apart(name_of(f), {"dy", dy}, {"dx", dx});
  const RowActivation soft = f.entry().relaxed(f.parameters());
  perturb(f, x, noise, dx, options.threads);
  forward(soft, dx, axis, dx, options);
  backward(soft, dx, dy, axis, dx, options.threads);
}

}  // namespace actfn
