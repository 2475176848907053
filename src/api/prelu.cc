#include <actfn/learnable.h>

#include "api/share.h"
#include "api/tensors.h"
#include "kernels/line.h"
#include "learned/kernels/channels.h"
#include "learned/kernels/prelu.h"
#include "learned/kernels/rounding.h"

#include <algorithm>
#include <vector>

namespace actfn {
namespace {

using kernels::for_width;
using kernels::kLineBlock;
using kernels::Lines;
using kernels::Span;
using learned::Channels;

constexpr std::string_view kName = "prelu";

std::size_t channels_of(const ConstTensor& x) { return x.dimensions() < 2 ? 1 : x.shape()[1]; }

// Whether all elements have the same slope.
bool shares_slope(const ConstTensor& x, const ConstArray& weight) {
  return weight.size() == 1 || x.dimensions() < 2;
}

ConstTensor as_tensor(const ConstArray& a) {
  const Shape shape = {a.rows(), a.columns()};
  const Strides strides = {a.row_stride(), a.column_stride()};
  switch (a.type()) {
    case Type::float32:
      return {a.data<float>(), shape, strides};
    case Type::float64:
      return {a.data<double>(), shape, strides};
    case Type::bfloat16:
      return {a.data<bfloat16>(), shape, strides};
    case Type::float16:
      return {a.data<float16>(), shape, strides};
  }
  return {a.data<float>(), shape, strides};
}

void check_weight(const NamedTensor& x, const NamedTensor& weight) {
  check_same_type(kName, x, weight);
  const std::size_t channels = channels_of(x.data);
  const std::size_t n = weight.data.size();
  if (n == 1 || n == channels) return;
  fail(kName, {weight.name, " has ", size_text(Shape{n}), ", ", x.name, " has ",
               std::to_string(channels), channels == 1 ? " channel" : " channels"});
}

void check_same_size(const NamedTensor& a, const NamedTensor& b) {
  check_same_type(kName, b, a);
  check_same(kName, {b.name, Shape{b.data.size()}}, {a.name, Shape{a.data.size()}});
}

// What the three functions share: reading tensors and weights as lines, finding the weight of each
// element, and dividing tasks among threads.
template <class W>
class Work {
 public:
  const Channels channels;
  const kernels::Blocks* const blocks = &kernels::blocks(kernels::active_target());
  const learned::PreluLoops<W>& loops =
      learned::prelu_loops(kernels::active_target()).template of<W>();

  Work(const ConstTensor& x, const ConstArray& weight, Threads threads)
      : channels(x, shares_slope(x, weight)), workers_(thread_count(threads, x.size(), true)) {}

  struct View {
    Lines lines;
    std::ptrdiff_t row = 0, channel = 0;
  };
  View view(const ConstTensor& t) const {
    const std::size_t from = channels.line_from();
    const bool per_channel = from == 2;
    return {Lines(t, from), per_channel ? t.strides()[0] : 0, per_channel ? t.strides()[1] : 0};
  }

  static Span span(const View& view, const Channels::Segment& b) {
    const std::ptrdiff_t offset = static_cast<std::ptrdiff_t>(b.row) * view.row +
                                  static_cast<std::ptrdiff_t>(b.channel) * view.channel;
    return {offset, b.from, b.n};
  }
  const W* read(const View& view, const Channels::Segment& b, W* buffer) const {
    return load(*blocks, view.lines, span(view, b), buffer);
  }
  W* write(const View& view, const Channels::Segment& b, W* buffer) const {
    return result(view.lines, span(view, b), buffer);
  }
  void store_segment(const View& view, const Channels::Segment& b, const W* from) const {
    store(*blocks, view.lines, span(view, b), from);
  }

  // Gives loops one weight per element. Where rows are short, it holds the weights of a whole
  // pattern; else it repeats the one weight of a segment.
  class Weights {
   public:
    Weights(const Channels& channels, const ConstArray& weight, const kernels::Blocks& blocks,
            const learned::PreluLoops<W>& loops)
        : channels_(channels),
          loops_(loops),
          one_(channels.count() * (weight.size() == 0 ? 0 : 1)) {
      const Lines lines(weight);
      W buffer[kLineBlock];
      for (std::size_t c = 0; c < std::min(one_.size(), weight.size()); c += kLineBlock) {
        const std::size_t n = std::min(kLineBlock, one_.size() - c);
        std::copy_n(load(blocks, lines, {0, c, n}, buffer), n, &one_[c]);
      }
      if (!channels.is_short()) return;
      for (std::size_t i = 0; i < channels.pattern(); ++i) {
        places_.push_back(one_[channels.channel_of_place(i)]);
      }
    }
    // Memory for a segment's repeated weight, kept for the next segments of the same channel.
    struct Buffer {
      std::size_t channel = 0, filled = 0;
      W values[kLineBlock + 16];
    };
    const W* of(const Channels::Segment& b, Buffer& buffer) const {
      if (channels_.is_short()) return &places_[b.place];
      if (b.channel != buffer.channel || b.n > buffer.filled) {
        loops_.fill(one_[b.channel], buffer.values, b.n);
        buffer.channel = b.channel;
        buffer.filled = b.n;
      }
      return buffer.values;
    }

