// SPDX-License-Identifier: Apache-2.0
// A choice on toy data: any number of jobs, stopped, gone on with, and what it writes.
#include <actfn/error.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "experiment_files.h"
#include "lab/choose_directory.h"
#include "lab/choose_page.h"
#include "lab/choose_plan.h"
#include "lab/choose_run.h"
#include "messages.h"
#include "temporary_directory.h"
#include "toy_data.h"

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;
using actfn::testing::message;
using actfn::testing::read_file;
using actfn::testing::TemporaryDirectory;
using actfn::testing::write_file;

const data::Dataset& data() {
  static const data::Dataset set = testing::toy_data();
  return set;
}

StoredPlan stored() {
  StoredPlan s;
  CompareSettings& t = s.settings.training;
  t.data = "/data/toy";
  t.activations = {Relu{}, Gelu{}, Tanh{}, Identity{}, Step{}};
  t.lr = {0.001, 0.01};
  t.seeds = {1};
  t.hidden = {16};
  t.init = "auto";
  t.validation = 0.2;
  t.probe = false;
  s.settings.finalists = 3;
  s.plan.rungs = {{10, 0.5, 1, {1}}, {5, 1, 2, {2}}};
  s.plan.final = {3, 1, 4, {3, 4, 5}};
  return s;
}

struct Count {
  std::size_t earlier = 0, finished = 0;
  std::vector<std::size_t> samples;  // by stage
};

Choice run(const StoredPlan& s, int jobs, const fs::path& out, bool resume, Count& count,
           std::size_t stop_after = 999) {
  ChooseDirectory directory(out, resume);
  const std::vector<EpochResult> earlier =
      resume ? directory.finished(directory.stored()) : std::vector<EpochResult>();
  directory.begin(s, earlier);
  std::stop_source stop;
  const ChooseWatch watch{[&](std::size_t, std::size_t before, std::size_t samples) {
                            count.earlier += before;
                            count.samples.push_back(samples);
                          },
                          [&](std::size_t, std::span<const EpochResult> rows) {
                            directory.add(rows);
                            if (++count.finished == stop_after) stop.request_stop();
                          }};
  Choice choice = choose(s.settings, s.plan, data(), jobs, stop.get_token(), watch, earlier);
  if (!choice.interrupted) {
    const ChoiceFindings found = findings(choice);
    directory.finish(choice, found, choose_page(choice, found));
  }
  return choice;
}

// What does not depend on the machine's mood: the page has times of steps.
std::map<std::string, std::string> files(const fs::path& out) {
  std::map<std::string, std::string> all;
  const std::regex time(R"("(step_)?seconds": [^\n]*|,[0-9.e-]*\n|,\d+\.\d{4}(?=,))");
  for (const char* name : {"settings.json", "results.csv", "ranking.csv", "ranking.json"}) {
    all[name] = std::regex_replace(read_file(out / name), time, "");
  }
  return all;
}

TEST(Choose, GivesTheSameForAnyNumberOfJobs) {
  const TemporaryDirectory directory;
  Count count;
  const Choice one = run(stored(), 1, directory / "one", false, count);
  EXPECT_EQ(count.finished, 10 + 5 + 9);
  EXPECT_EQ(count.samples, (std::vector<std::size_t>{80, 160, 160}));
  const Choice four = run(stored(), 4, directory / "four", false, count);
  EXPECT_EQ(one.rungs, four.rungs);
  EXPECT_EQ(one.finalists, four.finalists);
  EXPECT_EQ(files(directory / "one"), files(directory / "four"));
  EXPECT_FALSE(fs::exists(directory / "one" / ".actfn-lock"));
}

TEST(Choose, OnlyTheFinalIsTested) {
  const TemporaryDirectory directory;
  Count count;
  const Choice choice = run(stored(), 2, directory / "out", false, count);
  for (const EpochResult& row : choice.rows) {
    const bool is_last = row.seed >= 3 && row.epoch == 4;
    EXPECT_TRUE(row.test.has_value() == is_last || (row.test && row.seed >= 3)) << row.seed;
  }
  ASSERT_EQ(choice.rungs.size(), 2);
  EXPECT_EQ(choice.rungs[0].size(), 10);
  EXPECT_EQ(choice.rungs[1].size(), 5);
  EXPECT_TRUE(std::ranges::is_sorted(choice.rungs[0], {}, &Standing::loss));
  EXPECT_EQ(choice.final.epochs.size(), 3 * 3 * 5);
  EXPECT_EQ(choice.final.steps.size(), 3);
}

// Other test samples change what is said of the finalists, and nothing that was chosen.
TEST(Choose, TheTestPartChoosesNothing) {
  const StoredPlan s = stored();
  data::Dataset other = data();
  std::ranges::reverse(other.test.labels);
  const ChooseWatch silent{[](std::size_t, std::size_t, std::size_t) {},
                           [](std::size_t, std::span<const EpochResult>) {}};
  const Choice a = choose(s.settings, s.plan, data(), 2, {}, silent);
  const Choice b = choose(s.settings, s.plan, other, 2, {}, silent);
  EXPECT_EQ(a.rungs, b.rungs);
  EXPECT_EQ(a.finalists, b.finalists);
  EXPECT_NE(a.final.epochs.back().test->accuracy, b.final.epochs.back().test->accuracy);
}

