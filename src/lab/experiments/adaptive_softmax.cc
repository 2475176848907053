// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/nn.h>

#include "lab/batches.h"
#include "lab/experiments/draws.h"
#include "lab/experiments/seeds.h"
#include "lab/experiments/training.h"
#include "lab/speed.h"

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

namespace actfn::lab::experiments {
namespace {

constexpr int kFeatures = 64;
constexpr int kBatch = 128;
constexpr std::size_t kTopics = 50;
constexpr double kOnTopic = 0.7;  // share of words that the one before them decides
constexpr double kFaster = 2;
constexpr double kWorse = 0.03;  // of the loss
constexpr std::array kKinds = {"full", "adaptive"};

struct Size {
  std::size_t words, train, test;
  std::size_t epoch;  // samples between two rows
};

// Ranks from 0 on, each with a probability that is inverse to its place.
class Zipf {
 public:
  explicit Zipf(std::size_t count) : sums_(count) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sums_[i] = sum += 1 / static_cast<double>(i + 1);
  }
  std::size_t draw(Draws& draws) const {
    const double at = draws.unit() * sums_.back();
    return static_cast<std::size_t>(std::ranges::upper_bound(sums_, at) - sums_.begin());
  }

 private:
  std::vector<double> sums_;
};

// A text: words have topics, and a word's topic decides that of the next, most of the time.
std::vector<std::size_t> text(std::size_t words, std::size_t length, std::uint64_t seed) {
  Draws draws(seed);
  const Zipf all(words);
  const Zipf of_topic(words / kTopics);
  std::vector<std::size_t> written = {0};
  while (written.size() < length) {
    const std::size_t topic = (7 * (written.back() % kTopics) + 3) % kTopics;
    const bool on_topic = draws.unit() < kOnTopic;
    written.push_back(on_topic ? of_topic.draw(draws) * kTopics + topic : all.draw(draws));
  }
  return written;
}

// New numbers for words, by how often they occur: 0 for the most frequent.
std::vector<std::size_t> by_frequency(const std::vector<std::size_t>& written, std::size_t words) {
  std::vector<std::size_t> counts(words);
  for (const std::size_t word : written) ++counts[word];
  std::vector<std::size_t> order(words);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t w) { return counts[w]; });
  std::vector<std::size_t> number(words);
  for (std::size_t i = 0; i < words; ++i) number[order[i]] = i;
  return number;
}

// A word of the text and the next, as sample and label.
struct Texts {
  data::Samples train, test;
};

Texts texts(const Size& size, std::uint64_t seed) {
  const auto written = text(size.words, size.train + size.test + 1, seed);
  const auto number = by_frequency(written, size.words);
  Texts made;
  for (std::size_t i = 0; i + 1 < written.size(); ++i) {
    data::Samples& to = i < size.train ? made.train : made.test;
    to.floats.push_back(static_cast<float>(number[written[i]]));
    to.labels.push_back(static_cast<std::uint32_t>(number[written[i + 1]]));
  }
  for (data::Samples* s : {&made.train, &made.test}) {
    s->count = s->labels.size();
    s->features = 1;
  }
  return made;
}

// A language model of one word, with either softmax.
class Model {
 public:
  // `reproducible`: the same bits on every CPU, by products that are slower.
  Model(bool adaptive, int words, std::uint64_t seed, bool reproducible,
        const nn::Adam& rule = {.lr = 3e-3})
      : net_({1}, layers(adaptive, words)), optimizer_(rule, net_) {
    net_.set_reproducible(reproducible);
    net_.initialize(nn::Init::glorot_uniform, seed);
    if (!adaptive) return;
    // A fifth of the words in the head, two fifths in each cluster.
    softmax_.emplace(kFeatures, words, std::vector{words / 5, words * 3 / 5});
    softmax_->set_reproducible(reproducible);
    softmax_->initialize(seed);
    parameters_ = softmax_->parameters();
    softmax_optimizer_.emplace(rule, parameters_);
  }

  // The mean losses of a batch.
  double train(const Batch& batch) {
    const auto y = net_.forward(batch.x);
    if (!softmax_ || !softmax_optimizer_) {
      gradient_.resize(y.size());
      const auto sum = nn::cross_entropy(y, batch.labels, gradient_);
      net_.backward(gradient_, optimizer_);
      return sum.loss / static_cast<double>(batch.rows());
    }
    const double loss = softmax_->forward(y, batch.labels).loss;
    net_.backward(softmax_->backward(), optimizer_);
    softmax_optimizer_->step(parameters_);
    return loss;
  }
  double loss(const Batch& batch) {
    const auto y = net_.forward(batch.x);
    if (softmax_) return softmax_->forward(y, batch.labels).loss;
    return nn::cross_entropy(y, batch.labels).loss / static_cast<double>(batch.rows());
  }

