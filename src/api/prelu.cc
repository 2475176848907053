// SPDX-License-Identifier: Apache-2.0
#include <actfn/learnable.h>

#include "catalogue/left_out.h"
#include "kernels/type.h"
#include "learned/kernels/channels.h"
#include "learned/kernels/prelu.h"
#include "learned/kernels/rounding.h"
#include "memory/demand.h"
#include "memory/scratch.h"
#include "memory/walk.h"

#include <algorithm>
#include <array>
#include <span>

namespace actfn {
namespace {

using kernels::for_computed;
using learned::Channels;
using memory::Block;
using memory::kBlock;
using memory::Named;
using memory::Walk;

constexpr std::string_view kName = "prelu";

// What an element costs.
constexpr double kNanoseconds = 0.05;

// What memory::Call is for other kinds.
class Call : FloatEnvironment {
 public:
  explicit Call(const Threads& threads) {
    if constexpr (functions::kLeavesFunctionsOut) {
      functions::demand_built(functions::descriptor_of<Prelu>());
    }
    memory::demand_threads(kName, threads);
  }
};

// Channels are along axis 1.
std::size_t channels_of(const ConstTensor& x) { return x.dimensions() < 2 ? 1 : x.shape()[1]; }

// The distance from one weight to the next.
std::ptrdiff_t stride_of(const ConstTensor& weight) {
  std::ptrdiff_t stride = 0;
  for (std::size_t i = 0; i < weight.dimensions(); ++i) {
    if (weight.shape()[i] > 1) stride = weight.strides()[i];
  }
  return stride;
}

void demand_one_dimension(const Named& weight) {
  const Shape& shape = weight.data.shape();
  if (std::count_if(shape.begin(), shape.end(), [](std::size_t n) { return n > 1; }) > 1) {
    fail(kName, {weight.name, " must have one dimension, its shape is ", text(shape)});
  }
}

// Demands one weight, or one for each channel.
void demand_weight(const Named& x, const Named& weight) {
  memory::demand_same_type(kName, x, weight);
  demand_one_dimension(weight);
  const std::size_t n = weight.data.size(), channels = channels_of(x.data);
  if (n == 1 || n == channels) return;
  fail(kName, {weight.name, " has ", size_text(Shape{n}), ", ", x.name, " has ", channels,
               channels == 1 ? " channel" : " channels"});
}

// Demands as many elements as there are weights.
void demand_like_weight(const Named& weight, std::initializer_list<Named> others) {
  for (const Named& other : others) {
    memory::demand_same_type(kName, weight, other);
    demand_one_dimension(other);
    const std::size_t have = other.data.size(), want = weight.data.size();
    if (have != want) {
      fail(kName, {other.name, " has ", size_text(Shape{have}), ", ", weight.name, " has ", want});
    }
  }
}

// Weights broadcast to x's shape: the strides.
Strides strides_of(const ConstTensor& weight, const ConstTensor& x) {
  Strides strides = x.strides();
  for (std::size_t i = 0; i < strides.count(); ++i) strides[i] = i == 1 ? stride_of(weight) : 0;
  return strides;
}

template <class W>
const learned::PreluLoops<W>& loops() {
  return learned::prelu_loops(kernels::active_target()).of<W>();
}

// One weight for each element of a segment.
template <class W>
class ChannelWeights {
 public:
  ChannelWeights(const Channels& channels, const ConstTensor& weight)
      : channels_(channels), scratch_((channels.count() + channels.pattern()) * sizeof(W)) {
    // It is read only.
    auto* const from = static_cast<char*>(const_cast<void*>(weight.address()));
    memory::computed_copies(weight.type()).load({from, stride_of(weight), channels.count()}, all());
    for (std::size_t i = 0; i < channels.pattern(); ++i) {
      all()[channels.count() + i] = all()[channels.channel_at(i)];
    }
  }