TEST(Choose, GoesOnAfterAnyNumberOfTrainings) {
  const TemporaryDirectory directory;
  Count count;
  run(stored(), 2, directory / "whole", false, count);
  for (const std::size_t after : {1U, 9U, 10U, 12U, 15U, 23U}) {
    const fs::path out = directory / std::to_string(after);
    Count first;
    Count second;
    EXPECT_TRUE(run(stored(), 1, out, false, first, after).interrupted) << after;
    EXPECT_FALSE(fs::exists(out / "index.html"));
    run(stored(), 2, out, true, second);
    EXPECT_EQ(second.earlier, first.finished) << after;
    EXPECT_EQ(second.finished, 24 - first.finished) << after;
    EXPECT_EQ(files(out), files(directory / "whole")) << after;
  }
}

TEST(Choose, WhatAKillCutShortIsTrainedAgain) {
  const TemporaryDirectory directory;
  const fs::path out = directory / "out";
  Count count;
  run(stored(), 1, out, false, count, 12);
  const std::string text = read_file(out / "results.csv");
  write_file(out / "results.csv", text.substr(0, text.size() - 20));
  Count second;
  run(stored(), 1, out, true, second);
  EXPECT_EQ(second.earlier, 11);
  // A finished one trains nothing.
  Count third;
  run(stored(), 1, out, true, third);
  EXPECT_EQ(third.finished, 0);
}

TEST(Choose, DirectoriesThatDoNotFitAreRefused) {
  const TemporaryDirectory directory;
  const fs::path out = directory / "out";
  EXPECT_EQ(message([&] { ChooseDirectory(out, true); }),
            "[choose] there is no run to go on with in " + out.string());
  EXPECT_FALSE(fs::exists(out));
  Count count;
  run(stored(), 2, out, false, count);
  EXPECT_EQ(message([&] { ChooseDirectory(out, false); }),
            "[choose] " + out.string() +
                " has results already: go on with --resume, or take another directory");
  const auto damaged = [&](const std::string& text) {
    write_file(out / "settings.json", text);
    return message<std::runtime_error>([&] { ChooseDirectory(out, true).stored(); });
  };
  const std::string head = "[choose] " + (out / "settings.json").string() + ": ";
  EXPECT_EQ(damaged("{"), head + "is not JSON");
  EXPECT_EQ(damaged("{\"version\": 1\x7F}"), head + "is not JSON");
  EXPECT_TRUE(damaged("{}").starts_with(head + "is not what choose has written ("))
      << damaged("{}");
  StoredPlan wrong = stored();
  wrong.plan.final.seeds = {1, 2, 3};
  EXPECT_EQ(damaged(settings_text(wrong)), head + "has a plan that choose does not make");
  wrong = stored();
  wrong.settings.budget = -1;
  EXPECT_EQ(
      damaged(settings_text(wrong)),
      head + "[choose] --budget must be a number of minutes above 0 and at most 10080, got -1");
}

TEST(Choose, SettingsReadBack) {
  const TemporaryDirectory directory;
  const StoredPlan s = stored();
  write_file(directory / "settings.json", settings_text(s));
  const StoredPlan got = read_plan(directory / "settings.json");
  EXPECT_EQ(got.plan, s.plan);
  EXPECT_EQ(settings_text(got), settings_text(s));
}

TEST(Choose, WritesARankingWithGroupsAndARecommendation) {
  const TemporaryDirectory directory;
  const fs::path out = directory / "out";
  Count count;
  const Choice choice = run(stored(), 2, out, false, count);
  const auto json = nlohmann::json::parse(read_file(out / "ranking.json"));
  EXPECT_EQ(json["metric"], "test accuracy");
  ASSERT_EQ(json["ranking"].size(), 3);
  ASSERT_EQ(json["left_out"].size(), 2);
  EXPECT_EQ(json["ranking"][0]["rank"], 1);
  EXPECT_EQ(json["ranking"][0]["group"], 1);
  EXPECT_EQ(json["ranking"][0]["seeds"], 3);
  EXPECT_EQ(json["groups"][0][0], json["ranking"][0]["activation"]);
  EXPECT_GE(json["ranking"][0]["mean"], json["ranking"][1]["mean"]);
  EXPECT_LE(json["ranking"][1]["interval"][0], json["ranking"][1]["mean"]);
  EXPECT_GT(json["ranking"][2]["step_seconds"], 0);
  const std::string best = json["ranking"][0]["activation"];
  EXPECT_TRUE(json["headline"].get<std::string>().starts_with("Take " + best));
  // step has no gradient: it is among those that left.
  std::vector<std::string> left;
  for (const auto& one : json["left_out"]) left.push_back(one["activation"]);
  EXPECT_EQ(std::ranges::count(left, "step"), 1);
  const std::string csv = read_file(out / "ranking.csv");
  EXPECT_TRUE(csv.starts_with("rank,group,activation,lr,init,parameters,seeds,mean,low,high,"));
  EXPECT_EQ(std::ranges::count(csv, '\n'), 6);
}

TEST(Choose, ThePageStandsAloneAndSaysItAll) {
  const TemporaryDirectory directory;
  Count count;
  const Choice choice = run(stored(), 2, directory / "out", false, count);
  const std::string page = read_file(directory / "out" / "index.html");
  for (const char* what :
       {"<h1>Take <code>", "<section id=\"groups\">", "<section id=\"ranking\">",
        "<section id=\"results\">", "<section id=\"left-out\">", "<section id=\"how\">", "rung 2",
        "<section id=\"curves\">", "<section id=\"functions\">",
        "actfn choose --activations relu,gelu,tanh,identity,step --hidden 16"}) {
    EXPECT_NE(page.find(what), std::string::npos) << what;
  }
  EXPECT_EQ(page.find("<script>"), std::string::npos);
  EXPECT_EQ(page.find("http://"), page.find("http://www.w3.org"));
}

}  // namespace
}  // namespace actfn::lab
