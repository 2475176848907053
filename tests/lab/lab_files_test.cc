// SPDX-License-Identifier: Apache-2.0
// What results.csv and results.json hold, files that are replaced whole.
#include "lab/file.h"
#include "lab/replace_file.h"
#include "lab/results_io.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "messages.h"
#include "temporary_directory.h"

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;

using testing::read_file;
using testing::TemporaryDirectory;
using testing::write_file;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

const std::string kHeading =
    "activation,seed,lr,epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,"
    "test_loss,test_accuracy,seconds,first_weights_sha256,last_weights_sha256,test_logits_sha256\n";

const std::vector<Nonlinearity> kActivations = {Relu{}, Threshold{0.1, 20}};
const EpochResult kEpoch = {0, 1, 0.1, 2, {0.5, 0.8125}, Score{0.625, 0.75}, {}, 1.25, {}};
// Of a regression.
const EpochResult kWithComma = {1,
                                std::numeric_limits<std::uint64_t>::max(),
                                0.1,
                                1,
                                {2.25, kNan},
                                {},
                                Score{1.0 / 3, kNan},
                                0.0625,
                                {}};

const std::string kRow = "relu,1,0.1,2,0.5,0.8125,0.625,0.75,,,1.2500,,,\n";
const std::string kRowWithComma =
    "\"threshold(threshold=0.1,value=20)\",18446744073709551615,0.1,1,"
    "2.25,,,,0.3333333333333333,,0.0625,,,\n";

std::string message(const std::function<void()>& f) {
  return testing::message<std::runtime_error>(f);
}

