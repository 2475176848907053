// Prints the output bits of every activation, so that builds for different machines can be
// compared:
//   neon_smoke INPUTS                a hash of all output bits for each activation and order
//   neon_smoke INPUTS NAME ORDER     input and output bits, one pair a line
//   neon_smoke targets               the instruction sets that run, best first
// ACTFN_TARGET chooses the instruction set.
#include <actfn/catalogue.h>
#include <actfn/elementwise.h>
#include <actfn/target.h>

#include "inputs.h"

#include <bit>
#include <charconv>
#include <cinttypes>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Order {
  std::string_view name;
  void (*run)(const actfn::Activation&, std::span<const float>, std::span<float>);
};
constexpr Order kOrders[] = {{"forward", actfn::forward},
                             {"derivative", actfn::derivative},
                             {"second_derivative", actfn::second_derivative}};

// `count` bit patterns with equal steps from all 2^32, and what matters to the formulas.
std::vector<float> inputs(std::uint64_t count) {
  std::vector<float> xs = actfn::testing::landmarks();
  for (std::uint64_t i = 0; i < count; ++i) {
    xs.push_back(std::bit_cast<float>(static_cast<std::uint32_t>((i << 32U) / count)));
  }
  for (const float x : {INFINITY, -INFINITY, NAN}) xs.push_back(x);
  return xs;
}

// Which NaN a NaN is, its sign too, is the machine's affair.
std::uint32_t bits(float y) {
  return std::isnan(y) ? 0x7FC00000U : std::bit_cast<std::uint32_t>(y);
}

// FNV-1a over the bytes, lowest first.
std::uint64_t hash(std::span<const float> ys) {
  std::uint64_t h = 0xCBF29CE484222325U;
  for (const float y : ys) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
      h = (h ^ ((bits(y) >> shift) & 0xFFU)) * 0x100000001B3U;
    }
  }
  return h;
}

std::vector<float> outputs(const actfn::ActivationInfo& a, const Order& order,
                           std::span<const float> xs) {
  std::vector<float> ys(xs.size());
  order.run(a.example, xs, ys);
  return ys;
}

void print_hashes(std::span<const float> xs) {
  for (const auto& a : actfn::catalogue()) {
    for (const Order& order : kOrders) {
      std::printf("%016" PRIx64 " %s %s\n", hash(outputs(a, order, xs)),
                  std::string(a.name).c_str(), std::string(order.name).c_str());
    }
  }
}

void print_values(std::span<const float> xs, std::string_view name, std::string_view order_name) {
  for (const auto& a : actfn::catalogue()) {
    for (const Order& order : kOrders) {
      if (a.name != name || order.name != order_name) continue;
      const std::vector<float> ys = outputs(a, order, xs);
      for (std::size_t i = 0; i < xs.size(); ++i) {
        std::printf("%08" PRIx32 " %08" PRIx32 "\n", std::bit_cast<std::uint32_t>(xs[i]),
                    bits(ys[i]));
      }
    }
  }
}

std::uint64_t count_of(std::string_view text) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count == 0 ||
      count > (std::uint64_t{1} << 32U)) {
    throw std::invalid_argument("INPUTS goes from 1 to 2^32");
  }
  return count;
}

void run(const std::vector<std::string_view>& arguments) {
  if (arguments.size() == 1 && arguments[0] == "targets") {
    for (const auto name : actfn::targets()) std::printf("%s\n", std::string(name).c_str());
  } else if (arguments.size() == 1) {
    print_hashes(inputs(count_of(arguments[0])));
  } else if (arguments.size() == 3) {
    print_values(inputs(count_of(arguments[0])), arguments[1], arguments[2]);
  } else {
    throw std::invalid_argument("usage: neon_smoke targets | INPUTS [NAME ORDER]");
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run({argv + 1, argv + argc});
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "neon_smoke: %s\n", e.what());
    return 1;
  }
}
