// SPDX-License-Identifier: Apache-2.0
#include "lab/accuracy.h"

#include <actfn/actfn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <future>
#include <nlohmann/json.hpp>
#include <optional>

#include "arguments.h"
#include "catalogue/lists.h"
#include "commands.h"
#include "lab/evaluate.h"
#include "lab/parameters.h"
#include "output.h"

namespace actfn::app {
namespace {

struct AccuracyArguments {
  std::vector<std::string> specs;
  std::string orders = "0,1,2";
  std::string dtype = "float32";
  bool exhaustive = false;
  std::optional<std::int64_t> sample;
  std::optional<std::int64_t> parameters;
  bool json = false;
  int jobs = 0;
};

// Errors in ULP are those of one number for one number.
Activation elementwise_of(const Function& f) {
  if (const auto* const activation = std::get_if<Activation>(&f)) return *activation;
  const std::string what = "[accuracy] " + to_string(f) + " is " +
                           std::string(functions::described(f)) +
                           ": errors in ULP are measured for elementwise functions only";
  if (const auto curve = lab::curve_of(f)) {
    throw Error(what + "; measure " + to_string(*curve) + ", which it is in evaluation");
  }
  throw Error(what + "; the headers in include/actfn give bounds for the other kinds");
}

std::vector<Spec> specs_of(const AccuracyArguments& arguments) {
  std::vector<Spec> all = parse_specs(arguments.specs);
  if (names_all(arguments.specs)) {
    all.clear();
    for (const auto& known : catalogue(Kind::elementwise)) all.push_back({known.example});
  }
  return all;
}

std::vector<int> orders_of(const AccuracyArguments& arguments) {
  auto orders = parse_integers("order", arguments.orders);
  for (const int order : orders) {
    if (order >= 0 && order <= 2) continue;
    throw Error("[accuracy] order must be 0, 1 or 2, got " + std::to_string(order));
  }
  return orders;
}

std::optional<std::uint64_t> sample_of(const AccuracyArguments& arguments, Type type) {
  if (arguments.sample && *arguments.sample <= 0) {
    throw Error("[accuracy] sample must be positive, got " + std::to_string(*arguments.sample));
  }
  if (arguments.sample && arguments.exhaustive) {
    throw Error("[accuracy] --exhaustive takes every input: leave --sample out");
  }
  if (arguments.exhaustive && type == Type::float64) {
    throw Error("[accuracy] --exhaustive: float64 has 2^64 inputs; take --sample");
  }
  if (arguments.sample) return static_cast<std::uint64_t>(*arguments.sample);
  if (arguments.exhaustive || type == Type::bfloat16 || type == Type::float16) return {};
  return type == Type::float64 ? 10'000 : 1'000'000;
}

lab::AccuracySettings settings_of(const AccuracyArguments& arguments) {
  require_count("accuracy", "--jobs", arguments.jobs);
  lab::AccuracySettings s;
  s.type = parse_type(arguments.dtype);
  s.orders = orders_of(arguments);
  s.sample = sample_of(arguments, s.type);
  s.jobs = or_cores(arguments.jobs);
  return s;
}

// How far it is, on a line of a terminal that is drawn over and taken away at the end.
class Meter {
 public:
  Meter() : on_(terminal(STDERR_FILENO).is_terminal), begin_(std::chrono::steady_clock::now()) {}
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;
  ~Meter() { draw(""); }

  void show(const std::string& name, double done) {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin_;
    std::string line = fmt::format("{}  {:.0f}%", name, 100 * done);
    if (passed.count() > 2 && done > 0.02) {
      line += fmt::format("  {:.0f} s left", passed.count() / done * (1 - done));
    }
    draw(line);
  }

 private:
  void draw(const std::string& line) const {
    if (!on_) return;
    const auto columns = static_cast<std::size_t>(std::max(2, terminal(STDERR_FILENO).columns));
    note("\r\x1b[K" + line.substr(0, columns - 1));
  }