std::size_t files_in(const TemporaryDirectory& directory) {
  const fs::directory_iterator all(directory.path());
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::string csv_loss(double loss) {
  EpochResult epoch = kEpoch;
  epoch.train.loss = loss;
  const std::string text = csv(std::vector{epoch}, kActivations).substr(kHeading.size());
  const std::size_t begin = std::string("relu,1,0.1,2,").size();
  return text.substr(begin, text.find(',', begin) - begin);
}

// Read back, each is what it was.
TEST(Csv, WritesNumbersOfEverySize) {
  EXPECT_EQ(csv_loss(0), "0");
  EXPECT_EQ(csv_loss(0.0123456789), "0.0123456789");
  EXPECT_EQ(csv_loss(1.25e-7), "1.25e-07");
  EXPECT_EQ(csv_loss(1e30), "1e+30");
  EXPECT_EQ(csv_loss(kNan), "nan");
  EXPECT_EQ(csv_loss(-kNan), "nan");
  EXPECT_EQ(csv_loss(kInf), "inf");
}

TEST(Csv, HasAHeadingAndARowAnEpoch) {
  EXPECT_EQ(csv({}, {}), kHeading);
  EXPECT_EQ(csv(std::vector{kEpoch, kWithComma}, kActivations), kHeading + kRow + kRowWithComma);
}

Comparison comparison() {
  Comparison c;
  c.settings.data = "/data/\"quoted\"";
  c.settings.activations = kActivations;
  c.settings.seeds = {1, std::numeric_limits<std::uint64_t>::max()};
  c.settings.hidden = {128, 64};
  c.settings.lr = {0.1};
  c.machine = {"A processor", 4, "AVX2", "1.2.3", "2024-05-06T07:08:09Z"};
  c.samples = {180, 20, 60};
  c.chance = {std::log(10.0), 0.1};
  c.steps = {{1, 2e-4, 1e-4, 3e-4, 1.5e-4}};
  c.seconds = 12.5;
  c.interrupted = true;
  c.epochs = {kEpoch, kWithComma};
  c.epochs[1].sha256 = {"01ab", "23cd", "45ef"};
  return c;
}

TEST(Json, HoldsTheWholeComparison) {
  const std::string text = json(comparison());
  EXPECT_TRUE(text.ends_with("}\n"));
  const auto root = nlohmann::json::parse(text);
  EXPECT_EQ(root.at("cpu"), "A processor");
  EXPECT_EQ(root.at("cores"), 4);
  EXPECT_EQ(root.at("target"), "AVX2");
  EXPECT_EQ(root.at("version"), "1.2.3");
  EXPECT_EQ(root.at("date"), "2024-05-06T07:08:09Z");
  EXPECT_EQ(root.at("samples"), nlohmann::json({{"train", 180}, {"validation", 20}, {"test", 60}}));
  EXPECT_EQ(root.at("task"), "classification");
  EXPECT_EQ(root.at("inputs"), 784);
  EXPECT_EQ(root.at("form").at("kind"), "numbers");
  EXPECT_EQ(root.at("form").at("width"), 784);
  EXPECT_EQ(root.at("chance").at("accuracy"), 0.1);
  EXPECT_EQ(root.at("activations").at(1).at("step_seconds").at("median"), 2e-4);
  EXPECT_FALSE(root.at("activations").at(0).contains("step_seconds"));
  EXPECT_EQ(root.at("seconds"), 12.5);
  EXPECT_EQ(root.at("interrupted"), true);
}

TEST(Json, HoldsTheSettings) {
  const auto settings = nlohmann::json::parse(json(comparison())).at("settings");
  EXPECT_EQ(settings.at("data"), "/data/\"quoted\"");
  EXPECT_EQ(settings.at("activations"),
            nlohmann::json({"relu", "threshold(threshold=0.1,value=20)"}));
  EXPECT_EQ(settings.at("seeds"), nlohmann::json({1, std::numeric_limits<std::uint64_t>::max()}));
  EXPECT_EQ(settings.at("network"), "mlp");
  EXPECT_EQ(settings.at("hidden"), nlohmann::json({128, 64}));
  EXPECT_EQ(settings.at("epochs"), 5);
  EXPECT_EQ(settings.at("batch"), 32);
  EXPECT_EQ(settings.at("optimizer"), "adam");
  EXPECT_EQ(settings.at("lr"), nlohmann::json({0.1}));
  EXPECT_EQ(settings.at("validation"), 0.1);
  EXPECT_EQ(settings.at("patience"), 0);
  EXPECT_EQ(settings.at("match"), "width");
  EXPECT_EQ(settings.at("momentum"), 0);
  EXPECT_EQ(settings.at("weight_decay"), 0);
  EXPECT_EQ(settings.at("schedule"), "constant");
  EXPECT_EQ(settings.at("warmup"), 0);
  EXPECT_EQ(settings.at("clip"), 0);
  EXPECT_EQ(settings.at("label_smoothing"), 0);
  EXPECT_EQ(settings.at("init"), "glorot_uniform");
  EXPECT_EQ(settings.at("jobs"), 1);
  EXPECT_EQ(settings.at("threads"), 1);
  EXPECT_EQ(settings.at("reproducible"), false);
  EXPECT_EQ(settings.at("save"), false);
  EXPECT_EQ(settings.at("tensorboard"), false);
  EXPECT_EQ(settings.at("probe"), true);
}

TEST(Json, HoldsTheHashes) {
  const auto hashes = nlohmann::json::parse(json(comparison())).at("sha256");
  ASSERT_EQ(hashes.size(), 1U);
  EXPECT_EQ(hashes[0].at("activation"), "threshold(threshold=0.1,value=20)");
  EXPECT_EQ(hashes[0].at("seed"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(hashes[0].at("first_weights"), "01ab");
  EXPECT_EQ(hashes[0].at("last_weights"), "23cd");
  EXPECT_EQ(hashes[0].at("test_logits"), "45ef");
}

TEST(Json, HoldsTheEpochs) {
  const auto epochs = nlohmann::json::parse(json(comparison())).at("epochs");
  ASSERT_EQ(epochs.size(), 2U);
  EXPECT_EQ(epochs[1].at("activation"), "threshold(threshold=0.1,value=20)");
  EXPECT_EQ(epochs[1].at("seed"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(epochs[0].at("epoch"), 2);
  EXPECT_EQ(epochs[0].at("train_loss"), 0.5);
  EXPECT_EQ(epochs[0].at("train_accuracy"), 0.8125);
  EXPECT_EQ(epochs[0].at("validation_loss"), 0.625);
  EXPECT_EQ(epochs[0].at("validation_accuracy"), 0.75);
  EXPECT_FALSE(epochs[0].contains("test_loss"));
  EXPECT_FALSE(epochs[1].contains("train_accuracy"));
  EXPECT_EQ(epochs[1].at("test_loss"), 1.0 / 3);
  EXPECT_EQ(epochs[0].at("seconds"), 1.25);
}

TEST(Json, HasNullForALossThatIsNoNumber) {
  Comparison c = comparison();
  c.epochs[0].train.loss = kNan;
  c.epochs[0].validation->loss = kInf;
  const auto epoch = nlohmann::json::parse(json(c)).at("epochs")[0];
  EXPECT_TRUE(epoch.at("train_loss").is_null());
  EXPECT_TRUE(epoch.at("validation_loss").is_null());
  EXPECT_EQ(epoch.at("validation_accuracy"), 0.75);
}

TEST(ReplaceFile, WritesAllAndLeavesNothingBeside) {
  const TemporaryDirectory at;
  const std::string content("line\nbyte \0 and \r\n", 18);
  replace_file("compare", at / "report.html", content);
  EXPECT_EQ(read_file(at / "report.html"), content);
  replace_file("compare", at / "report.html", "new");
  EXPECT_EQ(read_file(at / "report.html"), "new");
  EXPECT_EQ(files_in(at), 1U);
}

// A lock tells a file that is being written from one that was left.
TEST(ReplaceFile, RemovesWhatKilledProcessesLeft) {
  const TemporaryDirectory at;
  const fs::path left = at / ".actfn-1-0.tmp";
  const fs::path used = at / ".actfn-2-0.tmp";
  const std::string others[] = {".actfn-x-0.tmp", "actfn-1-0.tmp", ".actfn-1-0.tmp~"};
  write_file(left, "part");
  for (const auto& name : others) write_file(at / name, "kept");
  const File file(used, O_WRONLY | O_CREAT);
  ASSERT_EQ(file.lock(used), File::Lock::held);
  fs::create_symlink(at / "elsewhere", at / ".actfn-3-0.tmp");
  replace_file("plot", at / "x.svg", "<svg>");
  EXPECT_FALSE(fs::exists(left));
  EXPECT_TRUE(fs::exists(used));
  EXPECT_TRUE(fs::is_symlink(at / ".actfn-3-0.tmp"));
  for (const auto& name : others) EXPECT_EQ(read_file(at / name), "kept");
}

// Whoever guesses the name of a temporary file gets nothing written through it.
TEST(ReplaceFile, FollowsNoSymbolicLink) {
  const TemporaryDirectory at;
  write_file(at / "precious", "kept");
  const auto name = ".actfn-" + std::to_string(getpid()) + "-0.tmp";
  fs::create_symlink(at / "precious", at / name);
  replace_file("plot", at / "x.svg", "<svg>");
  EXPECT_EQ(read_file(at / "precious"), "kept");
  EXPECT_EQ(read_file(at / "x.svg"), "<svg>");
}

TEST(ReplaceFile, NamesAMissingDirectory) {
  const TemporaryDirectory at;
  const fs::path file = at / "missing" / "report.html";
  EXPECT_EQ(message([&] { replace_file("compare", file, "new"); }),
            "[compare] cannot write " + file.string() + ": No such file or directory");
  EXPECT_EQ(files_in(at), 0U);
}

TEST(ReplaceFile, LeavesNothingBesideWhatCannotBeReplaced) {
  const TemporaryDirectory at;
  const fs::path file = at / "report.html";
  fs::create_directory(file);
  EXPECT_EQ(message([&] { replace_file("compare", file, "new"); }),
            "[compare] cannot write " + file.string() + ": Is a directory");
  EXPECT_EQ(files_in(at), 1U);
  EXPECT_TRUE(fs::is_directory(file));
}

}  // namespace
}  // namespace actfn::lab
