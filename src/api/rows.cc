// SPDX-License-Identifier: Apache-2.0
#include <actfn/rows.h>

#include "kernels/type.h"
#include "memory/demand.h"
#include "memory/rows.h"
#include "rows/kernels/table.h"

#include <limits>

namespace actfn {
namespace {

using kernels::for_computed;
using kernels::name_of;
using memory::BlockType;
using memory::demand_mask;
using memory::Named;
using memory::Row;
using memory::RowMask;
using memory::RowWalk;
using rows::Stores;

// The value that a masked entry of a reduction reads.
constexpr double kExcluded = -std::numeric_limits<double>::infinity();

// Whether x has a few rows that are contiguous and computed in its own type: they need no walk.
bool are_few(const ConstTensor& x, std::size_t axis) {
  return axis + 1 >= x.dimensions() && kernels::size_of(x.type()) >= 4 && x.size() <= 4096;
}

void forward_few(const ListRef<RowActivation>& f, const kernels::Parameters& parameters,
                 const ConstTensor& x, std::size_t axis, const Tensor& y) {
  const std::size_t length = x.dimensions() == 0 ? 1 : x.shape()[axis];
  for_computed(x.type(), [&]<class C>() {
    const auto forward = f.entry().kernels.of(kernels::active_target()).of<C>().forward;
    for (std::size_t at = 0; at < x.size(); at += length) {
      forward(parameters.address(), x.data<C>() + at, y.data<C>() + at, length, Stores::cached);
    }
  });
}

Stores stores_of(const RowWalk& walk) {
  return walk.exceeds_caches() ? Stores::non_temporal : Stores::cached;
}

// The result of a reduction, whose axis has the length 1 or is missing, viewed with the axis.
class Reduced {
 public:
  Reduced(std::string_view who, const Named& x, std::size_t axis, const Named& y)
      : tensor_(y.data) {
    memory::demand_same_type(who, x, y);
    const Shape &whole = x.data.shape(), &have = y.data.shape();
    Shape kept = whole;
    if (whole.count() > 0) kept[axis] = 1;
    if (have == kept) return;
    Shape with_axis = kept;
    Strides strides = x.data.strides();
    for (std::size_t i = 0, k = 0; i < whole.count() && have.count() + 1 == whole.count(); ++i) {
      strides[i] = i == axis ? 0 : y.data.strides()[k];
      if (i != axis) with_axis[i] = have[k++];
    }
    if (have.count() + 1 != whole.count() || with_axis != kept) {
      fail(who, {y.name, " has the shape ", text(have), ", ", text(kept),
                 " is needed, or that without the axis"});
    }
    tensor_ = tensor_.viewed(kept, strides);
  }
  const ConstTensor& tensor() const { return tensor_; }

  // What is left where rows have no entries: each result is `value`.
  void fill(std::size_t axis, double value, const Threads& threads) const {
    RowWalk walk(tensor_, axis, memory::computed_copies(tensor_.type()));
    walk.write(tensor_);
    for_computed(tensor_.type(), [&]<class C>() {
      walk.run(threads, [&](const Row& r) { *r.of<C>(0) = static_cast<C>(value); });
    });
  }

