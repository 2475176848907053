#include <actfn/rows.h>

#include "api/row_loops.h"
#include "api/share.h"
#include "api/tensors.h"
#include "catalogue/lists.h"
#include "rows/kernels/table.h"

#include <limits>

namespace actfn {
namespace {

using rows::Stores;

// A function whose parameters are rounded to float32 unless the tensors are of float64.
class Typed {
 public:
  Typed(const RowActivation& f, Type type)
      : f_(type == Type::float64 ? f : functions::rounded_to_float32(f)),
        parameters_(functions::leaf_of(f_)) {}
  Typed(const Typed&) = delete;
  Typed& operator=(const Typed&) = delete;

  const void* parameters() const { return parameters_; }

 private:
  RowActivation f_;
  const void* parameters_;  // points into f_
};

// The value that a masked entry of a reduction reads.
constexpr double kExcluded = -std::numeric_limits<double>::infinity();

using Pointers = std::array<void*, kMaxRowOperands>;

// A RowBody that calls call(pointers, count) with pointers to C.
template <class C, class Call>
RowBody typed(const Call& call) {
  return [&](const Pointers& pointers, std::size_t count) {
    std::array<C*, kMaxRowOperands> p;
    for (std::size_t k = 0; k < p.size(); ++k) p[k] = static_cast<C*>(pointers[k]);
    call(p, count);
  };
}
template <class Call>
void for_rows_of(const RowWork& work, Threads threads, const Call& call) {
  for_rows(work, threads, work.in_double ? typed<double>(call) : typed<float>(call));
}

// For operations that have kernels for doubles only.
template <class Call>
void for_rows_of_doubles(RowWork work, Threads threads, const Call& call) {
  work.in_double = true;
  for_rows(work, threads, typed<double>(call));
}

void check_pair(std::string_view who, const NamedTensor& in, const NamedTensor& out) {
  check_same_shape(who, in, out);
  check_in_place_or_apart(who, in, out);
}

Stores stores_of(const RowWork& work) {
  return work.exceeds_caches() ? Stores::non_temporal : Stores::cached;
}

// The result of a reduction, whose axis has the length 1 or is missing, viewed with the axis.
class Reduced {
 public:
  Reduced(std::string_view who, const NamedTensor& x, std::size_t axis, const NamedTensor& y)
      : tensor_(y.data) {
    const Shape& whole = x.data.shape();
    Shape kept = whole;
    if (whole.count() > 0) kept[axis] = 1;
    if (y.data.shape() == kept) return;
    Shape without;
    Strides strides = x.data.strides();
    if (whole.count() > 0 && y.data.dimensions() + 1 == whole.count()) {
      std::array<std::size_t, kMaxDimensions> lengths{};
      for (std::size_t i = 0, k = 0; i < whole.count(); ++i) {
        strides[i] = i == axis ? 0 : y.data.strides()[k];
        if (i != axis) lengths[k++] = whole[i];
      }
      without = Shape(std::span<const std::size_t>(lengths.data(), whole.count() - 1));
      if (y.data.shape() == without) {
        tensor_ = tensor_.viewed(kept, strides);
        return;
      }
    }
    fail(who, {std::string(y.name) + " has the shape " + text(y.data.shape()) + ", " + text(kept) +
               " is needed, or that without the axis"});
  }
  const ConstTensor& tensor() const { return tensor_; }