  bool on_;
  std::chrono::steady_clock::time_point begin_;
};

// run(progress) in a thread, while its progress is shown.
template <class Run>
auto with_meter(const Function& f, const Run& run) {
  std::atomic<double> progress = 0;
  Meter meter;
  auto result = std::async(std::launch::async, [&] { return run(progress); });
  while (result.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready) {
    meter.show(to_string(f), progress);
  }
  return result.get();
}

std::vector<lab::MeasuredErrors> measure(const lab::AccuracySettings& s) {
  return with_meter(s.activation, [&](auto& progress) { return lab::measure(s, progress); });
}

struct Row {
  Spec spec;
  Type type;
  lab::MeasuredErrors accuracy;
};

// C99 hex, which `actfn eval` takes back.
std::string hex(double x) { return std::isfinite(x) ? fmt::format("{:a}", x) : fmt::to_string(x); }

std::string monotone_text(const std::optional<std::uint64_t>& falls) {
  return !falls ? "-" : *falls == 0 ? "yes" : fmt::format("falls {} times", *falls);
}

std::string as_table(const std::vector<Row>& rows) {
  const bool rounds =
      std::ranges::any_of(rows, [](const Row& row) { return row.accuracy.misrounded.has_value(); });
  std::vector<std::string> heading = {"FUNCTION", "DTYPE",      "ORDER",    "INPUTS",     "MAX ULP",
                                      "MEAN ULP", "NEAR ROOTS", "MONOTONE", "WORST INPUT"};
  if (rounds) heading.insert(heading.end() - 1, "MISROUNDED");
  Table table(heading);
  for (const auto& [spec, type, a] : rows) {
    const std::string roots =
        a.near_root_inputs == 0 ? "-" : fmt::format("{:.2g}", a.near_root_error);
    std::vector<std::string> row = {to_string(spec),
                                    std::string(type_name(type)),
                                    std::to_string(a.order),
                                    std::to_string(a.inputs),
                                    fmt::format("{:.4f}", a.max_ulp),
                                    fmt::format("{:.4f}", a.mean_ulp),
                                    roots,
                                    monotone_text(a.falls),
                                    hex(a.worst_input)};
    if (rounds) row.insert(row.end() - 1, a.misrounded ? std::to_string(*a.misrounded) : "-");
    table.add(row);
  }
  return table.text(2);
}

std::string as_json(const std::vector<Row>& rows) {
  nlohmann::ordered_json all = nlohmann::json::array();
  for (const auto& [spec, type, a] : rows) {
    nlohmann::ordered_json one;
    one["activation"] = to_string(spec.function);
    one["order"] = a.order;
    one["dtype"] = type_name(type);
    one["inputs"] = a.inputs;
    one["max_ulp"] = a.max_ulp;  // null where a NaN is out of place
    one["worst_input"] = hex(a.worst_input);
    one["mean_ulp"] = a.mean_ulp;
    one["near_root_inputs"] = a.near_root_inputs;
    one["near_root_max_error"] = a.near_root_error;
    one["monotone"] = a.falls ? nlohmann::ordered_json(*a.falls == 0) : nlohmann::ordered_json();
    if (a.misrounded) {
      one["misrounded"] = *a.misrounded;
      one["misrounded_input"] = hex(a.misrounded_input);
      one["near_middles"] = a.near_middles;
    }
    one["accuracy"] = accuracy_name(spec.accuracy);
    one["target"] = target();
    all.push_back(one);
  }
  return all.dump(2) + "\n";
}

void warn(const std::string& activation, const lab::MeasuredErrors& a) {
  if (a.wrong_references == 0) return;
  note(fmt::format(
      "actfn: [accuracy] {} order {}: the float64 kernel, which float32 is compared with, is "
      "itself wrong at {} of the inputs looked at, as {}\n",
      activation, a.order, a.wrong_references, hex(a.wrong_reference)));
}

// The search over parameters.
std::vector<lab::ParameterErrors> search(const lab::ParameterSearch& s) {
  return with_meter(s.function,
                    [&](auto& progress) { return lab::search_parameters(s, progress); });
}

struct Found {
  std::string name;
  Type type;
  lab::ParameterErrors errors;
};

// A row by its first entries.
std::string input_text(const std::vector<double>& input) {
  constexpr std::size_t kMost = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(input.size(), kMost); ++i) {
    text += (i == 0 ? "" : ",") + hex(input[i]);
  }
  return input.size() > kMost ? text + fmt::format(",… ({} entries)", input.size()) : text;
}

std::string as_table(const std::vector<Found>& all) {
  Table table({"FUNCTION", "DTYPE", "ORDER", "SETS", "INPUTS", "MAX ULP", "WORST PARAMETERS",
               "WORST INPUT"});
  for (const auto& [name, type, e] : all) {
    table.add({name, std::string(type_name(type)), std::to_string(e.order), std::to_string(e.sets),
               std::to_string(e.inputs), fmt::format("{:.4f}", e.max_ulp), to_string(e.worst),
               input_text(e.worst_input)});
  }
  return table.text(2);
}

std::string as_json(const std::vector<Found>& all) {
  nlohmann::ordered_json list = nlohmann::json::array();
  for (const auto& [name, type, e] : all) {
    nlohmann::ordered_json one;
    one["activation"] = name;
    one["order"] = e.order;
    one["dtype"] = type_name(type);
    one["sets"] = e.sets;
    one["inputs"] = e.inputs;
    one["max_ulp"] = e.max_ulp;
    one["worst"] = to_string(e.worst);
    one["worst_input"] = nlohmann::json::array();
    for (const double x : e.worst_input) one["worst_input"].push_back(hex(x));
    one["near_root_inputs"] = e.near_root_inputs;
    one["target"] = target();
    list.push_back(one);
  }
  return list.dump(2) + "\n";
}

lab::ParameterSearch search_of(const AccuracyArguments& arguments, std::int64_t sets) {
  if (sets <= 0) {
    throw Error("[accuracy] parameters must be positive, got " + std::to_string(sets));
  }
  if (arguments.exhaustive || arguments.sample) {
    throw Error("[accuracy] --parameters draws its inputs: leave --exhaustive and --sample out");
  }
  const lab::AccuracySettings s = settings_of(arguments);
  if (s.type != Type::float32 && s.type != Type::float64) {
    throw Error("[accuracy] --parameters is for float32 and float64, not for 16 bits");
  }
  return {.function = {},
          .orders = s.orders,
          .type = s.type,
          .sets = static_cast<std::uint64_t>(sets),
          .seed = 0,
          .jobs = s.jobs};
}

// Those that are named must have parameters to draw.
std::vector<Function> searched_functions(const AccuracyArguments& arguments) {
  std::vector<Function> all;
  if (names_all(arguments.specs)) {
    for (const auto& known : catalogue()) {
      if (lab::has_drawable_parameters(known.example)) all.push_back(known.example);
    }
    return all;
  }
  for (const Function& f : parse_functions(arguments.specs)) {
    if (!lab::has_drawable_parameters(f)) {
      throw Error(
          "[accuracy] --parameters draws the numbers of elementwise functions, rows and "
          "gates: " +
          to_string(f) + " has none of these");
    }
    all.push_back(f);
  }
  return all;
}

void run_search(const AccuracyArguments& arguments, std::int64_t sets) {
  lab::ParameterSearch s = search_of(arguments, sets);
  std::vector<Found> all;
  for (const Function& f : searched_functions(arguments)) {
    s.function = f;
    for (const auto& e : search(s)) all.push_back({std::string(info(f).name), s.type, e});
  }
  print(arguments.json ? as_json(all) : as_table(all));
}

void run(const AccuracyArguments& arguments) {
  if (arguments.parameters) return run_search(arguments, *arguments.parameters);
  const std::vector<Spec> specs = specs_of(arguments);
  for (const Spec& spec : specs) elementwise_of(spec.function);
  lab::AccuracySettings s = settings_of(arguments);
  std::vector<Row> rows;
  for (const Spec& spec : specs) {
    s.activation = elementwise_of(spec.function);
    s.accuracy = spec.accuracy;
    for (const auto& accuracy : measure(s)) {
      warn(to_string(spec), accuracy);
      rows.push_back({spec, s.type, accuracy});
    }
  }
  print(arguments.json ? as_json(rows) : as_table(rows));
}

}  // namespace

