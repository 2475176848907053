// SPDX-License-Identifier: Apache-2.0
// choose: an activation for a table, in files.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <thread>

#include "subprocess.h"
#include "temporary_directory.h"

namespace actfn::testing {
namespace {

namespace fs = std::filesystem;

// Three classes, in rings around each other: no straight line tells them apart.
std::string rings() {
  std::string text = "a,b,class\n";
  const char* const names[] = {"inner", "middle", "outer"};
  for (int i = 0; i < 240; ++i) {
    const double angle = 0.7 * i;
    const double radius = 1 + i % 3 + 0.1 * (i % 7 - 3);
    text += std::to_string(radius * std::cos(angle)) + "," +
            std::to_string(radius * std::sin(angle)) + "," + names[i % 3] + "\n";
  }
  return text;
}

class ChooseCommand : public ::testing::Test {
 protected:
  void SetUp() override { write_file(directory_ / "rings.csv", rings()); }

  fs::path out(const std::string& name = "out") const { return directory_ / name; }

  Invocation choose(const Words& more, const std::string& name = "out") const {
    Words all = {"choose", "--out", out(name)};
    all.insert(all.end(), more.begin(), more.end());
    return program(all);
  }

  Invocation small(const Words& more = {}, const std::string& name = "out") const {
    Words all = {"--data",        directory_ / "rings.csv",
                 "--activations", "relu,gelu,tanh,step",
                 "--lr",          "0.003,0.01",
                 "--hidden",      "8",
                 "--budget",      "0.02",
                 "--seeds",       "3",
                 "--finalists",   "2"};
    all.insert(all.end(), more.begin(), more.end());
    return choose(all, name);
  }

