// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/nn.h>

#include "lab/batches.h"
#include "lab/experiments/common.h"
#include "lab/experiments/training.h"
#include "lab/speed.h"

#include <algorithm>
#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr std::array kForms = {"gelu", "gelu(approximate=tanh)", "quick_gelu"};
constexpr std::array kWorks = {"forward", "backward"};
constexpr double kFastEnough = 1.1;  // times the time of the tanh form
constexpr double kSeen = 1e-3;       // of the loss

// All in one race, in ns for each element.
std::vector<Row> times(bool quick) {
  constexpr std::size_t kElements = 16'384;
  Stopwatch watch(Type::float32, kElements);
  std::vector<std::function<void()>> calls;
  for (const Work work : {Work::value, Work::backward}) {  // as kWorks
    for (const char* form : kForms) calls.push_back(watch.elementwise_call(parse(form), work));
  }
  const auto ns = race(calls, quick ? 2e8 : 2e9);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < ns.size(); ++i) {
    rows.push_back(row(kWorks.at(i / kForms.size()), kForms.at(i % kForms.size()), "",
                       ns[i] / static_cast<double>(kElements)));
  }
  return rows;
}

nn::Sequential network(const char* form) { return nn::Sequential(dense(widths_of(1, 128), form)); }

void train(nn::Sequential& net, int steps, const Materials& materials) {
  Batches batches(Materials::images().train, 64);
  nn::Optimizer optimizer(nn::Adam{}, net);
  for (int step = 0; step < steps; ++step) {
    materials.go_on();
    if (step % batches.count() == 0) batches.shuffle(1, 1 + step / batches.count());
    const Batch batch = batches.get(step % batches.count());
    const auto logits = net.forward(batch.x);
    std::vector<float> gradient(logits.size());
    nn::cross_entropy(logits, batch.labels, gradient);
    net.backward(gradient, optimizer);
  }
}

double test_loss(nn::Sequential& net, const Materials& materials) {
  const auto loss = [&](const Batch& batch) {
    return nn::cross_entropy(net.forward(batch.x), batch.labels);
  };
  return mean_score(Materials::images().test, 1000, materials, loss).loss;
}

// Of a network trained with one form and run with each.
std::vector<Row> losses(const char* trained, int steps, const Materials& materials) {
  nn::Sequential net = initialized(network(trained), nn::Init::he_normal, 1);
  train(net, steps, materials);
  std::vector<Row> rows;
  for (const char* form : kForms) {
    nn::Sequential other = network(form);
    other.set_reproducible(true);
    for (std::size_t i = 0; i < 2; ++i) {
      std::ranges::copy(net.linears()[i].weight, other.linears()[i].weight.begin());
      std::ranges::copy(net.linears()[i].bias, other.linears()[i].bias.begin());
    }
    rows.push_back(row("loss", form, trained, test_loss(other, materials)));
  }
  return rows;
}

std::vector<Trial> trials(const Scope& scope) {
  const int steps = scope.quick ? 100 : 2000;
  std::vector<Trial> all = {timed("times", [quick = scope.quick] { return times(quick); })};
  for (std::size_t i = 0; i < kForms.size(); ++i) {
    all.push_back({fmt::format("loss-{}-{}-steps", i + 1, steps),
                   [=](const Materials& m) { return losses(kForms.at(i), steps, m); }});
  }
  return all;
}

double value(const Readings& readings, const char* what, const char* form) {
  return readings.where("what", what).where("form", form).number("value");
}

// By how much a loss changes, as a share of it, where another form runs than was trained: the most.
double most_change(const Readings& losses) {
  double most = 0;
  for (const char* trained : kForms) {
    const Readings of = losses.where("trained", trained);
    const double own = of.where("form", trained).number("value");
    for (const double loss : of.numbers("value")) {
      most = std::max(most, std::fabs(loss / own - 1));
    }
  }
  return most;
}

Chart times_chart(const Readings& readings, const std::string& title) {
  Chart chart{.file = "times",
              .title = title,
              .kind = Chart::Kind::dots,
              .x = {.label = "nanoseconds per element of float32", .low = 0},
              .y = {},
              .names = {kForms.begin(), kForms.end()}};
  for (const char* work : kWorks) {
    Line line{work, {}};
    for (const char* form : kForms) {
      line.points.push_back({static_cast<double>(line.points.size()), value(readings, work, form)});
    }
    chart.lines.push_back(std::move(line));
  }
  return chart;
}

Chart losses_chart(const Readings& losses, double change) {
  Chart chart{.file = "losses",
              .title = fmt::format("Running another form than was trained changes the test loss by "
                                   "{:.2g} % at most",
                                   100 * change),
              .kind = Chart::Kind::dots,
              .x = {"change of the test loss by the form that runs, in per cent"},
              .y = {},
              .marks = {{0, "no change"}}};
  for (const char* trained : kForms) chart.names.push_back(fmt::format("trained with {}", trained));
  for (const char* form : kForms) {
    Line line{form, {}};
    for (const char* trained : kForms) {
      const Readings of = losses.where("trained", trained);
      const double own = of.where("form", trained).number("value");
      const double loss = of.where("form", form).number("value");
      line.points.push_back({static_cast<double>(line.points.size()), 100 * (loss / own - 1)});
    }
    chart.lines.push_back(std::move(line));
  }
  return chart;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  const auto ratio = [&](const char* work, const char* form) {
    return value(readings, work, kForms[0]) / value(readings, work, form);
  };
  const double forward = ratio("forward", kForms[1]);
  const double backward = ratio("backward", kForms[1]);
  const Readings losses = readings.where("what", "loss");
  const double change = most_change(losses);
  Verdict verdict{
      .holds = holds(forward <= kFastEnough && backward <= kFastEnough),
      .finding = fmt::format("The exact gelu takes {:.2f} times the time of the tanh form forward "
                             "and {:.2f} times backward; a network that runs another form than it "
                             "was trained with {} its loss (by {:.2g} % at most)",
                             forward, backward, change < kSeen ? "hardly changes" : "changes",
                             100 * change),
      .measured = fmt::format("forward {:.3f} (1.702: {:.3f}); backward {:.3f} (1.702: {:.3f}); "
                              "loss {:.3g} %",
                              forward, ratio("forward", kForms[2]), backward,
                              ratio("backward", kForms[2]), 100 * change),
      .interval = {},
      .tolerance = "1.1 times the tanh form's time"};
  Chart chart = times_chart(readings, verdict.finding);
  return {std::move(verdict), {std::move(chart), losses_chart(losses, change)}};
}

}  // namespace

Experiment gelu_cost() {
  return {.name = "gelu-cost",
          .claim = "The exact gelu is fast enough, so that its approximations are seldom used.",
          .source = "PyTorch's GELU has the exact form as its default",
          .expected = "at most 1.1 times the time of the tanh form",
          .setup =
              "Forward and backward passes of the exact gelu, the tanh form and quick_gelu are "
              "timed on 16,384 numbers of float32. Networks 784-128-10, trained with one form on "
              "Fashion-MNIST (2,000 steps of Adam, batches of 64, one seed), also run with the "
              "others; this is not judged. The claim holds where the exact form takes at most 1.1 "
              "times the tanh form's time in both passes.",
          .method = Method::timed,
          .columns = {"what", "form", "trained", "value"},
          .trials = trials,
          .judge = judge};
}

}  // namespace actfn::lab::experiments