  // Weights of one channel, for the segments of a task.
  struct Line {
    std::size_t channel = static_cast<std::size_t>(-1);
    W weights[kBlock];
  };
  const W* of(const Channels::Segment& segment, Line& line) const {
    if (channels_.pattern() != 0) return all() + channels_.count() + segment.sums;
    const std::size_t channel = channels_.channel_of(segment);
    if (line.channel != channel) loops<W>().fill(all()[channel], line.weights, kBlock);
    line.channel = channel;
    return line.weights;
  }

 private:
  W* all() const { return reinterpret_cast<W*>(scratch_.data()); }

  const Channels& channels_;
  memory::Scratch scratch_;
};

// y of contiguous tensors.
template <class W>
void forward_by_rows(Walk& walk, const Channels& channels, const ConstTensor& weight,
                     const Threads& threads) {
  const ChannelWeights<W> weights(channels, weight);
  walk.in_order();
  walk.run_tasks(channels.tasks(), threads, kNanoseconds, [&](std::size_t task, Walk::Visit visit) {
    typename ChannelWeights<W>::Line line;
    channels.for_segments(task, [&](const Channels::Segment& segment) {
      const W* const of_segment = weights.of(segment, line);
      visit(segment.at, segment.n, [&](const Block& b) {
        loops<W>().value(b.of<const W>(0), of_segment, b.of<W>(1), b.n);
      });
    });
  });
}

// The gradient of the weights: a sum for each channel.
class WeightGradient {
 public:
  WeightGradient(const ConstTensor& x, const ConstTensor& weight)
      : channels_(x, weight.size() == 1 || x.dimensions() < 2),
        sums_(channels_.tasks() * channels_.sums_per_task()),
        scratch_((sums_ + 2 * channels_.count()) * sizeof(double)) {}

  const Channels& channels() const { return channels_; }

  // Calls body(block, terms, weights) for all elements. The body writes one term for each.
  template <class W, std::size_t count, class Body>
  void run(Walk& walk, const Threads& threads, const ChannelWeights<W> (&weights)[count],
           const Body& body) {
    walk.in_order();
    const auto for_task = [&](std::size_t task, Walk::Visit visit) {
      const std::size_t each = channels_.sums_per_task();
      double* const sums = std::fill_n(data() + task * each, each, 0.0) - each;
      typename ChannelWeights<W>::Line lines[count];
      channels_.for_segments(task, [&](const Channels::Segment& segment) {
        std::array<const W*, count> of_segment;
        for (std::size_t k = 0; k < count; ++k) of_segment[k] = weights[k].of(segment, lines[k]);
        visit(segment.at, segment.n, [&](const Block& b) {
          double terms[kBlock];
          body(b, terms, of_segment);
          channels_.add(terms, segment, sums);
        });
      });
    };
    walk.run_tasks(channels_.tasks(), threads, kNanoseconds, for_task);
  }

  // Rounds each sum once.
  void write(const ConstTensor& to) {
    const std::span totals(data() + sums_, channels_.count());
    channels_.add_up({data(), sums_}, totals);
    for_computed(to.type(), [&]<class W>() {
      W* const rounded = reinterpret_cast<W*>(totals.data() + totals.size());
      std::transform(totals.begin(), totals.end(), rounded, [&](double sum) {
        return kernels::size_of(to.type()) == 2 ? static_cast<W>(learned::to_odd(sum))
                                                : static_cast<W>(sum);
      });
      auto* const at = static_cast<char*>(const_cast<void*>(to.address()));
      memory::computed_copies(to.type()).store(
          rounded, {at, stride_of(to), std::min(to.size(), totals.size())});
    });
  }

 private:
  double* data() { return reinterpret_cast<double*>(scratch_.data()); }

