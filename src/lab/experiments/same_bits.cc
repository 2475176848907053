// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/nn.h>

#include "lab/experiments/common.h"
#include "lab/experiments/draws.h"
#include "lab/sha256.h"

#include <algorithm>
#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr std::array kThreads = {1, 2, 3, 8};
constexpr int kFeatures = 64;
constexpr int kRows = 256;

struct Data {
  std::vector<float> x;
  std::vector<std::uint32_t> labels;
};

Data draw(int seed) {
  NormalDraws draws(static_cast<std::uint64_t>(seed));
  Data data;
  for (int r = 0; r < kRows; ++r) {
    for (int i = 0; i < kFeatures; ++i) data.x.push_back(static_cast<float>(draws.normal()));
    data.labels.push_back(static_cast<std::uint32_t>(draws.below(10)));
  }
  return data;
}

// SHA-256 of the weights that a training leaves.
std::vector<Row> measure(int seed, int threads, int steps, const Materials& materials) {
  const Data data = draw(seed);
  nn::Sequential net{nn::Linear{kFeatures, 300}, Gelu{}, nn::Linear{300, 300}, Mish{},
                     nn::Linear{300, 10}};
  net.set_reproducible(true);
  net.set_threads(threads);
  net.initialize(nn::Init::glorot_uniform, static_cast<std::uint64_t>(seed));
  nn::Optimizer optimizer(nn::Adam{}, net);
  std::vector<float> gradient(10 * data.labels.size());
  for (int step = 0; step < steps; ++step) {
    materials.go_on();
    nn::cross_entropy(net.forward(data.x), data.labels, gradient);
    net.backward(gradient, optimizer);
  }
  Sha256 hash;
  for (const nn::LinearView& l : net.linears()) {
    hash.add(l.weight);
    hash.add(l.bias);
  }
  return {row(seed, threads, target(), hash.digits())};
}

std::vector<Trial> trials(const Scope& scope) {
  const int steps = scope.quick ? 5 : 50;
  std::vector<Trial> all;
  for (int seed = 1; seed <= scope.seeds; ++seed) {
    for (const int threads : kThreads) {
      all.push_back({fmt::format("seed-{}-threads-{}-steps-{}-{}", seed, threads, steps, target()),
                     [=](const Materials& m) { return measure(seed, threads, steps, m); }});
    }
  }
  return all;
}

// How many hashes differ from that of one thread, by number of threads.
Chart chart_of(const Readings& readings, const std::string& title) {
  Chart chart{.file = "differences",
              .title = title,
              .kind = Chart::Kind::dots,
              .x = {.label = "trainings whose weights differ from those of one thread",
                    .low = 0,
                    .high = static_cast<double>(readings.values("seed").size())},
              .y = {},
              .lines = {{"differences", {}}}};
  for (const int threads : kThreads) {
    double differ = 0;
    for (const std::string& seed : readings.values("seed")) {
      const Readings of = readings.where("seed", seed);
      differ += of.where("threads", threads).values("sha256") !=
                        of.where("threads", kThreads[0]).values("sha256")
                    ? 1
                    : 0;
    }
    chart.lines[0].points.push_back({static_cast<double>(chart.names.size()), differ});
    chart.names.push_back(fmt::format("{} thread{}", threads, threads == 1 ? "" : "s"));
  }
  return chart;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  const auto seeds = readings.values("seed");
  const bool same = std::ranges::all_of(seeds, [&](const std::string& seed) {
    return readings.where("seed", seed).values("sha256").size() == 1;
  });
  const std::string first = readings.values("sha256").front().substr(0, 16);
  Verdict verdict{
      .holds = holds(same),
      .finding = fmt::format("Trained by 1, 2, 3 and 8 threads on {}, {} networks have {} weights",
                             readings.values("target").front(), seeds.size(),
                             same ? "the same" : "different"),
      .measured = fmt::format("SHA-256 {}… for seed {}", first, seeds.front()),
      .interval = {},
      .tolerance = "every bit"};
  Chart chart = chart_of(readings, verdict.finding);
  return {std::move(verdict), {std::move(chart)}};
}

}  // namespace

Experiment same_bits() {
  return {.name = "same-bits",
          .claim =
              "A network that is trained again has the same weights, whatever the number of "
              "threads; with another instruction set (ACTFN_TARGET) this experiment prints the "
              "same hash.",
          .source = "actfn, nn::Sequential::set_reproducible()",
          .expected = "equal SHA-256",
          .setup =
              "A network with two hidden layers of 300 units, with gelu and mish, is trained on "
              "256 random rows of 64 numbers for 50 full-batch steps of Adam at a rate of 0.001, "
              "with 1, 2, 3 and 8 threads. The claim holds if for each seed the SHA-256 of all "
              "weights and biases is the same for each number of threads.",
          .method = Method::networks,
          .columns = {"seed", "threads", "target", "sha256"},
          .trials = trials,
          .judge = judge};
}

}  // namespace actfn::lab::experiments
