// SPDX-License-Identifier: Apache-2.0
// plot, output and usage errors of the program, as a user's shell runs it.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "subprocess.h"
#include "temporary_directory.h"

namespace actfn::testing {
namespace {

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
      {{"eval", "learnable(swish)x", "1"}, {"[learnable] 'x' follows 'learnable(swish)'"}},
      {{"eval", "gated(elu(alpha=1)x)", "1"}, {"[elu] 'x' follows 'elu(alpha=1)'"}},
      {{"eval", "relu()()", "1"}, {"[relu] '()' follows 'relu()'"}},
      {{"eval", "softmax(temperature=1e-46)", "1"}, {"positive, got 1e-46 (0 as float32)"}},
      {{"eval", "elu(alpha=1e300)", "1"}, {"finite, got 1e+300 (inf as float32)"}},
      {{"eval", "relu", "1", ""}, {"[eval] number 2: '' is not a number"}},
      {{"eval", "rrelu", "--seed", "-1", "1"}, {"[seed]", "from 0 on, got '-1'"}},
      {{"eval", "rrelu", "--seed", "18446744073709551616", "1"}, {"[seed]", "too large"}},
      {{"eval", "threshold", "1"}, {"[threshold]", "no default"}},
      {{"eval", "gelu", "--order", "3", "1"}, {"order", "0, 1 or 2", "3"}},
      {{"eval", "gelu", "--order", "x", "1"}, {"--order", "x"}},
      {{"eval", "gelu", "--ordr", "1"}, {"--ordr", "did you mean --order?"}},
      {{"eval", "gelu", "-x"}, {"-x"}},
      {{"list", "--jsn"}, {"--jsn", "did you mean --json?"}},
      {{"foo"}, {"unknown command 'foo'; try actfn --help"}},
      {{"lst"}, {"unknown command 'lst'; did you mean list? Try actfn --help"}},
      {{"list", "eval"}, {"[list] unexpected argument 'eval'"}},
      {{"--json", "list"}, {"options follow a command; try actfn --help"}},
      {{"--json"}, {"options follow a command; try actfn --help"}},
      {{"eval", "gelu", "--seed", "1", "1"}, {"[gelu] takes no seed"}},
      {{"eval", "rrelu", "--seed", "1", "--order", "2", "1"}, {"[rrelu]", "0 or 1, got 2"}},
      {{"eval", "softmax", "--order", "1", "1"}, {"[softmax] order must be 0, got 1"}},
      {{"eval", "swiglu", "--order", "1", "1", "2"}, {"[swiglu] order must be 0, got 1"}},
      {{"eval", "swiglu", "1", "2", "3"}, {"swiglu takes a multiple of 2 numbers, got 3"}},
      {{"eval", "maxout(group=3)", "1"}, {"maxout(group=3)", "multiple of 3", "got 1"}},
      {{"list", "relu"}, {"unexpected argument 'relu'"}},
      {{"list", "a", "b"}, {"unexpected argument 'a'"}},
      {{"list", "--kind", "rows"}, {"[list] kind", "'rows'", "did you mean row?"}},
      {{"list", "--targets", "--aliases"}, {"[list] --targets"}},
      {{"show"}, {"SPEC"}},
      {{"show", "mihs"}, {"'mihs'", "did you mean mish?"}},
      {{"show", "relu", "gelo"}, {"'gelo'", "did you mean gelu?"}},
      {{"plot"}, {"SPEC"}},
      {{"plot", "all"}, {"[plot] cannot take all functions: name a few, as actfn list has them"}},
      {{"compare", "--activations", "all"}, {"[compare] cannot take all functions: name a few"}},
      {{"compare", "--momentum", "0.9"}, {"[compare] momentum is for sgd, got optimizer adam"}},
      {{"plot", "relu", "--range", "1"}, {"range", "A:B", "1"}},
      {{"plot", "relu", "--range", "3:-3"}, {"range", "A < B", "3:-3"}},
      {{"plot", "relu", "--range", "0:1e-300"}, {"A < B, got 0:1e-300 (0 as float32)"}},
      {{"plot", "relu", "--range", "0:inf"}, {"finite", "got 0:inf"}},
      {{"plot", "softmax", "--range", "0:1"}, {"[plot] range is for curves, and softmax"}},
      {{"plot", "relu", "-o", ""}, {".svg or .png"}},
      {{"compare", "--threads", "-1"},
       {"--threads must be from 1 to 1024", "equal share", "got -1"}},
      {{"compare", "--jobs", "-1"}, {"--jobs must be from 1 to 1024, or 0 for one per core"}},
      {{"compare", "--lr", "1e-50"}, {"[compare] lr", "positive, got 1e-50 (0 as float32)"}},
      {{"compare", "--activations", "maxout(group=20000)"}, {"[compare] a network with maxout"}},
      {{"plot", "relu", "--order", "3"}, {"[plot] order must be 0, 1 or 2, got 3"}},
      {{"plot", "relu", "--y", "1:0"}, {"[plot] y must be A:B, finite and A < B, got 1:0"}},
      {{"plot", "relu", "--row", "1"}, {"[plot] row", "relu is an elementwise function"}},
      {{"plot", "softmax", "--row", "1,x"}, {"[plot] row", "'x'"}},
      {{"plot", "softmax", "--order", "1"}, {"[softmax] order must be 0, got 1"}},
      {{"plot", "softmax", "gelu"}, {"softmax is drawn as bars and gelu is not"}},
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

TEST(Plot, BarsInATerminalNeedNoGnuplot) {
  auto what = program({"plot", "hardmax", "softmin", "--row", "1,3,2"});
  what.environment = {"PATH=/nowhere"};
  const auto got = run(what);
  EXPECT_EQ(got.status, 0) << got.err;
  const Words all = lines(got.out);
  ASSERT_EQ(all.size(), 9U) << got.out;
  EXPECT_EQ(all[0], "hardmax");
  EXPECT_EQ(all[5], "softmin");
  const auto length = [&](std::size_t line) {
    return std::count(all[line].begin(), all[line].end(), '#');
  };
  EXPECT_EQ(length(1), 0) << got.out;
  EXPECT_GT(length(2), 20) << got.out;
  EXPECT_GT(length(6), length(8)) << got.out;  // 1 is the smallest of the row
  EXPECT_GT(length(8), length(7)) << got.out;
  for (const auto& line : all) EXPECT_LE(line.size(), 80U);
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

// Every command: what is printed at its end, and the texts that are printed instead.
TEST(Output, AFullOrClosedOneIsAFailure) {
  const std::vector<Words> all = {{"--help"},
                                  {"-h"},
                                  {"--version"},
                                  {"help", "eval"},
                                  {"plot", "-h"},
                                  {"list"},
                                  {"list", "--aliases"},
                                  {"list", "--targets"},
                                  {"show", "relu"},
                                  {"eval", "gelu", "1"},
                                  {"plot", "softmax"},
                                  {"bench", "relu", "--n", "9"},
                                  {"accuracy", "relu", "--dtype", "float64", "--sample", "9"}};
  const int full = open("/dev/full", O_WRONLY);
  const int closed = open("/dev/null", O_RDONLY);  // fails as a closed one does
  for (const int descriptor : {full, closed}) {
    for (const auto& arguments : all) {
      if (descriptor < 0) continue;  // no /dev/full here
      SCOPED_TRACE(::testing::PrintToString(arguments));
      auto what = program(arguments);
      what.out = descriptor;
      const auto got = run(what);
      EXPECT_EQ(got.status, kFailure);
      const Words said = lines(got.err);
      ASSERT_FALSE(said.empty());
      EXPECT_TRUE(said.back().starts_with("actfn: cannot write to standard output: ")) << got.err;
    }
  }
  close(full);
  close(closed);
}

}  // namespace
}  // namespace actfn::testing