  Channels channels_;
  std::size_t sums_;
  memory::Scratch scratch_;
};

}  // namespace

void prelu(const ConstTensor& x, const ConstTensor& weight, const Tensor& y, Threads threads) {
  const Call call(threads);
  demand_weight({"x", x}, {"weight", weight});
  Walk walk(kName, memory::computed_copies(x.type()), {{"x", x}}, {{"y", y}});
  memory::demand_apart(kName, {"weight", weight}, {"y", y});
  if (weight.size() > 1 && x.is_contiguous() && y.is_contiguous()) {
    const Channels channels(x, false);
    return for_computed(x.type(),
                        [&]<class W>() { forward_by_rows<W>(walk, channels, weight, threads); });
  }
  const Strides of_weight = strides_of(weight, x);
  walk.read(weight.address(), of_weight);
  for_computed(x.type(), [&]<class W>() {
    walk.run(threads, kNanoseconds, [](const Block& b) {
      loops<W>().value(b.of<const W>(0), b.of<const W>(2), b.of<W>(1), b.n);
    });
  });
}

void prelu_backward(const ConstTensor& x, const ConstTensor& weight, const ConstTensor& dy,
                    const Tensor& dx, const Tensor& dweight, Threads threads) {
  const Call call(threads);
  demand_weight({"x", x}, {"weight", weight});
  Walk walk(kName, memory::computed_copies(x.type()), {{"x", x}, {"dy", dy}}, {{"dx", dx}});
  demand_like_weight({"weight", weight}, {{"dweight", dweight}});
  memory::demand_outputs(kName, {{"weight", weight}}, {{"dweight", dweight}});
  for (const Named& t : {Named{"x", x}, Named{"dy", dy}, Named{"dx", dx}}) {
    memory::demand_apart(kName, t, {"dweight", dweight});
  }
  memory::demand_apart(kName, {"weight", weight}, {"dx", dx});
  WeightGradient gradient(x, weight);
  for_computed(x.type(), [&]<class W>() {
    const ChannelWeights<W> weights[] = {{gradient.channels(), weight}};
    gradient.run(walk, threads, weights, [](const Block& b, double* terms, const auto& w) {
      const W *const in = b.of<const W>(0), *const d = b.of<const W>(1);
      loops<W>().below_in_double(in, in, d, terms, b.n);
      loops<W>().backward(in, w[0], d, b.of<W>(2), b.n);
    });
  });
  gradient.write(dweight);
}

void prelu_double_backward(const ConstTensor& x, const ConstTensor& weight, const ConstTensor& dy,
                           const ConstTensor& v, const ConstTensor& v_weight, const Tensor& for_dy,
                           const Tensor& for_x, const Tensor& for_weight, Threads threads) {
  const Call call(threads);
  demand_weight({"x", x}, {"weight", weight});
  demand_like_weight({"weight", weight}, {{"v_weight", v_weight}, {"for_weight", for_weight}});
  Walk walk(kName, memory::computed_copies(x.type()), {{"x", x}, {"dy", dy}, {"v", v}},
            {{"for_dy", for_dy}, {"for_x", for_x}});
  memory::demand_outputs(kName, {{"weight", weight}, {"v_weight", v_weight}},
                         {{"for_weight", for_weight}});
  for (const Named& t : {Named{"for_dy", for_dy}, Named{"for_x", for_x}}) {
    memory::demand_apart(kName, {"weight", weight}, t);
    memory::demand_apart(kName, {"v_weight", v_weight}, t);
    memory::demand_apart(kName, t, {"for_weight", for_weight});
  }
  for (const Named& t : {Named{"x", x}, Named{"dy", dy}, Named{"v", v}}) {
    memory::demand_apart(kName, t, {"for_weight", for_weight});
  }
  WeightGradient gradient(x, weight);
  for_computed(x.type(), [&]<class W>() {
    const ChannelWeights<W> weights[] = {{gradient.channels(), weight},
                                         {gradient.channels(), v_weight}};
    gradient.run(walk, threads, weights, [](const Block& b, double* terms, const auto& rows) {
      const W *const in = b.of<const W>(0), *const d = b.of<const W>(1),
                     *const u = b.of<const W>(2);
      const auto [w, v_w] = rows;
      // An output may be an input: both results are computed before either is written.
      W results[2][kBlock];
      loops<W>().below_in_double(in, u, d, terms, b.n);
      loops<W>().for_dy(in, w, u, v_w, results[0], b.n);
      loops<W>().below(in, v_w, d, results[1], b.n);
      std::copy_n(results[0], b.n, b.of<W>(3));
      std::copy_n(results[1], b.n, b.of<W>(4));
    });
  });
  gradient.write(for_weight);
}

}  // namespace actfn