 private:
  static std::vector<nn::Layer> layers(bool adaptive, int words) {
    std::vector<nn::Layer> all = {nn::Embedding{words, kFeatures}, nn::Flatten{},
                                  nn::Linear{kFeatures, kFeatures}, Function(Activation(Relu{}))};
    if (!adaptive) all.emplace_back(nn::Linear{kFeatures, words});
    return all;
  }

  nn::Sequential net_;
  nn::Optimizer optimizer_;
  std::optional<nn::AdaptiveLogSoftmaxWithLoss> softmax_;
  std::vector<nn::Parameter> parameters_;
  std::optional<nn::Optimizer> softmax_optimizer_;
  std::vector<float> gradient_;
};

double test_loss(Model& model, const data::Samples& test, const Materials& materials) {
  const auto loss = [&](const Batch& batch) {
    return nn::LossSum{.loss = model.loss(batch) * static_cast<double>(batch.rows())};
  };
  return mean_score(test, kBatch, materials, loss).loss;
}

// One pass through the text.
std::vector<Row> losses(std::size_t kind, int seed, const Size& size, const Materials& materials) {
  const auto drawn = static_cast<std::uint64_t>(seed);
  const Texts made = texts(size, drawn);
  Model model(kind == 1, static_cast<int>(size.words), drawn, true);
  Batches batches(made.train, kBatch);
  const int between = static_cast<int>(size.epoch / kBatch);
  std::vector<Row> rows;
  for (int i = 0; i < batches.count(); ++i) {
    materials.go_on();
    model.train(batches.get(i));
    if ((i + 1) % between == 0 || i + 1 == batches.count()) {
      rows.push_back(row(kKinds.at(kind), "test loss", size.words, seed, (i + 1) * kBatch,
                         test_loss(model, made.test, materials)));
    }
  }
  return rows;
}

