// SPDX-License-Identifier: Apache-2.0
#include <actfn/actfn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "arguments.h"
#include "catalogue/quote.h"
#include "catalogue/suggest.h"
#include "commands.h"
#include "lab/speed.h"
#include "output.h"

namespace actfn::app {
namespace {

using lab::Speed;
using lab::Work;

constexpr std::size_t kMost = std::size_t{1} << 28U;

struct Size {
  std::string name;  // of the table's column
  std::size_t n;
};

struct Cache {
  const char* name;
  std::size_t bytes;  // of input and output
};
// Half of today's smallest first and second caches, and more than any third one.
constexpr Cache kCaches[] = {{"L1", 1U << 14U}, {"L2", 1U << 19U}, {"memory", 1U << 27U}};

struct BenchOptions {
  std::vector<std::string> specs;
  std::string order = "0";
  std::string dtype = "float32";
  std::vector<std::string> sizes;
  int threads = 1;
  bool json = false;
};

struct Plan {
  std::vector<Spec> functions;
  Work work;
  Type type;
  std::vector<Size> sizes;
  int threads;
};

// By size, then by function.
using Speeds = std::vector<std::vector<Speed>>;

constexpr std::string_view kOrders[] = {"0", "1", "2", "backward", "backward_from_output"};

std::string_view order_name(Work work) { return kOrders[static_cast<std::size_t>(work)]; }

Work parse_work(std::string_view name) {
  return static_cast<Work>(choose("bench", "order", kOrders, name));
}

Size parse_size(const std::string& word) {
  long long n = 0;
  const auto* const end = word.data() + word.size();
  const auto [at, error] = std::from_chars(word.data(), end, n);
  if (error == std::errc::invalid_argument || at != end) {
    throw Error("[bench] n must be a whole number, got " + in_quotes(word));
  }
  if (error == std::errc() && n < 1) throw Error("[bench] n must be positive, got " + word);
  if (error != std::errc() || n > static_cast<long long>(kMost)) {
    throw Error(fmt::format("[bench] n must be at most {}, got {}", kMost, word));
  }
  return {"n=" + word, static_cast<std::size_t>(n)};
}

std::vector<Size> sizes_of(const std::vector<std::string>& words, Type type) {
  std::vector<Size> sizes;
  for (const auto& word : words) sizes.push_back(parse_size(word));
  if (!sizes.empty()) return sizes;
  for (const auto& cache : kCaches) {
    sizes.push_back({cache.name, lab::elements_in(cache.bytes, type)});
  }
  return sizes;
}

// All for which the work is measured.
std::vector<Spec> whole_catalogue(Work work) {
  std::vector<Spec> all;
  for (const auto& known : catalogue()) {
    if (lab::is_measured(known.example, work)) all.push_back({known.example});
  }
  return all;
}

Plan plan(BenchOptions options) {
  // --n takes all words after it: the first that begins like a name ends the numbers.
  const auto is_name = [](const std::string& word) {
    return !word.empty() && std::isalpha(static_cast<unsigned char>(word.front())) != 0;
  };
  auto& sizes = options.sizes;
  if (sizes.size() > 1) {
    const auto names = std::find_if(sizes.begin() + 1, sizes.end(), is_name);
    options.specs.insert(options.specs.end(), names, sizes.end());
    sizes.erase(names, sizes.end());
  }
  Plan p{{}, parse_work(options.order), parse_type(options.dtype), {}, options.threads};
  p.sizes = sizes_of(sizes, p.type);
  p.functions = names_all(options.specs) ? whole_catalogue(p.work) : parse_specs(options.specs);
  require_count("bench", "--threads", p.threads);
  p.threads = or_cores(p.threads);
  lab::Stopwatch one(p.type, 1, p.functions);
  for (const auto& f : p.functions) one.run_once(f, p.work, 1);
  return p;
}

// One live line on a terminal, else a line for each size.
class Steps {
 public:
  explicit Steps(std::size_t count) : count_(count), terminal_(terminal(STDERR_FILENO)) {}
  Steps(const Steps&) = delete;
  Steps& operator=(const Steps&) = delete;
  ~Steps() {
    if (terminal_.is_terminal) note("\r\x1b[K");
  }
  void size(const Size& size) {
    size_ = size.name;
    if (!terminal_.is_terminal) note(fmt::format("{} ({} elements)\n", size_, size.n));
  }
  void next(const Spec& f) {
    ++done_;
    if (!terminal_.is_terminal) return;
    auto line = fmt::format("{} of {}: {}, {}", done_, count_, to_string(f), size_);
    line.resize(std::min(line.size(), static_cast<std::size_t>(terminal_.columns - 1)));
    note("\r\x1b[K" + line);
  }

