// SPDX-License-Identifier: Apache-2.0
// How experiments run: any number of trials at a time, killed, gone on with, and wrong directories.
#include <actfn/error.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <regex>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "experiment_files.h"
#include "lab/experiment_page.h"
#include "lab/experiment_run.h"
#include "messages.h"
#include "temporary_directory.h"

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;
using actfn::testing::files_without_seconds;
using actfn::testing::message;
using actfn::testing::read_file;
using actfn::testing::TemporaryDirectory;
using actfn::testing::write_file;

std::atomic<int> g_measured = 0;

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  Line line{"relu, twice", {}};
  const auto x = readings.numbers("x");
  const auto y = readings.numbers("y");
  for (std::size_t i = 0; i < x.size(); ++i) line.points.push_back({x[i], y[i]});
  Verdict verdict{.holds = Holds::yes, .finding = "a < b & \"c\"", .measured = "1"};
  verdict.tolerance = "exact";
  return {verdict,
          {{.file = "line", .title = "a < b & \"c\"", .x = {"x"}, .y = {"y"}, .lines = {line}}}};
}

Experiment squares(std::string name, Method method = Method::networks) {
  const auto trials = [](const Scope& scope) {
    std::vector<Trial> all;
    for (int seed = 1; seed <= scope.seeds; ++seed) {
      all.push_back({"seed-" + std::to_string(seed), [seed](const Materials& materials) {
                       materials.go_on();
                       ++g_measured;
                       return std::vector<Row>{row("relu,a", seed, 0.1 * seed),
                                               row("relu,a", seed + 0.5, NAN)};
                     }});
    }
    return all;
  };
  return {.name = std::move(name),
          .claim = "A claim.",
          .source = "A source",
          .expected = "1",
          .setup = "Nothing is computed.",
          .method = method,
          .columns = {"activation", "x", "y"},
          .trials = trials,
          .judge = judge};
}

struct Count {
  std::size_t all = 0, earlier = 0, finished = 0, judged = 0;
};

std::vector<ExperimentResult> run(std::span<const Experiment> some, const fs::path& directory,
                                  bool resume, int jobs, Count& count, std::size_t stop_after = 999,
                                  const Scope& scope = {.seeds = 7}) {
  std::vector<const Experiment*> chosen;
  for (const Experiment& e : some) chosen.push_back(&e);
  std::stop_source stop;
  const ExperimentWatch watch{[&](std::size_t all, std::size_t earlier) {
                                count.all = all;
                                count.earlier = earlier;
                              },
                              [&](const Experiment&, const Trial&) {
                                if (++count.finished == stop_after) stop.request_stop();
                              },
                              [&](const ExperimentResult&) { ++count.judged; }};
  ExperimentDirectory to(directory, scope, resume);
  auto results = run_experiments(chosen, scope, jobs, to, stop.get_token(), watch);
  to.write_page(experiment_page(results, scope));
  return results;
}

TEST(Experiments, WriteTheSameFilesForAnyNumberOfJobs) {
  const TemporaryDirectory directory;
  const std::vector<Experiment> both = {squares("b-squares"), squares("a-squares", Method::timed)};
  Count one;
  Count four;
  EXPECT_EQ(run(both, directory / "one", false, 1, one).size(), 2);
  run(both, directory / "four", false, 4, four);
  EXPECT_EQ(one.all, 14);
  EXPECT_EQ(four.finished, 14);
  EXPECT_EQ(four.judged, 2);
  EXPECT_EQ(files_without_seconds(directory / "one"), files_without_seconds(directory / "four"));
  EXPECT_EQ(files_without_seconds(directory / "one").size(), 10);
  EXPECT_EQ(files_without_seconds(directory / "one").count("a-squares/line.svg"), 1);
  EXPECT_NE(read_file(directory / "one" / "b-squares" / "data.csv").find("\"relu,a\",1.5,nan\n"),
            std::string::npos);
}

