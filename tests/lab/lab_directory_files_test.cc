// SPDX-License-Identifier: Apache-2.0
// What a comparison's directory holds besides rows and the page: probes, weights, events.
#include "lab/probes_io.h"
#include "lab/results_directory.h"
#include "lab/tensorboard.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "messages.h"
#include "temporary_directory.h"

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;

using testing::read_file;
using testing::TemporaryDirectory;
using testing::write_file;

const std::vector<Nonlinearity> kActivations = {Relu{}, Threshold{0.1, 20}};

EpochResult epoch(std::size_t activation) {
  return {activation, 1, 0.001, 1, {0.5, 0.8}, {}, Score{0.6, 0.7}, 2, {}};
}

Comparison comparison() {
  Comparison c;
  c.settings.activations = kActivations;
  c.settings.seeds = {1};
  c.settings.epochs = 1;
  c.epochs = {epoch(0), epoch(1)};
  return c;
}

// One that has begun, whatever is there.
struct Directory : ResultsDirectory {
  explicit Directory(const fs::path& directory)
      : ResultsDirectory(directory, ResultsDirectory::Start::any) {
    begin(comparison().settings);
  }
};

class Kept : public ::testing::Test {
 protected:
  TemporaryDirectory at;
  fs::path directory = at / "results";

  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(directory)) {
      all.push_back(entry.path().filename());
    }
    std::erase(all, ".actfn-lock");  // while a comparison uses it
    std::sort(all.begin(), all.end());
    return all;
  }
};

LayerProbe probe(std::size_t activation) { return {activation, 1, 0.001, 1, 1, 8, 0.5, {}}; }

TEST_F(Kept, ProbesAreKeptAtOnceAndOrderedAtTheEnd) {
  Comparison c = comparison();
  c.probes = {probe(0), probe(1)};
  const std::string all = probes_heading() + probes_csv(c.probes, kActivations);
  Directory results(directory);
  results.add(std::span(c.probes).last(1));
  results.add(c.epochs[1]);
  results.add(std::span(c.probes).first(1));
  EXPECT_EQ(read_file(directory / "unfinished" / "probes.csv").size(), all.size());
  results.finish(c, "<html></html>");
  EXPECT_EQ(read_file(directory / "probes.csv"), all);
  EXPECT_EQ(names(),
            (std::vector<std::string>{"probes.csv", "report.html", "results.csv", "results.json"}));
}

// Probes come before the rows of their epoch: without rows there is nothing to go on with.
TEST_F(Kept, ProbesWithoutRowsAreNotKept) {
  {
    Directory killed(directory);
    killed.add(std::vector{probe(0)});
    EXPECT_TRUE(fs::exists(directory / "unfinished" / "probes.csv"));
  }
  { const Directory next(directory); }
  EXPECT_TRUE(fs::is_empty(directory));
}

TEST_F(Kept, ProbesOfARunThatIsGoneOnWithAreRemoved) {
  Comparison c = comparison();
  c.probes = {probe(0)};
  {
    Directory killed(directory);
    killed.add(c.probes);
    killed.add(c.epochs[0]);
  }
  Directory results(directory);
  results.begin(c.settings, {directory / "unfinished"});
  results.finish(c, "<html></html>");
  EXPECT_FALSE(fs::exists(directory / "unfinished"));
}

TEST_F(Kept, WeightsAreMovedUpWithTheRest) {
  fs::create_directories(directory / "weights");
  write_file(directory / "weights" / "gelu-seed-1.safetensors", "earlier");
  {
    Directory results(directory);
    results.add(comparison().epochs[0]);
    results.save("relu-seed-1", "weights");
    EXPECT_EQ(results.weights(), directory / "unfinished" / "weights");
    EXPECT_EQ(read_file(results.weights() / "relu-seed-1.safetensors"), "weights");
    results.finish(comparison(), "<html></html>");
    EXPECT_EQ(results.weights(), directory / "weights");
  }
  EXPECT_EQ(read_file(directory / "weights" / "relu-seed-1.safetensors"), "weights");
  EXPECT_EQ(read_file(directory / "weights" / "gelu-seed-1.safetensors"), "earlier");
  EXPECT_FALSE(fs::exists(directory / "unfinished"));
}

Chart picture(const std::string& title) { return {.file = "ranking", .title = title}; }

