// SPDX-License-Identifier: Apache-2.0
// The parts of the report's page: their order, looks, formulas and data.
#include "comparisons.h"
#include "lab/report.h"
#include "lab/report_charts.h"
#include "lab/report_formula.h"
#include "lab/report_looks.h"
#include "lab/report_scale.h"
#include "lab/report_text.h"
#include "lab/results_io.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

namespace actfn::lab {
namespace {

using testing::comparison_of;
using testing::Curve;

using Names = std::vector<std::string>;

const std::vector<Curve> kThree = {
    {Relu{}, {0.5, 0.3}}, {Gelu{}, {0.5, 0.3}, {}, 0.88}, {LeakyRelu{0.3}, {0.6, 0.4}, {}, 0.86}};

std::string page(const Comparison& c) { return report_html(c, findings(c)); }

std::tuple<std::size_t, std::size_t, std::size_t> told_apart(const report::Look& look) {
  return {look.colour, look.dash, look.marker};
}

std::vector<Curve> many(int count) {
  std::vector<Curve> curves;
  for (int i = 1; i <= count; ++i) curves.push_back({LeakyRelu{i / 64.0}, {0.5, 0.4}, {}, 0.8});
  return curves;
}

// The text of a script element.
std::string script(const std::string& html, const std::string& id) {
  const std::string open = "id=\"" + id + "\">";
  const std::size_t begin = html.find(open) + open.size();
  return html.substr(begin, html.find("</script>", begin) - begin);
}

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(Looks, AreThoseOfTheNameWhateverStandsBesideIt) {
  const report::Look alone = report::looks_of({"gelu"})[0];
  for (const Names& names : std::vector<Names>{{"relu", "gelu"},
                                               {"gelu", "relu", "gelu(approximate=tanh)"},
                                               {"sine(omega=2)", "gelu", "shrink"}}) {
    const auto at = static_cast<std::size_t>(std::ranges::find(names, "gelu") - names.begin());
    EXPECT_EQ(told_apart(report::looks_of(names)[at]), told_apart(alone));
  }
  const auto forward = report::looks_of({"cos", "relu", "shrink", "elish"});
  const auto backward = report::looks_of({"elish", "shrink", "relu", "cos"});
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(told_apart(forward[i]), told_apart(backward[3 - i]));
  }
}

TEST(Looks, OfOneReportDiffer) {
  Names names = {"relu", "gelu", "silu", "tanh", "sigmoid", "leaky_relu", "elu", "mish"};
  std::set<std::size_t> colours;
  for (const report::Look& look : report::looks_of(names)) colours.insert(look.colour);
  EXPECT_EQ(colours.size(), 8U);
  for (int i = 0; i < 300; ++i) names.push_back("leaky_relu(negative_slope=" + std::to_string(i));
  std::set<std::tuple<std::size_t, std::size_t, std::size_t>> looks;
  for (const report::Look& look : report::looks_of(names)) looks.insert(told_apart(look));
  EXPECT_EQ(looks.size(), names.size());
}

TEST(Looks, AreStillFoundWhereThereAreMoreNamesThanLooks) {
  Names names;
  for (int i = 0; i < 700; ++i) names.push_back(std::to_string(i));
  EXPECT_EQ(report::looks_of(names).size(), 700U);
}

std::string formula(std::string_view spec) { return report::formula_of(parse_function(spec)); }

TEST(Formula, HasTheValuesOfItsParameters) {
  EXPECT_EQ(formula("leaky_relu(negative_slope=0.3)"), "x if x > 0; else 0.3 · x");
  EXPECT_EQ(formula("elu"), "x if x > 0; else (exp(x) − 1)");
  EXPECT_EQ(formula("elu(alpha=1.5)"), "x if x > 0; else 1.5 · (exp(x) − 1)");
  EXPECT_EQ(formula("gelu"), "x · Φ(x)");
  EXPECT_EQ(formula("gelu(approximate=tanh)"),
            "0.5 · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))");
  EXPECT_EQ(formula("hardtanh(min_val=-2,max_val=0.5)"), "min(max(x, −2), 0.5)");
  EXPECT_EQ(formula("softsign"), "x / (1 + |x|)");
}

// A name inside of another word stays: "exp" has no x, and "max" has none.
TEST(Formula, PutsValuesInForWholeWordsOnly) {
  for (const FunctionInfo& about : catalogue(Kind::elementwise)) {
    const std::string text = report::formula_of(about.example);
    EXPECT_FALSE(text.empty()) << about.name;
    for (const ParameterInfo& p : about.parameters) {
      if (p.type != ParameterInfo::Type::number || p.name.size() < 3) continue;
      EXPECT_EQ(text.find(p.name), text.npos) << about.name << ": " << text;
    }
    for (const char* ascii : {" ? ", " * ", "sqrt", "^2", "<=", ">=", "+ -", "- -"}) {
      EXPECT_EQ(text.find(ascii), text.npos) << about.name << ": " << text;
    }
  }
}

TEST(Formula, SaysChoicesInWords) {
  EXPECT_EQ(report::readable("x < -1 ? 0 : x < 1 ? (x - 1) / 2 : x"),
            "0 if x < −1; (x − 1) / 2 if x < 1; else x");
  EXPECT_EQ(report::readable("2 * (x > 0 ? x : -x)"), "2 · (x if x > 0; else −x)");
  EXPECT_EQ(report::readable("x^2 + x^2.5"), "x² + x^2.5");
}

TEST(Typeset, HasMinusSignsAndPowersOfTen) {
  EXPECT_EQ(report::typeset("1.235e+05"), "1.235 × 10⁵");
  EXPECT_EQ(report::typeset("ε 1e-07, next"), "ε 1 × 10⁻⁷, next");
  EXPECT_EQ(report::typeset("from -3 to (-2)"), "from −3 to (−2)");
  EXPECT_EQ(report::typeset("over-fitting, t-test, 2e, 1-2"), "over-fitting, t-test, 2e, 1-2");
}

TEST(CurveScale, OfAccuraciesIsLogarithmicInTheErrors) {
  const report::Scale scale = report::curve_scale({0.1, 0.9, 0.99}, false, true, 100);
  EXPECT_TRUE(scale.log && scale.of_errors);
  EXPECT_GT(scale.y(0.1), scale.y(0.9));
  EXPECT_NEAR(scale.y(0.9) - scale.y(0.99), scale.y(0.1) - scale.y(0.91), 1e-9);
  for (const double tick : scale.ticks()) EXPECT_NEAR(scale.y(tick), 50, 50.001);
  // No logarithm of an error of 0.
  EXPECT_FALSE(report::curve_scale({0.5, 1}, false, true, 100).log);
  EXPECT_FALSE(report::curve_scale({0, 1}, true, true, 100).log);
}

TEST(PageOrder, AnswersFirst) {
  const std::string html = page(comparison_of(kThree, 5));
  std::size_t before = 0;
  for (const char* part :
       {"class=\"scope\"", "<h1>", "class=\"blocks\"", "id=\"differences\"", "id=\"findings\"",
        "id=\"results\"", "id=\"curves\"", "id=\"functions\"", "id=\"run\"", "id=\"guide\""}) {
    const std::size_t at = html.find(part);
    ASSERT_NE(at, html.npos) << part;
    EXPECT_GT(at, before) << part;
    before = at;
  }
}

TEST(PageOrder, HasABlockForEachUpToEightAndThenTheTableAlone) {
  for (const int count : {1, 2, 8}) {
    const std::string html = page(comparison_of(many(count), 3));
    EXPECT_EQ(count_of(html, "class=\"standing\""), static_cast<std::size_t>(count));
  }
  const std::string html = page(comparison_of(many(9), 3));
  EXPECT_EQ(count_of(html, "class=\"standing\""), 0U);
  EXPECT_LT(html.find("id=\"results\""), html.find("id=\"findings\""));
}

TEST(PageOrder, SaysTheHeadlineOnce) {
  const Comparison c = comparison_of({kThree[0], kThree[1]}, 5);
  const Findings found = findings(c);
  ASSERT_EQ(found.headline.rfind("gelu has the highest test accuracy", 0), 0U);
  EXPECT_EQ(page(c).find("<li><code>gelu</code> has the highest test accuracy"), std::string::npos);
  EXPECT_NE(page(c).find("<li><code>gelu</code> is 1.00 points above"), std::string::npos);
}

TEST(PageData, IsTheResultsThemselves) {
  Comparison c = comparison_of(kThree, 3);
  c.settings.activations[0].name = "</script>";
  c.epochs[0].train.loss = std::nan("");
  const std::string html = report_html(c, findings(c), json(c));
  EXPECT_EQ(nlohmann::json::parse(script(html, "data-rows")),
            csv(c.epochs, c.settings.activations));
  nlohmann::json run = nlohmann::json::parse(json(c));
  run["epochs"] = nlohmann::json::array();
  EXPECT_EQ(nlohmann::json::parse(script(html, "data-run")), run);
  const auto series = nlohmann::json::parse(script(html, "data-series"));
  ASSERT_EQ(series.size(), 3U);
  EXPECT_EQ(series[1]["name"], "gelu");
  EXPECT_EQ(series[1]["seeds"], nlohmann::json({1, 2, 3}));
  EXPECT_EQ(series[0]["seeds"], nlohmann::json({2, 3}));          // the first diverged
  EXPECT_EQ(page(c).find("id=\"data-run\""), std::string::npos);  // not given
}

TEST(PageData, NamesMetricsAsTheColumns) {
  const std::string heading = csv({}, {});
  for (const report::Metric metric : report::kMetrics) {
    EXPECT_NE(heading.find("," + report::column_name(metric) + ","), std::string::npos);
  }
}

}  // namespace
}  // namespace actfn::lab
