// SPDX-License-Identifier: Apache-2.0
// inspect as a user's shell runs it, on a few made-up images.
#include "compare_program.h"

#include <algorithm>
#include <fstream>
#include <thread>

namespace actfn::testing {
namespace {

class Inspect : public Compare {
 protected:
  Invocation words(Words more) const {
    more.insert(more.begin(), "inspect");
    auto what = program(more);
    what.directory = directory_.path();
    return what;
  }
  Invocation inspect(const Words& more, std::string_view name = "out") const {
    Words all = {"--data", data(), "--out", out(name), "--hidden", "8,6,5,4"};
    all.insert(all.end(), more.begin(), more.end());
    return words(all);
  }
  std::string page(std::string_view name = "out") const {
    return read_file(out(name) / "index.html");
  }
  // Without the last five columns, which have seconds.
  Words probes(std::string_view name = "out") const {
    Words all = lines(read_file(out(name) / "probes.csv"));
    for (std::string& line : all) {
      for (int i = 0; i < 5; ++i) line.resize(std::min(line.size(), line.rfind(',')));
    }
    return all;
  }
};

TEST_F(Inspect, WritesAPageAndARowForEachLayerAndEpoch) {
  const auto got = run(inspect({"--activations", "relu,swiglu", "--epochs", "2"}));
  ASSERT_EQ(got.status, 0) << got.err;
  Words names;
  for (const auto& entry : fs::directory_iterator(out())) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  EXPECT_EQ(names, (Words{"figures", "index.html", "probes.csv", "results.csv", "results.json"}));
  const Words rows = probes();
  ASSERT_EQ(rows.size(), 1U + 2 * 3 * 4);  // activations, epochs and before, layers
  EXPECT_TRUE(rows[0].ends_with(
      ",histogram,activation_mean,activation_variance,weight_norm,gradient_ratio,change,"
      "effective_rank"))
      << rows[0];
  EXPECT_TRUE(rows[1].starts_with("relu,1,0.001,0,1,8,")) << rows[1];
  EXPECT_TRUE(rows.back().starts_with("swiglu,1,0.001,2,4,8,")) << rows.back();
  EXPECT_NE(got.out.find("relu: The gradient of layer 1 is "), std::string::npos) << got.out;
  EXPECT_NE(got.out.find("The instruments took "), std::string::npos) << got.out;
  EXPECT_TRUE(got.out.ends_with("\nPage: " + (out() / "index.html").string() + "\n")) << got.out;
}

TEST_F(Inspect, ThePageHasASectionForEachInstrument) {
  ASSERT_EQ(run(inspect({"--activations", "sigmoid,relu", "--epochs", "1"})).status, 0);
  const std::string html = page();
  for (const char* const section : {"gradient", "change", "ratio", "dead", "saturated", "mean",
                                    "variance", "rank", "pre-activations", "cost", "run"}) {
    EXPECT_NE(html.find("<section id=\"" + std::string(section) + "\">"), std::string::npos)
        << section;
  }
  EXPECT_NE(html.find("actfn inspect --activations sigmoid,relu --seeds 1, --hidden 8,6,5,4"),
            std::string::npos);
  EXPECT_EQ(html.find("nan"), std::string::npos);
  EXPECT_EQ(html.find("<script"), std::string::npos);
}

// swiglu has no slope of one number: nothing is said of its units.
TEST_F(Inspect, PicturesAreFiles) {
  ASSERT_EQ(run(inspect({"--activations", "elu(alpha=0.5),swiglu", "--epochs", "1"})).status, 0);
  Words names;
  for (const auto& entry : fs::directory_iterator(out() / "figures")) {
    names.push_back(entry.path().filename());
    EXPECT_TRUE(read_file(entry.path()).ends_with("</svg>\n")) << names.back();
  }
  std::ranges::sort(names);
  EXPECT_EQ(names,
            (Words{"change-elu_alpha-0.5.svg", "change-swiglu.svg", "dead-elu_alpha-0.5.svg",
                   "gradient-elu_alpha-0.5.svg", "gradient-swiglu.svg", "mean-elu_alpha-0.5.svg",
                   "mean-swiglu.svg", "rank-elu_alpha-0.5.svg", "rank-swiglu.svg",
                   "ratio-elu_alpha-0.5.svg", "ratio-swiglu.svg", "saturated-elu_alpha-0.5.svg",
                   "variance-elu_alpha-0.5.svg", "variance-swiglu.svg"}));
  EXPECT_NE(
      read_file(out() / "figures" / "gradient-swiglu.svg").find("<title>swiglu: The gradient"),
      std::string::npos);
}

TEST_F(Inspect, LooksLessOftenAndAtFewerSamples) {
  const Words options = {"--activations", "relu", "--epochs",  "3",
                         "--every",       "2",    "--samples", "10"};
  ASSERT_EQ(run(inspect(options)).status, 0);
  Words epochs;
  for (const std::string& row : probes()) {
    std::smatch found;
    if (!std::regex_search(row, found, std::regex("^relu,1,0.001,(\\d),1,8,"))) continue;
    epochs.push_back(found[1]);
  }
  EXPECT_EQ(epochs, (Words{"0", "2", "3"}));
  EXPECT_NE(page().find("the same 10 held-out samples"), std::string::npos);
  EXPECT_NE(page().find(" --every 2 --samples 10"), std::string::npos);
}

TEST_F(Inspect, AnyNumberOfJobsGivesTheSame) {
  const Words options = {"--activations", "sigmoid,relu", "--epochs", "2", "--seeds", "2"};
  Words one = options;
  one.insert(one.end(), {"--jobs", "1"});
  Words four = options;
  four.insert(four.end(), {"--jobs", "4"});
  ASSERT_EQ(run(inspect(one, "one")).status, 0);
  ASSERT_EQ(run(inspect(four, "four")).status, 0);
  EXPECT_EQ(probes("one"), probes("four"));
  EXPECT_EQ(without_seconds(csv("one")), without_seconds(csv("four")));
}

// What compare sees of the trainings, inspect sees too.
TEST_F(Inspect, TrainsAsCompareDoes) {
  const Words options = {"--activations", "relu", "--epochs", "2", "--hidden", "8,6"};
  ASSERT_EQ(run(inspect(options)).status, 0);
  ASSERT_EQ(run(compare(options, "compared")).status, 0);
  EXPECT_EQ(without_seconds(csv()), without_seconds(csv("compared")));
  const Words more = probes();
  const Words some = lines(read_file(out("compared") / "probes.csv"));
  ASSERT_EQ(more.size(), some.size());
  for (std::size_t i = 0; i < some.size(); ++i) EXPECT_TRUE(more[i].starts_with(some[i])) << i;
}

TEST_F(Inspect, KilledAndResumedGivesTheSame) {
  const Words options = {"--activations", "sigmoid,relu", "--epochs", "20", "--jobs", "1"};
  ASSERT_EQ(run(inspect(options, "whole")).status, 0);
  {
    Subprocess running(inspect(options));
    const fs::path rows = out() / "unfinished" / "probes.csv";
    for (int i = 0; i < 6000 && lines(read_file(rows)).size() < 30; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    running.send(SIGKILL);
    running.wait();
  }
  // A kill may come in the middle of a row, too.
  for (const char* name : {"probes.csv", "results.csv"}) {
    std::ofstream(out() / "unfinished" / name, std::ios::app) << "sigmoid,1,0.";
  }
  const auto got = run(words({"--out", out(), "--resume"}));
  ASSERT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(probes(), probes("whole"));
  EXPECT_EQ(without_seconds(csv()), without_seconds(csv("whole")));
}

TEST_F(Inspect, LooksIntoASavedNetwork) {
  ASSERT_EQ(run(compare({"--activations", "relu", "--epochs", "1", "--save"}, "trained")).status,
            0);
  const fs::path file = out("trained") / "weights" / "relu-seed-1.safetensors";
  const auto got = run(words({"--weights", file, "--data", data(), "--out", out()}));
  ASSERT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(std::distance(fs::directory_iterator(out()), {}), 3);
  EXPECT_TRUE(fs::exists(out() / "figures" / "dead-relu-seed-1.svg"));
  const Words rows = probes();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_TRUE(rows[1].starts_with("relu-seed-1,0,0,0,1,8,")) << rows[1];
  // Epoch 1 of the training, whose weights these are: the same samples, the same numbers.
  const Words trained = lines(read_file(out("trained") / "probes.csv"));
  const auto numbers = [](const std::string& row) { return row.substr(row.find(",1,8,")); };
  EXPECT_TRUE(numbers(rows[1]).starts_with(numbers(trained[2]))) << rows[1] << "\n" << trained[2];
  EXPECT_NE(page().find("relu-seed-1"), std::string::npos);
  EXPECT_EQ(page().find("id=\"change\""), std::string::npos);
  EXPECT_EQ(page().find("nan"), std::string::npos);
  // Where the file does not say which layers it is of.
  const auto named = run(words({"--weights", file, "--network", "linear(784,8)+relu+linear(8,10)",
                                "--data", data(), "--out", out("named")}));
  ASSERT_EQ(named.status, 0) << named.err;
  EXPECT_EQ(probes("named"), rows);
}

TEST_F(Inspect, SaysWhatIsWrong) {
  ASSERT_EQ(run(compare({"--activations", "relu", "--epochs", "1", "--save"}, "trained")).status,
            0);
  const std::string file = out("trained") / "weights" / "relu-seed-1.safetensors";
  const auto refused = [&](const Invocation& what) {
    const auto got = run(what);
    EXPECT_EQ(got.status, 2) << got.err;
    EXPECT_EQ(got.out, "");
    return got.err;
  };
  EXPECT_EQ(refused(inspect({"--every", "0"})),
            "actfn: [inspect] every must be at least 1, got 0\n");
  EXPECT_EQ(refused(inspect({"--samples", "0"})),
            "actfn: [inspect] samples must be from 1 to 65536, got 0\n");
  EXPECT_EQ(refused(inspect({"--epochs", "0"})),
            "actfn: [inspect] epochs must be at least 1, got 0\n");
  EXPECT_EQ(refused(inspect({"--weights", file, "--epochs", "2"})),
            "actfn: [inspect] --weights trains nothing: leave --hidden out\n");
  EXPECT_EQ(refused(words({"--weights", file, "--input", "784"})),
            "actfn: [inspect] --input is the shape --network takes: name both\n");
  EXPECT_EQ(refused(words({"--input", "784"})),
            "actfn: [inspect] --input is the shape --network takes: name both\n");
  write_file(directory_ / "small.csv", "a,b,class\n1,2,x\n2,1,y\n3,4,x\n4,3,y\n5,6,x\n6,5,y\n");
  EXPECT_EQ(refused(words({"--weights", file, "--data", directory_ / "small.csv"})),
            "actfn: [inspect] the network takes 784 numbers, a sample has 2\n");
  EXPECT_FALSE(fs::exists(out()));
  ASSERT_EQ(run(inspect({"--activations", "relu", "--epochs", "1"})).status, 0);
  EXPECT_NE(refused(inspect({"--activations", "relu"}))
                .find("[inspect] " + out().string() + " has results already"),
            std::string::npos);
  EXPECT_EQ(refused(program({"compare", "--out", out(), "--resume"})),
            "actfn: [compare] " + out().string() +
                " has what actfn inspect has written: go on with that\n");
}

TEST_F(Inspect, HelpNamesItsOwnDirectory) {
  const std::string help = run(words({"--help"})).out;
  EXPECT_NE(help.find("actfn-inspect-DATE-TIME"), std::string::npos);
  EXPECT_EQ(help.find("actfn-compare-DATE-TIME"), std::string::npos);
}

}  // namespace
}  // namespace actfn::testing
