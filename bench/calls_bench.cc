// SPDX-License-Identifier: Apache-2.0
// What a call costs: checked and prepared, for few elements; and what threads bring, for many.
//
//     calls_bench --benchmark_filter=gelu
#include <actfn/actfn.h>
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace {

using namespace actfn;

std::vector<float> numbers(std::size_t n) {
  std::vector<float> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(i % 97) * 0.08F - 4;
  return x;
}

template <class F>
void forward_call(benchmark::State& state, F f) {
  const auto x = numbers(static_cast<std::size_t>(state.range(0)));
  std::vector<float> y(x.size());
  for (auto _ : state) {
    forward(f, x, y);
    benchmark::ClobberMemory();
  }
}

template <class F>
void forward_prepared(benchmark::State& state, F f) {
  const auto x = numbers(static_cast<std::size_t>(state.range(0)));
  std::vector<float> y(x.size());
  const PreparedActivation<float> prepared(f);
  for (auto _ : state) {
    prepared.forward(x.data(), y.data(), x.size());
    benchmark::ClobberMemory();
  }
}

void softmax_call(benchmark::State& state) {
  const auto x = numbers(static_cast<std::size_t>(state.range(0)));
  std::vector<float> y(x.size());
  for (auto _ : state) {
    softmax(x, 0, y);
    benchmark::ClobberMemory();
  }
}

void softmax_prepared(benchmark::State& state) {
  const auto x = numbers(static_cast<std::size_t>(state.range(0)));
  std::vector<float> y(x.size());
  const PreparedRows<float> prepared(Softmax{}, x.size());
  for (auto _ : state) {
    prepared.forward(x.data(), y.data(), 1);
    benchmark::ClobberMemory();
  }
}

// 64 rows of range(1) elements, with range(0) threads.
template <class Call>
void rows_of(benchmark::State& state, Call call) {
  const auto columns = static_cast<std::size_t>(state.range(1));
  const Threads threads = {.count = static_cast<int>(state.range(0))};
  const auto x = numbers(64 * columns);
  std::vector<float> y(x.size());
  for (auto _ : state) {
    call(x, y, columns, threads);
    benchmark::ClobberMemory();
  }
}

template <class F>
void with_threads(benchmark::State& state, F f) {
  rows_of(state, [f](const auto& x, auto& y, std::size_t, Threads t) { forward(f, x, y, t); });
}

void softmax_with_threads(benchmark::State& state) {
  rows_of(state, [](const auto& x, auto& y, std::size_t columns, Threads t) {
    const Shape shape = {64, columns};
    softmax({x, shape}, 1, {y, shape}, {.threads = t});
  });
}

void swiglu_with_threads(benchmark::State& state) {
  rows_of(state, [](const auto& x, auto& y, std::size_t columns, Threads t) {
    const std::size_t half = x.size() / 2;
    static_cast<void>(columns);
    forward(Swiglu{}, {x.data(), half}, {x.data() + half, half}, {y.data(), half}, t);
  });
}

void sizes(benchmark::internal::Benchmark* b) {
  for (const int n : {1, 16, 512}) b->Arg(n);
}
void threads(benchmark::internal::Benchmark* b) {
  for (const int columns : {128, 512, 2048, 16384}) {
    for (const int count : {1, 2}) b->Args({count, columns});
  }
  b->UseRealTime()->Unit(benchmark::kMicrosecond);
}

BENCHMARK_CAPTURE(forward_call, relu, Relu{})->Apply(sizes);
BENCHMARK_CAPTURE(forward_prepared, relu, Relu{})->Apply(sizes);
BENCHMARK_CAPTURE(forward_call, gelu, Gelu{})->Apply(sizes);
BENCHMARK_CAPTURE(forward_prepared, gelu, Gelu{})->Apply(sizes);
BENCHMARK_CAPTURE(forward_call, elu, Elu{})->Apply(sizes);
BENCHMARK_CAPTURE(forward_prepared, elu, Elu{})->Apply(sizes);
BENCHMARK(softmax_call)->Arg(8)->Arg(1000);
BENCHMARK(softmax_prepared)->Arg(8)->Arg(1000);
BENCHMARK_CAPTURE(with_threads, relu, Relu{})->Apply(threads);
BENCHMARK_CAPTURE(with_threads, silu, Silu{})->Apply(threads);
BENCHMARK_CAPTURE(with_threads, gelu, Gelu{})->Apply(threads);
BENCHMARK_CAPTURE(with_threads, mish, Mish{})->Apply(threads);
BENCHMARK(softmax_with_threads)->Apply(threads);
BENCHMARK(swiglu_with_threads)->Apply(threads);

}  // namespace

BENCHMARK_MAIN();
