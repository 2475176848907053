// SPDX-License-Identifier: Apache-2.0
// Our side of run.py. It answers each line "GATE ORDER DTYPE ROWS COLUMNS PACKING THREADS" with the
// nanoseconds that one call takes; the packed tensor has that many rows and columns.
#include <actfn/gated.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <iostream>
#include <random>
#include <string>

#include "lab/array_memory.h"
#include "lab/speed.h"

namespace {

using namespace actfn;

constexpr double kTotalNs = 2e8;

struct Request {
  std::string gate, order, dtype, packing;
  std::size_t rows = 0, columns = 0;
  int threads = 1;
};

std::istream& operator>>(std::istream& in, Request& r) {
  return in >> r.gate >> r.order >> r.dtype >> r.rows >> r.columns >> r.packing >> r.threads;
}

template <class T>
Tensor drawn(std::byte* memory, const Shape& shape, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, 3);
  T* const data = reinterpret_cast<T*>(memory);
  for (std::size_t i = 0; i < shape[0] * shape[1]; ++i) data[i] = T(normal(random));
  return {data, shape};
}

template <class T>
double measure(const Request& r) {
  const Gate gate = parse_gate(r.gate);
  const bool woven = r.packing == "interleaved";
  const GateOptions options{woven ? Packing::interleaved : Packing::halves, {r.threads}};
  const lab::ArrayMemory memory(3, r.rows * r.columns * sizeof(T));
  const Shape half = {r.rows, r.columns / 2};
  const Tensor x = drawn<T>(memory.array(0), {r.rows, r.columns}, 1);
  const Tensor y = drawn<T>(memory.array(1), half, 2);
  const Tensor dx = drawn<T>(memory.array(2), {r.rows, r.columns}, 3);
  const std::function<void()> call = [&] {
    if (r.order == "forward") {
      forward(gate, x, 1, y, options);
    } else {
      backward(gate, x, y, 1, dx, options);
    }
  };
  return lab::race(std::span(&call, 1), kTotalNs)[0];
}

}  // namespace

int main() {
  for (Request r; std::cin >> r;) {
    std::printf("%.1f\n", r.dtype == "bfloat16" ? measure<bfloat16>(r) : measure<float>(r));
    std::fflush(stdout);
  }
}
