// SPDX-License-Identifier: Apache-2.0
#include <actfn/catalogue.h>
#include <actfn/error.h>
#include <actfn/target.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "commands.h"
#include "describe.h"
#include "output.h"

namespace actfn::app {
namespace {

struct ListOptions {
  std::optional<std::string> kind;
  bool json = false;
  bool aliases = false;
  bool targets = false;
};

// How wide lines may be; nothing where the output is not read on a terminal.
std::optional<std::size_t> line_width() {
  const Terminal t = terminal(STDOUT_FILENO);
  if (!t.is_terminal) return std::nullopt;
  return static_cast<std::size_t>(std::max(20, t.columns));
}

std::vector<FunctionInfo> chosen(const ListOptions& options) {
  std::optional<Kind> kind;
  if (options.kind) kind = parse_kind(*options.kind);
  std::vector<FunctionInfo> all;
  for (const auto& info : catalogue()) {
    if (!kind || info.kind == *kind) all.push_back(info);
  }
  return all;
}

// A name and its formula on one indented line, or on two where the name leaves no room.
std::string entry(const std::string& name, std::string_view formula, std::size_t column,
                  std::optional<std::size_t> width) {
  constexpr std::size_t kIndent = 2;
  std::string line = std::string(kIndent, ' ') + name;
  std::string before;
  if (name.size() > column) {
    before = (width ? cut(line, *width) : line) + "\n";
    line.clear();
  }
  line.resize(kIndent + column, ' ');
  line.append("  ").append(formula);
  return before + (width ? cut(line, *width) : line) + "\n";
}

std::string functions_text(const ListOptions& options) {
  const auto width = line_width();
  const auto all = chosen(options);
  std::size_t column = 0;
  for (const auto& info : all) column = std::max(column, signature(info).size());
  if (width) column = std::min(column, *width * 2 / 5);
  std::string text;
  std::optional<Kind> heading;
  for (const auto& info : all) {
    if (heading != info.kind) {
      text.append(heading ? "\n" : "").append(name_of(info.kind)).append(": ");
      text.append(summary(info.kind)).append("\n");
      heading = info.kind;
    }
    text += entry(signature(info), info.formula, column, width);
  }
  return text;
}

std::string functions_json(const ListOptions& options) {
  nlohmann::ordered_json all = nlohmann::json::array();
  for (const auto& info : chosen(options)) all.push_back(json_of(info));
  return all.dump(2) + "\n";
}

std::vector<Alias> chosen_aliases(const ListOptions& options) {
  std::vector<Alias> all(aliases().begin(), aliases().end());
  if (!options.kind) return all;
  const Kind kind = parse_kind(*options.kind);
  std::erase_if(all, [kind](const Alias& alias) {
    return alias.function.empty() || info(parse_function(alias.function)).kind != kind;
  });
  return all;
}

std::string function_of(const Alias& alias) {
  return alias.function.empty() ? "none here equals it" : std::string(alias.function);
}

// One fact of an alias, wrapped below its name.
std::string fact(std::string_view name, std::string_view text, std::size_t width) {
  if (text.empty()) return {};
  constexpr std::size_t kIndent = 12;
  std::string head = "  " + std::string(name);
  head.resize(kIndent, ' ');
  return wrapped(text, width, kIndent, head);
}

std::string aliases_text(const ListOptions& options) {
  Table table({"ALIAS", "FUNCTION", "FORMULA", "OPERANDS", "USED BY"});
  std::string blocks;
  const auto width = line_width();
  for (const Alias& alias : chosen_aliases(options)) {
    const std::string layout(alias.layout.empty() ? "-" : alias.layout);
    table.add({std::string(alias.name), function_of(alias), std::string(alias.formula), layout,
               std::string(alias.users)});
    if (!width) continue;
    blocks += std::string(alias.name) + "  ->  " + function_of(alias) + "\n";
    blocks += fact("formula", alias.formula, *width) + fact("operands", alias.layout, *width) +
              fact("used by", alias.users, *width);
  }
  return width ? blocks : table.text(5);
}

std::string aliases_json(const ListOptions& options) {
  nlohmann::ordered_json all = nlohmann::json::array();
  for (const Alias& alias : chosen_aliases(options)) all.push_back(json_of(alias));
  return all.dump(2) + "\n";
}

std::string targets_text(bool json) {
  nlohmann::ordered_json all = nlohmann::json::array();
  std::string text;
  for (const auto name : targets()) {
    all.push_back({{"name", name}, {"in_use", name == target()}});
    text.append(name).append(name == target() ? "  in use\n" : "\n");
  }
  return json ? all.dump(2) + "\n" : text;
}

std::string list(const ListOptions& options) {
  if (options.targets) {
    if (options.kind || options.aliases) {
      throw Error("[list] --targets lists instruction sets: leave --kind and --aliases out");
    }
    return targets_text(options.json);
  }
  if (options.aliases) return options.json ? aliases_json(options) : aliases_text(options);
  return options.json ? functions_json(options) : functions_text(options);
}

}  // namespace

void add_list(CLI::App& program) {
  auto* command = program.add_subcommand(
      "list",
      "All functions by kind, with their parameters and formulas\n\n"
      "Parameters are shown with their defaults. One without a value has none, and you must give\n"
      "it: softcap(cap=30).\n\n"
      "Examples:\n"
      "  actfn list\n"
      "  actfn list --kind gate\n"
      "  actfn list --json\n"
      "  actfn list --aliases\n"
      "  actfn list --targets\n");
  auto options = std::make_shared<ListOptions>();
  command->add_option("--kind", options->kind, "The functions of one kind only")
      ->type_name("elementwise|row|gate|random|learned|grouped")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  command->add_flag("--json", options->json, "All facts, as JSON");
  command->add_flag("--aliases", options->aliases,
                    "Names that other frameworks use: the function here, its formula, the\n"
                    "packing of the operands for gates, and the users of the name");
  command->add_flag("--targets", options->targets,
                    "The instruction sets that run here, best first; ACTFN_TARGET forces one");
  command->callback([options] { print(list(*options)); });
}

}  // namespace actfn::app
