// SPDX-License-Identifier: Apache-2.0
// Runs definitions on symbols, and makes operators of what these recorded.
#include "onnx/definition.h"

#include "onnx/function.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace actfn::onnx {
namespace {

// All paths of a definition as one term. A definition is run again for each outcome of each
// comparison that it comes to.
template <class F>
Symbol every_path(Trace& trace, const F& definition, const std::vector<bool>& outcomes) {
  trace.begin_run(outcomes);
  const Symbol y = definition();
  if (trace.compared().size() == outcomes.size()) return y;
  const int comparison = trace.compared()[outcomes.size()];
  std::vector<bool> more = outcomes;
  more.push_back(true);
  const Symbol holds = every_path(trace, definition, more);
  more.back() = false;
  return where(comparison, holds, every_path(trace, definition, more));
}

// The inputs that a term depends on.
void collect_inputs(const Trace& trace, int index, std::set<std::size_t>& inputs) {
  const Term& term = trace.term(index);
  if (term.op == Op::input) inputs.insert(term.index);
  for (const int operand : term.of) {
    if (operand >= 0) collect_inputs(trace, operand, inputs);
  }
}

std::string_view name_of(Op op) {
  switch (op) {
    case Op::negate:
      return "Neg";
    case Op::add:
      return "Add";
    case Op::subtract:
      return "Sub";
    case Op::multiply:
      return "Mul";
    case Op::divide:
      return "Div";
    case Op::absolute:
      return "Abs";
    case Op::exp:
      return "Exp";
    case Op::log:
      return "Log";
    case Op::sqrt:
      return "Sqrt";
    case Op::tanh:
      return "Tanh";
    case Op::sin:
      return "Sin";
    case Op::atan:
      return "Atan";
    case Op::erf:
      return "Erf";
    case Op::sigmoid:
      return "Sigmoid";
    case Op::softplus:
      return "Softplus";
    case Op::less:
      return "Less";
    case Op::less_or_equal:
      return "LessOrEqual";
    case Op::where:
      return "Where";
    default:
      return {};
  }
}

class Lowering {
 public:
  Lowering(Graph& graph, const Trace& trace, std::vector<std::string> inputs)
      : graph_(graph), trace_(trace), inputs_(std::move(inputs)), names_(trace.size()) {}

  std::string name(int index) {
    std::string& known = names_[static_cast<std::size_t>(index)];
    if (known.empty()) known = add(trace_.term(index));
    return known;
  }

 private:
  std::string add(const Term& term) {
    if (term.op == Op::constant) return graph_.constant(term.value);
    if (term.op == Op::input) return inputs_[term.index];
    std::vector<std::string> operands;
    for (const int operand : term.of) {
      if (operand >= 0) operands.push_back(name(operand));
    }
    switch (term.op) {
      case Op::activation:
        return add_function(graph_, trace_.activation(term.index), operands[0]);
      case Op::expm1: {  // tanh(z / 2) (exp(z) + 1), whose digits do not cancel
        const std::string half = graph_.add("Mul", {operands[0], graph_.constant(0.5)});
        const std::string sum =
            graph_.add("Add", {graph_.add("Exp", {operands[0]}), graph_.constant(1)});
        return graph_.add("Mul", {graph_.add("Tanh", {half}), sum});
      }
      case Op::log1p:
        return graph_.add("Log", {graph_.add("Add", {operands[0], graph_.constant(1)})});
      case Op::erfc:
        return graph_.add("Sub", {graph_.constant(1), graph_.add("Erf", {operands[0]})});
      default:
        return graph_.add(name_of(term.op), operands);
    }
  }

  Graph& graph_;
  const Trace& trace_;
  std::vector<std::string> inputs_;
  std::vector<std::string> names_;  // by term
};

// definition(symbols) of so many inputs.
template <class F>
std::string add_recorded(Graph& graph, const std::vector<std::string>& inputs,
                         const F& definition) {
  Trace trace;
  std::vector<Symbol> symbols;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    symbols.push_back(Symbol::of(trace.add(Term{.op = Op::input, .index = i})));
  }
  const auto run = [&] { return definition(symbols); };
  const Symbol all = every_path(trace, run, {});
  trace.begin_run({});  // all comparisons false, as they are with NaN
  std::set<std::size_t> kept;
  collect_inputs(trace, run().index, kept);
  Lowering lowering(graph, trace, inputs);
  std::string y = lowering.name(all.index);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (kept.contains(i)) continue;
    y = graph.add("Where", {graph.add("IsNaN", {inputs[i]}), inputs[i], y});
  }
  return y;
}

}  // namespace

std::string add_definition(Graph& graph, const Activation& f, const std::string& x) {
  return add_recorded(graph, {x},
                      [&f](const std::vector<Symbol>& s) { return definition(f, s[0]); });
}

std::string add_definition(Graph& graph, const Gate& f, const std::string& a,
                           const std::string& b) {
  return add_recorded(graph, {a, b},
                      [&f](const std::vector<Symbol>& s) { return definition(f, s[0], s[1]); });
}

}  // namespace actfn::onnx
