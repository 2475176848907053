// SPDX-License-Identifier: Apache-2.0
// Our side of attention.py. It answers each line "HEADS LENGTH WIDTH CAUSAL THREADS" with the
// nanoseconds of a forward and of a backward pass, and the bytes that they take at most on top of
// their arguments (Linux), which are right for the first line.
#include <actfn/nn/attention.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
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
  double forward_bytes = 0, backward_bytes = 0;
};

double since(Clock::time_point start) {
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count();
}

// A line of /proc/self/status in bytes: VmRSS, or VmHWM, the most there was.
double resident(const std::string& which) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(which + ":")) return 1024 * std::stod(line.substr(which.size() + 1));
  }
  return 0;
}

// How much more memory f() has than there was before.
template <class F>
double peak_of(const F& f) {
  const double before = resident("VmRSS");
  std::ofstream("/proc/self/clear_refs") << "5";  // VmHWM begins anew
  f();
  return std::max(0.0, resident("VmHWM") - before);
}

// The least times, and the memory of the first turn.
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
  const auto forward = [&] {
    nn::scaled_dot_product_attention({q, shape}, {k, shape}, {v, shape}, {out, shape}, options,
                                     {.state = &state});
  };
  const auto backward = [&] {
    nn::scaled_dot_product_attention_backward({q, shape}, {k, shape}, {v, shape}, {dout, shape},
                                              {dq, shape}, {dk, shape}, {dv, shape}, options,
                                              {.state = &state, .out = ConstTensor(out, shape)});
  };
  least.forward_bytes = peak_of(forward);
  least.backward_bytes = peak_of(backward);
  const auto begin = Clock::now();
  for (int turn = 0; turn < 3 || since(begin) < kTotalNs; ++turn) {
    auto start = Clock::now();
    forward();
    least.forward = std::min(least.forward, since(start));
    start = Clock::now();
    backward();
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
    std::printf("%.1f %.1f %.0f %.0f\n", t.forward, t.backward, t.forward_bytes, t.backward_bytes);
    std::fflush(stdout);
  }
}
