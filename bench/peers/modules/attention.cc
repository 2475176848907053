// SPDX-License-Identifier: Apache-2.0
// Our side of attention.py. It answers each line "HEADS LENGTH WIDTH CAUSAL THREADS" with the
// nanoseconds of a forward and of a backward pass.
#include <actfn/nn/attention.h>

#include <algorithm>
#include <chrono>
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

struct Setting {
  std::size_t heads, length, width;
  bool causal;
  int threads;
};

struct Times {
  double forward = std::numeric_limits<double>::infinity();
  double backward = std::numeric_limits<double>::infinity();
};

double since(Clock::time_point start) {
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count();
}

// The least of both.
Times measure(const Setting& s) {
  const Shape shape = {s.heads, s.length, s.width};
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> q(s.heads * s.length * s.width), k(q), v(q), out(q), dout(q);
  std::vector<float> dq(q), dk(q), dv(q);
  for (auto* x : {&q, &k, &v, &dout})
    std::generate(x->begin(), x->end(), [&] { return normal(random); });
  nn::AttentionOptions options;
  options.causal = s.causal ? nn::Causal::top_left : nn::Causal::none;
  options.threads = {s.threads};
  nn::AttentionState state;
  Times least;
  const auto begin = Clock::now();
  for (int turn = 0; turn < 3 || since(begin) < kTotalNs; ++turn) {
    auto start = Clock::now();
    nn::scaled_dot_product_attention({q, shape}, {k, shape}, {v, shape}, {out, shape}, options,
                                     {.state = &state});
    least.forward = std::min(least.forward, since(start));
    start = Clock::now();
    nn::scaled_dot_product_attention_backward({q, shape}, {k, shape}, {v, shape}, {dout, shape},
                                              {dq, shape}, {dk, shape}, {dv, shape}, options,
                                              {.state = &state, .out = ConstTensor(out, shape)});
    least.backward = std::min(least.backward, since(start));
  }
  return least;
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream in(line);
    Setting s = {};
    in >> s.heads >> s.length >> s.width >> s.causal >> s.threads;
    const Times t = measure(s);
    std::printf("%.1f %.1f\n", t.forward, t.backward);
    std::fflush(stdout);
  }
}
