// SPDX-License-Identifier: Apache-2.0
// probes.csv and its part of results.json: written, and read back.
#include "lab/probes_io.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "lab/merge.h"
#include "lab/results_io.h"
#include "messages.h"
#include "temporary_directory.h"

namespace actfn::lab {
namespace {

using testing::TemporaryDirectory;
using testing::write_file;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

CompareSettings settings() {
  CompareSettings s;
  s.activations = {Threshold{0.1, 20}, Nonlinearity(nn::parse_layers("swiglu"))};
  s.seeds = {7, 3};
  s.hidden = {128, 64};
  return s;
}

LayerProbe with_units() {
  LayerProbe p{0, 7, 0.001, 2, 1, 128, 1.0 / 3, Units{3.0 / 128, 0.5, -0.25, 1.5, {}}};
  p.units->histogram[0] = 17;
  p.units->histogram[23] = 4;
  return p;
}

LayerProbe without() { return {1, 3, 0.001, 0, 2, 64, kNan, {}}; }

const std::string kHeading =
    "activation,seed,lr,epoch,layer,units,gradient_norm,dead,saturated,mean,deviation,histogram\n";
const std::string kRows =
    "\"threshold(threshold=0.1,value=20)\",7,0.001,2,1,128,0.3333333333333333,0.0234375,0.5,-0.25,"
    "1.5,17;0;0;0;0;0;0;0;0;0;0;0;0;0;0;0;0;0;0;0;0;0;0;4\n"
    "swiglu,3,0.001,0,2,64,nan,,,,,\n";

TEST(Probes, HaveARowEach) {
  EXPECT_EQ(probes_heading(), kHeading);
  EXPECT_EQ(probes_csv(std::vector{with_units(), without()}, settings().activations), kRows);
}

TEST(Probes, AreReadBackAsTheyWere) {
  const TemporaryDirectory at;
  write_file(at / "probes.csv", kHeading + kRows);
  const auto all = read_probes(at / "probes.csv", settings());
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(probes_csv(all, settings().activations), kRows);
  EXPECT_EQ(all[0].units->histogram, with_units().units->histogram);
  EXPECT_FALSE(all[1].units);
}

CompareSettings inspected() {
  CompareSettings s = settings();
  s.inspect = true;
  return s;
}

std::vector<LayerProbe> with_more() {
  std::vector<LayerProbe> all = {with_units(), without()};
  all[0].more = {0.5, 0.25, 2, 0.125, 1.5, 1.25, 0.5, 0.25, 0.125, 0.0625};
  all[1].more = Instruments{.mean = kNan, .weight_norm = 1};
  return all;
}

TEST(Probes, OfInspectHaveMoreColumns) {
  const std::string heading = probes_heading(true);
  EXPECT_EQ(heading.substr(0, kHeading.size() - 1), kHeading.substr(0, kHeading.size() - 1));
  EXPECT_EQ(heading.substr(kHeading.size() - 1),
            ",activation_mean,activation_variance,weight_norm,gradient_ratio,change,effective_rank,"
            "training_seconds,pass_seconds,units_seconds,activations_seconds,rank_seconds\n");
  const std::string rows = probes_csv(with_more(), settings().activations);
  EXPECT_NE(rows.find(";4,0.5,0.25,2,0.16666666666666666,0.125,1.5,1.250000,0.500000,0.250000,"
                      "0.125000,0.062500\n"),
            std::string::npos)
      << rows;
  EXPECT_TRUE(
      rows.ends_with(",nan,,,,,,nan,0,1,nan,,0,0.000000,0.000000,0.000000,0.000000,0.000000\n"))
      << rows;
}

TEST(Probes, OfInspectAreReadBackAndByCompareToo) {
  const TemporaryDirectory at;
  const std::string rows = probes_csv(with_more(), settings().activations);
  write_file(at / "probes.csv", probes_heading(true) + rows);
  const auto all = read_probes(at / "probes.csv", inspected());
  EXPECT_EQ(probes_csv(all, settings().activations), rows);
  EXPECT_FALSE(all[1].more.value().change);
  const auto plain = read_probes(at / "probes.csv", settings());
  EXPECT_EQ(probes_csv(plain, settings().activations), kRows);
  write_file(at / "probes.csv", kHeading + kRows);
  EXPECT_EQ(
      testing::message<std::runtime_error>([&] { read_probes(at / "probes.csv", inspected()); }),
      "[results] " + (at / "probes.csv").string() + ": has no column activation_mean");
}

TEST(Probes, WhatIsWrongIsNamed) {
  const TemporaryDirectory at;
  const auto says = [&](const std::string& rows) {
    write_file(at / "probes.csv", rows);
    return testing::message<std::runtime_error>(
        [&] { read_probes(at / "probes.csv", settings()); });
  };
  const std::string file = (at / "probes.csv").string();
  const std::string begin = "swiglu,3,0.001,0,2,64,1,";
  EXPECT_EQ(says("activation,seed\nswiglu,1\n"), "[results] " + file + ": has no column lr");
  EXPECT_EQ(says(kHeading + "swiglu,3,x,0,2,64,1,,,,,\n"),
            "[data] " + file + ": row 2, column lr: expected a number, got 'x'");
  EXPECT_EQ(says(kHeading + "swiglu,3,0.001,0,2.5,64,1,,,,,\n"),
            "[data] " + file + ": row 2, column layer: expected a whole number, got '2.5'");
  EXPECT_EQ(says(kHeading + begin + "0,0,0,0,1;2\n"),
            "[data] " + file +
                ": row 2, column histogram: expected 24 whole numbers with ';' between, got '1;2'");
  EXPECT_EQ(says(kHeading + "swiglu,9,0.001,0,2,64,1,,,,,\n"),
            "[data] " + file + ": row 2, column seed: 9 is not among the settings");
  EXPECT_EQ(says(kHeading + "swiglu,3,0.001,-1,2,64,1,,,,,\n"),
            "[data] " + file + ": row 2, column epoch: expected 0 to 5, got -1");
  EXPECT_EQ(says(kHeading + "swiglu,3,0.001,0,3,64,1,,,,,\n"),
            "[data] " + file + ": row 2, column layer: expected 1 to 2, got 3");
  std::string bins = "1";
  for (int i = 0; i < 24; ++i) bins += ";1";
  EXPECT_NE(says(kHeading + begin + "0,0,0,0," + bins + "\n").find("expected 24"),
            std::string::npos);
}

Comparison comparison() {
  Comparison c;
  c.settings = settings();
  c.probes = {with_units(), without()};
  return c;
}

TEST(Probes, AreInJson) {
  const auto probes = nlohmann::json::parse(json(comparison())).at("probes");
  ASSERT_EQ(probes.size(), 2U);
  EXPECT_EQ(probes[0].at("activation"), "threshold(threshold=0.1,value=20)");
  EXPECT_EQ(probes[0].at("seed"), 7);
  EXPECT_EQ(probes[0].at("epoch"), 2);
  EXPECT_EQ(probes[0].at("layer"), 1);
  EXPECT_EQ(probes[0].at("units"), 128);
  EXPECT_EQ(probes[0].at("gradient_norm"), 1.0 / 3);
  EXPECT_EQ(probes[0].at("dead"), 3.0 / 128);
  EXPECT_EQ(probes[0].at("histogram").size(), 24U);
  EXPECT_EQ(probes[0].at("histogram")[23], 4);
  EXPECT_TRUE(probes[1].at("gradient_norm").is_null());
  EXPECT_FALSE(probes[1].contains("dead"));
}

TEST(Probes, OfInspectAreInJson) {
  Comparison c = comparison();
  c.probes = with_more();
  const auto probes = nlohmann::json::parse(json(c)).at("probes");
  EXPECT_EQ(probes[0].at("effective_rank"), 1.5);
  EXPECT_EQ(probes[0].at("change"), 0.125);
  EXPECT_TRUE(probes[1].at("change").is_null());
  EXPECT_TRUE(probes[1].at("activation_mean").is_null());
}

// The other run has its activations in another order, and one training that the first has too.
TEST(Probes, AreMergedAsRowsAre) {
  StoredRun a{"a", comparison(), true};
  a.comparison.settings.seeds = {7};
  a.comparison.probes = {with_units()};
  StoredRun b{"b", comparison(), true};
  std::swap(b.comparison.settings.activations[0], b.comparison.settings.activations[1]);
  b.comparison.probes[0].activation = 1;
  b.comparison.probes[0].gradient_norm = 77;
  b.comparison.probes[1].activation = 0;
  const std::vector<StoredRun> runs = {a, b};
  const Comparison merged = merge(runs);
  EXPECT_EQ(probes_csv(merged.probes, merged.settings.activations), kRows);
}

}  // namespace
}  // namespace actfn::lab