   private:
    const Channels& channels_;
    const learned::PreluLoops<W>& loops_;
    std::vector<W> one_, places_;
  };
  Weights weights(const ConstArray& weight) const {
    return Weights(channels, weight, *blocks, loops);
  }

  // Calls body(task, sums) for each task and adds the sums up per channel.
  template <class Body>
  std::vector<double> sum(const Body& body) const {
    const std::size_t each = channels.sums_per_task();
    std::vector<double> sums(channels.tasks() * each);
    share(channels.tasks(), 1, workers_, [&](std::size_t first, std::size_t last) {
      for (std::size_t task = first; task < last; ++task) body(task, &sums[task * each]);
    });
    return channels.totals(sums);
  }
  template <class Body>
  void run(const Body& body) const {
    share(channels.tasks(), 1, workers_, [&](std::size_t first, std::size_t last) {
      for (std::size_t task = first; task < last; ++task) body(task);
    });
  }
  void add(const double* terms, const Channels::Segment& b, double* sums) const {
    if (channels.is_short()) {
      learned::add_each(terms, b.n, sums + b.sums);
    } else {
      learned::add_in_turn(terms, b.n, sums + b.sums);
    }
  }

 private:
  std::size_t workers_;
};

// `sums` holds one number per channel.
void write_sums(const std::vector<double>& sums, const Array& to) {
  learned::round_to(sums.data(), to);
}

template <class W>
void forward_in(const ConstTensor& x, const ConstArray& weight, const Tensor& y, Threads threads) {
  const Work<W> work(x, weight, threads);
  const auto from = work.view(x);
  const auto to = work.view(y);
  const auto weights = work.weights(weight);
  work.run([&](std::size_t task) {
    W x_buffer[kLineBlock], y_buffer[kLineBlock];
    typename Work<W>::Weights::Buffer w;
    work.channels.for_segments(task, [&](const Channels::Segment& b) {
      W* const out = work.write(to, b, y_buffer);
      work.loops.value(work.read(from, b, x_buffer), weights.of(b, w), out, b.n);
      work.store_segment(to, b, out);
    });
  });
}

template <class W>
void backward_in(const ConstTensor& x, const ConstArray& weight, const ConstTensor& dy,
                 const Tensor& dx, const Array& dweight, Threads threads) {
  const Work<W> work(x, weight, threads);
  const auto from = work.view(x);
  const auto gradient = work.view(dy);
  const auto to = work.view(dx);
  const auto weights = work.weights(weight);
  const auto sums = work.sum([&](std::size_t task, double* of_task) {
    W buffers[3][kLineBlock];
    typename Work<W>::Weights::Buffer w;
    double terms[kLineBlock];
    work.channels.for_segments(task, [&](const Channels::Segment& b) {
      const W* const in = work.read(from, b, buffers[0]);
      const W* const d = work.read(gradient, b, buffers[1]);
      work.loops.below_in_double(in, in, d, terms, b.n);
      work.add(terms, b, of_task);
      W* const out = work.write(to, b, buffers[2]);
      work.loops.backward(in, weights.of(b, w), d, out, b.n);
      work.store_segment(to, b, out);
    });
  });
  write_sums(sums, dweight);
}

struct DoubleBackward {
  const ConstTensor &x, &dy, &v;
  const ConstArray &weight, &v_weight;
  const Tensor &for_dy, &for_x;
  const Array& for_weight;
};

template <class W>
void double_backward_in(const DoubleBackward& a, Threads threads) {
  const Work<W> work(a.x, a.weight, threads);
  const std::array in = {work.view(a.x), work.view(a.dy), work.view(a.v)};
  const std::array out = {work.view(a.for_dy), work.view(a.for_x)};
  const auto weights = work.weights(a.weight);
  const auto v_weights = work.weights(a.v_weight);
  const auto sums = work.sum([&](std::size_t task, double* of_task) {
    W buffers[5][kLineBlock];
    typename Work<W>::Weights::Buffer w, v_weight;
    double terms[kLineBlock];
    work.channels.for_segments(task, [&](const Channels::Segment& b) {
      const W* const x = work.read(in[0], b, buffers[0]);
      const W* const dy = work.read(in[1], b, buffers[1]);
      const W* const v = work.read(in[2], b, buffers[2]);
      work.loops.below_in_double(x, v, dy, terms, b.n);
      work.add(terms, b, of_task);
      // An output may be an input: both results are computed before either is written.
      const W* const v_w = v_weights.of(b, v_weight);
      work.loops.for_dy(x, weights.of(b, w), v, v_w, buffers[3], b.n);
      work.loops.below(x, v_w, dy, buffers[4], b.n);
      work.store_segment(out[0], b, buffers[3]);
      work.store_segment(out[1], b, buffers[4]);
    });
  });
  write_sums(sums, a.for_weight);
}

}  // namespace

void prelu(const ConstTensor& x, const ConstArray& weight, const Tensor& y, Threads threads) {
  const ConstTensor w = as_tensor(weight);
  check_threads(kName, threads);
  check_weight({"x", x}, {"weight", w});
  check_same_shape(kName, {"x", x}, {"y", y});
  check_writable(kName, {"y", y});
  check_in_place_or_apart(kName, {"x", x}, {"y", y});
  check_apart(kName, {"weight", w}, {"y", y});
  for_width(x.type(), [&]<class W>() { forward_in<W>(x, weight, y, threads); });
}

void prelu_backward(const ConstTensor& x, const ConstArray& weight, const ConstTensor& dy,
                    const Tensor& dx, const Array& dweight, Threads threads) {
  const ConstTensor w = as_tensor(weight);
  const ConstTensor dw = as_tensor(dweight);
  check_threads(kName, threads);
  check_weight({"x", x}, {"weight", w});
  check_same_shape(kName, {"x", x}, {"dy", dy});
  check_same_shape(kName, {"x", x}, {"dx", dx});
  check_same_size({"dweight", dw}, {"weight", w});
  for (const NamedTensor& out : {NamedTensor{"dx", dx}, NamedTensor{"dweight", dw}}) {
    check_writable(kName, out);
  }
  for (const NamedTensor& in : {NamedTensor{"x", x}, NamedTensor{"dy", dy}}) {
    check_in_place_or_apart(kName, in, {"dx", dx});
    check_apart(kName, in, {"dweight", dw});
  }
  check_apart(kName, {"weight", w}, {"dx", dx});
  check_in_place_or_apart(kName, {"weight", w}, {"dweight", dw});
  check_apart(kName, {"dx", dx}, {"dweight", dw});
  for_width(x.type(), [&]<class W>() { backward_in<W>(x, weight, dy, dx, dweight, threads); });
}

void prelu_double_backward(const ConstTensor& x, const ConstArray& weight, const ConstTensor& dy,
                           const ConstTensor& v, const ConstArray& v_weight, const Tensor& for_dy,
                           const Tensor& for_x, const Array& for_weight, Threads threads) {
  const ConstTensor w = as_tensor(weight);
  const ConstTensor vw = as_tensor(v_weight);
  const ConstTensor fw = as_tensor(for_weight);
  check_threads(kName, threads);
  check_weight({"x", x}, {"weight", w});
  check_same_size({"v_weight", vw}, {"weight", w});
  check_same_size({"for_weight", fw}, {"weight", w});
  check_writable(kName, {"for_weight", fw});
  const NamedTensor outs[] = {{"for_dy", for_dy}, {"for_x", for_x}};
  const NamedTensor ins[] = {{"x", x}, {"dy", dy}, {"v", v}};
  for (const NamedTensor& in : ins) check_same_shape(kName, {"x", x}, in);
  for (const NamedTensor& out : outs) {
    check_same_shape(kName, {"x", x}, out);
    check_writable(kName, out);
    for (const NamedTensor& in : ins) check_in_place_or_apart(kName, in, out);
    check_apart(kName, {"weight", w}, out);
    check_apart(kName, {"v_weight", vw}, out);
    check_apart(kName, out, {"for_weight", fw});
  }
  check_apart(kName, outs[0], outs[1]);
  for (const NamedTensor& in : ins) check_apart(kName, in, {"for_weight", fw});
  check_in_place_or_apart(kName, {"weight", w}, {"for_weight", fw});
  check_in_place_or_apart(kName, {"v_weight", vw}, {"for_weight", fw});
  const DoubleBackward arrays = {x, dy, v, weight, v_weight, for_dy, for_x, for_weight};
  for_width(x.type(), [&]<class W>() { double_backward_in<W>(arrays, threads); });
}

}  // namespace actfn
