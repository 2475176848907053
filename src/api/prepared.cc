// SPDX-License-Identifier: Apache-2.0
#include <actfn/prepared.h>

#include "gated/kernels/gating.h"
#include "kernels/evaluator.h"
#include "kernels/type.h"
#include "memory/demand.h"
#include "memory/rows.h"
#include "memory/walk.h"
#include "rows/kernels/table.h"

#include <new>
#include <type_traits>

namespace actfn::internal {
namespace {

using kernels::Order;
using memory::BlockType;
using memory::Walk;

// What a prepared function holds, in bytes of which the public header knows the number only.
template <class State, std::size_t bytes, class... Arguments>
void hold(std::byte (&memory)[bytes], Arguments&&... arguments) {
  static_assert(sizeof(State) <= bytes && alignof(State) <= 16);
  static_assert(std::is_trivially_copyable_v<State> && std::is_trivially_destructible_v<State>);
  new (memory) State{std::forward<Arguments>(arguments)...};
}
template <class State>
const State& held(const std::byte* memory) {
  return *std::launder(reinterpret_cast<const State*>(memory));
}

struct ActivationState {
  kernels::Evaluator f;
  Type type;
  float nanoseconds;
  Threads threads;

  // Calls body(begin, end) for parts of n elements.
  template <class Body>
  void share(std::size_t n, const Body& body) const {
    if (threads.count == 1) return body(0, n);
    memory::share(n, memory::kBlock, memory::crew_for(threads, n, nanoseconds),
                  [&](std::size_t, std::size_t begin, std::size_t end) { body(begin, end); });
  }
  const char* at(const void* x, std::size_t i) const {
    return static_cast<const char*>(x) + i * kernels::size_of(type);
  }
  char* at(void* y, std::size_t i) const {
    return static_cast<char*>(y) + i * kernels::size_of(type);
  }
  void map(Order order, const void* x, void* y, std::size_t n) const {
    share(n, [&](std::size_t begin, std::size_t end) {
      f.map(order, at(x, begin), at(y, begin), end - begin);
    });
  }
};

struct RowsState {
  const kernels::EntryOf<RowActivation>* entry;
  const kernels::GradientsOf<RowActivation>* gradients;
  kernels::Parameters parameters;
  kernels::Target target;
  std::size_t length;
  Type type;
  Threads threads;
  double nanoseconds;  // for an element

  // Calls body.operator()<T>(first) for all elements, with the index of the first one of each row.
  template <class Body>
  void for_rows(std::size_t rows, const Body& body) const {
    if (length == 0) return;
    kernels::for_computed(type, [&]<class T>() {
      const auto part = [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t r = begin; r < end; ++r) body.template operator()<T>(r * length);
      };
      if (threads.count == 1) return part(0, 0, rows);
      memory::share(rows, 1, memory::crew_for(threads, rows * length, nanoseconds), part);
    });
  }
};

struct GateState {
  gated::Gating gating;
  Type type;
  Threads threads;
};

}  // namespace

PreparedActivation::PreparedActivation(const GradientRef<Activation>& f, Type type,
                                       const Threads& threads) {
  const memory::Call call(f, threads);
  memory::demand_built(kernels::name_of(f), type);
  hold<ActivationState>(state_, kernels::Evaluator(f, type), type, f.entry().nanoseconds.of(type),
                        threads);
}

void PreparedActivation::forward(const void* x, void* y, std::size_t n) const noexcept {
  const FloatEnvironment environment;
  held<ActivationState>(state_).map(Order::value, x, y, n);
}

void PreparedActivation::derivative(const void* x, void* dydx, std::size_t n) const noexcept {
  const FloatEnvironment environment;
  held<ActivationState>(state_).map(Order::derivative, x, dydx, n);
}

void PreparedActivation::backward(const void* x, const void* dy, void* dx,
                                  std::size_t n) const noexcept {
  const FloatEnvironment environment;
  const auto& state = held<ActivationState>(state_);
  state.share(n, [&](std::size_t begin, std::size_t end) {
    state.f.backward(Order::derivative, state.at(x, begin), state.at(dy, begin),
                     state.at(dx, begin), end - begin);
  });
}

