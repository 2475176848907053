// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/draws.h"
#include "lab/experiments/seeds.h"
#include "lab/norm.h"

#include <algorithm>
#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr std::size_t kWidth = 32;
constexpr double kLost = 0.1;  // an error that leaves no digit of the gradient
constexpr double kVanished =
    0x1p-24;  // of the last layer's gradient: float32 updates round it away

double as_float32(double v) { return static_cast<float>(v); }
double as_bfloat16(double v) { return bfloat16(static_cast<float>(v)); }
double as_float64(double v) { return v; }

// How numbers are kept, and how a product's sums are rounded.
struct Arithmetic {
  const char* name;
  double (*store)(double);
  double (*add)(double);
  double exp_error;  // relative, of every e^x
};
constexpr Arithmetic kReference = {"float64", as_float64, as_float64, 0};
constexpr std::array<Arithmetic, 3> kArithmetics = {
    {{"float32", as_float32, as_float32, 0},
     {"float32, exp 4 ULP off", as_float32, as_float32, 4 * 0x1p-23},
     {"bfloat16", as_bfloat16, as_float32, 0}}};

using Vector = std::vector<double>;

struct Network {
  std::vector<Vector> weights;  // of each layer
  Vector input, readout;        // the loss is the readout's product with the last layer
};

// All numbers are bfloat16, so that every arithmetic computes the same network.
Network draw(int depth, int seed) {
  NormalDraws draws(static_cast<std::uint64_t>(seed));
  const auto fill = [&](std::size_t count, double deviation) {
    Vector v(count);
    for (double& w : v) w = as_bfloat16(deviation * draws.normal());
    return v;
  };
  Network net{{}, fill(kWidth, 1), fill(kWidth, 1)};
  for (int i = 0; i < depth; ++i) {
    net.weights.push_back(fill(kWidth * kWidth, 1 / std::sqrt(kWidth)));  // Glorot
  }
  return net;
}

double sigmoid(const Arithmetic& how, double x) {
  const double e = how.store(std::exp(-x) * (1 + how.exp_error));
  return how.store(1 / how.store(1 + e));
}

// W x, or its transpose's product.
Vector times(const Arithmetic& how, const Vector& w, const Vector& x, bool transposed) {
  Vector y(kWidth);
  for (std::size_t i = 0; i < kWidth; ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < kWidth; ++k) {
      sum = how.add(sum + w[transposed ? k * kWidth + i : i * kWidth + k] * x[k]);
    }
    y[i] = how.store(sum);
  }
  return y;
}

struct Pass {
  Vector output;  // of the last layer
  Vector first;   // the gradient by the first layer's sums
  Vector last;    // and by the last layer's
};

Pass run(const Network& net, const Arithmetic& how) {
  std::vector<Vector> outputs = {net.input};
  for (const Vector& w : net.weights) {
    Vector y = times(how, w, outputs.back(), false);
    for (double& v : y) v = sigmoid(how, v);
    outputs.push_back(std::move(y));
  }
  Pass pass{outputs.back(), net.readout, {}};
  for (std::size_t layer = net.weights.size(); layer > 0; --layer) {
    for (std::size_t i = 0; i < kWidth; ++i) {
      const double y = outputs[layer][i];
      pass.first[i] = how.store(pass.first[i] * how.store(y * how.store(1 - y)));
    }
    if (pass.last.empty()) pass.last = pass.first;
    if (layer > 1) pass.first = times(how, net.weights[layer - 1], pass.first, true);
  }
  return pass;
}

double relative_error(const Vector& got, const Vector& want) {
  Vector off(got.size());
  for (std::size_t i = 0; i < off.size(); ++i) off[i] = got[i] - want[i];
  return norm(off) / norm(want);
}

std::vector<Row> measure(int depth, int seed) {
  const Network net = draw(depth, seed);
  const Pass want = run(net, kReference);
  const double share = norm(want.first) / norm(want.last);
  std::vector<Row> rows;
  for (const Arithmetic& how : kArithmetics) {
    const Pass got = run(net, how);
    rows.push_back(row(how.name, depth, seed, relative_error(got.output, want.output),
                       relative_error(got.first, want.first), share));
  }
  return rows;
}