TEST(Experiments, GoOnAfterAnyNumberOfTrials) {
  const TemporaryDirectory directory;
  const std::vector<Experiment> both = {squares("a-squares"), squares("b-squares", Method::timed)};
  Count count;
  run(both, directory / "whole", false, 2, count);
  for (const std::size_t after : {1U, 6U, 7U, 8U, 13U}) {
    const fs::path to = directory / std::to_string(after);
    Count first;
    Count second;
    run(both, to, false, 1, first, after);
    EXPECT_EQ(first.finished, after);
    g_measured = 0;
    run(both, to, true, 2, second);
    EXPECT_EQ(second.earlier, after);
    EXPECT_EQ(static_cast<std::size_t>(g_measured), 14 - after);
    EXPECT_EQ(files_without_seconds(to), files_without_seconds(directory / "whole"));
  }
}

TEST(Experiments, FinishedOnesAreNotRunAgainAndMoreSeedsAreAdded) {
  const TemporaryDirectory directory;
  const std::vector<Experiment> one = {squares("squares")};
  Count count;
  run(one, directory / "out", false, 2, count);
  const auto before = files_without_seconds(directory / "out");
  g_measured = 0;
  run(one, directory / "out", true, 2, count);
  EXPECT_EQ(g_measured, 0);
  EXPECT_EQ(files_without_seconds(directory / "out"), before);
  run(one, directory / "out", true, 2, count, 999, {.seeds = 9});
  EXPECT_EQ(g_measured, 2);
  // Fewer seeds throw nothing away.
  run(one, directory / "out", true, 2, count, 999, {.seeds = 2});
  EXPECT_NE(read_file(directory / "out" / "squares" / "data.csv").find("\nseed-9,"),
            std::string::npos);
  run(one, directory / "out", true, 2, count, 999, {.seeds = 9});
  EXPECT_EQ(g_measured, 2);
}

TEST(Experiments, NothingRunsBesideATrialThatMeasuresTime) {
  static std::atomic<int> running;
  running = 0;
  Experiment e = squares("squares");
  e.trials = [](const Scope&) {
    std::vector<Trial> all;
    for (int i = 0; i < 8; ++i) {
      const bool alone = i % 2 == 0;
      all.push_back({.name = "seed-" + std::to_string(i),
                     .measure =
                         [alone, i](const Materials&) {
                           const int others = running++;
                           std::this_thread::sleep_for(std::chrono::milliseconds(5));
                           EXPECT_TRUE(!alone || (others == 0 && running == 1)) << i;
                           --running;
                           return std::vector<Row>{row("relu", i, 1)};
                         },
                     .alone = alone});
    }
    return all;
  };
  const TemporaryDirectory directory;
  Count count;
  run(std::vector{e}, directory / "out", false, 4, count);
  EXPECT_EQ(count.finished, 8);
}

TEST(Experiments, DamagedTrialsAreMeasuredAgain) {
  const TemporaryDirectory directory;
  const std::vector<Experiment> one = {squares("squares")};
  Count count;
  run(one, directory / "out", false, 1, count, 3);
  const fs::path trials = directory / "out" / "squares" / "trials";
  const std::string text = read_file(trials / "seed-1.csv");
  write_file(trials / "seed-1.csv", text.substr(0, text.size() - 5));
  write_file(trials / "seed-2.csv", "trial,seconds,x\n");
  write_file(trials / "seed-4.csv", text);  // that of another trial
  run(one, directory / "out", true, 1, count);
  EXPECT_EQ(count.earlier, 1);
}

TEST(Experiments, RowsThatDoNotFitAreExplained) {
  const TemporaryDirectory directory;
  std::vector<Experiment> one = {squares("squares")};
  one[0].judge = [](const Readings& readings, const Scope& scope) {
    readings.where("x", "1").number("y");
    return judge(readings, scope);
  };
  const fs::path out = directory / "out";
  Count count;
  run(one, out, false, 1, count);
  const std::string text = read_file(out / "squares" / "data.csv");
  write_file(out / "squares" / "data.csv", std::regex_replace(text, std::regex(",1,"), ",8,"));
  EXPECT_EQ(message([&] { run(one, out, true, 1, count); }),
            "[experiment] " + (out / "squares").string() +
                " is not what the experiment has written ([experiment] one row has to be left): "
                "delete it, and its trials are measured again");
  fs::remove_all(out / "squares");
  run(one, out, true, 1, count);
  EXPECT_EQ(count.earlier, 0);
}

