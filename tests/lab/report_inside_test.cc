// SPDX-License-Identifier: Apache-2.0
// The section of the page on what the probe saw.
#include "lab/report_inside.h"

#include <gtest/gtest.h>

#include <limits>
#include <regex>

#include "comparisons.h"
#include "count.h"
#include "lab/probes_io.h"
#include "lab/report.h"
#include "lab/results_io.h"

namespace actfn::lab::report {
namespace {

using testing::comparison_of;
using testing::count;
using testing::Curve;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Comparison two(int seeds = 1) {
  return comparison_of({Curve{Relu{}, {0.9, 0.6, 0.5}}, Curve{Sigmoid{}, {1.2, 0.8, 0.7}}}, seeds);
}

// A layer of 128 units after each epoch of each training.
void probe(Comparison& c, std::size_t activation, int layer, double norm, double dead,
           double saturated) {
  for (const std::uint64_t seed : c.settings.seeds) {
    for (int epoch = 0; epoch <= c.settings.epochs; ++epoch) {
      LayerProbe p{activation, seed, 0.001, epoch,
                   layer,      128,  norm,  Units{dead, saturated, 0, 1, {}}};
      p.units->histogram.fill(static_cast<std::uint32_t>(epoch) + 1);
      c.probes.push_back(p);
    }
  }
}

using Sentences = std::vector<std::string>;

Sentences findings_of(const Comparison& c) { return inside_findings(c, summarize(c)); }
std::string page_of(const Comparison& c) { return inside_networks(c, summarize(c)); }

TEST(InsideReport, NothingIsSaidWhereNothingWasProbed) {
  EXPECT_EQ(page_of(two()), "");
  EXPECT_TRUE(findings_of(two()).empty());
  EXPECT_EQ(report_html(two(), findings(two())).find("Inside the networks"), std::string::npos);
}

TEST(InsideReport, CountsUnits) {
  Comparison c = two();
  probe(c, 0, 1, 1, 3.0 / 128, 5.0 / 128);
  probe(c, 1, 1, 1, 0, 32.0 / 128);
  EXPECT_EQ(findings_of(c),
            (Sentences{"3 of 128 units of relu are dead after 3 epochs.",
                       "32 of 128 units of sigmoid are saturated after 3 epochs."}));
}

TEST(InsideReport, OneUnitIsSingular) {
  Comparison c = two();
  probe(c, 0, 1, 1, 1.0 / 128, 1.0 / 128);
  EXPECT_EQ(findings_of(c), Sentences{"1 of 128 units of relu is dead after 3 epochs."});
}

TEST(InsideReport, MeansAreOverSeeds) {
  Comparison c = two(2);
  probe(c, 0, 1, 1, 0, 0);
  for (LayerProbe& p : c.probes) p.units->dead = p.seed == 1 ? 3.0 / 128 : 4.0 / 128;
  EXPECT_EQ(findings_of(c), Sentences{"On average over 2 seeds, 3.5 of 128 units of relu are dead "
                                      "after 3 epochs."});
}

TEST(InsideReport, NamesTheLayerWhereThereAreSeveral) {
  Comparison c = two();
  probe(c, 0, 1, 1, 0, 0);
  probe(c, 0, 2, 1, 2.0 / 128, 2.0 / 128);
  EXPECT_EQ(findings_of(c),
            Sentences{"2 of 128 units of relu in layer 2 are dead after 3 epochs."});
}

TEST(InsideReport, SaysWhereGradientsVanish) {
  Comparison c = two();
  probe(c, 1, 1, 0.001, 0, 0);
  probe(c, 1, 2, 0.025, 0, 0);
  EXPECT_EQ(findings_of(c), Sentences{"With sigmoid, the gradient of layer 1 is 25 times smaller "
                                      "than that of layer 2 after 3 epochs."});
  for (LayerProbe& p : c.probes) p.gradient_norm = p.layer == 1 ? 1 : 0.5;
  EXPECT_EQ(findings_of(c),
            Sentences{"No unit is dead after the last epoch, and few are saturated."});
}

TEST(InsideReport, DrawsEachLayer) {
  Comparison c = two();
  for (const int layer : {1, 2}) {
    probe(c, 0, layer, 1, 0, 0);
    probe(c, 1, layer, 0.01, 0, 0.5);
  }
  const std::string page = page_of(c);
  EXPECT_EQ(count(page, "<h3>Hidden layer"), 2U);
  EXPECT_EQ(count(page, R"(<path class="line" d="M)"), 2U * 3 * 2 + 2);  // and the keys
  EXPECT_EQ(count(page, R"(<path class="last")"), 4U);
  EXPECT_NE(page.find("the same 256 held-out samples"), std::string::npos);
  EXPECT_EQ(page.find("nan"), std::string::npos);
  EXPECT_NE(report_html(c, findings(c)).find(page), std::string::npos);
}

TEST(InsideReport, PageHoldsTheFileOfAllNumbers) {
  Comparison c = two();
  probe(c, 0, 1, 1, 0.25, 0.5);
  const std::string html = report_html(c, findings(c), json(c));
  const std::string rows = probes_csv(c.probes, c.settings.activations);
  EXPECT_EQ(count(html, "id=\"data-probes\">\"" + probes_heading().substr(0, 20)), 1U);
  EXPECT_EQ(count(html, rows.substr(0, rows.find('\n'))), 1U);
  EXPECT_EQ(count(html, "\"probes\": []"), 1U);  // the script makes them of the rows
  EXPECT_EQ(count(html, "data-title=\"Dead units, hidden layer 1\""), 1U);
  EXPECT_EQ(count(html, "data-title=\"Pre-activations, hidden layer 1\""), 1U);
}

TEST(InsideReport, WithoutACurveThereAreGradientsOnly) {
  Comparison c = two();
  probe(c, 0, 1, 1, 0, 0);
  for (LayerProbe& p : c.probes) p.units = std::nullopt;
  const std::string page = page_of(c);
  EXPECT_EQ(count(page, R"(<figure class="inside" )"), 1U);
  EXPECT_EQ(page.find("Dead units"), std::string::npos);
  EXPECT_EQ(page.find("nan"), std::string::npos);
  EXPECT_TRUE(findings_of(c).empty());
}

TEST(InsideReport, NumbersThatAreNotFiniteLeaveGaps) {
  Comparison c = two();
  probe(c, 0, 1, 1, 0, 0);
  c.probes[1].gradient_norm = kNan;
  c.probes[3].gradient_norm = std::numeric_limits<double>::infinity();
  const std::string page = page_of(c);
  EXPECT_EQ(page.find("nan"), std::string::npos);
  EXPECT_TRUE(std::regex_search(page, std::regex(R"(d="M[0-9. -]+M[0-9. -]+")"))) << page;
}

// Only trainings at the learning rate that was chosen are drawn.
TEST(InsideReport, OtherLearningRatesAreLeftOut) {
  Comparison c = two();
  probe(c, 0, 1, 1, 0, 0);
  LayerProbe other = c.probes.back();
  other.lr = 0.1;
  other.units->dead = 1;
  c.probes.push_back(other);
  EXPECT_EQ(findings_of(c),
            Sentences{"No unit is dead after the last epoch, and few are saturated."});
}

}  // namespace
}  // namespace actfn::lab::report
