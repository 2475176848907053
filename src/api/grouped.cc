#include <actfn/grouped.h>

#include "api/parallel.h"
#include "api/share.h"
#include "api/tensors.h"
#include "api/walk.h"
#include "catalogue/error.h"
#include "gated/kernels/loops.h"

#include <algorithm>
#include <array>

namespace actfn {
namespace {

std::size_t checked_axis(std::string_view who, int axis, const ConstTensor& x) {
  if (x.dimensions() == 0) fail(who, {"x is a scalar: it has no axis"});
  return axis_of(who, axis, {"x", x});
}

// Type and shape, which are to be those of x but for the axis.
void check_shape(std::string_view who, const ConstTensor& x, const NamedTensor& y,
                 const Shape& wanted) {
  check_same_type(who, {"x", x}, y);
  if (y.data.shape() == wanted) return;
  fail(who, {y.name, " has the shape ", text(y.data.shape()), ", x's ", text(x.shape()),
             " calls for ", text(wanted)});
}

void check_output(std::string_view who, const NamedTensor& in, const NamedTensor& out) {
  check_writable(who, out);
  check_in_place_or_apart(who, in, out);
}

const char* ahead(const ConstTensor& t, std::ptrdiff_t elements) {
  return static_cast<const char*>(t.address()) + elements * size_of(t.type());
}

template <class T>
const gated::Arithmetic<T>& arithmetic() {
  return gated::loops(kernels::active_target()).of<T>();
}

Shape doubled(std::string_view who, const ConstTensor& x, std::size_t axis) {
  Shape shape = x.shape();
  if (shape[axis] > static_cast<std::size_t>(-1) / 2) fail(who, {"x is too long to be doubled"});
  shape[axis] *= 2;
  return shape;
}

const char* second_half(const ConstTensor& y, const ConstTensor& x, std::size_t axis) {
  return ahead(y, static_cast<std::ptrdiff_t>(x.shape()[axis]) * y.strides()[axis]);
}

// Every group's members are `stride` elements apart; `strides` lead from group to group.
struct Groups {
  Groups(const ConstTensor& x, std::size_t axis, std::size_t group)
      : strides(x.strides()), stride(x.strides()[axis]) {
    strides[axis] *= static_cast<std::ptrdiff_t>(group);
  }

