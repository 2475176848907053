// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/draws.h"
#include "lab/experiments/lasso.h"
#include "lab/experiments/lista.h"
#include "lab/experiments/reached.h"

#include <algorithm>
#include <array>
#include <utility>

namespace actfn::lab::experiments {
namespace {

using Vector = std::vector<double>;

constexpr std::array<double, 3> kBlurs = {1, 2, 3};  // standard deviations, in samples
constexpr double kBlurPenalty = 1e-5;                // lambda over the least one that gives x = 0
constexpr double kDictionaryPenalty = 0.05;
constexpr double kNoise = 1e-3;
constexpr double kTenfold = 10;
constexpr double kCodePenalty = 0.1;               // lambda of the codes that LISTA learns
constexpr double kShare = 0.1;                     // of numbers in a code that are not 0
constexpr std::array<int, 3> kLayers = {1, 2, 4};  // of LISTA
constexpr int kJudgedLayers = 4;
constexpr int kCodeSteps = 200;  // of ISTA and FISTA beside LISTA

struct Size {
  std::size_t n;         // numbers in a code
  int steps, reference;  // the latter to find the least F
  std::size_t learned_n, train, test;
  int learned;  // steps of training LISTA
};

double distance(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

// About ten steps in each power of ten.
bool is_noted(int step) {
  double at = 1;
  while (std::lround(at) < step) at *= 1.2589254117941673;  // 10^(1/10)
  return std::lround(at) == step;
}

// A problem with what is known of it.
struct Task {
  std::string name;
  Lasso lasso;
  Vector truth, y;
};

Task task(double width, std::size_t n, int seed) {
  NormalDraws draws(static_cast<std::uint64_t>(seed));
  const bool blurred = width > 0;
  Task t{blurred ? fmt::format("blur of {:g}", width) : "random dictionary",
         Lasso(blurred ? blur(n, width) : random_dictionary(n, draws), n, 0),
         spikes(n, kShare, draws),
         {}};
  t.y = t.lasso.times(t.truth);
  for (double& v : t.y) v += kNoise * draws.normal();
  double most = 0;
  for (const double v : t.lasso.correlations(t.y)) most = std::max(most, std::fabs(v));
  t.lasso.set_lambda((blurred ? kBlurPenalty : kDictionaryPenalty) * most);
  return t;
}

// How far F is above its least, how much of the proven bound that is at most, and the distance
// from the true code.
std::vector<Row> descents(double width, int seed, const Size& size, const Materials& materials) {
  const Task t = task(width, size.n, seed);
  const auto go_on = [&](int /*step*/, const Vector& /*x*/) { materials.go_on(); };
  const Vector best = solve(t.lasso, t.y, Scheme::restarted_fista, size.reference, go_on);
  const double least = t.lasso.objective(best, t.y);
  const double far = distance(best, Vector(size.n));
  std::vector<Row> rows;
  for (const Scheme scheme : {Scheme::ista, Scheme::fista, Scheme::iht}) {
    double share = 0;
    const auto add = [&](int step, const char* what, double value) {
      rows.push_back(row(t.name, seed, to_string(scheme), step, what, value));
    };
    solve(t.lasso, t.y, scheme, size.steps, [&](int step, const Vector& x) {
      materials.go_on();
      const double gap = t.lasso.objective(x, t.y) - least;
      const double bound = t.lasso.largest() * far *
                           (scheme == Scheme::ista ? 0.5 / step : 2.0 / (step + 1) / (step + 1));
      share = std::max(share, gap / bound);
      if (!is_noted(step)) return;
      if (scheme != Scheme::iht) add(step, "gap", gap);
      add(step, "error", distance(x, t.truth) / distance(t.truth, Vector(size.n)));
    });
    if (scheme != Scheme::iht) add(size.steps, "share of bound", share);
  }
  return rows;
}

// Signals and their codes, a row each.
struct Coded {
  std::vector<float> y, codes;
  std::vector<Vector> signals, exact;
};

Coded coded(const Lasso& lasso, std::size_t count, NormalDraws& draws, const Materials& materials) {
  Coded all;
  for (std::size_t i = 0; i < count; ++i) {
    materials.go_on();
    all.signals.push_back(lasso.times(spikes(lasso.columns(), kShare, draws)));
    all.exact.push_back(solve(lasso, all.signals.back(), Scheme::restarted_fista, 150));
    all.y.insert(all.y.end(), all.signals.back().begin(), all.signals.back().end());
    all.codes.insert(all.codes.end(), all.exact.back().begin(), all.exact.back().end());
  }
  return all;
}

void learn(Lista& lista, const Lasso& lasso, const Coded& train, int steps, Draws& draws,
           const Materials& materials) {
  constexpr std::size_t kBatch = 64;
  std::vector<float> y;
  std::vector<float> codes;
  const auto pick = [](const std::vector<float>& from, std::size_t row, std::size_t width,
                       std::vector<float>& to) {
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(row * width);
    to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
  };
  for (int step = 0; step < steps; ++step) {
    materials.go_on();
    y.clear();
    codes.clear();
    for (std::size_t i = 0; i < kBatch; ++i) {
      const std::size_t row = draws.below(train.signals.size());
      pick(train.y, row, lasso.rows(), y);
      pick(train.codes, row, lasso.columns(), codes);
    }
    lista.set_rate(step < steps / 2 ? 1e-3 : (step < steps * 3 / 4 ? 3e-4 : 1e-4));
    lista.encode(y, kBatch);
    lista.learn(codes);
  }
}

double squares_of(const std::vector<Vector>& codes) {
  double sum = 0;
  for (const Vector& code : codes) sum += distance(code, Vector(code.size()));
  return sum;
}

// The squared distance from the exact codes, over these codes' own squares, after each step.
Vector errors_by_step(const Lasso& lasso, const Coded& test, Scheme scheme, int steps,
                      const Materials& materials) {
  const double all = squares_of(test.exact);
  Vector errors(static_cast<std::size_t>(steps));
  for (std::size_t i = 0; i < test.signals.size(); ++i) {
    materials.go_on();
    solve(lasso, test.signals[i], scheme, steps, [&](int step, const Vector& x) {
      errors[static_cast<std::size_t>(step) - 1] += distance(x, test.exact[i]) / all;
    });
  }
  return errors;
}

// The same of LISTA.
double error_of(Lista& lista, const Coded& test) {
  const std::vector<float>& got = lista.encode(test.y, test.signals.size());
  double sum = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double d = static_cast<double>(got[i]) - static_cast<double>(test.codes[i]);
    sum += d * d;
  }
  return sum / squares_of(test.exact);
}

std::vector<Row> codes(int seed, const Size& size, const Materials& materials) {
  NormalDraws draws(static_cast<std::uint64_t>(seed));
  const std::size_t n = size.learned_n;
  const Lasso lasso(random_dictionary(n, draws), n, kCodePenalty);
  const Coded train = coded(lasso, size.train, draws, materials);
  const Coded test = coded(lasso, size.test, draws, materials);
  std::vector<Row> rows;
  const auto add = [&](std::string_view method, int step, double error) {
    rows.push_back(row("codes", seed, method, step, "code error", error));
  };
  for (const Scheme scheme : {Scheme::ista, Scheme::fista}) {
    int step = 0;
    for (const double error :
         errors_by_step(lasso, test, scheme, std::min(size.steps, kCodeSteps), materials)) {
      add(to_string(scheme), ++step, error);
    }
  }
  for (const int layers : kLayers) {
    Lista lista(lasso, layers);
    learn(lista, lasso, train, size.learned, draws, materials);
    add("LISTA", layers, error_of(lista, test));
  }
  return rows;
}

Size size_of(const Scope& scope) {
  if (scope.quick) return {64, 100, 2'000, 32, 2'000, 50, 1'500};
  return {256, 1'000, 20'000, 64, 12'000, 300, 8'000};
}

std::vector<Trial> trials(const Scope& scope) {
  const Size size = size_of(scope);
  std::vector<Trial> all;
  for (int seed = 1; seed <= scope.seeds; ++seed) {
    for (const double width : {0.0, kBlurs[0], kBlurs[1], kBlurs[2]}) {
      all.push_back({fmt::format("{}-n-{}-{}-of-{}-steps-seed-{}",
                                 width == 0 ? "dictionary" : fmt::format("blur-{:g}", width),
                                 size.n, size.steps, size.reference, seed),
                     [=](const Materials& m) { return descents(width, seed, size, m); }});
    }
    all.push_back({fmt::format("codes-n-{}-of-{}-{}-steps-seed-{}", size.learned_n, size.train,
                               size.learned, seed),
                   [=](const Materials& m) { return codes(seed, size, m); }});
  }
  return all;
}

// The exponent of a power law through the gaps from step 10 on: least squares in logarithms.
double slope(const Readings& gaps) {
  const auto steps = gaps.numbers("step");
  const auto values = gaps.numbers("value");
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i] < 10 || values[i] <= 0) continue;
    const double u = std::log(steps[i]);
    const double v = std::log(values[i]);
    n += 1, x += u, y += v, xx += u * u, xy += u * v;
  }
  return (n * xy - x * y) / (n * xx - x * x);
}

