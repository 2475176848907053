// SPDX-License-Identifier: Apache-2.0
// bench of the program: what it measures and how it says so, but no times.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "subprocess.h"

namespace actfn::testing {
namespace {

Finished bench(Words arguments) {
  arguments.insert(arguments.begin(), "bench");
  return run(program(std::move(arguments)));
}

nlohmann::json measured(Words arguments) {
  arguments.emplace_back("--json");
  const auto got = bench(std::move(arguments));
  EXPECT_EQ(got.status, 0) << got.err;
  return nlohmann::json::parse(got.out);
}

TEST(BenchJson, SaysWhatWasMeasured) {
  const auto all = measured({"relu", "elu(alpha=0.5)", "--n", "7", "1000"});
  ASSERT_EQ(all.size(), 4U);
  const Words names = {"relu", "relu", "elu(alpha=0.5)", "elu(alpha=0.5)"};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& one = all[i];
    EXPECT_EQ(one.at("activation"), names[i]);
    EXPECT_EQ(one.at("order"), 0);
    EXPECT_EQ(one.at("dtype"), "float32");
    EXPECT_EQ(one.at("n"), i % 2 == 0 ? 7 : 1000);
    EXPECT_EQ(one.at("threads"), 1);
    EXPECT_EQ(one.at("target"), target());
    EXPECT_EQ(one.at("floor"), "copy");
    EXPECT_GT(one.at("ns_per_element").get<double>(), 0);
    EXPECT_GT(one.at("ratio_to_copy").get<double>(), 0);
    EXPECT_EQ(one.at("ratio_to_floor"), one.at("ratio_to_copy"));
  }
}

TEST(BenchJson, AnAccuracyIsNamed) {
  const auto all = measured({"silu", "silu@fast,silu@nearest", "--n", "100"});
  ASSERT_EQ(all.size(), 3U);
  const Words names = {"accurate", "fast", "nearest"};
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].at("activation"), "silu");
    EXPECT_EQ(all[i].at("accuracy"), names[i]);
  }
}

TEST(BenchJson, HasEveryOrderAndType) {
  for (const std::string type : {"float32", "float64", "bfloat16", "float16"}) {
    for (const std::string order : {"1", "2", "backward", "backward_from_output"}) {
      const auto all = measured({"tanh", "--order", order, "--dtype", type, "--n", "9"});
      ASSERT_EQ(all.size(), 1U);
      const bool derivative = order.size() == 1;
      EXPECT_EQ(all[0].at("order").dump(), derivative ? order : '"' + order + '"');
      EXPECT_EQ(all[0].at("dtype"), type);
      EXPECT_EQ(all[0].at("floor"), derivative ? "copy" : "sum");
      EXPECT_GT(all[0].at("ratio_to_floor").get<double>(), 0);
    }
  }
}

TEST(BenchJson, AllAreTheCatalogueInItsOrder) {
  Words known;
  for (const auto& info : catalogue(Kind::elementwise)) known.push_back(to_string(info.example));
  Words got;
  for (const auto& one : measured({"--n", "1", "--order", "1", "all"})) {
    got.push_back(one.at("activation"));
  }
  EXPECT_EQ(got, known);
}

TEST(BenchJson, FunctionsOfARowGetRowsThatFitThem) {
  struct Case {
    std::string spec;
    int n, row, expected_n;
  };
  const std::vector<Case> all = {{"softmax", 5000, 1024, 4096},        {"softmax", 7, 7, 7},
                                 {"swiglu", 5000, 1024, 4096},         {"swiglu", 1, 2, 2},
                                 {"crelu", 5000, 512, 2048},           {"crelu", 1, 1, 1},
                                 {"maxout(group=3)", 10, 9, 9},        {"maxout(group=3)", 1, 3, 3},
                                 {"prelu(num_parameters=3)", 10, 3, 9}};
  for (const std::string type : {"float32", "bfloat16"}) {
    for (const std::string order : {"0", "backward"}) {
      for (const auto& c : all) {
        const auto one =
            measured({c.spec, "--n", std::to_string(c.n), "--order", order, "--dtype", type})[0];
        EXPECT_EQ(one.at("n"), c.expected_n) << one;
        EXPECT_EQ(one.at("row"), c.row) << one;
        EXPECT_GT(one.at("ns_per_element").get<double>(), 0) << one;
      }
    }
  }
  EXPECT_FALSE(measured({"dropout", "--n", "9"})[0].contains("row"));
}

