// SPDX-License-Identifier: Apache-2.0
// Figures: what is drawn for which values, and that it is XML.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "count.h"
#include "lab/chart.h"

namespace actfn::lab {
namespace {

using testing::count;

// Every element is closed by its own end, and attributes have quotes.
void expect_xml(const std::string& text) {
  std::vector<std::string> open;
  const std::regex tag(R"(<(/?)([A-Za-z]+)((?:\s+[A-Za-z:-]+="[^"<]*")*)\s*(/?)>)");
  std::size_t angles = 0;
  for (std::sregex_iterator it(text.begin(), text.end(), tag), end; it != end; ++it) {
    ++angles;
    const std::smatch& m = *it;
    if (m[1] == "/") {
      ASSERT_FALSE(open.empty());
      ASSERT_EQ(open.back(), m[2]);
      open.pop_back();
    } else if (m[4] != "/") {
      open.push_back(m[2]);
    }
  }
  EXPECT_TRUE(open.empty());
  EXPECT_EQ(angles, static_cast<std::size_t>(std::ranges::count(text, '<')));
}

Chart lines() {
  return {.file = "f",
          .title = "relu < gelu & \"others\"",
          .x = {"x"},
          .y = {"loss"},
          .lines = {{"relu", {{1, 2, 1, 3}, {2, 3, 2, 4}}}, {"gelu", {{1, -1}, {2, NAN}, {3, 5}}}},
          .marks = {{0.25, "a quarter"}, {1.5, "here", true}}};
}

TEST(Chart, LinesBandsMarksAndNames) {
  const std::string svg = chart_svg(lines());
  expect_xml(svg);
  EXPECT_EQ(count(svg, "class=\"line\""), 2);
  EXPECT_EQ(count(svg, "class=\"band\""), 1);
  EXPECT_EQ(count(svg, "class=\"mark\""), 2);
  EXPECT_EQ(count(svg, ">relu</text>"), 1);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_NE(svg.find("relu &lt; gelu &amp; &quot;others&quot;"), std::string::npos);
  expect_xml(chart_inline(lines()));
}

TEST(Chart, AGapBreaksALine) {
  const std::string svg = chart_inline(lines());
  const std::regex two_pieces("class=\"line\" d=\"M[^\"]*M[^\"]*\"");
  EXPECT_TRUE(std::regex_search(svg, two_pieces));
}

TEST(Chart, LogarithmicAxesLeaveOutWhatTheyCannotShow) {
  Chart chart = lines();
  chart.y.log = true;
  chart.lines[0].points = {{1, 1e-12, 0, 1e-11}, {2, 0}, {3, 1e3}};
  const std::string svg = chart_svg(chart);
  expect_xml(svg);
  EXPECT_NE(svg.find("10⁻"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
}

TEST(Chart, TheSmallestFloatsLieAboveTheAxis) {
  Chart chart = lines();
  chart.y.log = true;
  chart.marks = {};
  chart.lines = {{"gelu", {{1, 1}, {2, 1e-20}, {3, 1.4e-45}}}};
  const std::string svg = chart_inline(chart);
  const std::regex of_axis(R"re(class="rule" d="M[0-9.]+ ([0-9.]+)H)re");
  const std::regex of_line(R"re(class="line" d="[^"]*[ML ][0-9.]+ ([0-9.]+)")re");
  std::smatch axis;
  std::smatch last;
  ASSERT_TRUE(std::regex_search(svg, axis, of_axis));
  ASSERT_TRUE(std::regex_search(svg, last, of_line)) << svg;
  EXPECT_LT(std::stod(last[1]), std::stod(axis[1]));
}

// The x of the label, and whether it ends there.
std::pair<double, bool> place_of(const std::string& svg, const std::string& label) {
  const std::regex said(R"re(class="(said[^"]*)" x="([0-9.]+)" y="[0-9.]+">)re" + label + "<");
  std::smatch match;
  EXPECT_TRUE(std::regex_search(svg, match, said)) << svg;
  return {std::stod(match[2]), match[1] == "said end"};
}

TEST(Chart, LabelsOfMarksKeepOffTheLines) {
  Chart chart = lines();
  chart.marks = {{0.1, "guessing"}};
  chart.lines = {{"falls", {{1, 1}, {5, 0.5}, {6, 0.1}}}};
  EXPECT_EQ(place_of(chart_inline(chart), "guessing"), std::pair(69.0, false));
  chart.lines = {{"rises", {{1, 0.1}, {2, 0.5}, {6, 1}}}};
  EXPECT_TRUE(place_of(chart_inline(chart), "guessing").second);
}

TEST(Chart, NamesBeginAtTheRightEndsOfLines) {
  Chart chart = lines();
  chart.marks = {};
  chart.lines = {{"there", {{1, 1}, {2, 3}}}};
  const std::regex leader(R"re(class="leader" d="M[^"]*")re");
  const auto leader_of = [&](const Chart& from) {
    const std::string svg = chart_inline(from);
    std::smatch match;
    EXPECT_TRUE(std::regex_search(svg, match, leader));
    return match.str();
  };
  const std::string there = leader_of(chart);
  std::ranges::reverse(chart.lines[0].points);
  EXPECT_EQ(leader_of(chart), there);
}

TEST(Chart, NothingToDrawIsAPicture) {
  for (const Chart::Kind kind : {Chart::Kind::lines, Chart::Kind::dots, Chart::Kind::cells}) {
    Chart chart{.file = "f", .title = "Nothing", .kind = kind};
    expect_xml(chart_svg(chart));
    chart.lines = {{"relu", {{0, NAN}, {1, INFINITY}}}};
    chart.names = {"a", "b"};
    expect_xml(chart_svg(chart));
    expect_xml(chart_table(chart));
  }
}

TEST(Chart, TheTitleIsAsWideAsThePicture) {
  const std::string title = "a title of twelve words that are too many for one line";
  const std::vector<std::pair<double, std::size_t>> cases = {{760, 1}, {440, 2}, {200, 3}};
  for (const auto& [width, wanted] : cases) {
    const std::string svg = chart_svg({.file = "f", .title = title, .width = width});
    EXPECT_EQ(count(svg, "class=\"title\""), wanted) << width;
  }
}

TEST(Chart, DotsAndCells) {
  Chart chart{.file = "f",
              .title = "Two rows",
              .kind = Chart::Kind::dots,
              .x = {"mean"},
              .lines = {{"first", {{0, 1, 0.5, 2}, {1, 3}}}, {"second", {{0, 2}, {1, 4}}}},
              .names = {"relu", "elu(alpha=0.5)"}};
  std::string svg = chart_svg(chart);
  expect_xml(svg);
  EXPECT_EQ(count(svg, "class=\"range\""), 1);
  EXPECT_EQ(count(svg, ">elu(alpha=0.5)</text>"), 1);
  chart.kind = Chart::Kind::cells;
  chart.y.log = true;
  svg = chart_svg(chart);
  expect_xml(svg);
  EXPECT_EQ(count(svg, "<rect class=\"high\""), 4);
  const std::string table = chart_table(chart);
  expect_xml(table);
  EXPECT_EQ(count(table, "<tr><th scope=\"row\">"), 2);
  EXPECT_NE(table.find("<th scope=\"row\">first</th><td>1<small>0.5 to 2</small></td><td>3</td>"),
            std::string::npos);
}

// Where the dots are drawn, from the top.
std::vector<double> heights_of_dots(const Chart& chart) {
  const std::string svg = chart_inline(chart);
  const std::regex dot(R"re(<use href="#m[0-9]+" x="[0-9.]+" y="([0-9.]+)"/>)re");
  std::vector<double> all;
  for (std::sregex_iterator i(svg.begin(), svg.end(), dot); i != std::sregex_iterator(); ++i) {
    all.push_back(std::stod((*i)[1]));
  }
  return all;
}

TEST(Chart, OnlyRowsWithSeveralDotsMoveThemApart) {
  const Chart one{.file = "f",
                  .title = "",
                  .kind = Chart::Kind::dots,
                  .x = {"mean"},
                  .lines = {{"first", {{0, 1}, {1, 2}}}},
                  .names = {"relu", "elu"}};
  Chart two = one;
  two.lines = {{"first", {{0, 1}}}, {"second", {{1, 2}}}};
  const auto apart = [](const Chart& chart) {
    const std::vector<double> y = heights_of_dots(chart);
    return y.at(y.size() - 1) - y.at(y.size() - 2);
  };
  EXPECT_GT(apart(one), 20);
  EXPECT_DOUBLE_EQ(apart(two), apart(one));
  two.lines = {{"first", {{0, 1}}}, {"second", {{0, 2}}}};
  EXPECT_DOUBLE_EQ(apart(two), 8);
}

TEST(Chart, TheTableHasAllValues) {
  const std::string table = chart_table(lines());
  expect_xml(table);
  EXPECT_EQ(count(table, "<tr>"), 4);
  EXPECT_NE(table.find("<td>2<small>1 to 3</small></td>"), std::string::npos);
}

TEST(Chart, PngIsOne) {
  const std::string png = png_of(chart_svg(lines()));
  EXPECT_TRUE(png.starts_with("\x89PNG\r\n"));
}

}  // namespace
}  // namespace actfn::lab