Point slopes(const Readings& readings, double at, const std::string& problem, const char* method) {
  const Readings of = readings.where("problem", problem).where("method", method);
  Vector all;
  for (const std::string& seed : of.values("seed")) {
    all.push_back(slope(of.where("seed", seed).where("what", "gap")));
  }
  return mean_point(at, all);
}

// Geometric means over the seeds, with intervals; up to where a value is 0.
Line by_step(const Readings& of, std::string name) {
  Line line{std::move(name), {}};
  for (const std::string& step : of.values("step")) {
    const Readings here = of.where("step", step);
    Vector logs = here.numbers("value");
    if (*std::ranges::min_element(logs) < 1e-15) break;
    for (double& v : logs) v = std::log(v);
    const Point p = mean_point(here.numbers("step")[0], logs);
    line.points.push_back({p.x, std::exp(p.y), std::exp(p.low), std::exp(p.high)});
  }
  return line;
}

Chart by_step(const Readings& of, const char* file, const char* label,
              const std::vector<const char*>& methods) {
  Chart chart{.file = file,
              .title = {},
              .x = {.label = "step (log)", .log = true},
              .y = {.label = label, .log = true}};
  for (const char* method : methods) {
    chart.lines.push_back(by_step(of.where("method", method), method));
  }
  return chart;
}