TEST(BenchJson, ThreadsAreThoseThatWorkOrMayWork) {
  EXPECT_EQ(measured({"relu", "--n", "5", "--threads", "2"})[0].at("threads"), 2);
  EXPECT_GE(measured({"relu", "--n", "5", "--threads", "0"})[0].at("threads"), 1);
}

TEST(Bench, SizesFitTheCachesUnlessTold) {
  const auto all = measured({"relu", "--dtype", "bfloat16"});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].at("n"), 4096);
  EXPECT_EQ(all[1].at("n"), 131072);
  EXPECT_EQ(all[2].at("n"), 33554432);
}

TEST(Bench, TheTableHasALineForEachActivation) {
  const auto got = bench({"relu", "gelu(approximate=tanh)", "--order", "backward", "--n", "64"});
  EXPECT_EQ(got.status, 0) << got.err;
  EXPECT_NE(got.out.find("Order backward, float32, 1 thread"), std::string::npos) << got.out;
  EXPECT_NE(got.out.find("/sum"), std::string::npos) << got.out;
  const auto all = lines(got.out);
  ASSERT_GE(all.size(), 3U);
  EXPECT_TRUE(all[all.size() - 2].starts_with("relu ")) << got.out;
  EXPECT_TRUE(all.back().starts_with("gelu(approximate=tanh) ")) << got.out;
}

TEST(Bench, OnATerminalALineTellsHowFarItIs) {
  const auto all = drawn(program({"bench", "relu", "gelu", "--n", "64"}), 20);
  if (all.empty()) GTEST_SKIP() << "no terminals here";
  EXPECT_NE(all.find("1 of 2: relu, n=64"), std::string::npos) << all;
  EXPECT_NE(all.find("2 of 2: gelu, n=64"), std::string::npos) << all;
  EXPECT_TRUE(all.ends_with("\r\x1b[K")) << all;
}

TEST(Bench, ErrorsSayWhatIsWrong) {
  struct Refused {
    Words arguments;
    Words words;
  };
  const std::vector<Refused> all = {
      {{"gelu", "--n", "0"}, {"[bench] n must be positive, got 0"}},
      {{"gelu", "--n", "-5"}, {"[bench] n must be positive, got -5"}},
      {{"gelu", "--n", "4k"}, {"[bench] n must be a whole number, got '4k'"}},
      {{"--n", "gelu"}, {"[bench] n must be a whole number, got 'gelu'"}},
      {{"gelu", "--n", "99999999999999999999"}, {"[bench] n must be at most"}},
      {{"gelu", "--n", "1", "2", "-3"}, {"[bench] n must be positive, got -3"}},
      {{"gelu", "--order", "3"}, {"[bench] order must be 0, 1, 2, backward", "'3'"}},
      {{"gelu", "--order", "backwards"}, {"'backwards'", "did you mean backward?"}},
      {{"gelu", "--dtype", "float"}, {"[dtype]", "'float'"}},
      {{"gelu", "--threads", "-1"},
       {"[bench] --threads must be from 1 to 1024, or 0 for one per core, got -1"}},
      {{"gelo", "--n", "1"}, {"'gelo'", "did you mean gelu?"}},
      {{"--n", "1", "gelo"}, {"'gelo'", "did you mean gelu?"}},
      {{"gelu", "--order", "backward_from_output"}, {"[gelu]", "output"}},
      {{"softmax", "--order", "1"}, {"[softmax] order must be 0 or backward", "row function"}},
      {{"glu", "--order", "backward_from_output"}, {"[glu] order must be 0 or backward"}},
  };
  for (const auto& one : all) {
    SCOPED_TRACE(::testing::PrintToString(one.arguments));
    expect_error(bench(one.arguments), kUsage, one.words);
  }
}

}  // namespace
}  // namespace actfn::testing