 private:
  ConstTensor tensor_;
};

}  // namespace

void forward(const RowActivation& f, const ConstTensor& x, int axis, const Tensor& y,
             const RowOptions& options) {
  validate(f);
  const std::string_view who = name_of(f);
  check_threads(who, options.threads);
  const std::size_t at = axis_of(who, axis, {"x", x});
  check_pair(who, {"x", x}, {"y", y});
  check_writable(who, {"y", y});
  const RowMask mask = broadcast(who, options.mask, {"x", x}, kernels::entry(f).excluded);
  const RowWork work({x.shape(), at}, {x, y}, 1, mask);
  const Typed function(f, x.type());
  const void* const parameters = function.parameters();
  const auto& kernels = kernels::entry(f).kernels.of(kernels::active_target());
  const Stores stores = stores_of(work);
  for_rows_of(work, options.threads,
              [&]<class C>(const std::array<C*, kMaxRowOperands>& p, std::size_t /*count*/) {
                kernels.of<C>().forward(parameters, p[0], p[1], work.layout.length, stores);
              });
}

void backward(const RowActivation& f, const ConstTensor& y, const ConstTensor& dy, int axis,
              const Tensor& dx, Threads threads) {
  validate(f);
  const std::string_view who = name_of(f);
  check_threads(who, threads);
  const std::size_t at = axis_of(who, axis, {"y", y});
  check_pair(who, {"y", y}, {"dx", dx});
  check_pair(who, {"dy", dy}, {"dx", dx});
  check_writable(who, {"dx", dx});
  const RowWork work({y.shape(), at}, {y, dy, dx}, 1);
  const Typed function(f, y.type());
  const void* const parameters = function.parameters();
  const auto& kernels = kernels::gradients(f).kernels.of(kernels::active_target());
  const Stores stores = stores_of(work);
  for_rows_of(work, threads,
              [&]<class C>(const std::array<C*, kMaxRowOperands>& p, std::size_t /*count*/) {
                kernels.of<C>().backward(parameters, p[0], p[1], p[2], work.layout.length, stores);
              });
}

void double_backward(const RowActivation& f, const ConstTensor& y, const ConstTensor& dy,
                     const ConstTensor& v, int axis, const Tensor& for_dy, const Tensor& for_x,
                     Threads threads) {
  validate(f);
  const std::string_view who = name_of(f);
  check_threads(who, threads);
  const std::size_t at = axis_of(who, axis, {"y", y});
  for (const NamedTensor out : {NamedTensor{"for_dy", for_dy}, NamedTensor{"for_x", for_x}}) {
    for (const NamedTensor in : {NamedTensor{"y", y}, NamedTensor{"dy", dy}, NamedTensor{"v", v}}) {
      check_pair(who, in, out);
    }
    check_writable(who, out);
  }
  check_apart(who, {"for_dy", for_dy}, {"for_x", for_x});
  const RowWork work({y.shape(), at}, {y, dy, v, for_dy, for_x}, 2);
  const Typed function(f, y.type());
  const void* const parameters = function.parameters();
  const auto& kernels = kernels::gradients(f).kernels.of(kernels::active_target());
  for_rows_of_doubles(work, threads, [&](const auto& p, std::size_t /*count*/) {
    kernels.double_backward(parameters, {p[0], p[1], p[2], p[3], p[4]}, work.layout.length);
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
    fail("softmax2d", {"x must have 3 or 4 dimensions, its shape is " + text(x.shape())});
  }
  forward(Softmax{}, x, -3, y, {.mask = std::nullopt, .threads = threads});
}

void softmax1(const ConstTensor& x, double sink, int axis, const Tensor& y,
              const RowOptions& options) {
  forward(Softmax1{sink}, x, axis, y, options);
}

void forward(const RowReduction& f, const ConstTensor& x, int axis, const Tensor& y,
             const RowOptions& options) {
  const std::string_view who = name_of(f);
  check_threads(who, options.threads);
  const std::size_t at = axis_of(who, axis, {"x", x});
  check_same_type(who, {"x", x}, {"y", y});
  const Reduced reduced(who, {"x", x}, at, {"y", y});
  check_apart(who, {"x", x}, {"y", y});
  check_writable(who, {"y", y});
  const RowMask mask = broadcast(who, options.mask, {"x", x}, kExcluded);
  RowWork work({x.shape(), at}, {x, reduced.tensor()}, 1, mask);
  work.counts = true;
  const auto& kernels = kernels::entry(f).kernels.of(kernels::active_target());
  for_rows_of(work, options.threads,
              [&]<class C>(const std::array<C*, kMaxRowOperands>& p, std::size_t count) {
                *p[1] = kernels.of<C>().forward(p[0], work.layout.length, count);
              });
}

void backward(const RowReduction& f, const ConstTensor& x, const ConstTensor& dy, int axis,
              const Tensor& dx, const RowOptions& options) {
  const std::string_view who = name_of(f);
  check_threads(who, options.threads);
  const std::size_t at = axis_of(who, axis, {"x", x});
  check_pair(who, {"x", x}, {"dx", dx});
  check_same_type(who, {"x", x}, {"dy", dy});
  const Reduced reduced(who, {"x", x}, at, {"dy", dy});
  check_apart(who, {"dy", dy}, {"dx", dx});
  check_writable(who, {"dx", dx});
  const RowMask mask = broadcast(who, options.mask, {"x", x}, kExcluded);
  const RowWork work({x.shape(), at}, {x, reduced.tensor(), dx}, 1, mask);
  const auto& backward = kernels::gradients(f).kernels.of(kernels::active_target());
  for_rows_of_doubles(work, options.threads, [&](const auto& p, std::size_t /*count*/) {
    backward(p[0], *p[1], p[2], work.layout.length);
  });
}

void softmax1_sink_backward(const Softmax1& f, const ConstTensor& x, const ConstTensor& dy,
                            int axis, const Tensor& dsink, const RowOptions& options) {
  const RowActivation any = f;
  validate(any);
  const std::string_view who = name_of(any);
  check_threads(who, options.threads);
  const std::size_t at = axis_of(who, axis, {"x", x});
  check_same_shape(who, {"x", x}, {"dy", dy});
  check_same_type(who, {"x", x}, {"dsink", dsink});
  const Reduced reduced(who, {"x", x}, at, {"dsink", dsink});
  check_apart(who, {"x", x}, {"dsink", dsink});
  check_apart(who, {"dy", dy}, {"dsink", dsink});
  check_writable(who, {"dsink", dsink});
  const RowMask mask = broadcast(who, options.mask, {"x", x}, kernels::entry(any).excluded);
  const RowWork work({x.shape(), at}, {x, dy, reduced.tensor()}, 1, mask);
  const Typed function(any, x.type());
  const double sink = static_cast<const Softmax1*>(function.parameters())->sink;
  const auto& gradient = rows::softmax1_by_sink(kernels::active_target());
  for_rows_of_doubles(work, options.threads, [&](const auto& p, std::size_t /*count*/) {
    *p[2] = gradient(sink, p[0], p[1], work.layout.length);
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