  TemporaryDirectory directory_;
};

std::string without_times(const fs::path& file) {
  static const std::regex time(R"("(step_)?seconds": [^\n]*|,[0-9.e-]*\n|,\d+\.\d{4}(?=,))");
  return std::regex_replace(read_file(file), time, "");
}

TEST_F(ChooseCommand, RanksTheActivationsOfATable) {
  const auto got = run(small());
  ASSERT_EQ(got.status, 0) << got.err;
  EXPECT_NE(got.err.find("Rung 1 of 2: 8 trainings, "), std::string::npos) << got.err;
  EXPECT_NE(got.err.find("Final: 6 trainings, "), std::string::npos) << got.err;
  EXPECT_TRUE(std::regex_search(
      got.out, std::regex("\nACTIVATION +LR +INIT +GROUP +TEST ACCURACY +BEHIND +US/STEP\n")))
      << got.out;
  EXPECT_TRUE(std::regex_search(got.out, std::regex("\nTake (relu|gelu|tanh) with a learning")))
      << got.out;
  EXPECT_NE(got.out.find("2 activations left before the final"), std::string::npos) << got.out;
  EXPECT_NE(got.out.find("Report: " + (out() / "index.html").string()), std::string::npos);
  const auto json = nlohmann::json::parse(read_file(out() / "ranking.json"));
  EXPECT_EQ(json["ranking"].size(), 2);
  EXPECT_EQ(json["ranking"][0]["seeds"], 3);
  for (const char* name :
       {"index.html", "results.csv", "ranking.csv", "settings.json", "figures/ranking.svg"}) {
    EXPECT_TRUE(fs::exists(out() / name)) << name;
  }
}

TEST_F(ChooseCommand, TheSameCommandGivesTheSameRanking) {
  ASSERT_EQ(run(small({"--jobs", "1"}, "one")).status, 0);
  ASSERT_EQ(run(small({"--jobs", "3"}, "three")).status, 0);
  for (const char* name : {"settings.json", "results.csv", "ranking.csv", "ranking.json"}) {
    EXPECT_EQ(without_times(out("one") / name), without_times(out("three") / name)) << name;
  }
}

TEST_F(ChooseCommand, KilledAndResumedGivesTheSame) {
  ASSERT_EQ(run(small({}, "whole")).status, 0);
  for (int i = 0; i < 8; ++i) {
    const bool resume = fs::exists(out() / "settings.json");
    Subprocess running(resume ? choose({"--resume"}) : small());
    std::this_thread::sleep_for(std::chrono::milliseconds(30 + 47 * i));
    running.send(SIGKILL);
    running.wait();
  }
  const bool resume = fs::exists(out() / "settings.json");
  const auto got = run(resume ? choose({"--resume"}) : small());
  ASSERT_EQ(got.status, 0) << got.err;
  for (const char* name : {"settings.json", "results.csv", "ranking.csv", "ranking.json"}) {
    EXPECT_EQ(without_times(out() / name), without_times(out("whole") / name)) << name;
  }
}

TEST_F(ChooseCommand, SaysWhatIsWrongBeforeAnythingIsWritten) {
  const auto refused = [&](const Words& words) {
    const auto got = run(small(words));
    EXPECT_EQ(got.status, 2) << got.err;
    EXPECT_EQ(got.out, "");
    EXPECT_FALSE(fs::exists(out()));
    return got.err;
  };
  EXPECT_EQ(refused({"--budget", "0"}),
            "actfn: [choose] --budget must be a number of minutes above 0 and at most 10080, got "
            "0\n");
  EXPECT_EQ(run(choose({"--budget", "soon"})).err,
            "actfn: [choose] --budget takes a number in range, got 'soon'\n");
  EXPECT_TRUE(refused({"--budget", "0.00001"})
                  .starts_with("actfn: [choose] --budget 1e-05 is too little: 4 activations with "
                               "2 learning rates on these data take at least "));
  EXPECT_EQ(refused({"--lr", "0.1,x"}),
            "actfn: [choose] lr must be a number, or several: got 'x'\n");
  EXPECT_EQ(refused({"--lr", "0.1,0.1"}), "actfn: [choose] lr 0.1 is given twice\n");
  EXPECT_EQ(refused({"--network", "cnn"}),
            "actfn: [choose] hidden is for --network mlp: cnn has widths of its own\n");
  EXPECT_EQ(refused({"--jobs", "-1"}),
            "actfn: [choose] --jobs must be from 1 to 1024, or 0 for one per core, got -1\n");
  EXPECT_EQ(refused({"--validation", "0"}),
            "actfn: [choose] --validation must be above 0: activations are chosen by it, got 0\n");
  EXPECT_EQ(refused({"--batch", "0"}), "actfn: [choose] batch must be from 1 to 65536, got 0\n");
  EXPECT_EQ(refused({"--label", "size"}).find("actfn: [data] "), 0);
  EXPECT_EQ(refused({"gelu"}),
            "actfn: [choose] unexpected argument 'gelu'; name functions by "
            "--activations\n");
}

TEST_F(ChooseCommand, ResumeTakesItsSettingsFromTheDirectory) {
  auto got = run(choose({"--resume"}));
  EXPECT_EQ(got.status, 2);
  EXPECT_EQ(got.err, "actfn: [choose] there is no run to go on with in " + out().string() + "\n");
  EXPECT_FALSE(fs::exists(out()));
  ASSERT_EQ(run(small()).status, 0);
  got = run(choose({"--resume", "--budget", "3"}));
  EXPECT_EQ(got.status, 2);
  EXPECT_EQ(got.err,
            "actfn: [choose] --resume takes --budget from " + out().string() + ": leave it out\n");
  got = run(small());
  EXPECT_EQ(got.status, 2);
  EXPECT_NE(got.err.find("has results already: go on with --resume"), std::string::npos);
  got = run(program({"choose", "--resume"}));
  EXPECT_EQ(got.err, "actfn: [choose] --resume needs --out\n");
}

TEST_F(ChooseCommand, HelpHasExamples) {
  const auto got = run(program({"choose", "--help"}));
  EXPECT_EQ(got.status, 0);
  EXPECT_NE(got.out.find("actfn choose --data iris.csv"), std::string::npos);
  for (const auto& line : lines(got.out)) EXPECT_LE(line.size(), 100) << line;
}

}  // namespace
}  // namespace actfn::testing