Chart slopes_chart(const Readings& readings) {
  Chart chart{.file = "slopes",
              .title = {},
              .kind = Chart::Kind::dots,
              .x = {"exponent of the power law through F - least F from step 10 on"},
              .y = {},
              .lines = {{"ISTA", {}}, {"FISTA", {}}},
              .marks = {{-1, "1/k"}, {-2, "1/k²"}}};
  for (const double width : kBlurs) {
    const auto at = static_cast<double>(chart.names.size());
    chart.names.push_back(fmt::format("blur of {:g}", width));
    for (Line& line : chart.lines) {
      line.points.push_back(slopes(readings, at, chart.names.back(), line.name.c_str()));
    }
  }
  return chart;
}

// How many times as many steps as LISTA's layers a method needs for an error as small, by seed; at
// least so many where it does not reach it.
Vector factors(const Readings& readings, const char* method, int layers) {
  Vector all;
  for (const std::string& seed : readings.values("seed")) {
    const Readings of = readings.where("what", "code error").where("seed", seed);
    const double reached = of.where("method", "LISTA").where("step", layers).number("value");
    const Vector errors = of.where("method", method).numbers("value");
    const auto at = std::ranges::find_if(errors, [&](double e) { return e <= reached; });
    all.push_back(static_cast<double>(at - errors.begin() + (at == errors.end() ? 0 : 1)) / layers);
  }
  return all;
}

