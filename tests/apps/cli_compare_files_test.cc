// SPDX-License-Identifier: Apache-2.0
// The files of compare besides its rows, as options ask for them.
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "subprocess.h"
#include "temporary_directory.h"
#include "toy_files.h"

namespace actfn::testing {
namespace {

namespace fs = std::filesystem;

class CompareFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(directory / "data");
    write_toy_files(directory / "data");
  }

  Invocation compare(const Words& more,
                     const std::string& activations = "relu,elu(alpha=0.5)") const {
    Words all = {"compare",  "--data", directory / "data", "--hidden", "8,4", "--out", out,
                 "--epochs", "2",      "--activations",    activations};
    all.insert(all.end(), more.begin(), more.end());
    auto what = program(all);
    what.directory = directory.path();
    return what;
  }

  // All files, with their folders.
  static Words names(const fs::path& folder) {
    Words all;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) all.push_back(entry.path().lexically_relative(folder));
    }
    std::sort(all.begin(), all.end());
    return all;
  }

  TemporaryDirectory directory;
  fs::path out = directory / "out";
};

TEST_F(CompareFiles, OptionsAskForThem) {
  const auto got = run(compare({"--save", "--tensorboard", "--seeds", "2"}));
  ASSERT_EQ(got.status, 0) << got.err;
  Words wanted = {"figures/ranking.svg", "probes.csv", "report.html", "results.csv",
                  "results.json"};
  for (const std::string name : {"elu_alpha-0.5", "relu"}) {
    for (const std::string seed : {"-seed-1", "-seed-2"}) {
      wanted.push_back("tensorboard/" + name + seed + "/events.out.tfevents.0000000000");
      wanted.push_back("weights/" + name + seed + ".safetensors");
    }
  }
  std::sort(wanted.begin(), wanted.end());
  EXPECT_EQ(names(out), wanted);
  EXPECT_NE(got.out.find("Weights of each training's best epoch: " + (out / "weights").string()),
            std::string::npos)
      << got.out;
  EXPECT_NE(got.out.find("TensorBoard: " + (out / "tensorboard").string()), std::string::npos);
}

TEST_F(CompareFiles, WithoutThemThereAreRowsAndThePage) {
  const auto got = run(compare({"--probe", "off"}));
  ASSERT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(names(out),
            (Words{"figures/ranking.svg", "report.html", "results.csv", "results.json"}));
  EXPECT_EQ(got.out.find("Weights"), std::string::npos);
  EXPECT_EQ(read_file(out / "report.html").find("Inside the networks"), std::string::npos);
}

TEST_F(CompareFiles, WeightsAreThoseOfTheNetwork) {
  ASSERT_EQ(run(compare({"--save", "--validation", "0"}, "prelu")).status, 0);
  const std::string file = read_file(out / "weights/prelu-seed-1.safetensors");
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), sizeof length);
  const auto header = nlohmann::json::parse(file.substr(sizeof length, length));
  std::map<std::string, nlohmann::json> shapes;
  for (const auto& [name, tensor] : header.items()) {
    if (name != "__metadata__") shapes[name] = tensor.at("shape");
  }
  const std::map<std::string, nlohmann::json> wanted = {{"0.weight", {8, 64}},
                                                        {"0.bias", nlohmann::json::array({8})},
                                                        {"1.weight", nlohmann::json::array({1})},
                                                        {"2.weight", {4, 8}},
                                                        {"2.bias", nlohmann::json::array({4})},
                                                        {"3.weight", nlohmann::json::array({1})},
                                                        {"4.weight", {10, 4}},
                                                        {"4.bias", nlohmann::json::array({10})}};
  EXPECT_EQ(shapes, wanted);
}

TEST_F(CompareFiles, ProbesAreOnThePageAndInTheTable) {
  ASSERT_EQ(run(compare({"--seeds", "2"})).status, 0);
  const Words rows = lines(read_file(out / "probes.csv"));
  ASSERT_EQ(rows.size(), 1U + 2 * 2 * 3 * 2);  // activations, seeds, epochs, layers
  EXPECT_TRUE(rows[1].starts_with("relu,1,0.001,0,1,8,")) << rows[1];
  EXPECT_TRUE(rows.back().starts_with("elu(alpha=0.5),2,0.001,2,2,4,")) << rows.back();
  const std::string page = read_file(out / "report.html");
  EXPECT_NE(page.find("Inside the networks"), std::string::npos);
  EXPECT_NE(page.find("Hidden layer 2"), std::string::npos);
}

TEST_F(CompareFiles, AddingKeepsThem) {
  ASSERT_EQ(run(compare({"--save", "--tensorboard"})).status, 0);
  const std::string before = read_file(out / "weights/relu-seed-1.safetensors");
  const auto got = run(program({"compare", "--add", "--out", out, "--activations", "gelu"}));
  ASSERT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(read_file(out / "weights/relu-seed-1.safetensors"), before);
  const Words all = names(out);
  for (const std::string name : {"relu", "elu_alpha-0.5", "gelu"}) {
    EXPECT_EQ(std::ranges::count(all, "weights/" + name + "-seed-1.safetensors"), 1) << name;
    EXPECT_EQ(
        std::ranges::count(all, "tensorboard/" + name + "-seed-1/events.out.tfevents.0000000000"),
        1)
        << name;
  }
  EXPECT_EQ(all.size(), 5U + 2 * 3);
  EXPECT_NE(read_file(out / "figures/ranking.svg").find(">gelu</text>"), std::string::npos);
}

}  // namespace
}  // namespace actfn::testing