// Milliseconds of a training step, for vocabularies of any size: in one race.
std::vector<Row> times(const std::vector<std::size_t>& vocabularies, bool quick) {
  // Learned by heart, a batch would have gradients that are subnormal numbers, which are slow.
  constexpr nn::Adam kUnlearning{.lr = 1e-12};
  std::vector<data::Samples> all;
  std::vector<std::unique_ptr<Model>> models;
  std::vector<std::function<void()>> calls;
  all.reserve(vocabularies.size());
  for (const std::size_t words : vocabularies) {
    // Of a text long enough to number words by.
    all.push_back(first_of(texts({words, 100'000, 0, 0}, 1).train, kBatch));
    const data::Samples& s = all.back();
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
      models.push_back(
          std::make_unique<Model>(kind == 1, static_cast<int>(words), 1, false, kUnlearning));
      calls.emplace_back([&s, &model = *models.back()] {
        model.train({.x = s.floats, .labels = s.labels, .targets = {}});
      });
    }
  }
  const auto ns = race(calls, quick ? 1e9 : 2e10);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < ns.size(); ++i) {
    rows.push_back(
        row(kKinds.at(i % 2), "milliseconds", vocabularies.at(i / 2), "", 1, ns[i] / 1e6));
  }
  return rows;
}

Size size_of(const Scope& scope) {
  if (scope.quick) return {2'000, 10'000, 2'000, 2'500};
  return {5'000, 250'000, 10'000, 25'000};
}

std::vector<Trial> trials(const Scope& scope) {
  const Size size = size_of(scope);
  std::vector<Trial> all;
  for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
    add_seeds(all, scope,
              fmt::format("{}-{}-words-{}-samples", kKinds.at(kind), size.words, size.train),
              [=](int seed, const Materials& m) { return losses(kind, seed, size, m); });
  }
  const std::vector<std::size_t> vocabularies =
      scope.quick ? std::vector<std::size_t>{1'000, 2'000, 5'000}
                  : std::vector<std::size_t>{1'000, 2'000, 5'000, 10'000, 20'000, 50'000};
  all.push_back(timed("times", [=, quick = scope.quick] { return times(vocabularies, quick); }));
  return all;
}

Chart times_chart(const Readings& readings) {
  Chart chart{.file = "times",
              .title = {},
              .x = {.label = "words (log)", .log = true},
              .y = {.label = "milliseconds of a training step (log)", .log = true}};
  for (const char* kind : kKinds) {
    chart.lines.push_back(line_of(readings.where("softmax", kind), "words", "value", kind));
  }
  const Point& full = chart.lines[0].points.back();
  chart.title = fmt::format("For {:.0f} words, the adaptive softmax is {:.1f} times as fast",
                            full.x, full.y / chart.lines[1].points.back().y);
  return chart;
}

Chart losses_chart(const Readings& readings) {
  Chart chart{.file = "losses",
              .title = {},
              .x = {"samples seen"},
              .y = {"loss on the test text, in nats"}};
  for (const char* kind : kKinds) {
    chart.lines.push_back(mean_line(readings.where("softmax", kind), "samples", "value", kind));
  }
  return chart;
}

// By how much the adaptive softmax is worse, as a share of the loss, for each seed.
std::vector<double> worse(const Readings& losses) {
  const Readings last = losses.where("samples", losses.values("samples").back());
  const auto full = last.where("softmax", kKinds[0]).numbers("value");
  auto shares = last.where("softmax", kKinds[1]).numbers("value");
  for (std::size_t i = 0; i < shares.size(); ++i) shares[i] = shares[i] / full[i] - 1;
  return shares;
}

Outcome judge(const Readings& readings, const Scope& scope) {
  const Readings losses = readings.where("what", "test loss");
  const Readings times = readings.where("what", "milliseconds");
  const std::string words = losses.values("words").front();
  const auto time = [&](const char* kind) {
    return times.where("softmax", kind).where("words", words).number("value");
  };
  const double factor = time(kKinds[0]) / time(kKinds[1]);
  const Point more = mean_point(0, worse(losses));
  Verdict verdict{
      .holds = all_hold({holds(factor >= kFaster), is_below(interval_of(more), kWorse)}),
      .finding =
          fmt::format("With {} words, a training step with the adaptive softmax is {:.1f} "
                      "times as fast, and the loss is {:.1f} % {}",
                      words, factor, std::fabs(100 * more.y), more.y > 0 ? "higher" : "lower"),
      .measured = fmt::format("{:.2f} times as fast; loss {:+.2f} %", factor, 100 * more.y),
      .interval = Interval{100 * more.low, 100 * more.high},
      .tolerance = fmt::format("95 % interval of the loss over {} paired seeds", scope.seeds)};
  std::vector<Chart> charts = {times_chart(times), losses_chart(losses)};
  charts[1].title = verdict.finding;
  return {std::move(verdict), std::move(charts)};
}

// The loss on the test text of what the training text's frequencies give, each word counted once
// more than it occurs.
double loss_of_frequencies(const Size& size, std::uint64_t seed) {
  const Texts made = texts(size, seed);
  std::vector<double> counts(size.words, 1);
  for (const std::uint32_t word : made.train.labels) ++counts[word];
  const auto all = static_cast<double>(made.train.count + size.words);
  double sum = 0;
  for (const std::uint32_t word : made.test.labels) sum -= std::log(counts[word] / all);
  return sum / static_cast<double>(made.test.count);
}

// A network that has learned less than frequencies has no use for the word before.
std::string missing(const Readings& readings, const Scope& scope) {
  const Readings losses = readings.where("what", "test loss").where("softmax", kKinds[0]);
  const Readings last = losses.where("samples", losses.values("samples").back());
  const double reached = mean_of(last.numbers("value"));
  const double bound = loss_of_frequencies(size_of(scope), 1);
  if (reached < bound) return "";
  return fmt::format(
      "the test loss must be below {:.2f}, which the frequencies of words have; here: {:.2f}",
      bound, reached);
}

}  // namespace

Experiment adaptive_softmax() {
  return {.name = "adaptive-softmax",
          .claim =
              "Where few of many classes are frequent, the adaptive softmax is much faster than "
              "the full one, and hardly worse.",
          .source = "Grave et al. 2016, arXiv:1609.04309",
          .expected = "at least twice as fast, with a loss at most 3 % higher",
          .setup =
              "Networks (an embedding of 64 numbers, 64 relu units, a full or adaptive softmax) "
              "learn to predict the next word of a drawn text of 5,000 different words, with Adam "
              "(learning rate 0.003, batches of 128), in one epoch of 250,000 samples. The claim "
              "holds where a training step is at least twice as fast, and the paired 95 % "
              "interval of the rise of the loss on 10,000 test samples is below 3 %.",
          .method = Method::timed,
          .columns = {"softmax", "what", "words", "seed", "samples", "value"},
          .trials = trials,
          .judge = judge,
          .missing = missing};
}

}  // namespace actfn::lab::experiments
