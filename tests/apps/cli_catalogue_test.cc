// SPDX-License-Identifier: Apache-2.0
// Every function that `list --json` names goes through every command, or is refused by its name.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "subprocess.h"
#include "temporary_directory.h"
#include "toy_files.h"

namespace actfn::testing {
namespace {

// A row that all examples take, and the numbers of a layer.
constexpr std::size_t kRow = 12;

const nlohmann::json& listed() {
  static const auto all = nlohmann::json::parse(run(program({"list", "--json"})).out);
  return all;
}

Words specs() {
  Words all;
  for (const auto& one : listed()) all.push_back(one.at("example"));
  return all;
}

bool changes_length(const Function& f) { return output_shape(f, {kRow}) != Shape{kRow}; }

// Functions that make one number of a row.
bool reduces(const Function& f) { return output_shape(f, {kRow}) == Shape{1}; }

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void expect_refusal(const Finished& got, const std::string& spec) {
  expect_error(got, kUsage, {spec.substr(0, spec.find('('))});
}

TEST(Catalogue, ListNamesAllOfItAndEachSpecReadsBack) {
  ASSERT_EQ(listed().size(), catalogue().size());
  for (std::size_t i = 0; i < listed().size(); ++i) {
    const std::string spec = listed()[i].at("example");
    EXPECT_EQ(listed()[i].at("name"), catalogue()[i].name);
    EXPECT_EQ(to_string(parse_function(spec)), spec);
    EXPECT_EQ(info(parse_function(spec)).name, catalogue()[i].name);
  }
}

TEST(Catalogue, ShowHasAPageAndValuesOfEach) {
  Words arguments = {"show"};
  for (const auto& spec : specs()) arguments.push_back(spec);
  const auto text = run(program(arguments));
  ASSERT_EQ(text.status, 0) << text.err;
  arguments.emplace_back("--json");
  const auto json = nlohmann::json::parse(run(program(arguments)).out);
  ASSERT_EQ(json.size(), specs().size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    EXPECT_EQ(json[i].at("spec"), specs()[i]);
    EXPECT_GE(json[i].at("values").at("f").size(), 1U) << specs()[i];
    EXPECT_TRUE(contains("\n" + text.out, "\n" + specs()[i] + "  (")) << specs()[i];
  }
}

TEST(Catalogue, ShowTakesEachAliasOrSaysWhatItIs) {
  Words arguments = {"show", "--json"};
  Words wanted;
  for (const Alias& alias : aliases()) {
    if (alias.function.empty()) {
      expect_error(run(program({"show", std::string(alias.name)})), kUsage,
                   {std::string(alias.name), std::string(alias.formula)});
    } else {
      arguments.emplace_back(alias.name);
      wanted.push_back(to_string(parse_function(alias.function)));
    }
  }
  const auto got = run(program(arguments));
  ASSERT_EQ(got.status, 0) << got.err;
  Words specs_shown;
  for (const auto& one : nlohmann::json::parse(got.out)) specs_shown.push_back(one.at("spec"));
  EXPECT_EQ(specs_shown, wanted);
}

TEST(Catalogue, EvalGivesAsManyNumbersAsTheShapeSays) {
  Words numbers;
  for (std::size_t i = 0; i < kRow; ++i) numbers.push_back(std::to_string(int(i % 5) - 2));
  for (const auto& spec : specs()) {
    const Shape wanted = output_shape(parse_function(spec), {kRow});
    for (const std::string type : {"float32", "float64", "bfloat16", "float16"}) {
      Words arguments = {"eval", spec, "--dtype", type};
      arguments.insert(arguments.end(), numbers.begin(), numbers.end());
      const auto got = run(program(arguments));
      ASSERT_EQ(got.status, 0) << got.err;
      std::istringstream words(got.out);
      const auto count = std::distance(std::istream_iterator<std::string>(words), {});
      EXPECT_EQ(Shape{static_cast<std::size_t>(count)}, wanted) << spec << ": " << got.out;
    }
  }
}

// Without gnuplot: what can be drawn fails for that reason, bars do not need it.
TEST(Catalogue, PlotDrawsOrRefuses) {
  Words curves = {"plot"};
  Words bars = {"plot"};
  for (const auto& spec : specs()) {
    const Function f = parse_function(spec);
    auto what = program({"plot", spec});
    what.environment = {"PATH=/nowhere"};
    const auto got = run(what);
    const Kind kind = info(f).kind;
    if (kind == Kind::grouped || (kind == Kind::row && changes_length(f))) {
      expect_refusal(got, spec);
    } else if (got.status == 0) {
      EXPECT_TRUE(contains(got.out, spec)) << got.out;
      EXPECT_NE(kind, Kind::elementwise);
      bars.push_back(spec);
    } else {
      expect_error(got, kFailure, {"gnuplot not found"});
      EXPECT_NE(kind, Kind::row);
      curves.push_back(spec);
    }
  }
  const TemporaryDirectory directory;
  for (Words* arguments : {&curves, &bars}) {
    const Words drawn(arguments->begin() + 1, arguments->end());
    arguments->insert(arguments->end(), {"-o", directory / "x.svg"});
    if (arguments == &curves) arguments->insert(arguments->end(), {"--order", "0,1,2"});
    const auto got = run(program(*arguments));
    if (contains(got.err, "gnuplot not found")) GTEST_SKIP() << got.err;
    ASSERT_EQ(got.status, 0) << got.err;
    const std::string svg = read_file(directory / "x.svg");
    for (const auto& spec : drawn) EXPECT_TRUE(contains(svg, "<text>" + spec)) << spec;
  }
}

TEST(Catalogue, BenchMeasuresForwardAndBackwardOfEach) {
  for (const std::string order : {"0", "backward"}) {
    const auto got = run(program({"bench", "--json", "--order", order, "--n", "12"}));
    ASSERT_EQ(got.status, 0) << got.err;
    Words measured;
    for (const auto& one : nlohmann::json::parse(got.out)) {
      measured.push_back(one.at("activation"));
      EXPECT_GT(one.at("ns_per_element").get<double>(), 0) << one;
    }
    EXPECT_EQ(measured, specs());
  }
}

TEST(Catalogue, CompareTrainsEachOrRefusesIt) {
  const TemporaryDirectory directory;
  write_toy_files(directory.path());
  const std::string width = std::to_string(kRow);
  const auto compare = [&](const std::string& functions) {
    return run(program({"compare", "--data", directory.path(), "--out", directory / "out",
                        "--hidden", width, "--epochs", "1", "--activations", functions}));
  };
  std::string list;
  Words trained;
  for (const auto& spec : specs()) {
    if (reduces(parse_function(spec))) {
      expect_refusal(compare(spec), spec);
    } else {
      list += (list.empty() ? "" : ",") + spec;
      trained.push_back(spec);
    }
  }
  const auto got = compare(list);
  ASSERT_EQ(got.status, 0) << got.err;
  const auto results =
      nlohmann::json::parse(read_file(std::filesystem::path(directory / "out") / "results.json"));
  Words rows;
  for (const auto& row : results.at("epochs")) {
    if (row.at("epoch") == 1) rows.push_back(row.at("activation"));
  }
  EXPECT_EQ(rows, trained);
}

TEST(Catalogue, AccuracyRefusesWhatIsNotElementwise) {
  for (const auto& one : listed()) {
    if (one.at("kind") == "elementwise") continue;
    const std::string spec = one.at("example");
    expect_error(run(program({"accuracy", spec})), kUsage, {"[accuracy] " + spec + " is a"});
  }
}

}  // namespace
}  // namespace actfn::testing
