// SPDX-License-Identifier: Apache-2.0
// compare as a user's shell runs it, on a few made-up images.
#include <actfn/target.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <regex>
#include <tuple>

#include "subprocess.h"
#include "temporary_directory.h"

namespace actfn::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kImages = 0x803;
constexpr std::uint32_t kLabels = 0x801;
constexpr std::uint32_t kSide = 28;
constexpr std::uint32_t kTrain = 300;
constexpr std::uint32_t kTest = 100;
const std::string kTrainImages = "train-images-idx3-ubyte.gz";
const std::string kTrainLabels = "train-labels-idx1-ubyte.gz";
const std::string kTestImages = "t10k-images-idx3-ubyte.gz";
const std::string kTestLabels = "t10k-labels-idx1-ubyte.gz";

std::string idx(const std::vector<std::uint32_t>& header, const std::string& data) {
  std::string all;
  for (const auto number : header) {
    for (const auto shift : {24U, 16U, 8U, 0U}) all.push_back(static_cast<char>(number >> shift));
  }
  return all + data;
}

// Ten classes that differ in which rows are bright.
std::string images(std::uint32_t count, std::uint32_t side = kSide) {
  std::string pixels;
  for (std::uint32_t i = 0; i < count * side * side; ++i) {
    const auto label = i / (side * side) % 10;
    const auto row = i / side % side;
    pixels.push_back(static_cast<char>((row % 10 == label ? 120 : 0) + (i * 2654435761U >> 27U)));
  }
  return idx({kImages, count, side, side}, pixels);
}

std::string labels(std::uint32_t count, int last = 0) {
  std::string all;
  for (std::uint32_t i = 0; i < count; ++i) all.push_back(static_cast<char>(i % 10));
  if (last != 0) all.back() = static_cast<char>(last);
  return idx({kLabels, count}, all);
}

std::vector<std::pair<std::string, std::string>> files() {
  return {{kTrainImages, images(kTrain)},
          {kTrainLabels, labels(kTrain)},
          {kTestImages, images(kTest)},
          {kTestLabels, labels(kTest)}};
}

void write_gz(const fs::path& file, const std::string& content) {
  const gzFile out = gzopen(file.c_str(), "wb1");
  ASSERT_NE(out, nullptr) << file;
  const auto size = static_cast<unsigned>(content.size());
  EXPECT_EQ(gzwrite(out, content.data(), size), static_cast<int>(size));
  EXPECT_EQ(gzclose(out), Z_OK);
}

void cut(const fs::path& file, std::size_t bytes) {
  fs::resize_file(file, fs::file_size(file) - bytes);
}

// The numbers of results.csv, which do not depend on the machine's mood.
Words without_seconds(const std::string& csv) {
  Words all = lines(csv);
  for (auto& line : all) line.erase(line.rfind(','));
  return all;
}

class Compare : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(data());
    for (const auto& [name, content] : files()) write_gz(data() / name, content);
  }

  fs::path data() const { return directory_ / "data"; }
  fs::path out(std::string_view name = "out") const { return directory_ / name; }
  std::string csv(std::string_view name = "out") const {
    return read_file(out(name) / "results.csv");
  }
  nlohmann::json json(std::string_view name = "out") const {
    return nlohmann::json::parse(read_file(out(name) / "results.json"));
  }

  Invocation compare(const Words& more, std::string_view name = "out") const {
    Words all = {"compare", "--data", data(), "--out", out(name), "--hidden", "8"};
    all.insert(all.end(), more.begin(), more.end());
    auto what = program(all);
    what.directory = directory_.path();
    return what;
  }

  TemporaryDirectory directory_;
};

