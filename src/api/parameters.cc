// SPDX-License-Identifier: Apache-2.0
#include <actfn/catalogue.h>
#include <actfn/learnable.h>

#include "catalogue/left_out.h"
#include "kernels/evaluator.h"
#include "kernels/type.h"
#include "learned/kernels/sums.h"
#include "memory/demand.h"
#include "memory/scratch.h"
#include "memory/walk.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace actfn {
namespace {

using kernels::Evaluator;
using kernels::for_computed;
using kernels::name_of;
using learned::kSums;
using memory::Block;
using memory::kBlock;
using memory::Walk;

// What an element costs.
constexpr double kNanoseconds = 0.5;

// Elements per task. Each task has its own sums, so that threads do not change the order of terms.
constexpr std::size_t kPerTask = std::size_t{1} << 16;

std::size_t count_of(const GradientRef<Activation>& f) {
  const std::size_t count = learnable_parameters(f).size();
  if (count == 0) fail(name_of(f), {"it has no parameter that can be learned"});
  return count;
}

std::string learnable_text(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " learnable parameter" : " learnable parameters");
}

// Adds dy df/dp to the sums of the block's task, for each parameter p.
template <class W>
void add_terms(const Evaluator& f, std::size_t parameters, const Block& b, double* sums) {
  W slope[kBlock];
  double terms[kBlock];
  double* const of_task = sums + b.at / kPerTask * parameters * kSums;
  for (std::size_t k = 0; k < parameters; ++k) {
    f.map(kernels::order_of_parameter(k), b.of<const W>(0), slope, b.n);
    learned::multiply(b.of<const W>(1), slope, b.n, terms);
    learned::add_in_turn(terms, b.n, of_task + k * kSums);
  }
}

}  // namespace

std::span<const std::string_view> learnable_parameters(const GradientRef<Activation>& f) {
  if constexpr (functions::kLeavesFunctionsOut) static_cast<void>(name_of(f));  // may throw
  return f.gradients().learnable;
}

void parameter_gradient(const GradientRef<Activation>& f, const ConstTensor& x,
                        const ConstTensor& dy, std::span<double> gradient, Threads threads) {
  const memory::Call call(f, threads);
  const std::size_t count = count_of(f);
  memory::demand_alike(name_of(f), {"x", x}, {{"dy", dy}});
  memory::demand_built(name_of(f), x.type());
  if (gradient.size() != count) {
    fail(name_of(f), {"gradient has ", size_text(Shape{gradient.size()}), ", there ",
                      count == 1 ? "is " : "are ", learnable_text(count)});
  }
  const Evaluator evaluator(f, kernels::computed(x.type()));
  const std::size_t tasks = (x.size() + kPerTask - 1) / kPerTask;
  memory::Scratch scratch(tasks * count * kSums * sizeof(double));
  const std::span sums(reinterpret_cast<double*>(scratch.data()), tasks * count * kSums);
  std::fill(sums.begin(), sums.end(), 0.0);
  Walk walk(memory::computed_copies(x.type()), x.shape());
  walk.read(x);
  walk.read(dy);
  walk.in_order();
  for_computed(x.type(), [&]<class W>() {
    const auto body = [&](const Block& b) { add_terms<W>(evaluator, count, b, sums.data()); };
    walk.run(threads, kNanoseconds, body, kPerTask);
  });
  std::fill(gradient.begin(), gradient.end(), 0.0);
  for (std::size_t i = 0; i < sums.size(); i += kSums) {
    gradient[i / kSums % count] += learned::total(&sums[i]);
  }
  for (double& sum : gradient) sum = kernels::canonical(sum);
}

void parameter_derivative(const GradientRef<Activation>& f, std::size_t k, const ConstTensor& x,
                          const Tensor& dydp, Threads threads) {
  const memory::Call call(f, threads);
  const std::size_t count = count_of(f);
  if (k >= count) {
    fail(name_of(f), {"it has ", learnable_text(count), ", asked for number ", k});
  }
  Walk walk(name_of(f), memory::computed_copies(x.type()), {{"x", x}}, {{"dydp", dydp}});
  const Evaluator evaluator(f, kernels::computed(x.type()));
  for_computed(x.type(), [&]<class W>() {
    walk.run(threads, kNanoseconds, [&](const Block& b) {
      evaluator.map(kernels::order_of_parameter(k), b.of<const W>(0), b.of<W>(1), b.n);
    });
  });
}

}  // namespace actfn
