// SPDX-License-Identifier: Apache-2.0
#include "arguments.h"

#include <actfn/error.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <thread>

#include "catalogue/lists.h"
#include "catalogue/quote.h"
#include "catalogue/suggest.h"

namespace actfn::app {
namespace {

constexpr std::uint64_t kMostSeeds = 10000;

template <class T>
T parse_integer(std::string_view name, std::string_view text) {
  T value{};
  const auto* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc::result_out_of_range && at == end) {
    throw Error(fmt::format("[{}] {} is too large", name, in_quotes(text)));
  }
  if (error != std::errc() || at != end) {
    throw Error(fmt::format("[{}] expected a whole number{}, got {}", name,
                            std::is_unsigned_v<T> ? " from 0 on" : "", in_quotes(text)));
  }
  return value;
}

}  // namespace

std::vector<Function> parse_functions(const std::vector<std::string>& lists) {
  std::vector<Function> all;
  for (const auto& list : lists) {
    for (const auto& spec : functions::split(list, ',')) all.push_back(parse_function(spec));
  }
  return all;
}

std::vector<Spec> parse_specs(const std::vector<std::string>& lists) {
  std::vector<Spec> all;
  if (names_all(lists)) return all;
  for (const auto& list : lists) {
    for (const auto& spec : functions::split(list, ',')) all.push_back(parse_spec(spec));
  }
  return all;
}

bool names_all(const std::vector<std::string>& lists) {
  return lists.empty() || lists == std::vector<std::string>{"all"};
}

void require_names(std::string_view command, const std::vector<std::string>& lists) {
  if (lists.empty() || !names_all(lists)) return;
  throw Error("[" + std::string(command) +
              "] cannot take all functions: name a few, as actfn list has them");
}

std::vector<lab::Nonlinearity> parse_nonlinearities(const std::vector<std::string>& lists) {
  std::vector<lab::Nonlinearity> all;
  for (const auto& list : lists) {
    for (const auto& spec : functions::split(list, ',')) all.emplace_back(nn::parse_layers(spec));
  }
  return all;
}

std::vector<std::uint64_t> parse_seeds(std::string_view text) {
  if (text.find(',') == std::string_view::npos) {
    const auto count = parse_integer<std::uint64_t>("seeds", text);
    if (count < 1 || count > kMostSeeds) {
      throw Error("[seeds] their number must be from 1 to " + std::to_string(kMostSeeds) +
                  ", got " + in_quotes(text) + "; write a comma after a single seed: 7,");
    }
    std::vector<std::uint64_t> seeds(count);
    std::iota(seeds.begin(), seeds.end(), std::uint64_t{1});
    return seeds;
  }
  if (text.ends_with(',')) text.remove_suffix(1);
  std::vector<std::uint64_t> seeds;
  for (const auto& part : functions::split(text, ',')) {
    seeds.push_back(parse_integer<std::uint64_t>("seeds", part));
  }
  return seeds;
}

std::uint64_t parse_seed(std::string_view text) {
  return parse_integer<std::uint64_t>("seed", functions::trimmed(text));
}

void require_count(std::string_view command, std::string_view name, int n, std::string_view zero) {
  if (n >= 0 && n <= kMostThreads) return;
  throw Error(fmt::format("[{}] {} must be from 1 to {}, or 0 for {}, got {}", command, name,
                          kMostThreads, zero, n));
}

int or_cores(int n) {
  return n == 0 ? std::max(1, static_cast<int>(std::thread::hardware_concurrency())) : n;
}

std::vector<int> parse_integers(std::string_view name, std::string_view text) {
  std::vector<int> values;
  for (const auto& part : functions::split(text, ','))
    values.push_back(parse_integer<int>(name, part));
  return values;
}

Type parse_type(std::string_view name) {
  constexpr Type kTypes[] = {Type::float32, Type::float64, Type::bfloat16, Type::float16};
  constexpr std::string_view kNames[] = {"float32", "float64", "bfloat16", "float16"};
  return kTypes[choose("dtype", "", kNames, name)];
}

}  // namespace actfn::app