void add_accuracy(CLI::App& program) {
  auto* command = program.add_subcommand(
      "accuracy",
      "Errors in ULP against 500-bit arithmetic\n\n"
      "Prints the worst error, its input (C99 hexadecimal, which actfn eval reads) and the mean\n"
      "error. Near a root of a derivative, errors in ULP have no bound. Absolute errors up to\n"
      "2^-24 (float64: 2^-53) do not count there; NEAR ROOTS has the largest of them.\n\n"
      "Examples:\n"
      "  actfn accuracy gelu gelu@fast gelu@nearest\n"
      "  actfn accuracy 'softplus(beta=2)' --order 1 --exhaustive\n"
      "  actfn accuracy all --dtype bfloat16 --json\n"
      "  actfn accuracy elu snake --parameters 10000 --dtype float64\n");
  auto a = std::make_shared<AccuracyArguments>();
  command->add_option(
      "SPEC", a->specs,
      "Elementwise functions, with --parameters rows and gates too; by default all");
  add(*command, "--order", a->orders, "0: the value; 1, 2: a derivative", "0|1|2|0,1,2")
      ->capture_default_str();
  add(*command, "--dtype", a->dtype, "The type of the numbers", std::string(kTypeNames))
      ->capture_default_str();
  command->add_flag("--exhaustive", a->exhaustive,
                    "Every input: 2^32 of float32, 65,536 of 16 bits (their default)");
  add(*command, "--sample", a->sample,
      "The number of inputs; by default a million, for float64 10,000", "N");
  add(*command, "--parameters", a->parameters,
      "Draws so many sets of parameters, with 16 inputs each and some about roots", "N");
  command->add_flag("--json", a->json, "A list of objects; an infinite error is null");
  add(*command, "--jobs", a->jobs, "Threads; 0: one per core. The results do not depend on it", "N")
      ->capture_default_str();
  command->callback([a] { run(*a); });
}

}  // namespace actfn::app
