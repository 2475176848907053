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

#include "catalogue/number.h"
#include "catalogue/quote.h"
#include "arguments.h"
#include "commands.h"
#include "output.h"

namespace actfn::app {
namespace {

struct EvalOptions {
  std::string spec;
  int order = 0;
  std::string dtype = "float32";
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

template <class T>
T to_number(std::string_view word, const std::string& where) {
  // What has 16 bits goes by way of float32, as it does in files and in other programs.
  using Read = std::conditional_t<std::is_same_v<T, double>, double, float>;
  if (const auto value = read_number<Read>(word)) return T(*value);
  throw Error("[eval] " + where + ": " + in_quotes(word) + " is not a number");
}

// Numbers between white space or commas.
template <class T>
void read_line(std::string_view line, const std::string& where, std::vector<T>& x) {
  constexpr std::string_view kBetween = " \t\r\n\v\f,";
  for (auto at = line.find_first_not_of(kBetween); at != std::string_view::npos;
       at = line.find_first_not_of(kBetween, at)) {
    const auto end = std::min(line.find_first_of(kBetween, at), line.size());
    x.push_back(to_number<T>(line.substr(at, end - at), where));
    at = end;
  }
}

template <class T>
std::vector<T> read_text(const std::string& text) {
  std::vector<T> x;
  std::size_t number = 1;
  for (std::size_t at = 0; at < text.size(); ++number) {
    const auto end = std::min(text.find('\n', at), text.size());
    read_line(std::string_view(text).substr(at, end - at), "line " + std::to_string(number), x);
    at = end + 1;
  }
  return x;
}

template <class T>
std::vector<T> read_raw(const std::string& bytes) {
  static_assert(std::endian::native == std::endian::little);
  if (bytes.size() % sizeof(T) != 0) {
    throw Error("[eval] --raw: " + std::to_string(bytes.size()) + " bytes are no whole number of " +
                kTypeName<T>);
  }
  std::vector<T> x(bytes.size() / sizeof(T));
  if (!x.empty()) std::memcpy(x.data(), bytes.data(), bytes.size());
  return x;
}

template <class T>
std::vector<T> read_input(const EvalOptions& options) {
  if (options.raw) return read_raw<T>(read_all());
  if (options.numbers.empty()) return read_text<T>(read_all());
  std::vector<T> x;
  for (std::size_t i = 0; i < options.numbers.size(); ++i) {
    read_line(options.numbers[i], "number " + std::to_string(i + 1), x);
  }
  return x;
}

template <class T>
void write_output(const EvalOptions& options, std::span<const T> y) {
  if (options.raw) {
    print({reinterpret_cast<const char*>(y.data()), y.size_bytes()});
    return;
  }
  std::string text;
  for (const T v : y) {
    if constexpr (std::is_same_v<T, double>) {
      text += write_number(v) + "\n";
    } else {
      text += write_number(static_cast<float>(v)) + "\n";
    }
  }
  print(text);
}

template <class T>
void evaluate_as(const Activation& f, const EvalOptions& options) {
  std::vector<T> x = read_input<T>(options);
  constexpr std::array<decltype(&derivative), 3> kOrders = {forward, derivative, second_derivative};
  kOrders.at(static_cast<std::size_t>(options.order))(f, x, x, {});
  write_output<T>(options, x);
}

void evaluate(const EvalOptions& options) {
  const Activation f = parse(options.spec);
  if (options.order < 0 || options.order > 2) {
    throw Error("[eval] order must be 0, 1 or 2, got " + std::to_string(options.order));
  }
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
  auto* command =
      program.add_subcommand("eval",
                             "Values or derivatives of numbers\n\n"
                             "One a line, as the shortest decimals that read back the same.\n\n"
                             "Examples:\n"
                             "  actfn eval gelu -3 -0.5 1\n"
                             "  actfn eval 'softplus(beta=2)' --order 1 -inf 0x1.8p1\n"
                             "  actfn eval silu --dtype bfloat16 -91.5\n"
                             "  seq -5 5 | actfn eval mish\n");
  auto options = std::make_shared<EvalOptions>();
  command->add_option("SPEC", options->spec, "name or name(parameter=value,…)")->required();
  command->add_option("NUMBERS", options->numbers,
                      "Decimal or C99 hex; from standard input if none");
  command->add_option("--order", options->order, "0: the value; 1, 2: a derivative")
      ->type_name("0|1|2")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->capture_default_str();
  command->add_option("--dtype", options->dtype, "The numbers' type")
      ->type_name(std::string(kTypeNames))
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->capture_default_str();
  command->add_flag("--raw", options->raw, "Little-endian bytes of that type in and out");
  command->callback([options] { evaluate(*options); });
}

}  // namespace actfn::app