TEST(Experiments, ATrialThatFailsEndsTheRunAndFinishedOnesStay) {
  const TemporaryDirectory directory;
  std::vector<Experiment> one = {squares("squares")};
  one[0].trials = [good = one[0].trials](const Scope& scope) {
    auto trials = good(scope);
    trials[2].measure = [](const Materials&) -> std::vector<Row> {
      throw std::runtime_error("the trial failed");
    };
    return trials;
  };
  Count count;
  EXPECT_EQ(message<std::runtime_error>([&] { run(one, directory / "out", false, 1, count); }),
            "the trial failed");
  EXPECT_TRUE(fs::exists(directory / "out" / "squares" / "trials" / "seed-2.csv"));
  run(std::vector<Experiment>{squares("squares")}, directory / "out", true, 1, count);
  EXPECT_EQ(count.earlier, 2);
}

TEST(Experiments, DirectoriesThatDoNotFitAreRefused) {
  const TemporaryDirectory directory;
  const std::vector<Experiment> one = {squares("squares")};
  const fs::path out = directory / "out";
  Count count;
  run(one, out, false, 1, count);
  const auto refused = [&](bool resume, bool quick) {
    return message([&] { ExperimentDirectory(out, {.quick = quick}, resume); });
  };
  EXPECT_EQ(refused(false, false),
            "[experiment] " + out.string() +
                " has results already: go on with --resume, or take another directory");
  EXPECT_EQ(refused(true, true), "[experiment] " + out.string() +
                                     " has results without --quick: take another directory");
  write_file(out / "settings.json", "{}");
  EXPECT_EQ(refused(true, false), "[experiment] " + (out / "settings.json").string() +
                                      " is not what an experiment has written");
  write_file(directory / "file", "");
  EXPECT_NE(message<std::runtime_error>([&] {
              ExperimentDirectory(directory / "file", {}, false);
            }).find("[experiment] cannot create "),
            std::string::npos);
}

TEST(Experiments, OneWriterForADirectory) {
  const TemporaryDirectory directory;
  const ExperimentDirectory first(directory / "out", {}, false);
  EXPECT_EQ(message<std::runtime_error>([&] { ExperimentDirectory(directory / "out", {}, true); }),
            "[experiment] another run of experiments is using " + (directory / "out").string());
}

TEST(Experiments, AllSayWhatTheyAreAbout) {
  const std::regex allowed("[A-Za-z0-9._-]+");
  std::set<std::string> names;
  for (const Experiment& e : all_experiments()) {
    EXPECT_TRUE(names.insert(e.name).second) << e.name;
    EXPECT_TRUE(std::regex_match(e.name, std::regex("[a-z0-9-]+"))) << e.name;
    EXPECT_TRUE(e.claim.ends_with('.')) << e.name;
    EXPECT_FALSE(e.source.empty() || e.expected.empty() || e.columns.empty()) << e.name;
    EXPECT_TRUE(e.setup.ends_with('.')) << e.name;
    for (const bool quick : {false, true}) {
      std::set<std::string> trials;
      for (const Trial& trial : e.trials({.seeds = 2, .quick = quick})) {
        EXPECT_TRUE(trials.insert(trial.name).second) << e.name << ' ' << trial.name;
        EXPECT_TRUE(std::regex_match(trial.name, allowed)) << e.name << ' ' << trial.name;
      }
      EXPECT_FALSE(trials.empty()) << e.name;
    }
  }
  EXPECT_EQ(&experiment_named("sigmoid-slope"), &experiment_named("sigmoid-slope"));
  EXPECT_EQ(message([] { experiment_named("sigmoid-slop"); }),
            "[experiment] there is no 'sigmoid-slop'; did you mean sigmoid-slope?");
}

TEST(Experiments, ThePageHasClaimVerdictPictureAndCommand) {
  const Experiment e = squares("squares");
  const ExperimentResult result{&e, judge({e.columns, {row("relu", 1, 2)}}, {}), 1, 2.5};
  const std::string page = experiment_page(std::vector{result}, {.seeds = 3, .quick = true});
  for (const char* part : {"<h1>", "1 claim: 1 hold, 0 do not, 0 undecided", "A claim.", "A source",
                           "actfn experiment squares --seeds 3 --quick", "squares/data.csv",
                           "a &lt; b &amp; &quot;c&quot;", "<svg class=\"chart\"", "<table>"}) {
    EXPECT_NE(page.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(page.find("a < b"), std::string::npos);
  EXPECT_EQ(page.find("<script"), std::string::npos);
}

}  // namespace
}  // namespace actfn::lab
