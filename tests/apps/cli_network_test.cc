// SPDX-License-Identifier: Apache-2.0
// compare --network as a user's shell runs it, on a few made-up images.
#include "compare_program.h"
#include "files/safetensors.h"

namespace actfn::testing {
namespace {

// Without the fixture's --hidden.
class CompareNetwork : public Compare {
 protected:
  Invocation network(const Words& more, std::string_view name = "out") const {
    Words all = {"compare", "--network", "cnn", "--data", data(), "--out", out(name)};
    all.insert(all.end(), more.begin(), more.end());
    auto what = program(all);
    what.directory = directory_.path();
    return what;
  }
  std::string page(std::string_view name = "out") const {
    return read_file(out(name) / "report.html");
  }
};

TEST_F(CompareNetwork, CnnTrainsWithItsOwnDefaults) {
  const auto got = run(network({"--activations", "relu,swiglu", "--epochs", "1"}));
  ASSERT_EQ(got.status, 0) << got.err;
  const auto settings = json().at("settings");
  EXPECT_EQ(settings.at("network"), "cnn");
  EXPECT_EQ(settings.at("hidden"), nlohmann::json::array());
  EXPECT_EQ(settings.at("schedule"), "cosine");
  EXPECT_EQ(settings.at("epochs"), 1);
  EXPECT_EQ(json().at("form").at("kind"), "image");
  EXPECT_EQ(json().at("form").at("height"), kSide);
  EXPECT_EQ(json().at("activations")[0].at("parameters"), 26 * 6 + 151 * 16 + 401 * 120 + 121 * 10);
  const Words rows = lines(read_file(out() / "probes.csv"));
  ASSERT_EQ(rows.size(), 1U + 2 * 2 * 3);
  EXPECT_NE(rows[3].find(",3,120,"), std::string::npos) << rows[3];
}

TEST_F(CompareNetwork, OptionsGoBeforeDefaults) {
  ASSERT_EQ(run(network({"--activations", "relu", "--epochs", "1", "--lr", "0.01", "--batch", "50",
                         "--schedule", "constant", "--optimizer", "sgd"}))
                .status,
            0);
  const auto settings = json().at("settings");
  EXPECT_EQ(settings.at("lr"), nlohmann::json({0.01}));
  EXPECT_EQ(settings.at("batch"), 50);
  EXPECT_EQ(settings.at("schedule"), "constant");
  EXPECT_EQ(settings.at("optimizer"), "sgd");
  // The page repeats the run, with the schedule that is not the network's own.
  EXPECT_NE(page().find("--network cnn"), std::string::npos);
  EXPECT_NE(page().find("--schedule constant"), std::string::npos);
  EXPECT_EQ(page().find("--hidden"), std::string::npos);
}

TEST_F(CompareNetwork, ThePageSaysWhichNetwork) {
  ASSERT_EQ(run(network({"--activations", "relu", "--epochs", "1"})).status, 0);
  EXPECT_NE(page().find("28x28 – 5x5 convolution, 6 channels"), std::string::npos);
  EXPECT_NE(page().find("Units of a convolution are its channels"), std::string::npos);
  ASSERT_EQ(run(compare({"--activations", "relu", "--epochs", "1"}, "mlp")).status, 0);
  EXPECT_NE(page("mlp").find("784–8–10, fully connected"), std::string::npos);
  EXPECT_EQ(page("mlp").find("Units of a convolution"), std::string::npos);
}

TEST_F(CompareNetwork, WeightsHaveTheNamesOfTheLayers) {
  ASSERT_EQ(run(network({"--activations", "relu", "--epochs", "1", "--save"})).status, 0);
  const auto file = files::Safetensors::read(out() / "weights/relu-seed-1.safetensors");
  using Lengths = std::vector<std::size_t>;
  EXPECT_EQ(file.entry("0.weight").shape, (Lengths{6, 1, 5, 5}));
  EXPECT_EQ(file.entry("3.weight").shape, (Lengths{16, 6, 5, 5}));
  EXPECT_EQ(file.entry("7.weight").shape, (Lengths{120, 400}));
  EXPECT_EQ(file.entry("9.weight").shape, (Lengths{10, 120}));
  EXPECT_TRUE(file.metadata("network").starts_with(
      "conv2d(in_channels=1,out_channels=6,kernel_size=5,padding=2)+"));
}

// The rows are those of one run.
TEST_F(CompareNetwork, AddingAndGoingOnTakeTheNetworkFromThere) {
  ASSERT_EQ(run(network({"--activations", "relu,tanh", "--epochs", "2"}, "whole")).status, 0);
  ASSERT_EQ(run(network({"--activations", "relu", "--epochs", "2"})).status, 0);
  auto got = run(program({"compare", "--add", "--out", out(), "--activations", "tanh"}));
  ASSERT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(without_seconds(csv()), without_seconds(csv("whole")));
  got = run(program({"compare", "--resume", "--out", out()}));
  ASSERT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(without_seconds(csv()), without_seconds(csv("whole")));
  EXPECT_EQ(json().at("settings").at("network"), "cnn");
}

TEST_F(CompareNetwork, RunsOfOtherNetworksAreNotPutTogether) {
  ASSERT_EQ(run(network({"--activations", "relu", "--epochs", "5"})).status, 0);
  ASSERT_EQ(run(compare({"--activations", "tanh"}, "mlp")).status, 0);
  expect_error(run(program({"report", out(), out("mlp"), "--out", out("both")})), kFailure,
               {"network is mlp, not cnn"});
}

TEST_F(CompareNetwork, WhatDoesNotFitIsAUsageErrorAndLeavesNothing) {
  expect_error(run(network({"--hidden", "8"})), kUsage, {"hidden is for --network mlp", "cnn"});
  expect_error(run(network({"--network", "cn"})), kUsage, {"network", "'cn'", "cnn?"});
  expect_error(run(network({"--activations", "logsumexp"})), kUsage, {"[logsumexp]"});
  const fs::path table = directory_ / "flowers.csv";
  write_file(table, "width,height,species\n1,2,a\n2,3,b\n3,4,a\n4,5,b\n");
  expect_error(run(network({"--data", table})), kUsage,
               {"[compare] --network cnn needs images, got 2 columns of numbers"});
  write_gz(data() / kTrainImages, images(kTrain, 11));
  write_gz(data() / kTestImages, images(kTest, 11));
  expect_error(run(network({})), kUsage, {"at least 12x12", "11x11"});
  EXPECT_FALSE(fs::exists(out()));
}

}  // namespace
}  // namespace actfn::testing
