// SPDX-License-Identifier: Apache-2.0
#include <actfn/catalogue.h>
#include <actfn/grouped.h>

#include "catalogue/descriptor.h"
#include "catalogue/error.h"
#include "grouped/kernels/loops.h"
#include "kernels/type.h"
#include "memory/demand.h"
#include "memory/walk.h"

#include <algorithm>
#include <limits>

namespace actfn {
namespace {

using functions::name_of;
using kernels::for_computed;
using memory::Block;
using memory::Named;
using memory::Walk;

// What an element of x costs.
constexpr double kNanoseconds = 0.03;

// What an element of y costs.
double cost_of(const Maxout& f) { return kNanoseconds * f.group; }

// The checks that all functions here begin with. `y` is y or dy.
std::size_t checked_axis(const GroupedActivation& f, const ConstTensor& x, int axis, const Named& y,
                         Threads threads) {
  const std::string_view who = name_of(f);
  validate(f);
  memory::demand_threads(who, threads);
  if (x.dimensions() == 0) fail(who, {"x is a scalar: it has no axis"});
  const std::size_t along = memory::demand_axis(who, axis, {"x", x});
  memory::demand_same_type(who, {"x", x}, y);
  const Shape wanted = output_shape(f, x.shape(), static_cast<int>(along));
  if (y.data.shape() != wanted) {
    fail(who, {y.name, " has the shape ", text(y.data.shape()), ", x's ", text(x.shape()),
               " calls for ", text(wanted)});
  }
  return along;
}

const char* ahead(const ConstTensor& t, std::ptrdiff_t elements) {
  if (t.size() == 0) return static_cast<const char*>(t.address());  // it may be null
  return static_cast<const char*>(t.address()) +
         elements * static_cast<std::ptrdiff_t>(kernels::size_of(t.type()));
}

template <class T>
const grouped::Arithmetic<T>& arithmetic() {
  return grouped::loops(kernels::active_target()).of<T>();
}

const char* second_half(const ConstTensor& y, const ConstTensor& x, std::size_t axis) {
  return ahead(y, static_cast<std::ptrdiff_t>(x.shape()[axis]) * y.strides()[axis]);
}

// Members of a group are `stride` elements apart; `strides` are those from group to group.
struct Groups {
  Groups(const ConstTensor& x, std::size_t axis, std::size_t group)
      : strides(x.strides()), stride(x.strides()[axis]) {
    strides[axis] *= static_cast<std::ptrdiff_t>(group);
  }

  Strides strides;
  std::ptrdiff_t stride;
};

// Compares member k of each group with the largest so far, whose number is in `index`.
template <class T>
void find_largest(std::size_t k, const T* x, T* largest, T* index, std::size_t n) {
  if (k == 0) {
    std::copy_n(x, n, largest);
    std::fill_n(index, n, T(0));
  } else {
    arithmetic<T>().maxout(x, static_cast<T>(k), largest, index, n);
  }
}

struct Forward {
  const ConstTensor& x;
  std::size_t axis;
  const Tensor& y;
  Threads threads;

  void operator()(const Crelu& /*f*/) const {
    Walk walk(memory::computed_copies(x.type()), x.shape());
    walk.read(x);
    walk.write(y);
    walk.write(second_half(y, x, axis), y.strides());
    for_computed(x.type(), [&]<class T>() {
      walk.run(threads, kNanoseconds, [](const Block& b) {
        arithmetic<T>().crelu(b.of<T>(0), b.of<T>(1), b.of<T>(2), b.n);
      });
    });
  }

  void operator()(const Maxout& f) const {
    const bool in_rows = axis + 1 == x.dimensions() && x.is_contiguous() && y.is_contiguous();
    if (in_rows && !memory::computed_copies(x.type()).converts()) return maxout_rows(f);
    const auto group = static_cast<std::size_t>(f.group);
    const Groups groups(x, axis, group);
    Walk walk(memory::computed_copies(x.type()), y.shape());
    walk.read(x.address(), groups.strides, {0, group, groups.stride});
    walk.write(y.address(), y.strides(), {group - 1, group, 0});
    walk.scratch();
    walk.scratch();
    for_computed(x.type(), [&]<class T>() {
      walk.run(threads, cost_of(f), [&](const Block& b) {
        T *const member = b.of<T>(0), *const largest = b.of<T>(2), *const index = b.of<T>(3);
        find_largest(b.round, member, largest, index, b.n);
        if (group == 1) arithmetic<T>().maxout(member, T(0), largest, index, b.n);  // for NaN
        if (b.round + 1 == group) std::copy_n(largest, b.n, b.of<T>(1));
      });
    });
  }

