// SPDX-License-Identifier: Apache-2.0
// The output bits against docs/hashes.json, by every instruction set that runs here. Where bits
// change on purpose, scripts/hashes writes the file anew.
#include <actfn/target.h>
#include <gtest/gtest.h>

#include "host_environment.h"
#include "subprocess.h"
#include "temporary_directory.h"

namespace actfn::testing {
namespace {

const std::string kFile = std::string(ACTFN_SOURCE_DIR) + "/docs/hashes.json";

Finished hashes(Words arguments, const std::string& target = {}) {
  arguments.insert(arguments.begin(), ACTFN_HASHES);
  Invocation what{std::move(arguments), {}};
  if (!target.empty()) what.environment = {"ACTFN_TARGET=" + target};
  return run(what);
}

TEST(Hashes, EveryTargetRunsAndGivesTheBitsOfTheFile) {
  ASSERT_FALSE(targets().empty());
  for (const auto target : targets()) {
    const auto got = hashes({"--check", kFile, "--quick"}, std::string(target));
    EXPECT_EQ(got.status, 0) << got.out << got.err;
    EXPECT_EQ(lines(got.out).front(), "target: " + std::string(target));
    EXPECT_TRUE(lines(got.out).back().starts_with("the same bits: ")) << got.out;
  }
}

TEST(Hashes, TheBestTargetGivesThemOverTheWholeSample) {
  const auto got = hashes({"--check", kFile});
  EXPECT_EQ(got.status, 0) << got.out << got.err;
}

TEST(Hashes, NeitherTheCallersEnvironmentNorThreadsChangeABit) {
  for (const auto environment : kHostEnvironments) {
    for (const char* const threads : {"1", "4"}) {
      const auto got = hashes({"--check", kFile, "--quick", "--threads", threads, "--environment",
                               std::string(environment)});
      EXPECT_EQ(got.status, 0) << environment << " " << threads << got.out << got.err;
    }
  }
}

TEST(Hashes, ATargetThatDoesNotRunIsAnErrorThatListsThoseThatDo) {
  const auto got = hashes({"--check", kFile, "--quick"}, "MMX");
  EXPECT_EQ(got.status, 2);
  EXPECT_NE(got.err.find("ACTFN_TARGET=MMX"), std::string::npos) << got.err;
  for (const auto target : targets()) {
    EXPECT_NE(got.err.find(target), std::string::npos) << got.err;
  }
}

TEST(Hashes, ADifferenceIsNamed) {
  const TemporaryDirectory directory;
  std::string text = read_file(kFile);
  const auto quick = text.find("\"quick\": {");
  const auto gelu = text.find("\"gelu float32\": [\"", quick);
  ASSERT_NE(gelu, std::string::npos);
  char& digit = text[text.find('[', gelu) + 2];
  digit = digit == '0' ? '1' : '0';
  write_file(directory / "hashes.json", text);
  const auto got = hashes({"--check", directory / "hashes.json", "--quick"});
  EXPECT_EQ(got.status, 1) << got.err;
  ASSERT_EQ(lines(got.out).size(), 2U) << got.out;
  EXPECT_TRUE(lines(got.out)[1].starts_with("gelu float32 order 0: ")) << got.out;
}

TEST(Hashes, WhatItCannotReadIsAnError) {
  EXPECT_EQ(hashes({"--check", "/nowhere/hashes.json"}).status, 2);
  const TemporaryDirectory directory;
  write_file(directory / "hashes.json", "{}\n");
  EXPECT_EQ(hashes({"--check", directory / "hashes.json"}).status, 2);
  EXPECT_EQ(hashes({}).status, 2);
}

}  // namespace
}  // namespace actfn::testing
