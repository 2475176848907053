// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/dropout.h"
#include "lab/experiments/reached.h"

#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr std::array kActivations = {"gelu", "relu", "elu"};

// The paper has MNIST and 50 epochs, and rows of weights with the norm 1; LeCun's are so long in
// the mean.
Course course(const Scope& scope) {
  return shortened({.depth = 8,
                    .rule = nn::Adam{},
                    .batch = 128,
                    .epochs = 16,
                    .images = 15'000,
                    .tested = 5000,
                    .evaluated = true},
                   scope, {.epochs = 2, .images = 1500, .tested = 500});
}

Curves curves(const Scope& scope) {
  return with_dropout(kActivations,
                      {.activation = {}, .init = nn::Init::lecun_normal, .course = course(scope)});
}

Chart chart_of(const Readings& readings, const char* dropout) {
  const bool none = std::string_view(dropout) == kNoDropout;
  Chart chart{.file = none ? "no_dropout" : "dropout",
              .title = {},
              .x = {"epoch"},
              .y = {"training loss, in nats; median over seeds, and all of them"}};
  for (const char* activation : kActivations) {
    chart.lines.push_back(
        median_line(of(readings, activation, dropout), "epoch", "train_loss", activation));
  }
  chart.title =
      fmt::format("Median training loss {} dropout: {}", none ? "without" : "with", ends_of(chart));
  return chart;
}

Outcome judge(const Readings& readings, const Scope& scope) {
  std::vector<Holds> parts;
  std::vector<Chart> charts;
  std::string measured;
  for (const char* dropout : kDropouts) {
    const auto gelu = at_end(of(readings, "gelu", dropout), "train_loss");
    for (const char* other : {"relu", "elu"}) {
      const auto d = difference(gelu, at_end(of(readings, other, dropout), "train_loss"));
      parts.push_back(is_below(d.interval));
      measured += fmt::format("{}dropout {}, gelu - {} {}", measured.empty() ? "" : "; ", dropout,
                              other, with_reach(d));
    }
    charts.push_back(chart_of(readings, dropout));
  }
  Verdict verdict{
      .holds = all_hold(parts),
      .finding = fmt::format("Median training losses {}: without dropout {}; with it {}{}",
                             after(course(scope)), ends_of(charts[0]), ends_of(charts[1]),
                             diverged(readings)),
      .measured = measured,
      .interval = difference(at_end(of(readings, "gelu", kNoDropout), "train_loss"),
                             at_end(of(readings, "relu", kNoDropout), "train_loss"))
                      .interval,
      .tolerance = intervals_over(scope) + ", paired"};
  return {std::move(verdict), std::move(charts)};
}

std::string missing(const Readings& readings, const Scope& /*scope*/) {
  for (const char* dropout : kDropouts) {
    auto losses = progress(readings.where("dropout", dropout), kActivations, "train_loss");
    for (Progress& p : losses) p.name += fmt::format(" with dropout {}", dropout);
    std::string found = unless_one_learned(losses);
    if (!found.empty()) return found;
  }
  return "";
}

}  // namespace

Experiment gelu_paper() {
  return {.name = "gelu-paper",
          .claim =
              "In a network of eight hidden layers gelu reaches a lower training loss than relu "
              "and elu, with dropout and without.",
          .source = "Hendrycks & Gimpel 2016, arXiv:1606.08415, section 3.1",
          .expected = "gelu below relu and elu, with dropout 0.5 and without",
          .setup =
              "Networks of eight hidden layers of 128 units with gelu, relu or elu, with dropout "
              "0.5 behind each activation or without, learn 15,000 images of Fashion-MNIST in 16 "
              "epochs with Adam (learning rate 0.001, batches of 128). The loss is taken without "
              "dropout on 5,000 training images. The claim holds where gelu's is lower than "
              "relu's and elu's in both cases, by 95 % intervals paired by seed.",
          .method = Method::networks,
          .columns = columns_of(curves({})),
          .trials = trials_from(curves),
          .judge = judge,
          .missing = missing};
}

}  // namespace actfn::lab::experiments