std::vector<Chart> figures(const Readings& readings, const Chart& all_slopes) {
  const Readings gaps = readings.where("what", "gap");
  const Readings errors = readings.where("what", "error");
  std::vector<Chart> all = {
      by_step(gaps.where("problem", all_slopes.names[0]), "gaps",
              "F above its least value, for a blur of 1 (log)", {"ISTA", "FISTA"}),
      all_slopes,
      by_step(readings.where("what", "code error"), "codes",
              "squared distance from exact codes, relative (log)", {"ISTA", "FISTA", "LISTA"}),
      by_step(errors.where("problem", "random dictionary"), "recovery",
              "squared distance from the true code, relative (log)", {"ISTA", "FISTA", "IHT"})};
  const auto last = [](const Line& line) { return line.points.back().y; };
  all[0].title = fmt::format("Over the steps, F falls like k^{:.2f} with ISTA, k^{:.2f} with FISTA",
                             all_slopes.lines[0].points[0].y, all_slopes.lines[1].points[0].y);
  all[1].title =
      fmt::format("FISTA's exponent is {:.2f} for a blur of 1 and {:.2f} for one of 3",
                  all_slopes.lines[1].points.front().y, all_slopes.lines[1].points.back().y);
  all[2].title = fmt::format("{} steps of LISTA leave {:.2g} of the code's square", kLayers.back(),
                             last(all[2].lines[2]));
  all[3].title =
      fmt::format("softshrink finds the true code to {:.2g} (ISTA), hardshrink to {:.2g}",
                  last(all[3].lines[0]), last(all[3].lines[2]));
  return all;
}

double largest_share(const Readings& readings) {
  return std::ranges::max(readings.where("what", "share of bound").numbers("value"));
}

Outcome judge(const Readings& readings, const Scope& scope) {
  const double share = largest_share(readings);
  const Point ista = mean_point(0, factors(readings, "ISTA", kJudgedLayers));
  const Point fista = mean_point(0, factors(readings, "FISTA", kJudgedLayers));
  const Chart all_slopes = slopes_chart(readings);
  const auto ends = [&](std::size_t line) {
    const auto& points = all_slopes.lines[line].points;
    return fmt::format("{:.2f} to {:.2f}", points.front().y, points.back().y);
  };
  Verdict verdict{
      .holds = all_hold({holds(share <= 1), is_above(interval_of(ista), kTenfold)}),
      .finding = fmt::format("ISTA and FISTA stay below their bounds, with exponents of {} and {} "
                             "for narrow to wide blurs; {} steps of LISTA are as good as {:.0f} of "
                             "ISTA or {:.0f} of FISTA",
                             ends(0), ends(1), kJudgedLayers, kJudgedLayers * ista.y,
                             kJudgedLayers * fista.y),
      .measured = fmt::format("at most {:.2f} of the bounds; LISTA {:.1f}-fold, against FISTA "
                              "{:.1f}-fold",
                              share, ista.y, fista.y),
      .interval = interval_of(ista),
      .tolerance = fmt::format("bounds at each step; 95 % interval of the factor over {} seeds",
                               scope.seeds)};
  return {std::move(verdict), figures(readings, all_slopes)};
}

// LISTA has to learn; the bounds of the others hold or do not.
std::string missing(const Readings& readings, const Scope& scope) {
  if (largest_share(readings) > 1) return "";
  constexpr std::size_t kSteps = 5000;
  return unless_as_many(static_cast<std::size_t>(size_of(scope).learned), kSteps,
                        "steps of training LISTA");
}

}  // namespace

Experiment sparse_coding() {
  return {
      .name = "sparse-coding",
      .claim =
          "Steps of softshrink find sparse codes: ISTA's distance from the minimum falls at "
          "least like 1/k, FISTA's like 1/k^2, and LISTA learns to need ten times fewer.",
      .source = "Beck & Teboulle 2009, SIAM J. Imaging Sciences 2(1); Gregor & LeCun 2010, ICML",
      .expected = "at most L |x|^2 / (2 k) and 2 L |x|^2 / (k + 1)^2; tenfold",
      .setup =
          "ISTA and FISTA take 1,000 steps on problems of 256 unknowns (blurs and random "
          "dictionaries); 20,000 steps of restarted FISTA give the minimum. LISTA with 4 steps "
          "learns 12,000 codes of 64 numbers in 8,000 steps of Adam (rate 0.001, then less). The "
          "claim holds if all distances stay within the bounds and the 95 % interval of ISTA's "
          "steps over LISTA's is above 10.",
      .method = Method::networks,
      .columns = {"problem", "seed", "method", "step", "what", "value"},
      .trials = trials,
      .judge = judge,
      .missing = missing};
}

}  // namespace actfn::lab::experiments