TEST_F(Kept, FiguresAreThoseOfTheLastRun) {
  for (const char* const title : {"Earlier", "Now"}) {
    Directory(directory).finish(comparison(), "<html></html>", std::vector{picture(title)});
  }
  EXPECT_NE(read_file(directory / "figures" / "ranking.svg").find("<title>Now</title>"),
            std::string::npos);
  EXPECT_EQ(names(),
            (std::vector<std::string>{"figures", "report.html", "results.csv", "results.json"}));
}

TEST_F(Kept, FiguresOfASavedNetworkGoUpOrAway) {
  fs::create_directories(directory / "unfinished" / "figures");  // of one that was killed
  write_file(directory / "unfinished" / "figures" / "rank-relu.svg", "");
  Directory results(directory);
  EXPECT_EQ(names(), (std::vector<std::string>{"unfinished"}));
  EXPECT_TRUE(fs::is_empty(directory / "unfinished"));
  results.finish("probes", "<html></html>", std::vector{picture("Now")});
  EXPECT_EQ(names(), (std::vector<std::string>{"figures", "index.html", "probes.csv"}));
}

// Of a training that was killed before its last row, the run that goes on has the weights.
TEST_F(Kept, WeightsOfARunThatIsGoneOnWithAreKept) {
  {
    Directory killed(directory);
    killed.add(comparison().epochs[0]);
    killed.save("relu-seed-1", "finished");
    killed.save("gelu-seed-1", "unfinished");
  }
  Directory results(directory);
  results.begin(comparison().settings, {directory / "unfinished"});
  results.add(comparison().epochs[0]);
  results.save("gelu-seed-1", "finished");
  results.finish(comparison(), "<html></html>");
  EXPECT_EQ(read_file(directory / "weights" / "relu-seed-1.safetensors"), "finished");
  EXPECT_EQ(read_file(directory / "weights" / "gelu-seed-1.safetensors"), "finished");
  EXPECT_EQ(names(),
            (std::vector<std::string>{"report.html", "results.csv", "results.json", "weights"}));
}

// Epochs at once, and at the end those of all trainings in files that depend on the rows alone.
TEST_F(Kept, EventsAreThereFromTheFirstEpoch) {
  Comparison c = comparison();
  c.settings.tensorboard = true;
  c.machine.date = "2026-01-02T03:04:05Z";
  const fs::path file = fs::path("tensorboard") / "relu-seed-1" / kEventFile;
  Directory killed(directory);
  killed.begin(c.settings);
  killed.add(c.epochs[0]);
  const std::string begun = read_file(directory / "unfinished" / file);
  EXPECT_EQ(begun.size(), first_event(0).size() + event(c.epochs[0], 0).size());
  killed.add(c.epochs[0]);
  EXPECT_EQ(read_file(directory / "unfinished" / file).size(),
            begun.size() + event(c.epochs[0], 0).size());
  killed.finish(c, "<html></html>");
  EXPECT_EQ(killed.tensorboard(), directory / "tensorboard");
  EXPECT_EQ(read_file(directory / file), event_file(std::span(c.epochs).first(1), c.machine.date));
  const fs::path other =
      directory / "tensorboard" / "threshold_threshold-0.1_value-20-seed-1" / kEventFile;
  EXPECT_EQ(read_file(other), event_file(std::span(c.epochs).last(1), c.machine.date));
  EXPECT_EQ(names(), (std::vector<std::string>{"report.html", "results.csv", "results.json",
                                               "tensorboard"}));
}

TEST_F(Kept, EventsOfARunThatIsGoneOnWithAreReplaced) {
  Comparison c = comparison();
  c.settings.tensorboard = true;
  {
    Directory killed(directory);
    killed.begin(c.settings);
    killed.add(c.epochs[0]);
  }
  Directory results(directory);
  results.begin(c.settings, {directory / "unfinished"});
  results.finish(c, "<html></html>");
  EXPECT_EQ(read_file(directory / "tensorboard" / "relu-seed-1" / kEventFile),
            event_file(std::span(c.epochs).first(1), c.machine.date));
  EXPECT_FALSE(fs::exists(directory / "unfinished"));
}

TEST_F(Kept, AFileInPlaceOfAFolderIsNamed) {
  fs::create_directory(directory);
  write_file(directory / "weights", "");
  EXPECT_EQ(testing::message<std::runtime_error>([&] { const Directory results(directory); }),
            "[compare] cannot write " + (directory / "weights").string() + ": Not a directory");
}

}  // namespace
}  // namespace actfn::lab
