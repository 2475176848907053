// SPDX-License-Identifier: Apache-2.0
// actfn: activation functions from the command line.
#include <actfn/actfn.h>

#include <fcntl.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <exception>
#include <new>
#include <sstream>
#include <string>
#include <vector>

#include "catalogue/number.h"
#include "catalogue/quote.h"
#include "catalogue/suggest.h"
#include "commands.h"
#include "output.h"

namespace {

constexpr const char* kIntroduction =
    R"(Activation functions: values and derivatives accurate to a few units in the last
place, their speed, and how networks train with them.

Examples:
  actfn compare                        train sigmoid, relu, leaky_relu and gelu
  actfn eval gelu -3 -0.5 1            values; --order 1: the first derivative
  actfn plot mish 'softplus(beta=2)'   in the terminal; -o FILE.svg or FILE.png
  actfn show leaky_relu                use, formula, parameters, values, properties
  actfn bench gelu                     its time, compared with a copy of memory
  actfn data iris.csv                  samples, classes and features of a data set
  actfn choose --data iris.csv         which activation for these data
  actfn inspect --hidden 64,64,64      what happens inside a network, layer by layer
  actfn experiment sigmoid-slope       what is said of activations, measured
  actfn export mish -o mish.onnx       a function or trained network for ONNX
  actfn list                           all functions; --kind gate, --aliases
  actfn gallery --out gallery          a page for each of them, and an index to search
  actfn accuracy gelu                  errors in ULP against 500-bit arithmetic
)";

// The list of commands has one line each; each command's own help has its examples.
class Help : public CLI::Formatter {
 public:
  std::string make_subcommand(const CLI::App* command) const override {
    const std::string text = command->get_description();
    std::string line = "  " + command->get_name();
    line.resize(12, ' ');
    return line + text.substr(0, text.find('\n')) + "\n";
  }
};

// CLI11 takes "-inf" for options: a leading space keeps eval's numbers numbers.
std::vector<std::string> arguments(int argc, char** argv) {
  std::vector<std::string> all(argv + 1, argv + argc);
  if (!all.empty() && all.front() == "help") {  // help, help COMMAND
    all.erase(all.begin());
    all.emplace_back("--help");
  }
  if (!all.empty() && all.front() == "eval") {
    for (auto& text : all) {
      if (text.starts_with('-') && actfn::read_number<double>(text)) text.insert(0, " ");
    }
  }
  return {all.rbegin(), all.rend()};  // as CLI11 wants them
}

std::string explain_command(const CLI::App& program, const std::string& word) {
  if (word.empty()) return "a command is missing; try actfn --help";
  if (word.starts_with('-')) return "options follow a command; try actfn --help";
  std::vector<std::string_view> names;
  for (const auto* command : program.get_subcommands([](const CLI::App*) { return true; })) {
    names.emplace_back(command->get_name());
  }
  const std::string nearest = actfn::did_you_mean(word, names);
  return "unknown command " + actfn::in_quotes(word) + nearest +
         (nearest.empty() ? "; try actfn --help" : " Try actfn --help");
}

using Words = std::vector<std::string>;

// Of what CLI11 did not expect, which it lists in no order, the first option is the mistake, or
// else what comes first in the command line.
std::string explain_unexpected(const CLI::App& command, const Words& all, const Words& rest) {
  for (const auto& word : rest) {
    if (!word.starts_with('-')) continue;
    std::vector<std::string> options;
    for (const auto* option : command.get_options()) options.push_back(option->get_name());
    const std::vector<std::string_view> names(options.begin(), options.end());
    return "unknown option " + actfn::in_quotes(word) + actfn::did_you_mean(word, names);
  }
  const auto first = std::find_first_of(all.begin(), all.end(), rest.begin(), rest.end());
  const std::string what =
      "unexpected argument " + actfn::in_quotes(first == all.end() ? "" : *first);
  constexpr std::string_view kTraining[] = {"compare", "choose", "inspect"};
  const bool trains = std::ranges::find(kTraining, command.get_name()) != std::end(kTraining);
  return trains ? what + "; name functions by --activations" : what;
}

std::string explain(const CLI::App& program, const CLI::ParseError& error, const Words& all) {
  const auto chosen = program.get_subcommands();
  const std::string word = all.empty() ? "" : all.front();
  if (chosen.empty() || word.starts_with('-')) return explain_command(program, word);
  const CLI::App& command = *chosen.front();
  std::string what = error.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    what = explain_unexpected(command, all, command.remaining());
  } else if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr) {
    const auto equals = what.find(" = ");  // "Could not convert: --lr = abc"
    const auto option = what.find("--");
    if (equals != std::string::npos && option < equals) {
      what = what.substr(option, equals - option) + " takes a number in range, got " +
             actfn::in_quotes(what.substr(equals + 3));
    }
  }
  return "[" + command.get_name() + "] " + what;
}

// One line, whatever the message has.
int report(std::string message, int code) {
  for (char& c : message) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  actfn::app::note("actfn: " + message + "\n");
  return code;
}

// With a standard descriptor closed, the next file opened would take its place.
void open_standard_descriptors() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    // The wrong way round, so that using it still fails.
    open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY);
  }
}

int run(int argc, char** argv) {
  int exit_code = 0;
  CLI::App program(kIntroduction, "actfn");
  program.set_version_flag("--version", "actfn " ACTFN_VERSION);
  program.require_subcommand(1);
  program.formatter(std::make_shared<Help>());
  actfn::app::add_compare(program, exit_code);
  actfn::app::add_choose(program, exit_code);
  actfn::app::add_report(program);
  actfn::app::add_inspect(program, exit_code);
  actfn::app::add_experiment(program, exit_code);
  actfn::app::add_eval(program);
  actfn::app::add_plot(program);
  actfn::app::add_show(program);
  actfn::app::add_gallery(program);
  actfn::app::add_bench(program);
  actfn::app::add_data(program);
  actfn::app::add_export(program);
  actfn::app::add_list(program);
  actfn::app::add_accuracy(program);
  try {
    program.parse(arguments(argc, argv));
    return exit_code;
  } catch (const CLI::Success& e) {  // --help, --version
    std::ostringstream text;
    const int code = program.exit(e, text, text);
    actfn::app::print(text.str());
    return code;
  } catch (const CLI::ParseError& e) {
    return report(explain(program, e, Words(argv + 1, argv + argc)), actfn::app::kUsage);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    open_standard_descriptors();
    actfn::app::ignore_output_signals();
    return run(argc, argv);
  } catch (const actfn::Error& e) {
    return report(e.what(), actfn::app::kUsage);
  } catch (const std::bad_alloc&) {
    return report("out of memory", actfn::app::kFailure);
  } catch (const std::exception& e) {
    return report(e.what(), actfn::app::kFailure);
  }
}
