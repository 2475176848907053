// actfn: activation functions from the command line.
#include <actfn/actfn.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "api/number.h"
#include "api/suggest.h"
#include "commands.h"

namespace {

constexpr const char* kIntroduction =
    R"(Activation functions: exact values and derivatives, and what they do to a network.

Examples:
  actfn compare                              train sigmoid, relu, leaky_relu, gelu on Fashion-MNIST
  actfn eval gelu -3 -0.5 1                  values; --order 1 for the first derivative
  actfn plot mish 'softplus(beta=2)'         in the terminal; -o FILE.svg or .png for a picture
  actfn show leaky_relu                      formula, parameters, source, values
  actfn list                                 all activations
)";

// CLI11 takes "-inf" for options: a leading space keeps a number a number.
std::vector<std::string> arguments(int argc, char** argv) {
  std::vector<std::string> all(argv + 1, argv + argc);
  for (auto& text : all) {
    if (text.starts_with('-') && actfn::read_number(text)) text.insert(0, " ");
  }
  return {all.rbegin(), all.rend()};  // as CLI11 wants them
}

std::vector<std::string_view> names_of(const std::vector<const CLI::App*>& commands) {
  std::vector<std::string_view> names;
  for (const auto* command : commands) names.emplace_back(command->get_name());
  return names;
}

// What CLI11 does not say: which word it was, and what it may have been meant to be.
std::string explain(const CLI::App& program, const CLI::ParseError& error,
                    const std::string& word) {
  const auto chosen = program.get_subcommands();
  if (chosen.empty()) {
    const CLI::App* top = &program;
    const auto names = names_of(top->get_subcommands([](const CLI::App*) { return true; }));
    if (word.empty()) return "a command is missing; try actfn --help";
    return "unknown command '" + word + "'" + actfn::did_you_mean(word, names);
  }
  std::vector<std::string> options;
  for (const auto* option : chosen.front()->get_options()) options.push_back(option->get_name());
  const std::vector<std::string_view> views(options.begin(), options.end());
  const std::string what = error.what();
  const auto at = what.find("--");
  const bool unexpected = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  const std::string hint = unexpected && at != std::string::npos
                               ? actfn::did_you_mean(what.substr(at), views)
                               : std::string();
  return "[" + chosen.front()->get_name() + "] " + what + hint;
}

int report(const std::string& message, int code) {
  std::fprintf(stderr, "actfn: %s\n", message.c_str());
  return code;
}

int run(int argc, char** argv) {
  int exit_code = 0;
  CLI::App program(kIntroduction, "actfn");
  program.set_version_flag("--version", "actfn " ACTFN_VERSION);
  program.require_subcommand(1);
  actfn::app::add_compare(program, exit_code);
  actfn::app::add_eval(program);
  actfn::app::add_plot(program);
  actfn::app::add_show(program);
  actfn::app::add_list(program);
  try {
    program.parse(arguments(argc, argv));
    return exit_code;
  } catch (const CLI::Success& e) {  // --help, --version
    return program.exit(e);
  } catch (const CLI::ParseError& e) {
    return report(explain(program, e, argc > 1 ? argv[1] : ""), actfn::app::kUsage);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const actfn::Error& e) {
    return report(e.what(), actfn::app::kUsage);
  } catch (const std::exception& e) {
    return report(e.what(), actfn::app::kFailure);
  }
}
