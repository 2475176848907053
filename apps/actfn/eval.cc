// SPDX-License-Identifier: Apache-2.0
#include <actfn/actfn.h>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "arguments.h"
#include "catalogue/lists.h"
#include "commands.h"
#include "lab/evaluate.h"
#include "numbers.h"
#include "output.h"

namespace actfn::app {
namespace {

struct EvalOptions {
  std::string spec;
  lab::Evaluation how;
  std::optional<std::string> seed;
  std::string dtype = "float32";
  bool raw = false;
  std::vector<std::string> numbers;
};

template <class T>
NumberRows<T> read_input(const EvalOptions& options) {
  if (options.raw) return read_bytes<T>(read_standard_input());
  if (options.numbers.empty()) return read_text<T>(read_standard_input());
  return read_words<T>(options.numbers);
}

// Gates take pairs, maxout groups.
void check_lengths(const Function& f, std::span<const std::size_t> lengths) {
  const std::size_t unit = functions::lengths_of(f).x;
  for (std::size_t i = 0; unit > 1 && i < lengths.size(); ++i) {
    if (lengths[i] % unit == 0) continue;
    const std::string row = lengths.size() > 1 ? "row " + std::to_string(i + 1) + ": " : "";
    throw Error("[eval] " + row + to_string(f) + " takes a multiple of " + std::to_string(unit) +
                " numbers, got " + std::to_string(lengths[i]));
  }
}

template <class T>
void write_row(std::span<const T> row, std::string& text) {
  for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : " ") + text_of(row[i]);
  text += "\n";
}

// Rows of the same length that follow each other are evaluated at once.
template <class T>
std::string evaluate_rows(const Function& f, const EvalOptions& options, const NumberRows<T>& in) {
  check_lengths(f, in.lengths);
  std::string out;
  std::span<const T> rest = in.numbers;
  for (std::size_t row = 0; row < in.lengths.size();) {
    const std::size_t length = in.lengths[row];
    std::size_t count = 1;
    while (row + count < in.lengths.size() && in.lengths[row + count] == length) ++count;
    const std::vector<T> y = lab::evaluate(f, rest.first(count * length), length, options.how);
    if (options.raw) out += bytes_of<T>(y);
    const std::size_t each = y.size() / count;
    for (std::size_t i = 0; i < count && !options.raw; ++i) {
      write_row(std::span<const T>(y).subspan(i * each, each), out);
    }
    rest = rest.subspan(count * length);
    row += count;
  }
  return out;
}

template <class T>
std::string evaluate_numbers(const Function& f, const EvalOptions& options,
                             const NumberRows<T>& in) {
  const std::vector<T> y =
      lab::evaluate<T>(f, in.numbers, std::max<std::size_t>(1, in.numbers.size()), options.how);
  if (options.raw) return std::string(bytes_of<T>(y));
  std::string text;
  for (const T v : y) text += text_of(v) + "\n";
  return text;
}

template <class T>
void evaluate_as(const Function& f, const EvalOptions& options) {
  const NumberRows<T> in = read_input<T>(options);
  print(lab::curve_of(f) ? evaluate_numbers(f, options, in) : evaluate_rows(f, options, in));
}

void evaluate(EvalOptions options) {
  const auto [f, accuracy] = parse_spec(options.spec);
  options.how.accuracy = accuracy;
  if (options.seed) options.how.seed = parse_seed(*options.seed);
  lab::validate(f, options.how);
  if (options.raw && !options.numbers.empty()) {
    throw Error("[eval] --raw reads standard input: leave the numbers out");
  }
  switch (parse_type(options.dtype)) {
    case Type::float32:
      return evaluate_as<float>(f, options);
    case Type::float64:
      return evaluate_as<double>(f, options);
    case Type::bfloat16:
      return evaluate_as<bfloat16>(f, options);
    case Type::float16:
      return evaluate_as<float16>(f, options);
  }
}

}  // namespace

void add_eval(CLI::App& program) {
  auto* command = program.add_subcommand(
      "eval",
      "Values or derivatives of given numbers\n\n"
      "Functions of one number print one result per line. Functions of a row (softmax, crelu)\n"
      "take the numbers as one row, gates as two halves, a1 a2 … b1 b2 …; both print a row of\n"
      "results. Each line of standard input is a row. Results are the shortest decimals that read\n"
      "back as the same numbers.\n\n"
      "Random functions compute as in evaluation, with --seed as in training. Learned functions\n"
      "have their parameters before training.\n\n"
      "Examples:\n"
      "  actfn eval gelu -3 -0.5 1\n"
      "  actfn eval 'softplus(beta=2)' --order 1 -inf 0x1.8p1\n"
      "  actfn eval gelu@nearest -3\n"
      "  actfn eval silu --dtype bfloat16 -91.5\n"
      "  actfn eval softmax 1 2 3\n"
      "  actfn eval swiglu 1 2 0.5 -1\n"
      "  actfn eval rrelu --seed 1 -1 -1 -1\n"
      "  seq -5 5 | actfn eval mish\n");
  auto options = std::make_shared<EvalOptions>();
  command
      ->add_option(
          "SPEC", options->spec,
          "name or name(parameter=value,…); behind it\nan accuracy: @accurate, @fast, @nearest")
      ->required();
  command->add_option("NUMBERS", options->numbers,
                      "Decimal or C99 hex, with a decimal point; a comma separates\n"
                      "numbers: 0,5 is 0 and 5. Without them, standard input is read");
  command
      ->add_option("--order", options->how.order,
                   "0: the value; 1, 2: a derivative (functions of\none number only)")
      ->type_name("0|1|2")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Random functions draw numbers with this seed")
      ->type_name("N")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  command->add_option("--dtype", options->dtype, "The type of the numbers")
      ->type_name(std::string(kTypeNames))
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->capture_default_str();
  command->add_flag("--raw", options->raw,
                    "Reads and writes little-endian bytes of that type, as one row");
  command->callback([options] { evaluate(*options); });
}

}  // namespace actfn::app
