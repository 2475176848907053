// SPDX-License-Identifier: Apache-2.0
// Where a training step's time goes, beside the floor: the bare products and the bare Adam of a
// 784-128-10 network with batches of 32, as the default comparison trains it.
#include <actfn/actfn.h>
#include <actfn/nn/nn.h>
#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

#include "data/dataset.h"
#include "lab/batches.h"
#include "nn/buffer.h"
#include "nn/product.h"
#include "nn/vector_ops.h"

namespace {

using namespace actfn;

constexpr int kRows = 32;
constexpr int kIn = 784;
constexpr int kHidden = 128;
constexpr int kOut = 10;
constexpr double kStepsPerEpoch = 1875;  // 60,000 / 32

nn::Buffer filled(std::size_t n) {
  nn::Buffer x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(i % 17) / 17.0F - 0.5F;
  return x;
}

void count_epoch(benchmark::State& state) {
  state.counters["s/epoch"] =
      benchmark::Counter(1 / kStepsPerEpoch, benchmark::Counter::kIsIterationInvariantRate |
                                                 benchmark::Counter::kInvert);
}

struct BareProducts {
  nn::Buffer x = filled(kRows * kIn), w = filled(kIn * kHidden), z = filled(kRows * kHidden);
  nn::Buffer v = filled(kHidden * kOut), y = filled(kRows * kOut), g = filled(kIn * kHidden);

  void run() {
    const nn::SingleThreadedProducts single;
    nn::product(kRows, kHidden, kIn, {x.data(), kIn}, {w.data(), kHidden}, z.data(), kHidden);
    nn::product(kRows, kOut, kHidden, {z.data(), kHidden}, {v.data(), kOut}, y.data(), kOut);
    nn::product(kHidden, kOut, kRows, {z.data(), kHidden, true}, {y.data(), kOut}, v.data(), kOut);
    nn::product(kRows, kHidden, kOut, {y.data(), kOut}, {v.data(), kOut, true}, z.data(), kHidden);
    nn::product(kIn, kHidden, kRows, {x.data(), kIn, true}, {z.data(), kHidden}, g.data(), kHidden);
  }
};

struct BareAdam {
  static constexpr std::size_t kParameters = (kIn + 1) * kHidden + (kHidden + 1) * kOut;
  nn::Buffer w = filled(kParameters), m = filled(kParameters), v = nn::Buffer(kParameters);

  void run(const float* gradient) {
    const nn::AdamStep step = {0.9F, 0.1F, 0.999F, 0.001F, 1e-3F, 1.0F, 1e-7F, 0.0F};
    nn::adam_update(step, {w.data(), m.data(), v.data(), gradient, kParameters});
  }
};

void floor_products(benchmark::State& state) {
  BareProducts products;
  for (auto _ : state) products.run();
  count_epoch(state);
}
BENCHMARK(floor_products);

void floor_adam(benchmark::State& state) {
  BareAdam adam;
  const nn::Buffer g = filled(BareAdam::kParameters);
  for (auto _ : state) adam.run(g.data());
  count_epoch(state);
}
BENCHMARK(floor_adam);

void floor_both(benchmark::State& state) {
  BareProducts products;
  BareAdam adam;
  products.g.resize(BareAdam::kParameters);
  for (auto _ : state) {
    products.run();
    adam.run(products.g.data());
  }
  count_epoch(state);
}
BENCHMARK(floor_both);

data::Samples images(std::size_t count) {
  data::Samples set;
  set.count = count;
  set.features = kIn;
  set.bytes.resize(count * kIn);
  for (std::size_t i = 0; i < count * kIn; ++i) {
    set.bytes[i] = static_cast<std::uint8_t>(i * 2654435761U >> 24U);
  }
  for (std::size_t i = 0; i < count; ++i)
    set.labels.push_back(static_cast<std::uint32_t>(i % kOut));
  return set;
}

struct Step {
  data::Samples set = images(60000);
  lab::Batches batches{set, kRows};
  nn::Sequential net{nn::Linear{kIn, kHidden}, Relu{}, nn::Linear{kHidden, kOut}};
  nn::Optimizer optimizer{nn::Adam{}, net};
  nn::Buffer gradient = nn::Buffer(kRows * kOut);
  int next = 0;

  explicit Step(int threads) {
    net.initialize(nn::Init::glorot_uniform, 1);
    net.set_threads(threads);
    batches.shuffle(1, 1);
  }
  lab::Batch take() { return batches.get(next++ % batches.count()); }
};

void step_input(benchmark::State& state) {
  Step s(1);
  for (auto _ : state) benchmark::DoNotOptimize(s.take());
  count_epoch(state);
}
BENCHMARK(step_input);

void step_forward(benchmark::State& state) {
  Step s(static_cast<int>(state.range(0)));
  const auto batch = s.take();
  for (auto _ : state) benchmark::DoNotOptimize(s.net.forward(batch.x));
  count_epoch(state);
}
BENCHMARK(step_forward)->Arg(1)->Arg(2)->UseRealTime();

void step_loss(benchmark::State& state) {
  Step s(1);
  const auto batch = s.take();
  const auto logits = s.net.forward(batch.x);
  for (auto _ : state) {
    benchmark::DoNotOptimize(nn::cross_entropy(logits, batch.labels, s.gradient));
  }
  count_epoch(state);
}
BENCHMARK(step_loss);

void step_backward(benchmark::State& state) {
  Step s(static_cast<int>(state.range(0)));
  const auto batch = s.take();
  nn::cross_entropy(s.net.forward(batch.x), batch.labels, s.gradient);
  for (auto _ : state) s.net.backward(s.gradient, s.optimizer);
  count_epoch(state);
}
BENCHMARK(step_backward)->Arg(1)->Arg(2)->UseRealTime();

void whole_step(benchmark::State& state) {
  Step s(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    const auto batch = s.take();
    nn::cross_entropy(s.net.forward(batch.x), batch.labels, s.gradient);
    s.net.backward(s.gradient, s.optimizer);
  }
  count_epoch(state);
}
BENCHMARK(whole_step)->Arg(1)->Arg(2)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
