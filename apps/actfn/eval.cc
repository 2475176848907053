#include <actfn/actfn.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include "api/number.h"
#include "api/text.h"
#include "commands.h"
#include "output.h"

namespace actfn::app {
namespace {

struct EvalOptions {
  std::string spec;
  int order = 0;
  bool raw = false;
  std::vector<std::string> numbers;
};

std::string read_all() {
  if (isatty(STDIN_FILENO) != 0) {
    std::fputs("Numbers, please, between spaces or lines; Ctrl-D ends them.\n", stderr);
  }
  std::string text;
  std::array<char, 1U << 16U> buffer;
  while (const auto got = std::fread(buffer.data(), 1, buffer.size(), stdin)) {
    text.append(buffer.data(), got);
  }
  if (std::ferror(stdin) != 0) {
    throw std::runtime_error(std::string("[eval] cannot read standard input: ") +
                             std::strerror(errno));
  }
  return text;
}

float to_number(std::string_view word, const std::string& where) {
  if (const auto value = read_number(word)) return *value;
  throw Error("[eval] " + where + ": " + in_quotes(word) + " is not a number");
}

// Numbers between white space or commas.
void read_line(std::string_view line, const std::string& where, std::vector<float>& x) {
  constexpr std::string_view kBetween = " \t\r\n\v\f,";
  for (auto at = line.find_first_not_of(kBetween); at != std::string_view::npos;
       at = line.find_first_not_of(kBetween, at)) {
    const auto end = std::min(line.find_first_of(kBetween, at), line.size());
    x.push_back(to_number(line.substr(at, end - at), where));
    at = end;
  }
}

std::vector<float> read_text(const std::string& text) {
  std::vector<float> x;
  std::size_t number = 1;
  for (std::size_t at = 0; at < text.size(); ++number) {
    const auto end = std::min(text.find('\n', at), text.size());
    read_line(std::string_view(text).substr(at, end - at), "line " + std::to_string(number), x);
    at = end + 1;
  }
  return x;
}

std::vector<float> read_raw(const std::string& bytes) {
  static_assert(std::endian::native == std::endian::little);
  if (bytes.size() % sizeof(float) != 0) {
    throw Error("[eval] --raw: " + std::to_string(bytes.size()) +
                " bytes are no whole number of float32");
  }
  std::vector<float> x(bytes.size() / sizeof(float));
  if (!x.empty()) std::memcpy(x.data(), bytes.data(), bytes.size());
  return x;
}

std::vector<float> read_input(const EvalOptions& options) {
  if (options.raw) return read_raw(read_all());
  if (options.numbers.empty()) return read_text(read_all());
  std::vector<float> x;
  for (std::size_t i = 0; i < options.numbers.size(); ++i) {
    read_line(options.numbers[i], "number " + std::to_string(i + 1), x);
  }
  return x;
}

void write_output(const EvalOptions& options, std::span<const float> y) {
  if (options.raw) {
    print({reinterpret_cast<const char*>(y.data()), y.size_bytes()});
    return;
  }
  std::string text;
  for (const float v : y) text += write_number(v) + "\n";
  print(text);
}

void evaluate(const EvalOptions& options) {
  const Activation f = parse(options.spec);
  if (options.order < 0 || options.order > 2) {
    throw Error("[eval] order must be 0, 1 or 2, got " + std::to_string(options.order));
  }
  if (options.raw && !options.numbers.empty()) {
    throw Error("[eval] --raw reads standard input: leave the numbers out");
  }
  std::vector<float> x = read_input(options);
  constexpr std::array kOrders = {forward, derivative, second_derivative};
  kOrders.at(static_cast<std::size_t>(options.order))(f, x, x);
  write_output(options, x);
}

}  // namespace

void add_eval(CLI::App& program) {
  auto* command =
      program.add_subcommand("eval",
                             "Values or derivatives in float32\n\n"
                             "One a line, as the shortest decimals that read back the same.\n\n"
                             "Examples:\n"
                             "  actfn eval gelu -3 -0.5 1\n"
                             "  actfn eval 'softplus(beta=2)' --order 1 -inf 0x1.8p1\n"
                             "  seq -5 5 | actfn eval mish\n");
  auto options = std::make_shared<EvalOptions>();
  command->add_option("SPEC", options->spec, "name or name(parameter=value,…)")->required();
  command->add_option("NUMBERS", options->numbers,
                      "Decimal or C99 hex; from standard input if none");
  command->add_option("--order", options->order, "0: the value; 1, 2: a derivative")
      ->type_name("0|1|2")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->capture_default_str();
  command->add_flag("--raw", options->raw, "Little-endian float32 in and out");
  command->callback([options] { evaluate(*options); });
}

}  // namespace actfn::app