constexpr const char* kRow =
    R"re(([a-z_0-9]+|"[a-z_0-9]+\([^"]+\)"|[a-z_0-9]+\([^,"]+\)),\d+,\d+)re"
    R"re((,(\d+(\.\d+)?(e[-+]\d+)?|nan|inf)){4},\d+\.\d+)re";

void expect_whole(const std::string& csv) {
  ASSERT_TRUE(csv.ends_with('\n')) << csv;
  const Words all = lines(csv);
  ASSERT_EQ(all.front(),
            "activation,seed,epoch,train_loss,train_accuracy,test_loss,test_accuracy,seconds");
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
      for (const std::string epoch : {",1,", ",2,"}) rows.push_back(name + seed + epoch);
    }
  }
  const Words all = lines(csv());
  ASSERT_EQ(all.size(), rows.size() + 1);
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_TRUE(all[i + 1].starts_with(rows[i]));
  for (const auto* file : {"results.csv", "results.json", "report.html"}) {
    EXPECT_GT(fs::file_size(out() / file), 100U) << file;
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(out()), {}), 3);
}

TEST_F(Compare, JsonSaysWhatTheTableSays) {
  ASSERT_EQ(run(compare({"--activations", "relu,elu(alpha=0.5)", "--epochs", "2", "--lr", "0.01"}))
                .status,
            0);
  const auto root = json();
  EXPECT_EQ(root.at("train_images"), kTrain);
  EXPECT_EQ(root.at("test_images"), kTest);
  EXPECT_EQ(root.at("interrupted"), false);
  EXPECT_EQ(root.at("target"), target());
  EXPECT_EQ(root.at("settings").at("lr"), 0.01);
  EXPECT_EQ(root.at("settings").at("activations"), Words({"relu", "elu(alpha=0.5)"}));
  const Words rows = lines(csv());
  ASSERT_EQ(root.at("epochs").size(), rows.size() - 1);
  for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
    const auto& e = root.at("epochs")[i];
    char row[256];
    std::snprintf(row, sizeof row, "%s,%d,%d,%.6f,%.6f,%.6f,%.6f,",
                  e.at("activation").get<std::string>().c_str(), e.at("seed").get<int>(),
                  e.at("epoch").get<int>(), e.at("train_loss").get<double>(),
                  e.at("train_accuracy").get<double>(), e.at("test_loss").get<double>(),
                  e.at("test_accuracy").get<double>());
    EXPECT_TRUE(rows[i + 1].starts_with(row)) << row << "\n" << rows[i + 1];
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

TEST_F(Compare, TheNumbersDependOnNothingButTheSettings) {
  const Words what = {"--activations", "relu,prelu,rrelu,swiglu,selu+alpha_dropout(p=0.05)",
                      "--seeds",       "2",
                      "--epochs",      "2"};
  Words first;
  for (const auto& extra : std::vector<Words>{{"--jobs", "1", "--threads", "1"},
                                              {"--jobs", "2", "--threads", "1"},
                                              {"--jobs", "1", "--threads", "2"},
                                              {"--jobs", "1", "--threads", "1"}}) {
    Words all = what;
    all.insert(all.end(), extra.begin(), extra.end());
    ASSERT_EQ(run(compare(all)).status, 0);
    const Words numbers = without_seconds(csv());
    ASSERT_EQ(numbers.size(), 21U);
    if (first.empty()) first = numbers;
    EXPECT_EQ(numbers, first) << ::testing::PrintToString(extra);
  }
}

TEST_F(Compare, EachTargetRunsAndSaysSoAndAnotherIsAnError) {
  for (const auto name : targets()) {
    auto what = compare({"--activations", "gelu", "--epochs", "1"});
    what.environment = {"ACTFN_TARGET=" + std::string(name)};
    ASSERT_EQ(run(what).status, 0);
    EXPECT_EQ(json().at("target"), name);
  }
  auto what = compare({}, "none");
  what.environment = {"ACTFN_TARGET=MMX"};
  expect_error(run(what), kUsage, {"ACTFN_TARGET=MMX"});
  EXPECT_FALSE(fs::exists(out("none")));
}

// results.json without what differs from run to run.
nlohmann::json without_machine(nlohmann::json root) {
  for (const auto* name : {"date", "target", "seconds"}) root.erase(name);
  for (auto& epoch : root.at("epochs")) epoch.erase("seconds");
  return root;
}

TEST_F(Compare, AReproducibleRunGivesTheSameNumbersOnEveryTarget) {
  nlohmann::json first;
  for (const auto name : targets()) {
    auto what = compare({"--reproducible", "--epochs", "2", "--activations",
                         "relu,prelu,learnable(swish),swiglu,selu+alpha_dropout(p=0.05)"});
    what.environment = {"ACTFN_TARGET=" + std::string(name)};
    const auto got = run(what);
    ASSERT_EQ(got.status, 0) << got.err;
    const auto root = without_machine(json());
    if (first.is_null()) first = root;
    EXPECT_EQ(root, first) << name;
    EXPECT_NE(read_file(out() / "report.html").find(" --reproducible --jobs "), std::string::npos);
  }
  EXPECT_EQ(first.at("settings").at("reproducible"), true);
  ASSERT_EQ(first.at("sha256").size(), 5U);
  for (const auto* name : {"first_weights", "last_weights", "test_logits"}) {
    const auto hash = first.at("sha256")[0].at(name).get<std::string>();
    EXPECT_TRUE(std::regex_match(hash, std::regex("[0-9a-f]{64}"))) << hash;
  }
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
      {{"--optimizer", "adm"}, {"adam or sgd", "'adm'"}},
      {{"--optimiser", "adam"}, {"--optimiser", "did you mean --optimizer?"}},
      {{"--epochs", "0"}, {"epochs", "0"}},
      {{"--epochs", "two"}, {"epochs", "two"}},
      {{"--batch", "0"}, {"batch", "0"}},
      {{"--lr", "abc"}, {"lr", "abc"}},
      {{"--lr", "-0.5"}, {"lr", "positive", "-0.5"}},
      {{"--lr", "inf"}, {"lr", "finite"}},
      {{"--momentum", "-1"}, {"momentum", "-1"}},
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
  write_file(out() / "results.csv", "old");
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
    auto what = compare({"--activations", "leaky_relu(negative_slope=0.3)", "--epochs", "9"});
    what.environment = {"TERM=xterm"};
    const std::string all = drawn(what, columns);
    if (all.empty()) GTEST_SKIP() << "no pseudo-terminal here";
    EXPECT_NE(all.find("Epoch 9/9"), std::string::npos) << all;
    const std::string plain = std::regex_replace(all, std::regex("\x1b\\[[0-9;]*[A-Za-z]"), "");
    for (const auto& line : lines(std::regex_replace(plain, std::regex("\r"), "\n"))) {
      ASSERT_LE(static_cast<int>(line.size()), columns) << line;
    }
  }
}

}  // namespace
}  // namespace actfn::testing