  Strides strides;
  std::ptrdiff_t stride;
};

// Round k of looking for a group's largest member, and which it is.
template <class T>
void find_largest(std::size_t k, const T* x, T* best, T* index, std::size_t n) {
  if (k == 0) {
    std::copy_n(x, n, best);
    std::fill_n(index, n, T(0));
  } else {
    arithmetic<T>().maximum(x, static_cast<T>(k), best, index, n);
  }
}

Shape grouped(const ConstTensor& x, std::size_t axis, std::size_t group) {
  constexpr std::string_view kWho = "maxout";
  // Members are numbered in float32.
  if (group == 0 || group > (std::size_t{1} << 24U)) {
    fail(kWho, {"group must be from 1 to 2^24, got ", group});
  }
  Shape shape = x.shape();
  if (shape[axis] % group != 0) {
    fail(kWho, {"axis ", axis, " of x has the length ", shape[axis], ", which ", group,
                " does not divide"});
  }
  shape[axis] /= group;
  return shape;
}

}  // namespace

void crelu(const ConstTensor& x, int axis, const Tensor& y, Threads threads) {
  check_threads("crelu", threads);
  const std::size_t along = checked_axis("crelu", axis, x);
  check_shape("crelu", x, {"y", y}, doubled("crelu", x, along));
  check_output("crelu", {"x", x}, {"y", y});
  Walk walk(x.type(), x.shape());
  walk.read(x.address(), x.strides());
  walk.write(y.address(), y.strides());
  walk.write(second_half(y, x, along), y.strides());
  for_blocks_of(x.type(), [&]<class T>() {
    walk.run(thread_count(threads, x.size(), true), [](void* const* p, std::size_t n, std::size_t) {
      arithmetic<T>().crelu(block<T>(p, 0), block<T>(p, 1), block<T>(p, 2), n);
    });
  });
}

void crelu_backward(const ConstTensor& x, const ConstTensor& dy, int axis, const Tensor& dx,
                    Threads threads) {
  check_threads("crelu", threads);
  const std::size_t along = checked_axis("crelu", axis, x);
  check_shape("crelu", x, {"dy", dy}, doubled("crelu", x, along));
  check_same_shape("crelu", {"x", x}, {"dx", dx});
  check_output("crelu", {"x", x}, {"dx", dx});
  check_output("crelu", {"dy", dy}, {"dx", dx});
  Walk walk(x.type(), x.shape());
  walk.read(x.address(), x.strides());
  walk.read(dy.address(), dy.strides());
  walk.read(second_half(dy, x, along), dy.strides());
  walk.write(dx.address(), dx.strides());
  for_blocks_of(x.type(), [&]<class T>() {
    walk.run(thread_count(threads, x.size(), true), [](void* const* p, std::size_t n, std::size_t) {
      arithmetic<T>().crelu_backward(block<T>(p, 0), block<T>(p, 1), block<T>(p, 2), block<T>(p, 3),
                                     n);
    });
  });
}

void maxout(const ConstTensor& x, int axis, std::size_t group, const Tensor& y, Threads threads) {
  check_threads("maxout", threads);
  const std::size_t along = checked_axis("maxout", axis, x);
  const Shape shape = grouped(x, along, group);
  check_shape("maxout", x, {"y", y}, shape);
  check_output("maxout", {"x", x}, {"y", y});
  const Groups groups(x, along, group);
  Walk walk(x.type(), shape);
  walk.read(x.address(), groups.strides, {0, group, groups.stride});
  walk.write(y.address(), y.strides(), {group - 1, group, 0});
  walk.scratch();
  walk.scratch();
  for_blocks_of(x.type(), [&]<class T>() {
    walk.run(thread_count(threads, x.size(), true),
             [&](void* const* p, std::size_t n, std::size_t k) {
               find_largest(k, block<T>(p, 0), block<T>(p, 2), block<T>(p, 3), n);
               if (k + 1 == group) std::copy_n(block<T>(p, 2), n, block<T>(p, 1));
             });
  });
}

void maxout_backward(const ConstTensor& x, const ConstTensor& dy, int axis, std::size_t group,
                     const Tensor& dx, Threads threads) {
  check_threads("maxout", threads);
  const std::size_t along = checked_axis("maxout", axis, x);
  const Shape shape = grouped(x, along, group);
  check_shape("maxout", x, {"dy", dy}, shape);
  check_same_shape("maxout", {"x", x}, {"dx", dx});
  check_output("maxout", {"x", x}, {"dx", dx});
  check_output("maxout", {"dy", dy}, {"dx", dx});
  const Groups from(x, along, group);
  const Groups to(dx, along, group);
  Walk walk(x.type(), shape);
  // Once through the group to find the largest, and once to hand out the gradient.
  walk.read(x.address(), from.strides, {0, group, from.stride});
  walk.read(dy.address(), dy.strides(), {group, group + 1, 0});
  walk.write(dx.address(), to.strides, {group, 2 * group, to.stride});
  walk.scratch();
  walk.scratch();
  for_blocks_of(x.type(), [&]<class T>() {
    walk.run(thread_count(threads, x.size(), true),
             [&](void* const* p, std::size_t n, std::size_t round) {
               T* const best = block<T>(p, 3);
               T* const index = block<T>(p, 4);
               if (round < group) return find_largest(round, block<T>(p, 0), best, index, n);
               arithmetic<T>().route(best, index, static_cast<T>(round - group), block<T>(p, 1),
                                     block<T>(p, 2), n);
             });
  });
}

}  // namespace actfn
