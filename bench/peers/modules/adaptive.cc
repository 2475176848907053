// SPDX-License-Identifier: Apache-2.0
// Our side of adaptive.py. It answers each line "IN CLASSES CUTOFFS DIV ROWS THREADS FILE" with the
// nanoseconds that a forward() and a backward() take. FILE has the targets, four bytes each.
#include <actfn/nn/nn.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <limits>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace actfn::nn;

constexpr double kTotalNs = 2e9;

std::vector<int> numbers(const std::string& list) {
  std::vector<int> all;
  std::istringstream in(list);
  for (std::string one; std::getline(in, one, ',');) all.push_back(std::stoi(one));
  return all;
}

std::vector<std::uint32_t> read_targets(const std::string& file, std::size_t rows) {
  std::vector<std::uint32_t> targets(rows);
  std::ifstream(file, std::ios::binary)
      .read(reinterpret_cast<char*>(targets.data()), static_cast<std::streamsize>(4 * rows));
  return targets;
}

// The least nanoseconds of a call.
template <class F>
double least(F&& call) {
  using Clock = std::chrono::steady_clock;
  double best = std::numeric_limits<double>::infinity();
  double total = 0;
  for (int turn = 0; turn < 3 || total < kTotalNs; ++turn) {
    const auto start = Clock::now();
    call();
    const std::chrono::duration<double, std::nano> took = Clock::now() - start;
    best = std::min(best, took.count());
    total += took.count();
  }
  return best;
}

double measure(std::istream& in) {
  int in_features = 0;
  int classes = 0;
  int threads = 1;
  std::size_t rows = 0;
  std::string cutoffs;
  std::string file;
  AdaptiveLogSoftmaxOptions options;
  in >> in_features >> classes >> cutoffs >> options.div_value >> rows >> threads >> file;
  AdaptiveLogSoftmaxWithLoss module(in_features, classes, numbers(cutoffs), options);
  module.initialize(1);
  module.set_threads(threads);
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> x(rows * static_cast<std::size_t>(in_features));
  for (float& v : x) v = normal(random);
  const auto targets = read_targets(file, rows);
  return least([&] {
    module.forward(x, targets);
    module.backward();
  });
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream in(line);
    std::printf("%.1f\n", measure(in));
    std::fflush(stdout);
  }
}