 private:
  std::size_t count_;
  std::size_t done_ = 0;
  Terminal terminal_;
  std::string size_;
};

Speeds measure(const Plan& p) {
  Steps steps(p.sizes.size() * p.functions.size());
  Speeds all;
  for (const auto& size : p.sizes) {
    steps.size(size);
    lab::Stopwatch stopwatch(p.type, size.n, p.functions);
    auto& row = all.emplace_back();
    for (const auto& f : p.functions) {
      steps.next(f);
      row.push_back(stopwatch.measure(f, p.work, p.threads));
    }
  }
  return all;
}

double rounded(double value) { return std::round(value * 1e4) / 1e4; }

nlohmann::ordered_json one_json(const Plan& p, std::size_t size, const Spec& f,
                                const Speed& speed) {
  const lab::Layout layout = lab::layout_of(f.function, p.sizes[size].n);
  nlohmann::ordered_json one;
  one["activation"] = to_string(f.function);
  one["kind"] = name_of(info(f.function).kind);
  one["accuracy"] = accuracy_name(f.accuracy);
  if (p.work <= Work::second_derivative) {
    one["order"] = static_cast<int>(p.work);
  } else {
    one["order"] = order_name(p.work);
  }
  one["dtype"] = type_name(p.type);
  one["n"] = layout.x_size();
  if (layout.by_row) one["row"] = layout.columns;
  one["threads"] = p.threads;
  one["target"] = target();
  one["ns_per_element"] = rounded(speed.function);
  one["ratio_to_copy"] = rounded(speed.function / speed.copy);
  one["floor"] = lab::floor_is_sum(p.work) ? "sum" : "copy";
  one["ratio_to_floor"] = rounded(speed.function / speed.floor);
  return one;
}

std::string as_json(const Plan& p, const Speeds& speeds) {
  nlohmann::ordered_json all = nlohmann::json::array();
  for (std::size_t i = 0; i < p.functions.size(); ++i) {
    for (std::size_t size = 0; size < p.sizes.size(); ++size) {
      all.push_back(one_json(p, size, p.functions[i], speeds[size][i]));
    }
  }
  return all.dump(2) + "\n";
}

// How long the rows are, where a function works along rows.
std::string rows_text(const Plan& p) {
  std::size_t longest = 0;
  for (const auto& size : p.sizes) {
    for (const auto& f : p.functions) {
      const lab::Layout layout = lab::layout_of(f.function, size.n);
      if (layout.by_row) longest = std::max(longest, layout.columns);
    }
  }
  return longest == 0 ? "" : fmt::format("Functions of a row get rows of up to {}.\n", longest);
}

std::string as_table(const Plan& p, const Speeds& speeds) {
  const bool sum = lab::floor_is_sum(p.work);
  std::vector<std::string> heading = {"FUNCTION"};
  for (const auto& size : p.sizes) {
    heading.push_back(size.name + " ns");
    heading.emplace_back(sum ? "/sum" : "/copy");
  }
  Table table(heading);
  for (std::size_t i = 0; i < p.functions.size(); ++i) {
    std::vector<std::string> row = {to_string(p.functions[i])};
    for (const auto& of_size : speeds) {
      row.push_back(fmt::format("{:.3f}", of_size[i].function));
      row.push_back(fmt::format("{:.2f}", of_size[i].function / of_size[i].floor));
    }
    table.add(row);
  }
  std::string text = fmt::format(
      "Order {}, {}, {} thread{}, {}. Nanoseconds per element of x, and their ratio to {}.\n",
      order_name(p.work), type_name(p.type), p.threads, p.threads == 1 ? "" : "s", target(),
      sum ? "the sum of two arrays by one thread" : "a copy by one thread");
  return wrapped(text.substr(0, text.size() - 1), kTextWidth) + rows_text(p) + "\n" + table.text(1);
}

void bench(const BenchOptions& options) {
  const Plan p = plan(options);
  const Speeds speeds = measure(p);
  print(options.json ? as_json(p, speeds) : as_table(p, speeds));
}

}  // namespace

void add_bench(CLI::App& program) {
  auto* command = program.add_subcommand(
      "bench",
      "The time that functions take\n\n"
      "Compares each function with a copy of x, or its gradient with the sum of two arrays. The\n"
      "two are timed in turns; the shortest of many times counts. Inputs have a normal\n"
      "distribution with the standard deviation 3. The first size fits the first-level cache, the\n"
      "second the second-level cache, the third neither. Functions of a row get rows of 1024\n"
      "numbers. Random functions draw numbers; gradients of learned functions include those of\n"
      "their parameters.\n\n"
      "Examples:\n"
      "  actfn bench gelu relu softmax\n"
      "  actfn bench silu silu@fast silu@nearest\n"
      "  actfn bench all --order backward --json\n"
      "  actfn bench gelu --n 1000 1000000 --threads 2\n");
  auto options = std::make_shared<BenchOptions>();
  command->add_option("SPEC", options->specs, "Functions; by default all");
  command
      ->add_option("--order", options->order,
                   "0: the value; 1, 2: a derivative (elementwise\nfunctions only); or a gradient")
      ->type_name("0|1|2|backward|backward_from_output")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->capture_default_str();
  command->add_option("--dtype", options->dtype, "The type of the arrays")
      ->type_name(std::string(kTypeNames))
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->capture_default_str();
  command->add_option("--n", options->sizes, "Numbers of elements, instead of sizes by cache")
      ->type_name("N ...");
  command->add_option("--threads", options->threads, "0: one per core")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->capture_default_str();
  command->add_flag("--json", options->json, "A list of objects");
  command->callback([options] { bench(*options); });
}

}  // namespace actfn::app