PreparedRows::PreparedRows(const GradientRef<RowActivation>& f, Type type, std::size_t length,
                           const Threads& threads) {
  const memory::Call call(f, threads);
  memory::demand_built(kernels::name_of(f), type);
  const kernels::Parameters parameters(f, type);
  hold<RowsState>(state_, &f.entry(), &f.gradients(), parameters, kernels::active_target(), length,
                  type, threads, f.entry().nanoseconds(parameters.address()));
}

void PreparedRows::forward(const void* x, void* y, std::size_t rows) const noexcept {
  const FloatEnvironment environment;
  const auto& state = held<RowsState>(state_);
  state.for_rows(rows, [&]<class T>(std::size_t first) {
    state.entry->kernels.of(state.target)
        .template of<T>()
        .forward(state.parameters.address(), static_cast<const T*>(x) + first,
                 static_cast<T*>(y) + first, state.length, rows::Stores::cached);
  });
}

void PreparedRows::backward(const void* y, const void* dy, void* dx,
                            std::size_t rows) const noexcept {
  const FloatEnvironment environment;
  const auto& state = held<RowsState>(state_);
  state.for_rows(rows, [&]<class T>(std::size_t first) {
    state.gradients->kernels.of(state.target)
        .template of<T>()
        .backward(state.parameters.address(), static_cast<const T*>(y) + first,
                  static_cast<const T*>(dy) + first, static_cast<T*>(dx) + first, state.length,
                  rows::Stores::cached);
  });
}

PreparedGate::PreparedGate(const ListRef<Gate>& f, Type type, const Threads& threads) {
  const memory::Call call(f, threads);
  memory::demand_built(kernels::name_of(f), type);
  hold<GateState>(state_, gated::Gating(f, kernels::computed(type)), type, threads);
}

void PreparedGate::forward(const void* a, const void* b, void* y, std::size_t n) const noexcept {
  const FloatEnvironment environment;
  const auto& state = held<GateState>(state_);
  const gated::Gating& gating = state.gating;
  const auto [first, second] = gating.second_is_gate() ? std::pair(b, a) : std::pair(a, b);
  const Shape shape = {n};
  const ConstTensor x[] = {{first, state.type, shape}, {second, state.type, shape}};
  const Tensor to(y, state.type, shape);
  Walk walk(memory::computed_copies(state.type), shape);
  walk.read(x[0]);
  walk.read(x[1]);
  walk.write(to);
  kernels::for_computed(state.type, [&]<class T>() {
    walk.run(state.threads, gating.nanoseconds(), [&](const memory::Block& p) {
      gating.forward(p.of<const T>(0), p.of<const T>(1), p.of<T>(2), p.n);
    });
  });
}

void PreparedGate::backward(const void* a, const void* b, const void* dy, void* da, void* db,
                            std::size_t n) const noexcept {
  const FloatEnvironment environment;
  const auto& state = held<GateState>(state_);
  const gated::Gating& gating = state.gating;
  const auto [first, second] = gating.second_is_gate() ? std::pair(b, a) : std::pair(a, b);
  const auto [dfirst, dsecond] = gating.second_is_gate() ? std::pair(db, da) : std::pair(da, db);
  const Shape shape = {n};
  const ConstTensor x[] = {
      {first, state.type, shape}, {second, state.type, shape}, {dy, state.type, shape}};
  const Tensor dx[] = {{dfirst, state.type, shape}, {dsecond, state.type, shape}};
  Walk walk(memory::computed_copies(state.type), shape);
  for (const ConstTensor& t : x) walk.read(t);
  for (const Tensor& t : dx) walk.write(t);
  kernels::for_computed(state.type, [&]<class T>() {
    walk.run(state.threads, gating.nanoseconds(), [&](const memory::Block& p) {
      gating.backward<T>(
          {p.of<const T>(0), p.of<const T>(1), p.of<const T>(2), p.of<T>(3), p.of<T>(4)}, p.n);
    });
  });
}

}  // namespace actfn::internal