 private:
  ConstTensor tensor_;
};

}  // namespace

void forward(const ListRef<RowActivation>& f, const ConstTensor& x, int axis, const Tensor& y,
             const RowOptions& options) {
  const memory::Call call(f, options.threads);
  const std::string_view who = name_of(f);
  const std::size_t at = memory::demand_axis(who, axis, {"x", x});
  const kernels::Parameters parameters(f, x.type());
  if (!options.mask && are_few(x, at) && memory::are_plain(x, y)) {
    return forward_few(f, parameters, x, at, y);
  }
  RowWalk walk(who, at, memory::computed_copies(x.type()), {{"x", x}}, {{"y", y}});
  const RowMask mask = demand_mask(who, options.mask, {"x", x}, f.entry().excluded);
  walk.mask(mask);
  const Stores stores = stores_of(walk);
  const double nanoseconds = f.entry().nanoseconds(parameters.address());
  for_computed(x.type(), [&]<class C>() {
    const auto forward = f.entry().kernels.of(kernels::active_target()).of<C>().forward;
    const auto body = [&](const Row& r) {
      forward(parameters.address(), r.of<C>(0), r.of<C>(1), walk.layout().length, stores);
    };
    walk.run(options.threads, body, nanoseconds);
  });
}

void backward(const GradientRef<RowActivation>& f, const ConstTensor& y, const ConstTensor& dy,
              int axis, const Tensor& dx, Threads threads) {
  const memory::Call call(f, threads);
  const std::string_view who = name_of(f);
  const std::size_t at = memory::demand_axis(who, axis, {"y", y});
  RowWalk walk(who, at, memory::computed_copies(y.type()), {{"y", y}, {"dy", dy}}, {{"dx", dx}});
  const kernels::Parameters parameters(f, y.type());
  const Stores stores = stores_of(walk);
  for_computed(y.type(), [&]<class C>() {
    const auto backward = f.gradients().kernels.of(kernels::active_target()).of<C>().backward;
    walk.run(threads, [&](const Row& r) {
      backward(parameters.address(), r.of<C>(0), r.of<C>(1), r.of<C>(2), walk.layout().length,
               stores);
    });
  });
}

void double_backward(const GradientRef<RowActivation>& f, const ConstTensor& y,
                     const ConstTensor& dy, const ConstTensor& v, int axis, const Tensor& for_dy,
                     const Tensor& for_x, Threads threads) {
  const memory::Call call(f, threads);
  const std::string_view who = name_of(f);
  const std::size_t at = memory::demand_axis(who, axis, {"y", y});
  RowWalk walk(who, at, memory::copies<BlockType::doubles>(y.type()),
               {{"y", y}, {"dy", dy}, {"v", v}}, {{"for_dy", for_dy}, {"for_x", for_x}});
  const kernels::Parameters parameters(f, y.type());
  const auto kernel = f.gradients().kernels.of(kernels::active_target()).double_backward;
  walk.run(threads, [&](const Row& r) {
    kernel(parameters.address(),
           {r.of<double>(0), r.of<double>(1), r.of<double>(2), r.of<double>(3), r.of<double>(4)},
           walk.layout().length);
  });
}

void softmax(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options) {
  forward(Softmax{}, x, axis, y, options);
}
void log_softmax(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options) {
  forward(LogSoftmax{}, x, axis, y, options);
}
void softmin(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options) {
  forward(Softmin{}, x, axis, y, options);
}
void sparsemax(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options) {
  forward(Sparsemax{}, x, axis, y, options);
}
void entmax(const ConstTensor& x, double alpha, int axis, const Tensor& y,
            const RowOptions& options) {
  forward(Entmax{alpha}, x, axis, y, options);
}
void hardmax(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options) {
  forward(Hardmax{}, x, axis, y, options);
}

void softmax2d(const ConstTensor& x, const Tensor& y, Threads threads) {
  if (x.dimensions() != 3 && x.dimensions() != 4) {
    fail("softmax2d", {"x must have 3 or 4 dimensions, its shape is ", text(x.shape())});
  }
  forward(Softmax{}, x, -3, y, {.mask = std::nullopt, .threads = threads});
}

void softmax1(const ConstTensor& x, double sink, int axis, const Tensor& y,
              const RowOptions& options) {
  forward(Softmax1{sink}, x, axis, y, options);
}

void forward(const ListRef<RowReduction>& f, const ConstTensor& x, int axis, const Tensor& y,
             const RowOptions& options) {
  const memory::Call call(f, options.threads);
  const std::string_view who = name_of(f);
  const std::size_t at = memory::demand_axis(who, axis, {"x", x});
  const Reduced reduced(who, {"x", x}, at, {"y", y});
  memory::demand_apart(who, {"x", x}, {"y", y});
  memory::demand_outputs(who, {}, {{"y", y}});
  const RowMask mask = demand_mask(who, options.mask, {"x", x}, kExcluded);
  if (x.size() == 0) return reduced.fill(at, kExcluded, options.threads);
  RowWalk walk(x, at, memory::computed_copies(x.type()));
  walk.read(x);
  walk.write(reduced.tensor());
  walk.mask(mask);
  walk.count_unmasked();
  const auto& kernels = f.entry().kernels.of(kernels::active_target());
  for_computed(x.type(), [&]<class C>() {
    walk.run(options.threads, [&](const Row& r) {
      *r.of<C>(1) = kernels.of<C>().forward(r.of<C>(0), walk.layout().length, r.count);
    });
  });
}

void backward(const GradientRef<RowReduction>& f, const ConstTensor& x, const ConstTensor& dy,
              int axis, const Tensor& dx, const RowOptions& options) {
  const memory::Call call(f, options.threads);
  const std::string_view who = name_of(f);
  const std::size_t at = memory::demand_axis(who, axis, {"x", x});
  memory::demand_alike(who, {"x", x}, {{"dx", dx}});
  const Reduced reduced(who, {"x", x}, at, {"dy", dy});
  memory::demand_apart(who, {"dy", dy}, {"dx", dx});
  memory::demand_outputs(who, {{"x", x}}, {{"dx", dx}});
  const RowMask mask = demand_mask(who, options.mask, {"x", x}, kExcluded);
  RowWalk walk(x, at, memory::copies<BlockType::doubles>(x.type()));
  walk.read(x);
  walk.read(reduced.tensor());
  walk.write(dx);
  walk.mask(mask);
  rows::ReduceBackward& kernel = f.gradients().kernels.of(kernels::active_target());
  walk.run(options.threads, [&](const Row& r) {
    kernel(r.of<double>(0), *r.of<double>(1), r.of<double>(2), walk.layout().length);
  });
}

void softmax1_sink_backward(const Softmax1& f, const ConstTensor& x, const ConstTensor& dy,
                            int axis, const Tensor& dsink, const RowOptions& options) {
  const ListRef<RowActivation> any = f;
  const memory::Call call(any, options.threads);
  const std::string_view who = name_of(any);
  const std::size_t at = memory::demand_axis(who, axis, {"x", x});
  memory::demand_alike(who, {"x", x}, {{"dy", dy}});
  const Reduced reduced(who, {"x", x}, at, {"dsink", dsink});
  memory::demand_apart(who, {"x", x}, {"dsink", dsink});
  memory::demand_apart(who, {"dy", dy}, {"dsink", dsink});
  memory::demand_outputs(who, {}, {{"dsink", dsink}});
  const RowMask mask = demand_mask(who, options.mask, {"x", x}, any.entry().excluded);
  if (x.size() == 0) return reduced.fill(at, 0, options.threads);
  RowWalk walk(x, at, memory::copies<BlockType::doubles>(x.type()));
  walk.read(x);
  walk.read(dy);
  walk.write(reduced.tensor());
  walk.mask(mask);
  const kernels::Parameters parameters(any, x.type());
  const double sink = static_cast<const Softmax1*>(parameters.address())->sink;
  rows::SinkGradient& kernel = rows::softmax1_by_sink(kernels::active_target());
  walk.run(options.threads, [&](const Row& r) {
    const double sum = kernel(sink, r.of<double>(0), r.of<double>(1), walk.layout().length);
    *r.of<double>(2) = kernels::canonical(sum);
  });
}

void logsumexp(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options) {
  forward(Logsumexp{}, x, axis, y, options);
}
void logsumexp_backward(const ConstTensor& x, const ConstTensor& dy, int axis, const Tensor& dx,
                        const RowOptions& options) {
  backward(Logsumexp{}, x, dy, axis, dx, options);
}
void logmeanexp(const ConstTensor& x, int axis, const Tensor& y, const RowOptions& options) {
  forward(Logmeanexp{}, x, axis, y, options);
}
void logmeanexp_backward(const ConstTensor& x, const ConstTensor& dy, int axis, const Tensor& dx,
                         const RowOptions& options) {
  backward(Logmeanexp{}, x, dy, axis, dx, options);
}

}  // namespace actfn
