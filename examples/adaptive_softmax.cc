// SPDX-License-Identifier: Apache-2.0
// Words of a language with a vocabulary of 20,000: an adaptive softmax, and why its classes must be
// numbered by frequency.
//
// It computes a cluster of rare classes only for the rows of a batch whose target is in it. Words
// follow Zipf's law: the word of rank r has a frequency of about 1 / r, so most targets are among
// the few most frequent words, and most rows need the small head alone. In the order of a
// dictionary, frequent words are anywhere, most targets are in the largest cluster, and nothing is
// gained. So count the words of the training data first, and number them by their counts.
#include <actfn/nn/nn.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <numeric>
#include <random>
#include <vector>

using Words = std::vector<std::uint32_t>;

constexpr std::uint32_t kWords = 20000;
constexpr int kFeatures = 64;
constexpr std::size_t kRows = 128, kContexts = 50;
const std::vector<int> kCutoffs = {500, 4000};

// A text of words in the order of a dictionary. The word at the place i has the rank order[i].
static Words write_text(std::size_t length, std::mt19937& random) {
  Words order(kWords);
  std::iota(order.begin(), order.end(), 0U);
  std::shuffle(order.begin(), order.end(), random);
  std::vector<double> frequency;
  for (const std::uint32_t rank : order) frequency.push_back(1 / (1.0 + rank));
  std::discrete_distribution<std::uint32_t> draw(frequency.begin(), frequency.end());
  Words text(length);
  for (std::uint32_t& word : text) word = draw(random);
  return text;
}

// The class of each word: 0 for the most frequent one.
static Words number_by_frequency(const Words& text) {
  std::vector<std::size_t> count(kWords);
  for (const std::uint32_t word : text) ++count[word];
  Words sorted(kWords);
  std::iota(sorted.begin(), sorted.end(), 0U);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return count[a] > count[b]; });
  Words classes(kWords);
  for (std::uint32_t c = 0; c < kWords; ++c) classes[sorted[c]] = c;
  return classes;
}

static void print_shares(const char* order, const Words& targets) {
  std::array<std::size_t, 3> count{};  // in the head and in two clusters
  for (const std::uint32_t t : targets) {
    std::size_t part = 0;
    while (part < kCutoffs.size() && t >= static_cast<std::uint32_t>(kCutoffs[part])) ++part;
    ++count[part];
  }
  std::printf("%-13s %5.1f %% of targets in the head, %4.1f %% and %4.1f %% in the clusters\n",
              order, 100.0 * static_cast<double>(count[0]) / static_cast<double>(targets.size()),
              100.0 * static_cast<double>(count[1]) / static_cast<double>(targets.size()),
              100.0 * static_cast<double>(count[2]) / static_cast<double>(targets.size()));
}

int main() {
  std::mt19937 random(1);
  const Words text = write_text(200 * kRows, random);
  const Words classes = number_by_frequency(text);
  Words targets;
  for (const std::uint32_t word : text) targets.push_back(classes[word]);
  print_shares("dictionary:", text);
  print_shares("by frequency:", targets);

  actfn::nn::AdaptiveLogSoftmaxWithLoss softmax(kFeatures, kWords, kCutoffs);
  softmax.initialize(1);
  // In place of a language model: a vector for what came before, the same for the same class.
  std::normal_distribution<float> normal;
  std::vector<float> contexts(kContexts * kFeatures);
  for (float& v : contexts) v = normal(random);

  constexpr std::size_t kSteps = 200, kShown = 40;
  constexpr float kLearningRate = 0.5;
  std::array<double, kSteps / kShown> mean{};
  for (std::size_t step = 0; step < kSteps; ++step) {
    const Words batch(targets.begin() + static_cast<std::ptrdiff_t>(step * kRows),
                      targets.begin() + static_cast<std::ptrdiff_t>((step + 1) * kRows));
    std::vector<float> x;
    for (const std::uint32_t target : batch) {
      const auto at =
          contexts.begin() + static_cast<std::ptrdiff_t>(target % kContexts * kFeatures);
      x.insert(x.end(), at, at + kFeatures);
    }
    mean[step / kShown] += softmax.forward(x, batch).loss / kShown;
    softmax.backward();
    for (const actfn::nn::Parameter& p : softmax.parameters()) {
      for (std::size_t i = 0; i < p.values.size(); ++i) {
        p.values[i] -= kLearningRate * p.gradients[i];
      }
    }
  }
  std::printf("without knowledge: loss %.3f\n", std::log(static_cast<double>(kWords)));
  for (std::size_t i = 0; i < mean.size(); ++i) {
    std::printf("steps %zu to %zu: loss %.3f\n", i * kShown, (i + 1) * kShown - 1, mean[i]);
  }
  return mean.back() < mean.front() - 0.3 ? 0 : 1;
}
