// SPDX-License-Identifier: Apache-2.0
// Our side of lenet.py. It answers each line "ACTIVATION RULE BATCH THREADS REPRODUCIBLE" with the
// nanoseconds of a training step of LeNet.
#include <actfn/nn/nn.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <limits>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace actfn;
using Clock = std::chrono::steady_clock;

constexpr double kTotalNs = 5e8;
constexpr std::size_t kPixels = std::size_t{28} * 28;
constexpr std::size_t kClasses = 10;

nn::Sequential lenet(const std::string& activation) {
  const nn::Layer f(parse(activation));
  return {Shape{1, 28, 28},
          {nn::Conv2d{.in_channels = 1, .out_channels = 6, .kernel_size = 5, .padding = 2}, f,
           nn::MaxPool2d{2}, nn::Conv2d{6, 16, 5}, f, nn::MaxPool2d{2}, nn::Flatten{},
           nn::Linear{400, 120}, f, nn::Linear{120, 84}, f, nn::Linear{84, 10}}};
}

nn::UpdateRule rule_of(const std::string& name) {
  if (name == "adam") return nn::Adam{};
  return nn::Sgd{.lr = 0.01, .momentum = 0.9};
}

// The least time of forward, loss, backward and update.
double measure(nn::Sequential& network, nn::Optimizer& optimizer, std::size_t batch) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> images(batch * kPixels), gradient(batch * kClasses);
  std::generate(images.begin(), images.end(), [&] { return normal(random); });
  std::vector<std::uint32_t> labels(batch);
  for (std::uint32_t& label : labels) label = static_cast<std::uint32_t>(random() % kClasses);
  double least = std::numeric_limits<double>::infinity();
  double total = 0;
  for (int turn = 0; turn < 5 || total < kTotalNs; ++turn) {
    const auto start = Clock::now();
    nn::cross_entropy(network.forward(images), labels, gradient);
    network.backward(gradient, optimizer);
    const double took = std::chrono::duration<double, std::nano>(Clock::now() - start).count();
    least = std::min(least, took);
    total += took;
  }
  return least;
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream in(line);
    std::string activation, rule;
    std::size_t batch = 0;
    int threads = 0;
    bool reproducible = false;
    in >> activation >> rule >> batch >> threads >> reproducible;
    nn::Sequential network = lenet(activation);
    network.initialize(nn::Init::he_normal, 1);
    network.set_threads(threads);
    network.set_reproducible(reproducible);
    nn::Optimizer optimizer(rule_of(rule), network);
    std::printf("%.1f\n", measure(network, optimizer, batch));
    std::fflush(stdout);
  }
}
