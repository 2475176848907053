// SPDX-License-Identifier: Apache-2.0
// list and show of the program: what they say of each function.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <regex>

#include "subprocess.h"

namespace actfn::testing {
namespace {

constexpr Kind kKinds[] = {Kind::elementwise, Kind::row,     Kind::gate,
                           Kind::random,      Kind::learned, Kind::grouped};

// The lines of `list` from this kind's heading to the next empty line.
Words section_of(Kind kind, const Words& all) {
  const std::string heading = std::string(name_of(kind)) + ": ";
  const auto first = std::find_if(
      all.begin(), all.end(), [&](const std::string& line) { return line.starts_with(heading); });
  return {first, std::find(first, all.end(), "")};
}

TEST(List, HasALineForEachFunctionBelowItsKind) {
  const auto got = run(program({"list"}));
  EXPECT_EQ(got.status, 0);
  const auto all = lines(got.out);
  EXPECT_EQ(all.size(), catalogue().size() + 2 * std::size(kKinds) - 1);
  for (const Kind kind : kKinds) {
    const auto functions = catalogue(kind);
    const Words section = section_of(kind, all);
    ASSERT_EQ(section.size(), functions.size() + 1) << name_of(kind);
    for (std::size_t i = 0; i < functions.size(); ++i) {
      EXPECT_TRUE(section[i + 1].starts_with("  " + std::string(functions[i].name)));
      EXPECT_NE(section[i + 1].find(functions[i].formula), std::string::npos) << section[i + 1];
    }
  }
}

TEST(List, ParametersHaveDefaultsOrMustBeGiven) {
  const std::string all = run(program({"list"})).out;
  for (const std::string line : {"\n  elu(alpha=1) ", "\n  softcap(cap) ", "\n  gated(gate) "}) {
    EXPECT_NE(all.find(line), std::string::npos) << line;
  }
}

TEST(List, KindLeavesTheOthersOut) {
  for (const Kind kind : kKinds) {
    const std::string name(name_of(kind));
    const auto text = run(program({"list", "--kind", name}));
    EXPECT_EQ(lines(text.out).size(), catalogue(kind).size() + 1) << text.err;
    const auto json = nlohmann::json::parse(run(program({"list", "--json", "--kind", name})).out);
    EXPECT_EQ(json.size(), catalogue(kind).size());
    for (const auto& one : json) EXPECT_EQ(one.at("kind"), name);
  }
}

TEST(List, LinesFitATerminal) {
  for (const int columns : {80, 120}) {
    for (const Words& arguments : {Words{"list"}, Words{"list", "--aliases"}}) {
      const std::string all = drawn(program(arguments), columns, &Invocation::out);
      if (all.empty()) GTEST_SKIP() << "no pseudo-terminal here";
      for (const auto& line : lines(all)) {
        const auto characters = std::count_if(line.begin(), line.end(), [](char c) {
          return c != '\r' && (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        });
        EXPECT_LE(characters, columns) << line;
      }
    }
  }
}

TEST(List, AliasesAreThoseOfTheCatalogue) {
  const auto text = run(program({"list", "--aliases"}));
  const auto json = nlohmann::json::parse(run(program({"list", "--aliases", "--json"})).out);
  const Words rows = lines(text.out);
  ASSERT_EQ(rows.size(), aliases().size() + 1);
  ASSERT_EQ(json.size(), aliases().size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const Alias& alias = aliases()[i];
    EXPECT_TRUE(rows[i + 1].starts_with(alias.name)) << rows[i + 1];
    EXPECT_EQ(json[i].at("name"), alias.name);
    EXPECT_EQ(json[i].at("formula"), alias.formula);
    EXPECT_EQ(json[i].at("layout"), alias.layout);
    EXPECT_EQ(json[i].at("users"), alias.users);
    EXPECT_EQ(json[i].at("function").is_null(), alias.function.empty());
    for (const auto part : {alias.function, alias.formula, alias.layout, alias.users}) {
      EXPECT_NE(rows[i + 1].find(part), std::string::npos) << rows[i + 1];
    }
  }
}

TEST(List, TargetsSayWhichIsInUse) {
  const auto json = nlohmann::json::parse(run(program({"list", "--targets", "--json"})).out);
  ASSERT_EQ(json.size(), targets().size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    EXPECT_EQ(json[i].at("name"), targets()[i]);
    EXPECT_EQ(json[i].at("in_use"), targets()[i] == target());
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

std::string one_line(std::string_view text) {
  return std::regex_replace(std::string(text), std::regex("\\s+"), " ");
}

TEST(Show, TellsAboutEachFunction) {
  for (const auto& known : catalogue()) {
    const auto got = run(program({"show", std::string(known.name)}));
    EXPECT_EQ(got.status, 0) << got.err;
    const std::string page = one_line(got.out);
    for (const auto part : {known.name, known.title, known.formula, known.derivative, known.source,
                            known.note, known.use, name_of(known.kind)}) {
      EXPECT_NE(page.find(one_line(part)), std::string::npos) << known.name << ": " << part;
    }
    for (const auto& p : known.parameters) {
      EXPECT_NE(got.out.find("  " + std::string(p.name) + " = "), std::string::npos) << got.out;
    }
  }
}

TEST(Show, TakesParametersAliasesAndSeveralNames) {
  const auto got = run(program({"show", "elu(alpha=0.5)", "gelu_new,softmax"}));
  EXPECT_EQ(got.status, 0);
  for (const std::string part : {"alpha = 0.5", "\ngelu(approximate=tanh)  (", "\nsoftmax  (",
                                 "gelu_new = gelu(approximate=tanh)"}) {
    EXPECT_NE(got.out.find(part), std::string::npos) << got.out;
  }
}

nlohmann::json shown(const std::string& spec) {
  const auto got = run(program({"show", spec, "--json"}));
  EXPECT_EQ(got.status, 0) << got.err;
  return nlohmann::json::parse(got.out).at(0);
}

TEST(Show, JsonHasTheValuesOfEachKind) {
  const auto celu = shown("celu(alpha=2)");
  EXPECT_EQ(celu.at("spec"), "celu(alpha=2)");
  EXPECT_EQ(celu.at("parameters")[0].at("value"), "2");
  const auto& x = celu.at("values").at("x");
  ASSERT_EQ(x[0], "-inf");
  EXPECT_EQ(celu.at("values").at("f")[0], -2);
  for (std::size_t i = 1; i + 1 < x.size(); ++i) {
    const auto at = [&](int order) {
      std::vector<float> y = {x[i].get<float>()};
      if (order == 0) forward(Celu{2}, y, y);
      if (order == 1) derivative(Celu{2}, y, y);
      if (order == 2) second_derivative(Celu{2}, y, y);
      return y[0];
    };
    EXPECT_EQ(celu.at("values").at("f")[i].get<float>(), at(0));
    EXPECT_EQ(celu.at("values").at("f'")[i].get<float>(), at(1));
    EXPECT_EQ(celu.at("values").at("f''")[i].get<float>(), at(2));
  }
  EXPECT_EQ(shown("rrelu(lower=0.25,upper=0.25)").at("values").at("of"),
            "leaky_relu(negative_slope=0.25)");
  const auto bilinear = shown("bilinear").at("values");
  EXPECT_EQ(bilinear.at("f")[0][4].get<float>(),
            bilinear.at("a")[0].get<float>() * bilinear.at("b")[4].get<float>());
  const auto hardmax = shown("hardmax").at("values");
  EXPECT_EQ(hardmax.at("f").size(), hardmax.at("x").size());
  const auto maxout = shown("maxout(group=5)").at("values");
  EXPECT_EQ(5 * maxout.at("f").size(), maxout.at("x").size());
}

}  // namespace
}  // namespace actfn::testing
