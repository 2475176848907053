// list, show, eval and plot of the program, as a user's shell runs them.
#include <actfn/actfn.h>
#include <gtest/gtest.h>
#include <array>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>

#include "inputs.h"
#include "instances.h"
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
  constexpr std::array<decltype(&derivative), 3> kOrders = {forward, derivative, second_derivative};
  kOrders.at(static_cast<std::size_t>(order))(f, x, y, {});
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

INSTANTIATE_TEST_SUITE_P(All, Eval, ::testing::ValuesIn(instances()),
                         [](const auto& p) { return test_name(p.param); });

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

struct Refused {
  Words arguments;
  Words words;
};

TEST(Usage, EachErrorSaysWhatIsWrong) {
  const std::vector<Refused> all = {
      {{}, {"command"}},
      {{"lst"}, {"'lst'", "did you mean list?"}},
      {{"evaluate", "gelu", "1"}, {"'evaluate'", "did you mean eval?"}},
      {{"plots", "relu"}, {"'plots'", "did you mean plot?"}},
      {{"eval"}, {"SPEC"}},
      {{"eval", "gelo", "1"}, {"'gelo'", "did you mean gelu?"}},
      {{"eval", "leakyrelo", "1"}, {"'leakyrelo'", "did you mean leaky_relu?"}},
      {{"eval", "Sigmoind", "1"}, {"'Sigmoind'", "did you mean sigmoid?"}},
      {{"eval", "qqqqqqqq", "1"}, {"'qqqqqqqq'"}},
      {{"eval", "elu(beta=1)", "1"}, {"[elu]", "'beta'", "alpha"}},
      {{"eval", "relu(alpha=1)", "1"}, {"[relu]", "'alpha'"}},
      {{"eval", "elu(alpha=abc)", "1"}, {"[elu]", "alpha", "'abc'"}},
      {{"eval", "elu(alpha=nan)", "1"}, {"[elu]", "alpha", "finite", "nan"}},
      {{"eval", "softplus(beta=-1)", "1"}, {"[softplus]", "beta", "positive", "-1"}},
      {{"eval", "hardtanh(min_val=2)", "1"}, {"[hardtanh]", "min_val=2", "max_val=1"}},
      {{"eval", "elu(alpha=1,alpha=2)", "1"}, {"[elu]", "alpha", "twice"}},
      {{"eval", "gelu(approximate=tan)", "1"}, {"[gelu]", "none or tanh", "'tan'"}},
      {{"eval", "elu(", "1"}, {"[elu]", "')'"}},
      {{"eval", "threshold", "1"}, {"[threshold]", "no default"}},
      {{"eval", "gelu", "--order", "3", "1"}, {"order", "0, 1 or 2", "3"}},
      {{"eval", "gelu", "--order", "x", "1"}, {"--order", "x"}},
      {{"eval", "gelu", "--ordr", "1"}, {"--ordr", "did you mean --order?"}},
      {{"eval", "gelu", "-x"}, {"-x"}},
      {{"list", "--jsn"}, {"--jsn", "did you mean --json?"}},
      {{"list", "relu"}, {"relu"}},
      {{"show"}, {"NAME"}},
      {{"show", "mihs"}, {"'mihs'", "did you mean mish?"}},
      {{"show", "relu", "gelu"}, {"gelu"}},
      {{"plot"}, {"SPEC"}},
      {{"plot", "relu", "--range", "1"}, {"range", "A:B", "1"}},
      {{"plot", "relu", "--range", "3:-3"}, {"range", "A < B", "3:-3"}},
      {{"plot", "relu", "--order", "2"}, {"order", "0 or 1", "2"}},
      {{"plot", "relu", "-o", "x.pdf"}, {"x.pdf", ".svg", ".png"}},
  };
  for (const auto& one : all) {
    SCOPED_TRACE(::testing::PrintToString(one.arguments));
    expect_error(run(program(one.arguments)), kUsage, one.words);
  }
}

TEST(Usage, HelpAndVersionSucceed) {
  for (const auto& arguments : std::vector<Words>{{"--help"},
                                                  {"-h"},
                                                  {"list", "--help"},
                                                  {"show", "--help"},
                                                  {"eval", "--help"},
                                                  {"plot", "--help"},
                                                  {"compare", "--help"}}) {
    const auto got = run(program(arguments));
    EXPECT_EQ(got.status, 0);
    EXPECT_EQ(got.err, "");
    EXPECT_NE(got.out.find("Usage: actfn"), std::string::npos) << got.out;
  }
  const auto version = run(program({"--version"}));
  EXPECT_EQ(version.status, 0);
  EXPECT_EQ(version.out, "actfn " ACTFN_VERSION "\n");
}

TEST(List, HasALineForEachActivation) {
  const auto got = run(program({"list"}));
  EXPECT_EQ(got.status, 0);
  const auto all = lines(got.out);
  ASSERT_EQ(all.size(), catalogue().size() + 1);
  for (std::size_t i = 0; i < catalogue().size(); ++i) {
    EXPECT_TRUE(all[i + 1].starts_with(catalogue()[i].name)) << all[i + 1];
    EXPECT_NE(all[i + 1].find(catalogue()[i].formula), std::string::npos) << all[i + 1];
  }
}