std::vector<Trial> trials(const Scope& scope) {
  std::vector<Trial> all;
  for (const int depth : {2, 3, 5, 8, 12, 20, 30, 40, 50}) {
    for (int seed = 1; seed <= (scope.quick ? 3 : 20); ++seed) {
      all.push_back({fmt::format("depth-{}-seed-{}", depth, seed),
                     [=](const Materials&) { return measure(depth, seed); }});
    }
  }
  return all;
}

Line by_depth(const Readings& rows, const char* column, const std::string& name) {
  return median_line(rows, "depth", column, name);
}

// The first depth at which it is so; infinity where it never is.
template <class Is>
double first_depth(const Line& line, Is is) {
  const auto found = std::ranges::find_if(line.points, [&](const Point& p) { return is(p.y); });
  return found == line.points.end() ? INFINITY : found->x;
}

std::string depth_text(double depth) {
  return std::isinf(depth) ? "at no depth up to 50" : fmt::format("from depth {} on", depth);
}

// Of each arithmetic, and behind them how small the gradient itself is.
Chart errors_chart(const Readings& readings) {
  Chart chart{
      .file = "errors",
      .title = {},
      .x = {"depth, in layers"},
      .y = {.label =
                "first layer's gradient (median): its relative error and its size; dashed: 2⁻²⁴",
            .log = true},
      .marks = {{kVanished, ""}}};
  for (const Arithmetic& how : kArithmetics) {
    chart.lines.push_back(by_depth(readings.where("arithmetic", how.name), "gradient_error",
                                   fmt::format("error, {}", how.name)));
  }
  chart.lines.push_back(by_depth(readings, "share", "size, as a share of the last layer's"));
  return chart;
}

Chart outputs_chart(const Readings& readings) {
  Chart chart{.file = "outputs",
              .title = {},
              .x = {"depth, in layers"},
              .y = {.label = "relative error of the outputs (median)", .log = true}};
  for (const Arithmetic& how : kArithmetics) {
    chart.lines.push_back(
        by_depth(readings.where("arithmetic", how.name), "output_error", how.name));
  }
  const auto& errors = chart.lines[1].points;
  chart.title = fmt::format(
      "With an exp 4 ULP off, the outputs are wrong by {:.1e} at depth 2 and "
      "by {:.1e} at depth 50",
      errors.front().y, errors.back().y);
  return chart;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  Chart chart = errors_chart(readings);
  const auto at_end = [&](std::size_t line) { return chart.lines[line].points.back().y; };
  const double vanished = first_depth(chart.lines.back(), [](double v) { return v < kVanished; });
  const double lost = first_depth(chart.lines[1], [](double v) { return v > kLost; });
  const double share = at_end(kArithmetics.size());
  Verdict verdict{
      .holds = holds(lost <= vanished),
      .finding =
          fmt::format("An exp that is 4 ULP off makes the first layer's gradient wrong by "
                      "{:.1e} at depth 50, where it has shrunk to {:.1e} of the last layer's: "
                      "shrinking ends learning {}",
                      at_end(1), share, depth_text(vanished)),
      .measured = fmt::format("error {:.2e}, float32 {:.2e}, bfloat16 {:.2e}; size {:.2e}",
                              at_end(1), at_end(0), at_end(2), share),
      .interval = {},
      .tolerance = "an error above 0.1 before the gradient falls below 2^-24"};
  chart.title = verdict.finding;
  return {std::move(verdict), {std::move(chart), outputs_chart(readings)}};
}

}  // namespace

Experiment sigmoid_rounding() {
  return {.name = "sigmoid-rounding",
          .claim =
              "The rounding errors of exp add up through the layers of sigmoid networks until "
              "these cannot learn.",
          .source = "A common explanation, given beside the vanishing gradient; no one publication",
          .expected = "the gradient's digits are lost before it has vanished",
          .setup =
              "Untrained sigmoid networks of 2 to 50 layers of 32 units, 20 for each depth, pass a "
              "random input forward and a gradient back in float32, with an exact exp and one 4 "
              "ULP off, in bfloat16, and in float64 as the oracle. The claim holds if the median "
              "relative error with the inexact exp exceeds 0.1 no deeper than where the first "
              "layer's gradient falls below 2^-24 of the last layer's.",
          .method = Method::exact,
          .columns = {"arithmetic", "depth", "seed", "output_error", "gradient_error", "share"},
          .trials = trials,
          .judge = judge};
}

}  // namespace actfn::lab::experiments
