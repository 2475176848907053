#include <actfn/actfn.h>
#include <fmt/format.h>

#include <array>
#include <limits>

#include "catalogue/number.h"
#include "commands.h"
#include "describe.h"
#include "output.h"

namespace actfn::app {
namespace {

std::string parameter_line(const ParameterInfo& p, const Function& a) {
  std::string words;
  for (const auto choice : p.choices) words += (words.empty() ? "" : " or ") + std::string(choice);
  return fmt::format("  {} = {}  ({}{})\n", p.name, value_text(p, a),
                     p.choices.empty() ? std::string(p.condition) : words,
                     p.required ? "; an example: it has no default" : "");
}

std::string values(const Activation& a) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  constexpr std::array kAt = {-kInf, -5.0F, -2.0F, -1.0F, -0.5F, 0.0F,
                              0.5F,  1.0F,  2.0F,  5.0F,  kInf};
  std::array<float, kAt.size()> y{};
  std::array<float, kAt.size()> slope{};
  forward(a, kAt, y);
  derivative(a, kAt, slope);
  Table table({"x", "f(x)", "f'(x)"});
  for (std::size_t i = 0; i < kAt.size(); ++i) {
    table.add({write_number(kAt[i]), write_number(y[i]), write_number(slope[i])});
  }
  return table.text(0);
}

std::string page(const Function& a, const FunctionInfo& known) {
  std::string out = fmt::format("{}  ({})\n\n", to_string(a), known.title);
  out += fmt::format("f(x)    {}\nf'(x)   {}\nsource  {}\n", known.formula, known.derivative,
                     known.source);
  if (!known.note.empty()) out += fmt::format("note    {}\n", known.note);
  if (!known.parameters.empty()) out += "\nparameters\n";
  for (const auto& p : known.parameters) out += parameter_line(p, a);
  const auto* const f = std::get_if<Activation>(&a);
  return f == nullptr ? out : out + "\n" + values(*f);
}

// A bare name of an activation whose parameters have no default shows its example.
Function parse_for_show(const std::string& spec) {
  for (const auto& known : catalogue()) {
    if (known.name == spec) return known.example;
  }
  return parse_function(spec);
}

}  // namespace

void add_show(CLI::App& program) {
  auto* command = program.add_subcommand("show",
                                         "One activation: formula, parameters, source, values\n\n"
                                         "Examples:\n"
                                         "  actfn show mish\n"
                                         "  actfn show 'elu(alpha=0.5)'\n");
  auto spec = std::make_shared<std::string>();
  command->add_option("NAME", *spec, "name or name(parameter=value,…)")->required();
  command->callback([spec] {
    const Function a = parse_for_show(*spec);
    print(page(a, info(a)));
  });
}

}  // namespace actfn::app
