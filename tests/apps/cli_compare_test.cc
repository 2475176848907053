// SPDX-License-Identifier: Apache-2.0
// compare as a user's shell runs it, on a few made-up images.
#include <actfn/target.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <regex>
#include <tuple>

#include "compare_program.h"

namespace actfn::testing {
namespace {

constexpr const char* kRow =
    R"re(([a-z_0-9]+|"[a-z_0-9]+\([^"]+\)"|[a-z_0-9]+\([^,"]+\)),\d+,\d+(\.\d+)?(e[-+]\d+)?,\d+)re"
    R"re((,(\d+(\.\d+)?(e[-+]\d+)?|nan|inf)?){6},\d+\.\d+((,[0-9a-f]{64}){3}|,,,))re";

constexpr const char* kHeading =
    "activation,seed,lr,epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,"
    "test_loss,test_accuracy,seconds,first_weights_sha256,last_weights_sha256,"
    "test_logits_sha256";

void expect_whole(const std::string& csv) {
  ASSERT_TRUE(csv.ends_with('\n')) << csv;
  const Words all = lines(csv);
  ASSERT_EQ(all.front(), kHeading);
  const std::regex row(kRow);
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_TRUE(std::regex_match(all[i], row)) << all[i];
}

TEST_F(Compare, WritesARowForEachActivationSeedAndEpoch) {
  const auto got = run(compare(
      {"--activations", "relu,hardtanh(min_val=-2,max_val=2)", "--seeds", "3,1", "--epochs", "2"}));
  ASSERT_EQ(got.status, 0) << got.err;
  expect_whole(csv());
  Words rows;
  for (const std::string name : {"relu", "\"hardtanh(min_val=-2,max_val=2)\""}) {
    for (const std::string seed : {",3", ",1"}) {
      for (const std::string epoch : {",0.001,0,", ",0.001,1,", ",0.001,2,"})
        rows.push_back(name + seed + epoch);
    }
  }
  const Words all = lines(csv());
  ASSERT_EQ(all.size(), rows.size() + 1);
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_TRUE(all[i + 1].starts_with(rows[i]));
  for (const auto* file : {"results.csv", "results.json", "report.html", "probes.csv"}) {
    EXPECT_GT(fs::file_size(out() / file), 100U) << file;
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(out()), {}), 5);  // and figures
}

TEST_F(Compare, JsonSaysWhatTheTableSays) {
  ASSERT_EQ(run(compare({"--activations", "relu,elu(alpha=0.5)", "--epochs", "2", "--lr", "0.01"}))
                .status,
            0);
  const auto root = json();
  EXPECT_EQ(root.at("samples").at("train"), 270);
  EXPECT_EQ(root.at("samples").at("validation"), 30);
  EXPECT_EQ(root.at("samples").at("test"), kTest);
  EXPECT_EQ(root.at("interrupted"), false);
  EXPECT_EQ(root.at("target"), target());
  EXPECT_EQ(root.at("settings").at("lr"), nlohmann::json({0.01}));
  EXPECT_EQ(root.at("settings").at("activations"), Words({"relu", "elu(alpha=0.5)"}));
  EXPECT_EQ(root.at("activations")[0].at("parameters"), 785 * 8 + 9 * 10);
  const Words rows = lines(csv());
  ASSERT_EQ(root.at("epochs").size(), rows.size() - 1);
  for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
    const auto& e = root.at("epochs")[i];
    const std::string row = e.at("activation").get<std::string>() + "," + e.at("seed").dump() +
                            "," + e.at("lr").dump() + "," + e.at("epoch").dump() + ",";
    EXPECT_TRUE(rows[i + 1].starts_with(row)) << row << "\n" << rows[i + 1];
    EXPECT_EQ(std::stod(rows[i + 1].substr(row.size())), e.at("train_loss").get<double>());
  }
}

TEST_F(Compare, ResultsGoToOutputAndALineAnEpochToError) {
  const auto got = run(compare({"--activations", "relu,gelu", "--epochs", "2"}));
  ASSERT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(lines(got.err).size(), 4U) << got.err;
  for (const auto& line : lines(got.err)) {
    EXPECT_NE(line.find(" loss: "), std::string::npos) << line;
    EXPECT_EQ(line.find_first_of("\r\x1b"), std::string::npos) << line;
  }
  for (const std::string word : {"relu", "gelu", "report.html"}) {
    EXPECT_NE(got.out.find(word), std::string::npos) << got.out;
  }
  EXPECT_EQ(got.out.find('\x1b'), std::string::npos);
}

TEST_F(Compare, PlainFilesAreRead) {
  for (const auto& [name, content] : files()) {
    fs::remove(data() / name);
    write_file((data() / name).replace_extension(), content);
  }
  EXPECT_EQ(run(compare({"--activations", "relu", "--epochs", "1"})).status, 0);
  expect_whole(csv());
}

TEST_F(Compare, ADivergedLossIsNanInTheTableAndNullInJson) {
  const auto got = run(
      compare({"--activations", "relu", "--epochs", "2", "--optimizer", "sgd", "--lr", "1e30"}));
  ASSERT_EQ(got.status, 0) << got.err;
  expect_whole(csv());
  EXPECT_NE(lines(csv()).back().find(",nan,"), std::string::npos) << csv();
  EXPECT_TRUE(json().at("epochs").back().at("train_loss").is_null());
  EXPECT_NE(got.out.find("diverged"), std::string::npos) << got.out;
  EXPECT_EQ((got.out + got.err).find("-nan"), std::string::npos) << got.out << got.err;
}

TEST_F(Compare, TakesUpdateRulesSchedulesAndLimits) {
  const auto got = run(compare({"--activations", "relu", "--epochs", "2", "--optimizer", "adamw",
                                "--schedule", "cosine( eta_min=1e-4 )", "--warmup", "3", "--clip",
                                "1", "--label-smoothing", "0.1"}));
  ASSERT_EQ(got.status, 0) << got.err;
  const auto settings = json().at("settings");
  EXPECT_EQ(settings.at("optimizer"), "adamw");
  EXPECT_EQ(settings.at("weight_decay"), 0.01);  // PyTorch's default of AdamW
  EXPECT_EQ(settings.at("schedule"), "cosine(eta_min=1e-04)");
  EXPECT_EQ(settings.at("warmup"), 3);
  EXPECT_EQ(settings.at("clip"), 1);
  EXPECT_EQ(settings.at("label_smoothing"), 0.1);
  const std::string first = csv();
  fs::remove_all(out());
  ASSERT_EQ(run(compare({"--activations", "relu", "--epochs", "2", "--weight-decay", "0.5",
                         "--optimizer", "adamw"}))
                .status,
            0);
  EXPECT_EQ(json().at("settings").at("weight_decay"), 0.5);
  EXPECT_NE(csv(), first);
}

using Damage = std::function<void(const fs::path&)>;

TEST_F(Compare, BadDataIsOneErrorAndLeavesNothing) {
  const auto with = [](const std::string& file, const std::string& content) {
    return [=](const fs::path& d) { write_gz(d / file, content); };
  };
  const std::vector<std::tuple<std::string, Damage, Words>> all = {
      {"truncated", [](auto& d) { cut(d / kTrainImages, 100); }, {kTrainImages, "truncated"}},
      {"no trailer", [](auto& d) { cut(d / kTestLabels, 4); }, {kTestLabels, "truncated"}},
      {"missing", [](auto& d) { fs::remove(d / kTestImages); }, {"t10k-images-idx3-ubyte"}},
      {"magic", with(kTrainImages, idx({kLabels, kTrain}, "")), {kTrainImages, "magic"}},
      {"swapped", with(kTestLabels, images(1)), {kTestLabels, "magic"}},
      {"header", with(kTestLabels, std::string(2, '\0')), {kTestLabels, "header"}},
      {"counts", with(kTrainLabels, labels(299)), {kTrainLabels, "299", "300"}},
      {"label", with(kTestLabels, labels(kTest, 10)), {kTestLabels, "99", "10"}},
      {"short", with(kTrainLabels, idx({kLabels, 300}, "1")), {kTrainLabels, "1", "300"}},
      {"long", with(kTestLabels, labels(kTest) + "1"), {kTestLabels}},
      {"none", with(kTrainImages, images(0)), {kTrainImages}},
      {"sizes", with(kTestImages, images(kTest, 14)), {"28x28", "14x14"}},
      {"huge", with(kTrainImages, idx({kImages, ~0U, ~0U, ~0U}, "")), {kTrainImages}},
  };
  for (const auto& [name, damage, words] : all) {
    SCOPED_TRACE(name);
    SetUp();
    damage(data());
    expect_error(run(compare({})), kFailure, words);
    EXPECT_FALSE(fs::exists(out()));
  }
}

TEST_F(Compare, NoDataIsAnErrorThatNamesThePlace) {
  fs::remove_all(data());
  expect_error(run(compare({})), kFailure, {data()});
  fs::create_directory(data());
  expect_error(run(compare({})), kFailure, {data(), "train-images-idx3-ubyte"});
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(Compare, BadSettingsAreUsageErrorsAndLeaveNothing) {
  const std::vector<std::pair<Words, Words>> all = {
      {{"--activations", "relu,swigul"}, {"'swigul'", "did you mean swiglu?"}},
      {{"--activations", "elu(beta=1)"}, {"[elu]", "'beta'", "alpha"}},
      {{"--activations", "elu(alpha=x)"}, {"[elu]", "alpha", "'x'"}},
      {{"--activations", "softplus(beta=0)"}, {"[softplus]", "beta", "positive"}},
      {{"--activations", "relu,relu"}, {"relu", "twice"}},
      {{"--activations", "relu,"}, {"missing"}},
      {{"--activations", "elu(alpha=1"}, {"')'"}},
      {{"--init", "he_norml"}, {"'he_norml'", "did you mean he_normal?"}},
      {{"--optimizer", "adm"}, {"adam, adamw or sgd", "'adm'"}},
      {{"--optimiser", "adam"}, {"--optimiser", "did you mean --optimizer?"}},
      {{"--epochs", "0"}, {"epochs", "0"}},
      {{"--epochs", "two"}, {"epochs", "two"}},
      {{"--batch", "0"}, {"batch", "0"}},
      {{"--lr", "abc"}, {"lr", "abc"}},
      {{"--lr", "-0.5"}, {"lr", "positive", "-0.5"}},
      {{"--lr", "inf"}, {"lr", "finite"}},
      {{"--lr", "0.1,0.1"}, {"lr", "twice"}},
      {{"--lr", "0.1,0.2", "--validation", "0"}, {"learning rates", "validation"}},
      {{"--validation", "1"}, {"validation", "from 0 to 0.9", "1"}},
      {{"--patience", "-1"}, {"patience", "-1"}},
      {{"--match", "size"}, {"match", "'size'"}},
      {{"--probe", "yes"}, {"probe must be on or off", "'yes'"}},
      {{"--task", "sorting"}, {"task", "'sorting'"}},
      {{"--momentum", "-1"}, {"momentum", "-1"}},
      {{"--schedule", "cosin"}, {"[schedule]", "'cosin'", "did you mean cosine?"}},
      {{"--schedule", "step"}, {"[step] step_size has no default"}},
      {{"--warmup", "-1"}, {"warmup", "-1"}},
      {{"--clip", "-1"}, {"clip", "-1"}},
      {{"--label-smoothing", "1.5"}, {"label-smoothing", "from 0 to 1", "1.5"}},
      {{"--label-smoothing", "0.1", "--task", "regression"}, {"label-smoothing", "classes"}},
      {{"--seeds", "0"}, {"seeds", "0"}},
      {{"--seeds", "1,1"}, {"seed", "1", "twice"}},
      {{"--seeds", "x"}, {"seeds", "'x'"}},
      {{"--seeds", "-1"}, {"seeds", "'-1'"}},
      {{"--jobs", "-1"}, {"jobs", "-1"}},
      {{"--threads", "-1"}, {"threads", "-1"}},
      {{"relu"}, {"relu"}},
  };
  for (const auto& [arguments, words] : all) {
    SCOPED_TRACE(::testing::PrintToString(arguments));
    expect_error(run(compare(arguments)), kUsage, words);
    EXPECT_FALSE(fs::exists(out()));
  }
  for (const std::string hidden : {"0", "8,-1", "12a", ""}) {
    auto what = compare({});
    what.arguments.back() = hidden;
    expect_error(run(what), kUsage, {"hidden"});
    EXPECT_FALSE(fs::exists(out()));
  }
}

TEST_F(Compare, ANetworkBeyondMemoryLeavesNothing) {
  auto what = compare({});
  what.arguments.back() = "2000000000";
  const auto got = run(what);
  EXPECT_TRUE(got.status == kFailure || got.status == kUsage);
  expect_error(got, got.status, {});
  EXPECT_EQ(got.err.find("bad_alloc"), std::string::npos) << got.err;
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(Compare, AnOutputThatCannotBeWrittenIsAFailure) {
  write_file(out("file"), "kept");
  expect_error(run(compare({}, "file")), kFailure, {out("file")});
  expect_error(run(compare({}, "file/below")), kFailure, {out("file/below")});
  EXPECT_EQ(read_file(out("file")), "kept");
  fs::create_directories(out() / "results.csv");
  expect_error(run(compare({})), kFailure, {out() / "results.csv"});
}

TEST_F(Compare, AnExistingDirectoryKeepsItsOtherFiles) {
  fs::create_directories(out());
  write_file(out() / "notes", "kept");
  ASSERT_EQ(run(compare({"--activations", "relu", "--epochs", "1"})).status, 0);
  EXPECT_EQ(read_file(out() / "notes"), "kept");
  expect_whole(csv());
}

TEST_F(Compare, ADirectoryMayLookLikeANumber) {
  auto what = program({"compare", "--data", data(), "--activations", "relu", "--epochs", "1",
                       "--hidden", "8", "--out", "-1"});
  what.directory = directory_.path();
  ASSERT_EQ(run(what).status, 0);
  EXPECT_TRUE(fs::exists(out("-1") / "report.html"));
}

TEST_F(Compare, ATerminalGetsBarsThatFit) {
  for (const int columns : {60, 80, 120}) {
    fs::remove_all(out());
    auto what = compare({"--activations", "leaky_relu(negative_slope=0.3)", "--epochs", "9"});
    what.environment = {"TERM=xterm"};
    const std::string all = drawn(what, columns);
    if (all.empty()) GTEST_SKIP() << "no pseudo-terminal here";
    EXPECT_NE(all.find("Epoch 9/9"), std::string::npos) << all;
    EXPECT_NE(all.find("val_accuracy: 0."), std::string::npos) << all;  // cut off nowhere
    const std::string plain = std::regex_replace(all, std::regex("\x1b\\[[0-9;]*[A-Za-z]"), "");
    for (const auto& line : lines(std::regex_replace(plain, std::regex("\r"), "\n"))) {
      ASSERT_LE(static_cast<int>(line.size()), columns) << line;
    }
  }
}

// The line is drawn ten times a second: the run lasts longer.
TEST_F(Compare, ATerminalShowsHowMuchIsLeft) {
  auto what = compare({"--activations", "relu", "--epochs", "1000", "--probe", "off"});
  what.environment = {"TERM=xterm"};
  const std::string all = drawn(what, 80);
  if (all.empty()) GTEST_SKIP() << "no pseudo-terminal here";
  EXPECT_TRUE(std::regex_search(all, std::regex("% of 1 trainings .*[0-9]+:[0-9][0-9] left")));
}

}  // namespace
}  // namespace actfn::testing