constexpr std::string_view kTypes[] = {"number", "whole", "choice", "function"};

void expect_parameter(const nlohmann::json& got, const FunctionInfo& known,
                      const ParameterInfo& p) {
  EXPECT_EQ(got.at("name"), p.name);
  EXPECT_EQ(got.at("condition"), p.condition);
  EXPECT_EQ(got.at("type"), kTypes[static_cast<std::size_t>(p.type)]);
  const double value = p.get(known.example);
  if (p.required) {
    EXPECT_TRUE(got.at("default").is_null());
  } else if (p.choices.empty()) {
    EXPECT_EQ(got.at("default").get<double>(), value);
  } else {
    EXPECT_EQ(got.at("default"), p.choices[static_cast<std::size_t>(value)]);
    EXPECT_EQ(got.at("choices").get<Words>(), Words(p.choices.begin(), p.choices.end()));
  }
}

TEST(List, JsonAgreesWithTheCatalogue) {
  const auto got = run(program({"list", "--json"}));
  EXPECT_EQ(got.status, 0);
  const auto all = nlohmann::json::parse(got.out);
  ASSERT_EQ(all.size(), catalogue().size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& known = catalogue()[i];
    EXPECT_EQ(all[i].at("name"), known.name);
    EXPECT_EQ(all[i].at("kind"), name_of(known.kind));
    EXPECT_EQ(all[i].at("use"), known.use);
    EXPECT_EQ(all[i].at("shapes"), known.shapes);
    EXPECT_EQ(all[i].at("title"), known.title);
    EXPECT_EQ(all[i].at("formula"), known.formula);
    EXPECT_EQ(all[i].at("derivative"), known.derivative);
    EXPECT_EQ(all[i].at("source"), known.source);
    EXPECT_EQ(all[i].at("note"), known.note);
    ASSERT_EQ(all[i].at("parameters").size(), known.parameters.size());
    for (std::size_t j = 0; j < known.parameters.size(); ++j) {
      expect_parameter(all[i].at("parameters")[j], known, known.parameters[j]);
    }
  }
}

TEST(Show, TellsAboutEachActivation) {
  for (const auto& known : catalogue()) {
    const auto got = run(program({"show", std::string(known.name)}));
    EXPECT_EQ(got.status, 0) << got.err;
    for (const auto part :
         {known.name, known.title, known.formula, known.derivative, known.source, known.note}) {
      EXPECT_NE(got.out.find(part), std::string::npos) << known.name << ": " << part;
    }
    for (const auto& p : known.parameters) {
      EXPECT_NE(got.out.find("  " + std::string(p.name) + " = "), std::string::npos) << got.out;
    }
  }
}

TEST(Show, TakesParameters) {
  const auto got = run(program({"show", "elu(alpha=0.5)"}));
  EXPECT_EQ(got.status, 0);
  EXPECT_NE(got.out.find("alpha = 0.5"), std::string::npos) << got.out;
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

TEST(Target, AnotherOneIsAnErrorThatListsThem) {
  auto what = program({"eval", "gelu", "1"});
  what.environment = {"ACTFN_TARGET=MMX"};
  Words words = {"ACTFN_TARGET=MMX"};
  for (const auto target : targets()) words.emplace_back(target);
  expect_error(run(what), kUsage, words);
}

TEST(Plot, GoesToAFileOrTheTerminal) {
  const TemporaryDirectory directory;
  const auto terminal = run(program({"plot", "relu", "gelu", "--order", "1"}));
  if (terminal.err.find("gnuplot not found") != std::string::npos) GTEST_SKIP() << terminal.err;
  EXPECT_EQ(terminal.status, 0) << terminal.err;
  EXPECT_NE(terminal.out.find("gelu"), std::string::npos) << terminal.out;
  EXPECT_EQ(terminal.out.find('\x1b'), std::string::npos);
  const auto file = run(program({"plot", "relu,gelu", "-o", directory / "x.svg"}));
  EXPECT_EQ(file.status, 0) << file.err;
  EXPECT_NE(read_file(directory / "x.svg").find("<svg"), std::string::npos);
}

TEST(Plot, WithoutGnuplotIsAFailure) {
  const TemporaryDirectory directory;
  auto what = program({"plot", "relu", "-o", directory / "x.svg"});
  what.environment = {"PATH=/nowhere"};
  expect_error(run(what), kFailure, {"gnuplot"});
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

TEST(Output, AReaderThatWentAwayIsNoCrash) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  auto what = program({"list", "--json"});
  what.out = ends[1];
  const auto got = run(what);
  close(ends[1]);
  EXPECT_TRUE(got.status == kFailure || got.status == 128 + SIGPIPE) << got.status;
}

TEST(Output, AFullDiskIsAFailure) {
  const int full = open("/dev/full", O_WRONLY);
  if (full < 0) GTEST_SKIP() << "no /dev/full here";
  auto what = program({"eval", "gelu", "1"});
  what.out = full;
  expect_error(run(what), kFailure, {"standard output"});
  close(full);
}

}  // namespace
}  // namespace actfn::testing
