// SPDX-License-Identifier: Apache-2.0
// The report of a comparison: what it claims, and that the page is sound whatever the data.
#include "lab/report.h"

#include "comparisons.h"
#include "lab/merge.h"
#include "lab/networks.h"
#include "lab/report_scale.h"
#include "lab/report_stats.h"
#include "lab/report_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

namespace actfn::lab {
namespace {

using testing::comparison_of;
using testing::Curve;

using Sentences = std::vector<std::string>;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

std::vector<std::string> verdicts(const Comparison& c) { return findings(c).verdicts; }
std::string headline(const Comparison& c) { return findings(c).headline; }
std::string report_html(const Comparison& c) { return report_html(c, findings(c)); }

const std::vector<Curve> kFour = {
    {Sigmoid{}, {0.6449, 0.4213, 0.3701, 0.3356, 0.3115}, {}, 0.873},
    {Relu{}, {0.5030, 0.3900, 0.3490, 0.3190, 0.2980}, {}, 0.869},
    {LeakyRelu{0.3}, {0.5097, 0.4200, 0.3800, 0.3540, 0.3339}, {}, 0.852},
    {Gelu{}, {0.4907, 0.3750, 0.3330, 0.3040, 0.2819}, {}, 0.878}};

std::string all(const Comparison& c) {
  std::string text;
  for (const std::string& sentence : verdicts(c)) text += sentence + "\n";
  return text;
}

::testing::AssertionResult says(const std::string& text, std::string_view part) {
  if (text.find(part) != text.npos) return ::testing::AssertionSuccess();
  // A whole page would bury the message.
  return ::testing::AssertionFailure() << '"' << part << "\" is not in: " << text.substr(0, 2000);
}

::testing::AssertionResult is_silent_on(const std::string& text, std::string_view part) {
  const std::size_t at = text.find(part);
  if (at == text.npos) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << '"' << part << "\" is in: …" << text.substr(at < 80 ? 0 : at - 80, 160);
}

// Names of elements that are opened and not closed, or the reverse; empty where all match.
std::string unbalanced(std::string_view html) {
  const std::set<std::string_view> empty = {"meta", "link", "wbr", "br", "!DOCTYPE"};
  std::vector<std::string_view> open;
  for (std::size_t at = html.find('<'); at != html.npos; at = html.find('<', at)) {
    const std::size_t end = html.find('>', at);
    if (end == html.npos) return "a tag without an end";
    std::string_view tag = html.substr(at + 1, end - at - 1);
    const bool closing = tag.starts_with('/');
    const bool closed = tag.ends_with('/');
    if (closing) tag.remove_prefix(1);
    const std::string_view name = tag.substr(0, tag.find_first_of(" \n/"));
    at = end;
    if (closing) {
      if (open.empty() || open.back() != name) return "/" + std::string(name);
      open.pop_back();
    } else if (!closed && !empty.contains(name)) {
      open.push_back(name);
      if (name == "script" || name == "style") at = html.find("</" + std::string(name), at);
    }
  }
  return open.empty() ? "" : std::string(open.back());
}

// The page but for results.csv, which it holds as it is.
std::string without_rows(std::string html) {
  const std::string open = R"(<script type="application/json" id="data-rows">)";
  const std::size_t begin = html.find(open) + open.size();
  return html.erase(begin, html.find("</script>", begin) - begin);
}

void expect_sound_page(const Comparison& c) {
  const std::string html = without_rows(report_html(c));
  EXPECT_EQ(unbalanced(html), "");
  for (const char* bad : {"=\"nan", "=\"-nan", "Mnan", "Lnan", " nan", "\"inf", " inf ", ",nan",
                          ":nan", ":inf", "http://", "https://", "@import", "url("}) {
    EXPECT_TRUE(is_silent_on(html, bad));
  }
  EXPECT_FALSE(verdicts(c).empty());
  EXPECT_TRUE(is_silent_on(all(c), "nan"));
  EXPECT_TRUE(is_silent_on(all(c), "inf"));
}

TEST(Verdicts, SayWhatBecameOfTheSlowestStarter) {
  EXPECT_TRUE(
      says(all(comparison_of(kFour)),
           "sigmoid started slowest: after epoch 1 its training loss was 31 % above that of "
           "gelu; by the end it had passed 1 other and was 11 % above the lowest."));
  const std::vector<Curve> last = {
      {Sigmoid{}, {0.6, 0.5}}, {Relu{}, {0.5, 0.4}}, {Gelu{}, {0.4, 0.3}}};
  EXPECT_TRUE(says(all(comparison_of(last)), "above that of gelu, and at the end 67 % above"));
  const std::vector<Curve> first = {
      {Sigmoid{}, {0.6, 0.2}}, {Relu{}, {0.5, 0.4}}, {Gelu{}, {0.4, 0.3}}};
  EXPECT_TRUE(says(all(comparison_of(first)), "above that of gelu; it ended with the lowest."));
}

TEST(Verdicts, OverFittingIsAHeldOutLossThatRisesWhileTrainingLossFalls) {
  const std::vector<double> train = {0.5, 0.4, 0.3, 0.25, 0.2};
  const std::vector<Curve> two = {{Relu{}, train, {0.5, 0.42, 0.40, 0.45, 0.50}},
                                  {Gelu{}, train, {0.5, 0.45, 0.40, 0.38, 0.37}}};
  EXPECT_TRUE(says(all(comparison_of(two, 5)),
                   "The validation loss rose while the training loss still fell, a sign of "
                   "over-fitting: relu (since epoch 3)."));
  EXPECT_TRUE(says(all(comparison_of(kFour, 5)), "no sign of over-fitting"));
}

TEST(Verdicts, ARiseOfBothLossesIsNotOverFitting) {
  const std::vector<Curve> rising = {{Relu{}, {0.5, 0.4, 0.6}, {0.5, 0.4, 0.6}},
                                     {Gelu{}, {0.5, 0.4, 0.3}}};
  EXPECT_TRUE(says(all(comparison_of(rising, 5)), "no sign of over-fitting"));
}

TEST(Verdicts, OneEpochTellsNothingOfTime) {
  const std::string text = all(comparison_of({{Relu{}, {0.5}}, {Gelu{}, {0.4}}}, 5));
  EXPECT_TRUE(is_silent_on(text, "over-fitting"));
  EXPECT_TRUE(is_silent_on(text, "epoch 1"));
}

TEST(Verdicts, DivergenceIsSaidAndLeftOutOfMeans) {
  std::vector<Curve> curves = kFour;
  curves[3].loss = {0.49, 0.37, kNan, kNan, kNan};
  Comparison c = comparison_of(curves, 3);
  EXPECT_TRUE(says(all(c),
                   "gelu diverged: from epoch 3 its loss was not finite, in all "
                   "3 seeds it ran."));
  EXPECT_TRUE(says(all(c), "sigmoid has the highest test accuracy"));
  expect_sound_page(c);

  c = comparison_of(kFour, 3);
  c.epochs.back().test->loss = kInf;
  EXPECT_TRUE(says(all(c),
                   "gelu diverged: from epoch 5 its loss was not finite, in 1 of "
                   "3 seeds; its means leave that one out, which flatters it."));
  expect_sound_page(c);
}

TEST(Verdicts, NothingFiniteIsNoComparison) {
  const Comparison c = comparison_of({{Relu{}, {kNan, kNan}}, {Gelu{}, {kInf, kNan}}}, 2);
  EXPECT_EQ(headline(c), "All diverged");
  EXPECT_TRUE(says(all(c), "relu diverged: from epoch 1"));
  expect_sound_page(c);
}

TEST(Verdicts, ChanceLevelIsNamed) {
  std::vector<Curve> curves = kFour;
  curves[0].loss = {2.303, 2.303, 2.303, 2.303, 2.303};
  curves[0].accuracy = 0.1;
  EXPECT_TRUE(says(all(comparison_of(curves, 5)), "sigmoid did not learn"));
}

TEST(Verdicts, AnInterruptedRunComparesWhatFinished) {
  Comparison c = comparison_of(kFour, 2);
  c.interrupted = true;
  c.epochs.resize(2 * 2 * 5 + 3);  // leaky_relu stopped in its first seed; gelu was never reached
  const std::vector<std::string> sentences = verdicts(c);
  EXPECT_EQ(sentences[0], "The run was interrupted: 4 of 8 trainings had finished.");
  EXPECT_TRUE(says(sentences[1], "sigmoid has the highest test accuracy"));
  EXPECT_TRUE(says(all(c),
                   "Left out, because they stopped before epoch 5: "
                   "leaky_relu(negative_slope=0.3) (epoch 3)."));
  EXPECT_TRUE(says(all(c), "Not reached: gelu."));
  expect_sound_page(c);
  c.epochs.clear();
  EXPECT_EQ(verdicts(c), Sentences{"No epoch was finished, so there is nothing to compare."});
  expect_sound_page(c);
}

// Nothing was tested yet: the validation part has to do.
TEST(Verdicts, BeforeAnyTestTheValidationPartDecides) {
  Comparison c = comparison_of({{Relu{}, {0.5, 0.4}}, {Gelu{}, {0.5, 0.3}, {}, 0.9}}, 3);
  c.settings.epochs = 9;
  c.interrupted = true;
  for (EpochResult& row : c.epochs) row.test.reset();
  EXPECT_TRUE(says(headline(c), "gelu has the highest validation accuracy"));
  expect_sound_page(c);
}

TEST(Verdicts, ARegressionIsAboutTheLoss) {
  Comparison c = comparison_of({{Relu{}, {0.5, 0.4}}, {Gelu{}, {0.5, 0.3}}}, 3);
  c.task = data::Task::regression;
  c.outputs = 1;
  c.chance = {1, kNan};
  for (EpochResult& row : c.epochs) {
    row.train.accuracy = kNan;
    row.validation->accuracy = kNan;
    if (row.test) row.test->accuracy = kNan;
  }
  EXPECT_EQ(headline(c), "gelu has the lowest test loss, 0.1000 below relu");
  EXPECT_TRUE(is_silent_on(all(c), "accuracy"));
  const std::string html = report_html(c);
  EXPECT_TRUE(is_silent_on(html, "Test accuracy"));
  expect_sound_page(c);
}

TEST(Stats, MeansAreOverSeedsThatWentEquallyFar) {
  Comparison c = comparison_of({{Relu{}, {0.5, 0.4}}}, 3);
  c.epochs.pop_back();  // the third seed lacks its last epoch
  const report::Overview overview = report::summarize(c);
  ASSERT_EQ(overview.series.size(), 1U);
  const report::Series& relu = overview.series[0];
  EXPECT_EQ(relu.counted, 2);
  EXPECT_EQ(relu.at(1, report::Metric::train_loss).count, 2);
  EXPECT_NEAR(relu.at(1, report::Metric::train_loss).mean, 0.5005, 1e-12);
  EXPECT_NEAR(relu.end(report::Metric::train_loss).high, 0.401, 1e-12);
  EXPECT_EQ(relu.at(3, report::Metric::train_loss).count, 0);
  EXPECT_EQ(overview.finished, 2);
}

TEST(Stats, IntervalsOfAccuraciesEndAtOne) {
  Comparison c = comparison_of({{Relu{}, {0.5, 0.4}}}, 3);
  double accuracy = 1;
  for (EpochResult& row : c.epochs) {
    row.train.accuracy = accuracy;
    accuracy = 1.9 - accuracy;  // 1 and 0.9 by turns
  }
  c.epochs.back().train.accuracy = 1;
  const report::Overview overview = report::summarize(c);
  const report::Spread end = overview.series[0].end(report::Metric::train_accuracy);
  EXPECT_LT(end.mean, 1);
  EXPECT_EQ(end.interval.high, 1);  // by Student's t it would be above
  EXPECT_LT(end.interval.low, end.mean);
}

// Early stopping ends trainings at different epochs: all of them count.
TEST(Stats, TrainingsThatStoppedByTheirOwnRuleCount) {
  Comparison c = comparison_of({{Relu{}, {0.5, 0.4, 0.3}, {0.4, 0.5, 0.6}}}, 3);
  c.settings.epochs = 9;
  c.settings.patience = 1;
  c.epochs.pop_back();
  c.epochs.back().test = c.epochs.back().validation;
  const report::Overview overview = report::summarize(c);
  EXPECT_EQ(overview.series[0].counted, 3);
  EXPECT_EQ(overview.series[0].last_epoch, 2);
  EXPECT_EQ(overview.finished, 3);
  EXPECT_EQ(overview.series[0].end(report::Metric::test_loss).count, 3);
}

// Its best epoch was tested, and the last one was cut off.
TEST(Merge, ATrainingWithoutItsLastRowIsNotComplete) {
  Comparison c = comparison_of({{Relu{}, {0.5, 0.4, 0.3}, {0.4, 0.35, 0.6}}});
  c.settings.epochs = 9;
  c.settings.patience = 1;
  StoredRun run{"a", c, true};
  EXPECT_FALSE(merge(std::span(&run, 1)).interrupted);
  run.comparison.epochs.pop_back();
  EXPECT_TRUE(merge(std::span(&run, 1)).interrupted);
}

TEST(Page, HoldsEverySeriesTableAndSetting) {
  const Comparison c = comparison_of(kFour, 3);
  const std::string html = report_html(c);
  for (const char* part :
       {"Training loss", "Test accuracy", "<table", "aria-sort", "54,000", "784–128–10",
        "A processor", "AVX2", "1.2.3", "2024-05-06T07:08:09Z", "prefers-color-scheme",
        "results.csv", "leaky_relu(0.3)", "β₁ 0.9, β₂ 0.999, ε 1 × 10⁻⁷"}) {
    EXPECT_TRUE(says(html, part));
  }
  expect_sound_page(c);
}

TEST(Page, IsSoundForAnySize) {
  expect_sound_page(comparison_of({{Relu{}, {0.5}}}, 1));
  expect_sound_page(comparison_of({{Relu{}, {0.5}}, {Gelu{}, {0.5}}}, 3));
  expect_sound_page(comparison_of({{Relu{}, {0, 0, 0}}}, 2));
  expect_sound_page(comparison_of({{Relu{}, {1e308, 1e-310, 5}}, {Gelu{}, {1e300, 1e30, 1}}}, 2));
  expect_sound_page(Comparison{});
  std::vector<Curve> many;
  for (int i = 1; i <= 45; ++i) {
    many.push_back({LeakyRelu{static_cast<float>(i) / 64}, std::vector<double>(50, 1.0 / i)});
  }
  expect_sound_page(comparison_of(many, 3));
}

TEST(Page, EscapesAllText) {
  Comparison c = comparison_of(kFour, 2);
  const std::string evil = "</script><img src=x onerror=\"alert(1)\">'&";
  c.settings.data = c.settings.optimizer = c.settings.init = evil;
  c.machine = {evil, 1, evil, evil, evil};
  c.settings.activations[3].name = evil;
  const std::string html = report_html(c);
  EXPECT_TRUE(is_silent_on(html, "<img"));
  EXPECT_TRUE(is_silent_on(html, "onerror=\""));
  EXPECT_TRUE(says(html, "&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"));
  expect_sound_page(c);
}

TEST(Page, SaysWhatIsNotDrawnAndWhatHasAnotherWidth) {
  Comparison c = comparison_of({{Relu{}, {0.5}}});
  for (const char* spec : {"softmax", "swiglu", "crelu+crelu+crelu+crelu+crelu+crelu+crelu"}) {
    c.settings.activations.emplace_back(nn::parse_layers(spec));
  }
  c.networks = networks_of(c.settings, 784, 10);
  const std::string html = report_html(c);
  const std::string widths = "swiglu, crelu+crelu+crelu+crelu+crelu+crelu+crelu.</p>";
  EXPECT_TRUE(says(html, "not functions of one number: softmax, " + widths));
  EXPECT_TRUE(says(html, "come out as of the others: " + widths));
  EXPECT_TRUE(is_silent_on(html, "Learned functions are drawn"));
  c.settings.activations = {Relu{}, Nonlinearity(nn::parse_layers("prelu"))};
  c.networks = networks_of(c.settings, 784, 10);
  EXPECT_TRUE(says(report_html(c), "Learned functions are drawn"));
}

TEST(Page, CommandRepeatsTheRunInAShell) {
  Comparison c = comparison_of(kFour, 3);
  c.settings.data = "/it's here";
  c.settings.hidden = {64, 32};
  EXPECT_EQ(command_line(c.settings),
            "actfn compare --activations 'sigmoid,relu,leaky_relu(negative_slope=0.3),gelu' "
            "--seeds 1,2,3 --hidden 64,32 --init glorot_uniform --epochs 5 --batch 32 "
            "--validation 0.1 --optimizer adam --lr 0.001 --jobs 1 --data '/it'\\''s here'");
  c.settings.reproducible = true;
  c.settings.save = true;
  c.settings.tensorboard = true;
  c.settings.probe = false;
  EXPECT_TRUE(says(command_line(c.settings),
                   " --lr 0.001 --reproducible --save --tensorboard --probe off --jobs "));
}

TEST(Page, SaysOnWhichProcessorsTheBitsAreTheSame) {
  Comparison c = comparison_of(kFour, 3);
  EXPECT_TRUE(says(report_html(c), "<dt>Reproducible</dt><dd>on processors like this one</dd>"));
  c.settings.reproducible = true;
  EXPECT_TRUE(says(report_html(c), "<dt>Reproducible</dt><dd>on every instruction set</dd>"));
}

TEST(Text, NumbersAndNames) {
  EXPECT_EQ(report::number(0.28194), "0.2819");
  EXPECT_EQ(report::number(0.00012345), "0.0001234");
  EXPECT_EQ(report::number(123456), "1.235e+05");
  EXPECT_EQ(report::number(kNan), "–");
  EXPECT_EQ(report::grouped(1234567), "1,234,567");
  EXPECT_EQ(report::seconds(0.0001072), "107 µs");
  EXPECT_EQ(report::seconds(0.0125), "12.5 ms");
  EXPECT_EQ(report::seconds(2), "2.00 s");
  EXPECT_EQ(report::wall_time(3899), "1 h 4 min");
  EXPECT_EQ(report::short_name("threshold(threshold=0.1,value=20)"), "threshold(0.1,20)");
  EXPECT_EQ(report::short_name("relu"), "relu");
  EXPECT_LE(report::width(report::short_name(std::string(99, 'x'))), 20U);
  EXPECT_EQ(report::listing({"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(report::listing({"a", "b", "c", "d", "e", "f"}), "a, b, c, d and 2 others");
}

TEST(Scale, LabelsKeepTheirDistance) {
  const std::vector<double> places = report::spread_labels({50, 50, 51, 200, 199, 0}, 15, 200);
  for (std::size_t i = 0; i < places.size(); ++i) {
    EXPECT_GE(places[i], 0);
    EXPECT_LE(places[i], 200);
    for (std::size_t j = 0; j < i; ++j) EXPECT_GE(std::fabs(places[i] - places[j]), 15 - 1e-9);
  }
  EXPECT_EQ(places[5], 0);
}

TEST(Scale, NoTickIsMinusZero) {
  const report::Scale scale = report::scale_for({0, 1}, false, 100);
  EXPECT_LT(scale.low, 0);
  for (const double tick : scale.ticks()) EXPECT_FALSE(tick == 0 && std::signbit(tick));
}

TEST(Scale, TicksAreInside) {
  for (const auto& values : std::vector<std::vector<double>>{
           {0.28, 0.54}, {1, 1}, {0, 0}, {0.1, 90}, {1e-3, 1e9}, {0.811, 0.878}}) {
    const report::Scale scale = report::scale_for(values, true, 100);
    EXPECT_GE(scale.ticks().size(), 2U) << values[0];
    EXPECT_LE(scale.ticks().size(), 12U) << values[0];
    for (const double tick : scale.ticks()) EXPECT_NEAR(scale.y(tick), 50, 50.001);
  }
  EXPECT_EQ(report::epoch_ticks(5), (std::vector<int>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(report::epoch_ticks(50).back(), 50);
}

}  // namespace
}  // namespace actfn::lab
