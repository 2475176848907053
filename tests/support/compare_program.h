// SPDX-License-Identifier: Apache-2.0
// compare as a user's shell runs it, on a few made-up images.
#pragma once

#include <gtest/gtest.h>
#include <zlib.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "subprocess.h"
#include "temporary_directory.h"

namespace actfn::testing {

namespace fs = std::filesystem;

inline constexpr std::uint32_t kImages = 0x803;
inline constexpr std::uint32_t kLabels = 0x801;
inline constexpr std::uint32_t kSide = 28;
inline constexpr std::uint32_t kTrain = 300;
inline constexpr std::uint32_t kTest = 100;
inline const std::string kTrainImages = "train-images-idx3-ubyte.gz";
inline const std::string kTrainLabels = "train-labels-idx1-ubyte.gz";
inline const std::string kTestImages = "t10k-images-idx3-ubyte.gz";
inline const std::string kTestLabels = "t10k-labels-idx1-ubyte.gz";

inline std::string idx(const std::vector<std::uint32_t>& header, const std::string& data) {
  std::string all;
  for (const auto number : header) {
    for (const auto shift : {24U, 16U, 8U, 0U}) all.push_back(static_cast<char>(number >> shift));
  }
  return all + data;
}

// Ten classes that differ in which rows are bright.
inline std::string images(std::uint32_t count, std::uint32_t side = kSide) {
  std::string pixels;
  for (std::uint32_t i = 0; i < count * side * side; ++i) {
    const auto label = i / (side * side) % 10;
    const auto row = i / side % side;
    pixels.push_back(static_cast<char>((row % 10 == label ? 120 : 0) + (i * 2654435761U >> 27U)));
  }
  return idx({kImages, count, side, side}, pixels);
}

inline std::string labels(std::uint32_t count, int last = 0) {
  std::string all;
  for (std::uint32_t i = 0; i < count; ++i) all.push_back(static_cast<char>(i % 10));
  if (last != 0) all.back() = static_cast<char>(last);
  return idx({kLabels, count}, all);
}

inline std::vector<std::pair<std::string, std::string>> files() {
  return {{kTrainImages, images(kTrain)},
          {kTrainLabels, labels(kTrain)},
          {kTestImages, images(kTest)},
          {kTestLabels, labels(kTest)}};
}

inline void write_gz(const fs::path& file, const std::string& content) {
  const gzFile out = gzopen(file.c_str(), "wb1");
  ASSERT_NE(out, nullptr) << file;
  const auto size = static_cast<unsigned>(content.size());
  EXPECT_EQ(gzwrite(out, content.data(), size), static_cast<int>(size));
  EXPECT_EQ(gzclose(out), Z_OK);
}

inline void cut(const fs::path& file, std::size_t bytes) {
  fs::resize_file(file, fs::file_size(file) - bytes);
}

// The numbers of results.csv, which do not depend on the machine's mood.
inline Words without_seconds(const std::string& csv) {
  static const std::regex seconds(R"re(,\d+\.\d{4}(,[^,]*,[^,]*,[^,]*)$)re");
  Words all = lines(csv);
  for (auto& line : all) line = std::regex_replace(line, seconds, "$1");
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

}  // namespace actfn::testing
