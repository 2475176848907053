// SPDX-License-Identifier: Apache-2.0
// The report of a comparison: what it claims, and that the page is sound whatever the data.
#include "lab/report.h"

#include "lab/plan.h"
#include "lab/report_scale.h"
#include "lab/report_stats.h"
#include "lab/report_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

namespace actfn::lab {
namespace {

using Sentences = std::vector<std::string>;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

struct Curve {
  Activation activation;
  std::vector<double> train;
  std::vector<double> test = {};  // as train where not given
  double accuracy = 0.87;
};

std::vector<std::string> verdicts(const Comparison& c) { return findings(c).verdicts; }
std::string headline(const Comparison& c) { return findings(c).headline; }
std::string report_html(const Comparison& c) { return report_html(c, findings(c)); }

EpochResult epoch_result(std::size_t activation, const Curve& curve, std::uint64_t seed,
                         std::size_t i, double shift) {
  const std::vector<double>& test = curve.test.empty() ? curve.train : curve.test;
  return {.activation = activation,
          .seed = seed,
          .epoch = static_cast<int>(i) + 1,
          .train_loss = curve.train[i] + shift,
          .train_accuracy = curve.accuracy + 0.01,
          .test_loss = test[i] + shift,
          .test_accuracy = curve.accuracy - shift,
          .seconds = 2};
}

// Seeds differ by `step` in loss.
Comparison comparison_of(const std::vector<Curve>& curves, int seeds = 1, double step = 0.001) {
  Comparison c;
  c.settings.data = "/data/fashion-mnist";
  c.train_images = 60000;
  c.test_images = 10000;
  c.machine = {"A processor", 4, "AVX2", "1.2.3", "2024-05-06T07:08:09Z"};
  c.settings.epochs = static_cast<int>(curves.empty() ? 0 : curves[0].train.size());
  for (int s = 1; s <= seeds; ++s) c.settings.seeds.push_back(static_cast<std::uint64_t>(s));
  for (const Curve& curve : curves) {
    c.settings.activations.push_back(curve.activation);
    for (int s = 0; s < seeds; ++s) {
      for (std::size_t i = 0; i < curve.train.size(); ++i) {
        c.epochs.push_back(epoch_result(c.settings.activations.size() - 1, curve,
                                        static_cast<std::uint64_t>(s) + 1, i, s * step));
      }
    }
  }
  return c;
}

const std::vector<Curve> kFour = {
    {Sigmoid{}, {0.5449, 0.4213, 0.3701, 0.3356, 0.3115}, {}, 0.873},
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

void expect_sound_page(const Comparison& c) {
  const std::string html = report_html(c);
  EXPECT_EQ(unbalanced(html), "");
  for (const char* bad : {"=\"nan", "=\"-nan", "Mnan", "Lnan", " nan", "\"inf", " inf ", ",nan",
                          ":nan", ":inf", "http://", "https://", "@import", "url("}) {
    EXPECT_TRUE(is_silent_on(html, bad));
  }
  EXPECT_FALSE(verdicts(c).empty());
  EXPECT_TRUE(is_silent_on(all(c), "nan"));
  EXPECT_TRUE(is_silent_on(all(c), "inf"));
}

TEST(Verdicts, NameTheLowestLossAndByHowMuch) {
  const std::string text = all(comparison_of(kFour, 5));
  EXPECT_TRUE(says(text,
                   "gelu ended with the lowest training loss, 0.2839 after 5 epochs; "
                   "relu is next at 0.3000, 5.7 % higher (means over 5 seeds)."));
  EXPECT_TRUE(says(text, "Over 5 seeds its range does not overlap any other."));
  EXPECT_TRUE(says(text, "gelu also learned fastest in the first epoch: 0.4927"));
  EXPECT_TRUE(says(text, "gelu also has the highest test accuracy, 87.60 %"));
  EXPECT_EQ(headline(comparison_of(kFour, 5)), "gelu ended with the lowest training loss");
}

TEST(Verdicts, SayWhatBecameOfTheSlowestStarter) {
  EXPECT_TRUE(says(all(comparison_of(kFour)),
                   "sigmoid started slowest, 11 % above gelu; by epoch 5 it had passed "
                   "leaky_relu(negative_slope=0.3) and was 11 % above the lowest."));
  const std::vector<Curve> last = {
      {Sigmoid{}, {0.6, 0.5}}, {Relu{}, {0.5, 0.4}}, {Gelu{}, {0.4, 0.3}}};
  EXPECT_TRUE(says(all(comparison_of(last)), "it ended last, at 0.5000, 67 % above"));
  EXPECT_TRUE(is_silent_on(all(comparison_of(last)), "highest training loss"));
  const std::vector<Curve> first = {
      {Sigmoid{}, {0.6, 0.2}}, {Relu{}, {0.5, 0.4}}, {Gelu{}, {0.4, 0.3}}};
  EXPECT_TRUE(says(all(comparison_of(first)), "by the last epoch it led."));
}

TEST(Verdicts, OneSeedSettlesNothing) {
  const Comparison c = comparison_of(kFour, 1);
  EXPECT_TRUE(says(all(c), "One seed settles nothing"));
  EXPECT_TRUE(is_silent_on(all(c), "clear of every other"));
  EXPECT_EQ(headline(c), "gelu had the lowest training loss, on a single seed");
}

TEST(Verdicts, FewSeedsSettleLittle) {
  const Comparison c = comparison_of(kFour, 2);
  EXPECT_TRUE(says(all(c), "so few seeds do not settle the order"));
  EXPECT_EQ(headline(c), "gelu had the lowest training loss, on 2 seeds");
}

TEST(Verdicts, OverlapLeavesTheOrderOpen) {
  const std::vector<Curve> two = {{Relu{}, {0.5, 0.300}}, {Gelu{}, {0.49, 0.299}}};
  const Comparison c = comparison_of(two, 5, 0.01);
  EXPECT_TRUE(says(all(c),
                   "The ranges of gelu and relu over the seeds overlap, so their order "
                   "is not settled. Seed by seed, gelu was the lower in 5 of 5."));
  EXPECT_EQ(headline(c), "gelu and relu ended too close to call");
  EXPECT_EQ(headline(comparison_of(kFour, 5, 0.02)),
            "gelu had the lowest training loss, with 3 others within the spread");
}

TEST(Verdicts, OverFittingIsTestLossThatRisesWhileTrainingLossFalls) {
  const std::vector<double> train = {0.5, 0.4, 0.3, 0.25, 0.2};
  const std::vector<Curve> two = {{Relu{}, train, {0.5, 0.42, 0.40, 0.45, 0.50}},
                                  {Gelu{}, train, {0.5, 0.45, 0.40, 0.38, 0.37}}};
  EXPECT_TRUE(says(all(comparison_of(two, 5)),
                   "still fell for relu (since epoch 3): over-fitting has begun."));
  EXPECT_TRUE(says(all(comparison_of(two, 1)), "over-fitting may have begun."));
  EXPECT_TRUE(says(all(comparison_of(kFour, 5)), "no sign of over-fitting yet"));
}

TEST(Verdicts, ARiseOfBothLossesIsNotOverFitting) {
  const std::vector<Curve> rising = {{Relu{}, {0.5, 0.4, 0.6}, {0.5, 0.4, 0.6}},
                                     {Gelu{}, {0.5, 0.4, 0.3}}};
  EXPECT_TRUE(says(all(comparison_of(rising, 5)), "no sign of over-fitting"));
}

TEST(Verdicts, OneActivationIsComparedWithNothing) {
  const std::string text = all(comparison_of({kFour[1]}, 5));
  EXPECT_TRUE(says(text, "relu ended at a training loss of 0.3000"));
  EXPECT_TRUE(says(text, "between 0.2980 and 0.3020"));
  EXPECT_TRUE(is_silent_on(text, "lowest"));
  EXPECT_TRUE(is_silent_on(text, "fastest"));
}

TEST(Verdicts, OneEpochTellsNothingOfTime) {
  const std::string text = all(comparison_of({{Relu{}, {0.5}}, {Gelu{}, {0.4}}}, 5));
  EXPECT_TRUE(says(text, "after 1 epoch;"));
  EXPECT_TRUE(is_silent_on(text, "over-fitting"));
  EXPECT_TRUE(is_silent_on(text, "first epoch"));
}

TEST(Verdicts, DivergenceIsSaidAndLeftOutOfMeans) {
  std::vector<Curve> curves = kFour;
  curves[3].train = {0.49, 0.37, kNan, kNan, kNan};
  Comparison c = comparison_of(curves, 3);
  EXPECT_TRUE(says(all(c),
                   "gelu diverged: from epoch 3 its loss was not finite, in all "
                   "3 seeds it ran."));
  EXPECT_TRUE(says(all(c), "relu ended with the lowest"));
  expect_sound_page(c);

  c = comparison_of(kFour, 3);
  c.epochs.back().test_loss = kInf;
  EXPECT_TRUE(says(all(c),
                   "gelu diverged: from epoch 5 its loss was not finite, in 1 of "
                   "3 seeds; its means leave that one out, which flatters it."));
  EXPECT_TRUE(says(all(c), "(means over 2 to 3 seeds)"));
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
  curves[0].train = {2.303, 2.303, 2.303, 2.303, 2.303};
  EXPECT_TRUE(says(all(comparison_of(curves, 5)), "sigmoid did not learn"));
}

TEST(Verdicts, AnInterruptedRunComparesWhatFinished) {
  Comparison c = comparison_of(kFour, 2);
  c.interrupted = true;
  c.epochs.resize(2 * 2 * 5 + 3);  // leaky_relu stopped in its first seed; gelu was never reached
  const std::vector<std::string> sentences = verdicts(c);
  EXPECT_EQ(sentences[0], "The run was interrupted: 4 of 8 trainings had finished.");
  EXPECT_TRUE(says(sentences[1], "relu ended with the lowest training loss"));
  EXPECT_TRUE(says(all(c),
                   "Left out, because they stopped before epoch 5: "
                   "leaky_relu(negative_slope=0.3) (epoch 3)."));
  EXPECT_TRUE(says(all(c), "Not reached: gelu."));
  expect_sound_page(c);
  c.epochs.clear();
  EXPECT_EQ(verdicts(c), Sentences{"No epoch was finished, so there is nothing to compare."});
  expect_sound_page(c);
}

TEST(Verdicts, TimesAreNamedWhereTheyDiffer) {
  Comparison c = comparison_of(kFour, 2);
  EXPECT_TRUE(says(all(c), "about as long for all: 2.00 s to 2.00 s."));
  for (EpochResult& row : c.epochs) row.seconds = row.activation == 3 ? 3 : 2;
  EXPECT_TRUE(says(all(c), "from 2.00 s (relu) to 3.00 s (gelu)."));
}

TEST(Stats, MeansAreOverSeedsThatWentEquallyFar) {
  Comparison c = comparison_of({{Relu{}, {0.5, 0.4}}}, 3, 0.1);
  c.epochs.pop_back();  // the third seed, which is the highest, lacks its last epoch
  const report::Overview overview = report::summarize(c);
  ASSERT_EQ(overview.series.size(), 1U);
  const report::Series& relu = overview.series[0];
  EXPECT_EQ(relu.counted, 2);
  EXPECT_EQ(relu.at(1, report::Metric::train_loss).count, 2);
  EXPECT_NEAR(relu.at(1, report::Metric::train_loss).mean, 0.55, 1e-12);
  EXPECT_NEAR(relu.end(report::Metric::train_loss).high, 0.5, 1e-12);
  EXPECT_EQ(relu.at(3, report::Metric::train_loss).count, 0);
  EXPECT_EQ(overview.finished, 2);
}

TEST(Page, HoldsEverySeriesTableAndSetting) {
  const Comparison c = comparison_of(kFour, 3);
  const std::string html = report_html(c);
  for (const char* part :
       {"Training loss", "Test accuracy", "<table", "aria-sort", "60,000", "784–128–10",
        "A processor", "AVX2", "1.2.3", "2024-05-06T07:08:09Z", "prefers-color-scheme",
        "results.csv", "leaky_relu(0.3)", "β₁ 0.9, β₂ 0.999, ε 1e-07"}) {
    EXPECT_TRUE(says(html, part));
  }
  expect_sound_page(c);
}

TEST(Page, IsSoundForAnySize) {
  expect_sound_page(comparison_of({{Relu{}, {0.5}}}, 1));
  expect_sound_page(comparison_of({{Relu{}, {0.5}}, {Gelu{}, {0.5}}}, 3));
  expect_sound_page(comparison_of({{Relu{}, {0, 0, 0}}}, 2, 0));
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
  c.networks = Plan(c.settings).networks;
  const std::string html = report_html(c);
  const std::string widths = "swiglu, crelu+crelu+crelu+crelu+crelu+crelu+crelu.</p>";
  EXPECT_TRUE(says(html, "not functions of one number: softmax, " + widths));
  EXPECT_TRUE(says(html, "come out as of the others: " + widths));
  EXPECT_TRUE(is_silent_on(html, "Learned functions are drawn"));
  c.settings.activations = {Relu{}, Nonlinearity(nn::parse_layers("prelu"))};
  c.networks = Plan(c.settings).networks;
  EXPECT_TRUE(says(report_html(c), "Learned functions are drawn"));
}

TEST(Page, CommandRepeatsTheRunInAShell) {
  Comparison c = comparison_of(kFour, 3);
  c.settings.data = "/it's here";
  c.settings.hidden = {64, 32};
  EXPECT_EQ(command_line(c.settings),
            "actfn compare --activations 'sigmoid,relu,leaky_relu(negative_slope=0.3),gelu' "
            "--seeds 1,2,3 --hidden 64,32 --init glorot_uniform --epochs 5 --batch 32 "
            "--optimizer adam --lr 0.001 --jobs 1 --data '/it'\\''s here'");
  c.settings.reproducible = true;
  EXPECT_NE(command_line(c.settings).find(" --lr 0.001 --reproducible --jobs "), std::string::npos);
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

TEST(Scale, TicksAreInside) {
  for (const auto& values : std::vector<std::vector<double>>{
           {0.28, 0.54}, {1, 1}, {0, 0}, {0.1, 90}, {1e-3, 1e9}, {0.811, 0.878}}) {
    const report::Scale scale = report::scale_for(values, true, 100);
    EXPECT_GE(scale.ticks().size(), 2U) << values[0];
    EXPECT_LE(scale.ticks().size(), 12U) << values[0];
    for (const double tick : scale.ticks()) EXPECT_NEAR(scale.y(tick), 50, 50.001);
  }
  EXPECT_EQ(report::epoch_ticks(5), (std::vector<int>{1, 2, 3, 4, 5}));
  EXPECT_EQ(report::epoch_ticks(50).back(), 50);
}

}  // namespace
}  // namespace actfn::lab
