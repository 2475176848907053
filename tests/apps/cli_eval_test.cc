// SPDX-License-Identifier: Apache-2.0
// eval of the program, as a user's shell runs it.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "inputs.h"
#include "instances.h"
#include "sanitizers.h"
#include "subprocess.h"
#include "temporary_directory.h"

namespace actfn::testing {
namespace {

std::string shortest(float value) {
  if (std::isnan(value)) return "nan";
  char buffer[32];
  return {std::begin(buffer), std::to_chars(std::begin(buffer), std::end(buffer), value).ptr};
}

std::string text_of(std::span<const float> values) {
  std::string all;
  for (const float v : values) all += shortest(v) + "\n";
  return all;
}

std::string bytes_of(std::span<const float> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

std::vector<float> floats_of(const std::string& bytes) {
  std::vector<float> all(bytes.size() / sizeof(float));
  if (!all.empty()) std::memcpy(all.data(), bytes.data(), all.size() * sizeof(float));
  return all;
}

std::vector<float> numbers() {
  auto x = sample(200, 7);
  constexpr float kInf = std::numeric_limits<float>::infinity();
  x.insert(x.end(), {kInf, -kInf, std::numeric_limits<float>::quiet_NaN()});
  return x;
}

std::vector<float> want(const Activation& f, int order, const std::vector<float>& x) {
  std::vector<float> y(x.size());
  if (order == 0) forward(f, x, y);
  if (order == 1) derivative(f, x, y);
  if (order == 2) second_derivative(f, x, y);
  return y;
}

Finished eval(Words arguments, std::string input = {}) {
  arguments.insert(arguments.begin(), "eval");
  return run(program(std::move(arguments), std::move(input)));
}

class Eval : public ::testing::TestWithParam<Activation> {};

TEST_P(Eval, TextIsTheShortestThatReadsBackAsTheLibrarysBits) {
  const auto x = numbers();
  for (const int order : {0, 1, 2}) {
    const auto got = eval({to_string(GetParam()), "--order", std::to_string(order)}, text_of(x));
    ASSERT_EQ(got.status, 0) << got.err;
    EXPECT_EQ(got.err, "");
    const auto y = want(GetParam(), order, x);
    const auto words = lines(got.out);
    ASSERT_EQ(words.size(), y.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
      ASSERT_EQ(words[i], shortest(y[i])) << "order " << order << ", x = " << x[i];
      const float back = std::strtof(words[i].c_str(), nullptr);
      if (std::isnan(y[i])) continue;
      ASSERT_EQ(std::bit_cast<std::uint32_t>(back), std::bit_cast<std::uint32_t>(y[i])) << words[i];
    }
  }
}

TEST_P(Eval, RawGivesTheLibrarysBytes) {
  const auto x = numbers();
  for (const int order : {0, 1, 2}) {
    const std::string number = std::to_string(order);
    const auto got = eval({to_string(GetParam()), "--raw", "--order", number}, bytes_of(x));
    ASSERT_EQ(got.status, 0) << got.err;
    const auto y = want(GetParam(), order, x);
    ASSERT_EQ(got.out.size(), bytes_of(y).size());
    const auto back = floats_of(got.out);
    for (std::size_t i = 0; i < y.size(); ++i) {
      ASSERT_EQ(std::isnan(back[i]), std::isnan(y[i])) << x[i];
      if (std::isnan(y[i])) continue;
      ASSERT_EQ(std::bit_cast<std::uint32_t>(back[i]), std::bit_cast<std::uint32_t>(y[i])) << x[i];
    }
  }
}

// A program with AddressSanitizer takes a third of a second to end.
INSTANTIATE_TEST_SUITE_P(All, Eval, ::testing::ValuesIn(ACTFN_ASAN ? examples() : instances()),
                         [](const auto& p) { return test_name(p.param); });

TEST(Eval, TakesAnAccuracy) {
  const auto x = sample(50, 3);
  Words numbers;
  for (const float v : x) numbers.push_back(shortest(v));
  for (const Accuracy accuracy : {Accuracy::fast, Accuracy::nearest}) {
    std::vector<float> y(x.size());
    forward({Silu{}, accuracy}, x, y);
    Words words = {"eval", to_string(Spec{Silu{}, accuracy}), "--"};
    words.insert(words.end(), numbers.begin(), numbers.end());
    const auto got = run(program(words));
    EXPECT_EQ(got.status, 0) << got.err;
    EXPECT_EQ(got.out, text_of(y));
  }
  const auto refused = run(program({"eval", "silu@quick", "1"}));
  EXPECT_NE(refused.status, 0);
  EXPECT_NE(refused.err.find("accurate, fast or nearest"), std::string::npos) << refused.err;
}

TEST(EvalRaw, KeepsEveryKindOfFloat) {
  const std::vector<std::uint32_t> patterns = {0x00000000U, 0x80000000U, 0x00000001U, 0x80000001U,
                                               0x007fffffU, 0x00800000U, 0x3f800000U, 0xbf800000U,
                                               0x7f7fffffU, 0xff7fffffU, 0x7f800000U, 0xff800000U};
  std::vector<float> x;
  for (const auto pattern : patterns) x.push_back(std::bit_cast<float>(pattern));
  const auto got = eval({"leaky_relu(negative_slope=1)", "--raw"}, bytes_of(x));
  EXPECT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(got.out, bytes_of(x));
}

TEST(EvalRaw, EveryNanStaysNan) {
  for (const auto pattern : {0x7f800001U, 0x7fc00000U, 0x7fffffffU, 0xff800001U, 0xffc12345U}) {
    const std::vector<float> x = {1, std::bit_cast<float>(pattern), 2};
    for (const std::string order : {"0", "1"}) {
      const auto got = eval({"relu", "--raw", "--order", order}, bytes_of(x));
      EXPECT_EQ(got.status, 0) << got.err;
      const auto y = floats_of(got.out);
      ASSERT_EQ(y.size(), x.size());
      EXPECT_TRUE(std::isnan(y[1])) << std::hex << pattern;
    }
  }
}

TEST(EvalRaw, EndsWithinANumber) {
  for (const std::size_t size : {1U, 2U, 3U, 5U}) {
    expect_error(eval({"relu", "--raw"}, std::string(size, '\0')), kUsage,
                 {"--raw", std::to_string(size)});
  }
}

TEST(EvalRaw, NothingGivesNothing) {
  const auto got = eval({"relu", "--raw"});
  EXPECT_EQ(got.status, 0);
  EXPECT_EQ(got.out + got.err, "");
}

TEST(EvalRaw, TakesNoNumbers) { expect_error(eval({"relu", "--raw", "1"}), kUsage, {"--raw"}); }

struct Case {
  Words arguments;
  std::string input;
  std::string out;
};

TEST(EvalInput, NumbersInEveryForm) {
  const Words slope = {"leaky_relu(negative_slope=1)"};  // the identity
  const std::vector<Case> cases = {
      {{"0x1.8p1", "-0x1p-149", "0X.8P0"}, "", "3\n-1e-45\n0.5\n"},
      {{"-inf", "-nan", "-1e-5", "--order", "0"}, "", "-inf\nnan\n-1e-05\n"},
      {{"--order", "0", "-inf", "-1e-5"}, "", "-inf\n-1e-05\n"},
      {{"-1", "--order=0", "-2"}, "", "-1\n-2\n"},
      {{"--", "-1", "-inf"}, "", "-1\n-inf\n"},
      {{"-Infinity", "INF", "+1", "-.5", "5."}, "", "-inf\ninf\n1\n-0.5\n5\n"},
      {{"1,2", "3,", "4 5"}, "", "1\n2\n3\n4\n5\n"},
      {{"0,5"}, "", "0\n5\n"},
      {{"\xEF\xBB\xBF"
        "1",
        "2"},
       "",
       "1\n2\n"},  // byte-order marks
      {{},
       "\xEF\xBB\xBF"
       "1 2\r\n\xEF\xBB\xBF\n\xEF\xBB\xBF-3",
       "1\n2\n-3\n"},
      {{"1e40", "-1e40", "1e-60", "-1e-60"}, "", "inf\n-inf\n0\n-0\n"},
      {{"3.4028235677973366e38", "3.4028235677973367e38"}, "", "3.4028235e+38\ninf\n"},
      {{}, "1 2\n3,4\r\n\n ,5,\t6", "1\n2\n3\n4\n5\n6\n"},
      {{}, "-0x1.8p1\n-nan\n-inf", "-3\nnan\n-inf\n"},
      {{}, "", ""},
      {{}, "\n\n", ""},
  };
  for (const auto& c : cases) {
    Words arguments = slope;
    arguments.insert(arguments.end(), c.arguments.begin(), c.arguments.end());
    const auto got = eval(arguments, c.input);
    EXPECT_EQ(got.status, 0) << got.err;
    EXPECT_EQ(got.out, c.out) << ::testing::PrintToString(c.arguments);
    EXPECT_EQ(got.err, "");
  }
}

// parse() and parse_layers() skip the same around a function.
TEST(EvalInput, SpaceAroundAFunctionIsSkipped) {
  const std::string gelu = eval({"gelu", "1"}).out;
  for (const std::string text : {"\tgelu", " gelu\r\n", "\v\fgelu", "\xEF\xBB\xBFgelu"}) {
    EXPECT_EQ(eval({text, "1"}).out, gelu);
    expect_error(run(program({"compare", "--activations", "relu+" + text, "--epochs", "0"})),
                 kUsage, {"epochs"});
  }
}

TEST(EvalInput, OptionsMayComeFirst) {
  const auto got = eval({"--order", "1", "relu", "-1", "1"});
  EXPECT_EQ(got.out, "0\n1\n") << got.err;
}

TEST(EvalInput, ABadNumberNamesItsLine) {
  expect_error(eval({"relu"}, "1\n2\n3 four 5\n"), kUsage, {"line 3", "'four'"});
  expect_error(eval({"relu"}, "1\r\n\r\n2 0x\r\n"), kUsage, {"line 3", "'0x'"});
  expect_error(eval({"relu", "1", "2,x"}), kUsage, {"number 2", "'x'"});
}

TEST(EvalInput, AnErrorIsOneLineWhateverTheWordHolds) {
  expect_error(eval({"relu", "1\nx"}), kUsage, {"not a number"});
  expect_error(eval({"relu"}, "\x1b[31mx"), kUsage, {"not a number"});
  expect_error(eval({"re\nlu", "1"}), kUsage, {"unknown function"});
}

TEST(EvalInput, WhatCannotBeReadIsAnError) {
  const TemporaryDirectory directory;
  const int unreadable = open(directory.path().c_str(), O_RDONLY);
  auto what = program({"eval", "relu"});
  what.in = unreadable;
  expect_error(run(what), kFailure, {"standard input"});
  close(unreadable);
}

TEST(EvalKinds, ALineIsARowAndARowIsALine) {
  const std::vector<Case> cases = {
      {{"hardmax", "1", "3", "2"}, "", "0 1 0\n"},
      {{"hardmax"}, "1 3 2\n\n5,4\n4 5\n", "0 1 0\n1 0\n0 1\n"},
      {{"hardmax"}, "", ""},
      {{"bilinear", "1", "2", "3", "4"}, "", "3 8\n"},
      {{"bilinear"}, "1 2 3 4\n5 6\n", "3 8\n30\n"},
      {{"reglu", "-1", "2", "3", "4"}, "", "0 8\n"},
      {{"gated(relu)", "-1", "2", "3", "4", "--dtype", "float16"}, "", "0 8\n"},
      {{"crelu", "-1", "2"}, "", "0 2 1 0\n"},
      {{"maxout", "1", "2", "4", "3", "--dtype", "bfloat16"}, "", "2 4\n"},
      {{"maxout(group=3)", "1", "2", "3"}, "", "3\n"},
      {{"prelu(weight=0.5)", "-1", "2"}, "", "-0.5\n2\n"},
      {{"prelu", "-1", "2", "--order", "1"}, "", "0.25\n1\n"},
      {{"learnable(elu(alpha=2))", "-inf", "2", "--dtype", "float64"}, "", "-2\n2\n"},
      {{"dropout", "-1", "2"}, "", "-1\n2\n"},
      {{"noisy_relu", "-1", "2", "--order", "1"}, "", "0\n1\n"},
      {{"nn.ReLU", "-1", "2"}, "", "0\n2\n"},
      {{"relu2", "-1", "2"}, "", "0\n4\n"},
  };
  for (const auto& c : cases) {
    const auto got = eval(c.arguments, c.input);
    EXPECT_EQ(got.status, 0) << got.err;
    EXPECT_EQ(got.out, c.out) << ::testing::PrintToString(c.arguments);
    EXPECT_EQ(got.err, "");
  }
}

TEST(EvalKinds, RowsHaveTheLibrarysBits) {
  const std::vector<float> x = {0.5F, -1, 3, 2};
  std::vector<float> y(x.size());
  softmax(x, -1, y);
  EXPECT_EQ(floats_of(eval({"softmax", "--raw"}, bytes_of(x)).out), y);
  std::string text;
  for (const float v : y) text += (text.empty() ? "" : " ") + shortest(v);
  EXPECT_EQ(eval({"softmax"}, "0.5 -1 3 2").out, text + "\n");
  std::vector<float> half(2);
  forward(Swiglu{}, ConstTensor(x), -1, Tensor(half));
  EXPECT_EQ(floats_of(eval({"swiglu", "--raw"}, bytes_of(x)).out), half);
}

TEST(EvalKinds, ASeedDrawsTheLibrarysNoise) {
  const std::vector<float> x(9, -1);
  const std::vector<float> ones(x.size(), 1);
  std::vector<float> y(x.size());
  for (const std::uint64_t seed : {1U, 7U}) {
    const std::string number = std::to_string(seed);
    forward(Rrelu{}, x, Noise{seed, 0}, y);
    EXPECT_EQ(floats_of(eval({"rrelu", "--raw", "--seed", number}, bytes_of(x)).out), y);
    backward(Rrelu{}, x, ones, Noise{seed, 0}, y);
    EXPECT_EQ(eval({"rrelu", "--seed", number, "--order", "1"}, text_of(x)).out, text_of(y));
  }
}

TEST(Target, EachThatRunsHereGivesTheSameBits) {
  const auto bytes = bytes_of(numbers());
  for (const auto& known : catalogue(Kind::elementwise)) {
    const auto f = to_string(known.example);
    std::string first;
    for (const auto target : targets()) {
      auto what = program({"eval", f, "--raw"}, bytes);
      what.environment = {"ACTFN_TARGET=" + std::string(target)};
      const auto got = run(what);
      EXPECT_EQ(got.out.size(), bytes.size()) << got.err;
      if (first.empty()) first = got.out;
      EXPECT_TRUE(got.out == first) << f << " on " << target;
    }
  }
}

}  // namespace
}  // namespace actfn::testing
