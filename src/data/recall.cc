// SPDX-License-Identifier: Apache-2.0
#include "data/recall.h"

#include "catalogue/error.h"
#include "catalogue/lists.h"
#include "catalogue/number.h"
#include "catalogue/quote.h"
#include "data/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace actfn::data {
namespace {

constexpr std::string_view kName = "recall";
constexpr int kMostTokens = 1024;  // keys, and values
constexpr int kMostSamples = 10'000'000;

struct Parameter {
  std::string_view name;
  int Recall::*value;
  std::uint64_t least, most;
};

constexpr std::array<Parameter, 4> kParameters = {{
    {"pairs", &Recall::pairs, 1, kMostTokens},
    {"keys", &Recall::keys, 1, kMostTokens},
    {"values", &Recall::values, 2, kMostTokens},
    {"samples", &Recall::samples, 10, kMostSamples},
}};

std::uint64_t whole(std::string_view name, std::string_view text, std::uint64_t least,
                    std::uint64_t most) {
  const auto number = read_number<double>(text);
  const bool fits = number && *number == std::floor(*number) &&
                    *number >= static_cast<double>(least) && *number <= static_cast<double>(most);
  if (fits) return static_cast<std::uint64_t>(*number);
  fail(kName, {name, " must be a whole number from ", std::to_string(least), " to ",
               std::to_string(most), ", got ", in_quotes(text)});
}

void set(Recall& recall, std::string_view name, std::string_view text) {
  constexpr std::uint64_t kMostSeed = std::uint64_t{1} << 53U;
  if (name == "seed") {
    recall.seed = whole(name, text, 0, kMostSeed);
    return;
  }
  for (const Parameter& p : kParameters) {
    if (p.name != name) continue;
    recall.*p.value = static_cast<int>(whole(name, text, p.least, p.most));
    return;
  }
  fail(kName,
       {"has no parameter ", in_quotes(name), ", only pairs, keys, values, samples and seed"});
}

// The first `pairs` of a shuffle are a sample's keys.
void add_sample(const Recall& recall, Random& random, std::vector<int>& keys, Samples& to) {
  const auto pairs = static_cast<std::size_t>(recall.pairs);
  std::vector<std::uint32_t> values;
  for (std::size_t i = 0; i < pairs; ++i) {
    std::swap(keys[i], keys[i + random.below(keys.size() - i)]);
    values.push_back(
        static_cast<std::uint32_t>(random.below(static_cast<std::size_t>(recall.values))));
    to.floats.push_back(static_cast<float>(keys[i]));
    to.floats.push_back(static_cast<float>(recall.keys) + static_cast<float>(values[i]));
  }
  const std::size_t asked = random.below(pairs);
  to.floats.push_back(static_cast<float>(keys[asked]));
  to.floats.push_back(static_cast<float>(recall.keys + recall.values));
  to.labels.push_back(values[asked]);
}

Samples make_samples(const Recall& recall, int count, Random& random) {
  Samples samples;
  samples.count = static_cast<std::size_t>(count);
  samples.features = 2 * (static_cast<std::size_t>(recall.pairs) + 1);
  std::vector<int> keys(static_cast<std::size_t>(recall.keys));
  std::iota(keys.begin(), keys.end(), 0);
  for (int i = 0; i < count; ++i) add_sample(recall, random, keys, samples);
  return samples;
}

}  // namespace

std::optional<Recall> parse_recall(std::string_view text) {
  Recall recall;
  if (text == kName) return recall;
  if (!text.starts_with(kName) || !text.ends_with(')') || text[kName.size()] != '(') {
    return std::nullopt;
  }
  const auto inner = text.substr(kName.size() + 1, text.size() - kName.size() - 2);
  for (const std::string_view part : functions::split(inner, ',')) {
    const auto equals = std::min(part.find('='), part.size());
    const auto value = part.substr(std::min(equals + 1, part.size()));
    set(recall, functions::trimmed(part.substr(0, equals)), functions::trimmed(value));
  }
  if (recall.pairs > recall.keys) {
    fail(kName, {"pairs must be from 1 to keys, ", recall.keys, ", got ", recall.pairs});
  }
  return recall;
}

Dataset make(const Recall& recall) {
  constexpr int kTestShare = 10;
  Dataset set;
  set.format = kName;
  set.vocabulary = static_cast<std::size_t>(recall.keys + recall.values) + 1;
  for (int value = 0; value < recall.values; ++value) set.classes.push_back(std::to_string(value));
  Random random(recall.seed);
  set.train = make_samples(recall, recall.samples, random);
  set.test = make_samples(recall, recall.samples / kTestShare, random);
  set.shape = {1, static_cast<std::size_t>(recall.pairs) + 1, 2};
  return set;
}

}  // namespace actfn::data
