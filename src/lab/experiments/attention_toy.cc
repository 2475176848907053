// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/draws.h"
#include "lab/experiments/reached.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace actfn::lab::experiments {
namespace {

constexpr std::size_t kPairs = 4;
constexpr std::size_t kKeys = 8;  // different ones
constexpr std::size_t kValues = 8;
constexpr std::size_t kQuestion = kKeys + kValues;  // the token in the place of the value asked for
constexpr std::size_t kItems = kPairs + 1;
constexpr int kWidth = 64;
constexpr int kHeads = 4;
constexpr int kBlocks = 2;
constexpr double kLearned = 0.99;
constexpr std::array kModels = {"attention", "no attention"};

// Sequences of items of two tokens: kPairs times a key and its value, then one of the keys and the
// question. The label is that key's value.
data::Samples sequences(std::size_t count, std::uint64_t seed) {
  Draws draws(seed);
  data::Samples samples;
  samples.count = count;
  samples.features = 2 * kItems;
  std::array<std::size_t, kKeys> keys{};
  std::iota(keys.begin(), keys.end(), 0);
  std::array<std::size_t, kPairs> values{};
  const auto add = [&](std::size_t first, std::size_t second) {
    samples.floats.push_back(static_cast<float>(first));
    samples.floats.push_back(static_cast<float>(second));
  };
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < kPairs; ++k) {
      std::swap(keys.at(k), keys.at(k + draws.below(kKeys - k)));
      values.at(k) = draws.below(kValues);
      add(keys.at(k), kKeys + values.at(k));
    }
    const std::size_t asked = draws.below(kPairs);
    add(keys.at(asked), kQuestion);
    samples.labels.push_back(static_cast<std::uint32_t>(values.at(asked)));
  }
  return samples;
}

// A Transformer's encoder, pre-norm, or the same without its attention. Then only the last layer
// sees more than one item.
Recipe recipe(bool attends, int seed) {
  std::vector<nn::Layer> layers = {
      nn::Embedding{static_cast<int>(kQuestion + 1), kWidth / 2}, nn::Flatten{.start_dim = 2},
      nn::LearnedPositionalEncoding{.d_model = kWidth, .max_len = static_cast<int>(kItems)}};
  for (int i = 0; i < kBlocks; ++i) {
    if (attends) {
      layers.emplace_back(nn::Residual{
          nn::LayerNorm{{kWidth}}, nn::SelfAttention{.embed_dim = kWidth, .num_heads = kHeads}});
    }
    layers.emplace_back(nn::Residual{nn::LayerNorm{{kWidth}}, nn::Linear{kWidth, 2 * kWidth},
                                     Gelu{}, nn::Linear{2 * kWidth, kWidth}});
  }
  layers.insert(layers.end(), {nn::LayerNorm{{kWidth}}, nn::Flatten{},
                               nn::Linear{static_cast<int>(kItems) * kWidth, kValues}});
  return {.in = {kItems, 2},
          .layers = std::move(layers),
          .batch = 64,
          .clip = 1,
          .seed = static_cast<std::uint64_t>(seed)};
}

struct Size {
  std::size_t train, test;
  int epochs;
};

std::vector<Row> measure(const char* model, int seed, const Size& size,
                         const Materials& materials) {
  const auto drawn = 2 * static_cast<std::uint64_t>(seed);
  const data::Samples train = sequences(size.train, drawn);
  const data::Samples test = sequences(size.test, drawn + 1);
  Study study(recipe(model == std::string_view(kModels[0]), seed), train);
  std::vector<Row> rows;
  for (int epoch = 1; epoch <= size.epochs; ++epoch) {
    const Score seen = study.train_epoch(materials);
    const Score score = study.score(test, materials);
    rows.push_back(row(model, seed, epoch, seen.loss, score.loss, score.accuracy));
  }
  return rows;
}

std::vector<Trial> trials(const Scope& scope) {
  const Size size = scope.quick ? Size{4'000, 500, 2} : Size{4'000, 2'000, 8};
  std::vector<Trial> all;
  for (std::size_t i = 0; i < kModels.size(); ++i) {
    add_seeds(all, scope,
              fmt::format("{}attention-{}-sequences-{}-epochs", i == 0 ? "" : "no-", size.train,
                          size.epochs),
              [=](int seed, const Materials& m) { return measure(kModels.at(i), seed, size, m); });
  }
  return all;
}

Outcome judge(const Readings& readings, const Scope& scope) {
  Chart chart{.file = "accuracy",
              .title = {},
              .x = {"epoch"},
              .y = {.label = "test accuracy", .low = 0, .high = 1},
              .marks = {{kLearned, "99 %"}, {1.0 / kValues, "chance"}}};
  for (const char* model : kModels) {
    chart.lines.push_back(mean_line(readings.where("model", model), "epoch", "accuracy", model));
  }
  const Point with = chart.lines[0].points.back();
  const Point without = chart.lines[1].points.back();
  Verdict verdict{
      .holds = is_above(interval_of(with), kLearned),
      .finding = fmt::format("Asked for the value of one of {} keys, a network of {} blocks with "
                             "attention answers {:.2f} % right; the same network without "
                             "attention {:.1f} %",
                             kPairs, kBlocks, 100 * with.y, 100 * without.y),
      .measured = fmt::format("attention {:.4f}; without {:.4f}", with.y, without.y),
      .interval = interval_of(with),
      .tolerance = fmt::format("95 % interval over {} seeds", scope.seeds)};
  chart.title = verdict.finding;
  return {std::move(verdict), {std::move(chart)}};
}

std::string missing(const Readings& readings, const Scope& /*scope*/) {
  const Readings of = readings.where("model", kModels[0]);
  const Progress one = {kModels[0], at_end(of, "train_loss")};
  return unless_all_learned(std::span(&one, 1), static_cast<int>(kValues));
}

}  // namespace

Experiment attention_toy() {
  return {.name = "attention-toy",
          .claim = "A network with attention learns to recall the value that belongs to a key.",
          .source =
              "Vaswani et al. 2017, arXiv:1706.03762; associative recall: Graves et al. 2014, "
              "arXiv:1410.5401",
          .expected = "at least 99 % of the answers are right",
          .setup =
              "A Transformer encoder (two pre-norm blocks, width 64, 4 heads, gelu) reads four "
              "pairs of a key and a value and is asked for the value of one key. It learns 4,000 "
              "drawn sequences in 8 epochs with Adam (learning rate 0.001, batches of 64); the "
              "same network without attention is measured beside it. The claim holds where the 95 "
              "% interval of the accuracy on 2,000 test sequences is above 0.99.",
          .method = Method::networks,
          .columns = {"model", "seed", "epoch", "train_loss", "test_loss", "accuracy"},
          .trials = trials,
          .judge = judge,
          .missing = missing};
}

}  // namespace actfn::lab::experiments
