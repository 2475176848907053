// SPDX-License-Identifier: Apache-2.0
#include "bits.h"

#include "../support/host_environment.h"
#include "digest.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>
#include <thread>
#include <type_traits>

namespace actfn::hashes {
namespace {

// Where the ranges of the type end, and where many activations bend.
template <class T>
T edge(std::uint64_t i) {
  using Limits = std::numeric_limits<std::conditional_t<sizeof(T) == 8, double, float>>;
  constexpr std::array kEdges = {Limits::quiet_NaN(),
                                 Limits::infinity(),
                                 Limits::max(),
                                 Limits::min(),
                                 Limits::denorm_min(),
                                 decltype(Limits::min())(0),
                                 decltype(Limits::min())(0.5),
                                 decltype(Limits::min())(1),
                                 decltype(Limits::min())(2),
                                 decltype(Limits::min())(3),
                                 decltype(Limits::min())(6),
                                 decltype(Limits::min())(20)};
  const auto magnitude = kEdges[(i / 2) % kEdges.size()];
  return T(i % 2 == 0 ? magnitude : -magnitude);
}
constexpr std::uint64_t kEdgeCount = 24;

// The i-th input. An odd step goes through all bit patterns before it repeats one. Of float64's,
// every second lies where activations bend.
template <class T>
T input(std::uint64_t i) {
  if (i < kEdgeCount) return edge<T>(i);
  i -= kEdgeCount;
  if constexpr (sizeof(T) == 8) {
    const std::uint64_t bits = mix(i);
    const std::uint64_t exponent = 1023 - 40 + (bits >> 52U) % 51;
    const std::uint64_t near = (bits & ~(std::uint64_t{0x7FF} << 52U)) | exponent << 52U;
    return std::bit_cast<double>(i % 2 == 0 ? bits : near);
  } else {
    return std::bit_cast<T>(static_cast<Bits<T>>(i * 0x9E3779B1U));
  }
}

template <class T>
void run(const Spec& spec, int order, std::vector<T>& x, std::vector<T>& y,
         const Calls& calls = {}) {
  const auto& activation = std::get<Activation>(spec.function);
  const GradientRef<Activation> f(activation, spec.accuracy);
  const testing::HostEnvironment host(calls.environment);
  if (order == 0) return forward(f, x, y, calls.threads);
  (order == 1 ? derivative : second_derivative)(f, x, y, calls.threads);
}

constexpr std::uint64_t kChunk = 1U << 16U;

template <class T>
std::uint64_t count_of(const InputSet& set) {
  return kEdgeCount + (sizeof(T) == 8   ? set.float64
                       : sizeof(T) == 4 ? set.float32
                                        : set.sixteen_bit);
}

// A sum over chunks: whichever thread takes which.
template <class T>
std::uint64_t hash_all(const Spec& f, int order, std::uint64_t count, const Calls& calls) {
  std::atomic<std::uint64_t> next = 0;
  std::atomic<std::uint64_t> sum = 0;
  const auto work = [&] {
    std::vector<T> x;
    for (std::uint64_t chunk = next++; chunk * kChunk < count; chunk = next++) {
      const std::uint64_t first = chunk * kChunk;
      x.resize(static_cast<std::size_t>(std::min(kChunk, count - first)));
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = input<T>(first + i);
      run(f, order, x, x, calls);
      sum += mix(hash_of(std::span<const T>(x)) ^ mix(chunk));
    }
  };
  std::vector<std::jthread> others;
  for (unsigned k = 1; k < std::thread::hardware_concurrency(); ++k) others.emplace_back(work);
  work();
  others.clear();
  return sum;
}

template <class T>
std::string values_of(const Spec& f, int order, std::uint64_t count) {
  std::vector<T> x(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = input<T>(i);
  std::vector<T> y(x.size());
  run(f, order, x, y);
  const auto hex = [](std::uint64_t bits) {
    char text[17] = {};
    *std::to_chars(text, text + 16, bits, 16).ptr = '\0';
    return std::string(text);
  };
  std::string all;
  for (std::size_t i = 0; i < x.size(); ++i) {
    all += hex(std::bit_cast<Bits<T>>(x[i])) + " " + hex(output_bits(y[i])) + "\n";
  }
  return all;
}

// As instances() has it.
Function another(const FunctionInfo& info) {
  std::string spec(info.name);
  for (const ParameterInfo& p : info.parameters) {
    spec += spec.size() == info.name.size() ? "(" : ",";
    spec.append(p.name).append("=");
    if (!p.choices.empty()) {
      spec.append(p.choices.back());
      continue;
    }
    const double value = p.get(info.example);
    char text[32] = {};
    std::to_chars(text, text + sizeof text - 1, value == 0 ? 0.3 : 0.7 * value);
    spec += text;
  }
  return parse_function(spec + ")");
}

}  // namespace

std::string_view name_of(Type type) {
  return for_type(type, []<class T>() { return std::string_view(kTypeName<T>); });
}

std::vector<Function> instances(Kind kind) {
  std::vector<Function> all;
  for (const FunctionInfo& info : catalogue(kind)) {
    all.push_back(info.example);
    if (!info.parameters.empty()) all.push_back(another(info));
  }
  return all;
}

std::vector<Activation> instances() {
  std::vector<Activation> all;
  for (const Function& f : instances(Kind::elementwise)) all.push_back(std::get<Activation>(f));
  return all;
}

std::uint64_t hash(const Spec& f, Type type, int order, const InputSet& set, const Calls& calls) {
  return for_type(type, [&]<class T>() { return hash_all<T>(f, order, count_of<T>(set), calls); });
}

std::string values(const Spec& f, Type type, int order, const InputSet& set) {
  return for_type(type, [&]<class T>() { return values_of<T>(f, order, count_of<T>(set)); });
}

}  // namespace actfn::hashes