  // The members of a group are neighbours in memory.
  void maxout_rows(const Maxout& f) const {
    const auto group = static_cast<std::size_t>(f.group);
    Walk walk(memory::computed_copies(x.type()), y.shape());
    walk.write(y);
    walk.in_order();
    for_computed(x.type(), [&]<class T>() {
      const T* const from = static_cast<const T*>(x.address());
      walk.run(threads, cost_of(f), [&](const Block& b) {
        arithmetic<T>().maxout_rows(from + b.at * group, group, b.of<T>(0), b.n);
      });
    });
  }
};

struct Backward {
  const ConstTensor& x;
  const ConstTensor& dy;
  std::size_t axis;
  const Tensor& dx;
  Threads threads;

  void operator()(const Crelu& /*f*/) const {
    Walk walk(memory::computed_copies(x.type()), x.shape());
    walk.read(x);
    walk.read(dy);
    walk.read(second_half(dy, x, axis), dy.strides());
    walk.write(dx);
    for_computed(x.type(), [&]<class T>() {
      walk.run(threads, kNanoseconds, [](const Block& b) {
        arithmetic<T>().crelu_backward(b.of<T>(0), b.of<T>(1), b.of<T>(2), b.of<T>(3), b.n);
      });
    });
  }

  // Visits each group twice: to find the largest, and to write the gradient.
  void operator()(const Maxout& f) const {
    const auto group = static_cast<std::size_t>(f.group);
    const Groups from(x, axis, group);
    const Groups to(dx, axis, group);
    Walk walk(memory::computed_copies(x.type()), dy.shape());
    walk.read(x.address(), from.strides, {0, group, from.stride});
    walk.read(dy.address(), dy.strides(), {group, group + 1, 0});
    walk.write(dx.address(), to.strides, {group, 2 * group, to.stride});
    walk.scratch();
    walk.scratch();
    for_computed(x.type(), [&]<class T>() {
      walk.run(threads, cost_of(f), [&](const Block& b) {
        T* const largest = b.of<T>(3);
        T* const index = b.of<T>(4);
        if (b.round < group) return find_largest(b.round, b.of<T>(0), largest, index, b.n);
        arithmetic<T>().maxout_backward(largest, index, static_cast<T>(b.round - group), b.of<T>(1),
                                        b.of<T>(2), b.n);
      });
    });
  }
};

// A Maxout holds an int. A group that does not fit is above the limit of 2^24 too.
Maxout maxout_of(std::size_t group) {
  if (group > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    fail("maxout", {"group must be ", functions::Condition::whole.text, ", got ", group});
  }
  return {static_cast<int>(group)};
}

}  // namespace

void forward(const GroupedActivation& f, const ConstTensor& x, int axis, const Tensor& y,
             Threads threads) {
  const FloatEnvironment environment;
  const std::size_t along = checked_axis(f, x, axis, {"y", y}, threads);
  memory::demand_outputs(name_of(f), {{"x", x}}, {{"y", y}});
  std::visit(Forward{x, along, y, threads}, f);
}

void backward(const GroupedActivation& f, const ConstTensor& x, const ConstTensor& dy, int axis,
              const Tensor& dx, Threads threads) {
  const FloatEnvironment environment;
  const std::size_t along = checked_axis(f, x, axis, {"dy", dy}, threads);
  memory::demand_alike(name_of(f), {"x", x}, {{"dx", dx}});
  memory::demand_outputs(name_of(f), {{"x", x}, {"dy", dy}}, {{"dx", dx}});
  std::visit(Backward{x, dy, along, dx, threads}, f);
}

void crelu(const ConstTensor& x, int axis, const Tensor& y, Threads threads) {
  forward(Crelu{}, x, axis, y, threads);
}

void crelu_backward(const ConstTensor& x, const ConstTensor& dy, int axis, const Tensor& dx,
                    Threads threads) {
  backward(Crelu{}, x, dy, axis, dx, threads);
}

void maxout(const ConstTensor& x, int axis, std::size_t group, const Tensor& y, Threads threads) {
  forward(maxout_of(group), x, axis, y, threads);
}

void maxout_backward(const ConstTensor& x, const ConstTensor& dy, int axis, std::size_t group,
                     const Tensor& dx, Threads threads) {
  backward(maxout_of(group), x, dy, axis, dx, threads);
}

}  // namespace actfn
