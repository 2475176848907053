#include <actfn/catalogue.h>
#include <actfn/learnable.h>

#include "api/check.h"
#include "api/share.h"
#include "api/tensors.h"
#include "kernels/evaluator.h"
#include "kernels/line.h"
#include "learned/kernels/sums.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace actfn {
namespace {

using kernels::Evaluator;
using kernels::for_width;
using kernels::kLineBlock;
using kernels::Lines;
using kernels::Span;
using learned::kSums;

// Elements per task. Each task has its own sums, so that threads do not change the order of terms.
constexpr std::size_t kPerTask = std::size_t{1} << 16;

std::size_t count_of(const Activation& f) {
  const std::size_t count = learnable_parameters(f).size();
  if (count == 0) fail(name_of(f), {"it has no parameter that can be learned"});
  return count;
}

std::string learnable_text(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " learnable parameter" : " learnable parameters");
}

// Calls body(task, first, last) for each task: the elements from first to last - 1.
template <class Body>
void for_tasks(std::size_t elements, Threads threads, const Body& body) {
  const std::size_t tasks = (elements + kPerTask - 1) / kPerTask;
  share(tasks, 1, thread_count(threads, elements, false), [&](std::size_t first, std::size_t last) {
    for (std::size_t task = first; task < last; ++task) {
      body(task, task * kPerTask, std::min(elements, (task + 1) * kPerTask));
    }
  });
}

template <class W>
struct Gradient {
  const Evaluator& f;
  const kernels::Blocks& blocks;
  Lines x, dy;
  std::size_t parameters;

  // Adds the terms of elements [first, last) to kSums sums for each parameter.
  void add(std::size_t first, std::size_t last, double* sums) const {
    W x_buffer[kLineBlock], dy_buffer[kLineBlock], slope[kLineBlock];
    double terms[kLineBlock];
    for (std::size_t at = first; at < last; at += kLineBlock) {
      const Span span = {0, at, std::min(kLineBlock, last - at)};
      const W* const in = load(blocks, x, span, x_buffer);
      const W* const gradient = load(blocks, dy, span, dy_buffer);
      for (std::size_t k = 0; k < parameters; ++k) {
        f.map(kernels::order_of_parameter(k), in, slope, span.n);
        learned::multiply(gradient, slope, span.n, terms);
        learned::add_in_turn(terms, span.n, sums + k * kSums);
      }
    }
  }
};

}  // namespace

std::span<const std::string_view> learnable_parameters(const Activation& f) {
  return kernels::entry(f).learnable;
}

void parameter_gradient(const Activation& f, const ConstArray& x, const ConstArray& dy,
                        std::span<double> gradient, Threads threads) {
  validate(f);
  check_threads(name_of(f), threads);
  const std::size_t count = count_of(f);
  check_same_shape(name_of(f), {"x", x}, {"dy", dy});
  if (gradient.size() != count) {
    fail(name_of(f), {"gradient has ", size_text(Shape{gradient.size()}), ", there ",
                      count == 1 ? "is " : "are ", learnable_text(count)});
  }
  const Evaluator evaluator(f);
  std::vector<double> sums((x.size() + kPerTask - 1) / kPerTask * count * kSums);
  for_width(x.type(), [&]<class W>() {
    const Gradient<W> work = {evaluator, kernels::blocks(kernels::active_target()), Lines(x),
                              Lines(dy), count};
    for_tasks(x.size(), threads, [&](std::size_t task, std::size_t first, std::size_t last) {
      work.add(first, last, &sums[task * count * kSums]);
    });
  });
  std::fill(gradient.begin(), gradient.end(), 0.0);
  for (std::size_t i = 0; i < sums.size(); i += kSums) {
    gradient[i / kSums % count] += learned::total(&sums[i]);
  }
  for (double& sum : gradient) {
    if (std::isnan(sum)) sum = std::numeric_limits<double>::quiet_NaN();  // positive
  }
}

void parameter_derivative(const Activation& f, std::size_t k, const ConstArray& x,
                          const Array& dydp, Threads threads) {
  validate(f);
  check_threads(name_of(f), threads);
  const std::size_t count = count_of(f);
  if (k >= count) {
    fail(name_of(f), {"it has ", learnable_text(count), ", asked for number ", k});
  }
  check_arrays(name_of(f), {"x", x}, {"dydp", dydp});
  const Evaluator evaluator(f);
  const kernels::Blocks& blocks = kernels::blocks(kernels::active_target());
  const Lines in(x), out(dydp);
  for_width(x.type(), [&]<class W>() {
    for_tasks(x.size(), threads, [&](std::size_t, std::size_t first, std::size_t last) {
      W x_buffer[kLineBlock], y_buffer[kLineBlock];
      for (std::size_t at = first; at < last; at += kLineBlock) {
        const Span span = {0, at, std::min(kLineBlock, last - at)};
        W* const y = result(out, span, y_buffer);
        evaluator.map(kernels::order_of_parameter(k), load(blocks, in, span, x_buffer), y, span.n);
        store(blocks, out, span, y);
      }
    });
  });
}

}  // namespace actfn
