// SPDX-License-Identifier: Apache-2.0
// The kernels of C++ libraries, as run.py wants them: `kernel_peers LIBRARY DTYPE N` says on its
// first line which version it is, and answers each line "ORDER SPEC" with one of JSON: nanoseconds
// a call with N elements and with few, or null where the library does not have the function.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>

#include "lab/speed.h"
#include "libraries.h"

namespace {

using namespace actfn::peers;

constexpr std::size_t kFew = 16;
constexpr double kTotalNs = 4e7;

struct Library {
  std::string version;
  Call (*call)(const Request&, const Arrays&);
};

Library library(const std::string& name) {
  if (name == "onednn") return {onednn_version(), onednn};
  if (name == "eigen") return {eigen_version(), eigen};
  if (name == "highway") return {highway_version(), highway};
  if (name == "sleef") return {sleef_version(), sleef};
  return {"", nullptr};
}

void answer(const Library& library, const Request& request, const Memory& memory, std::size_t n) {
  const Call all = library.call(request, memory.arrays(n));
  if (!all) {
    std::puts("null");
  } else {
    const std::array calls = {all, library.call(request, memory.arrays(kFew))};
    const auto ns = actfn::lab::race(calls, kTotalNs);
    std::printf("{\"ns\": %.1f, \"call_ns\": %.1f}\n", ns[0], ns[1]);
  }
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: kernel_peers LIBRARY DTYPE N\n", stderr);
    return 2;
  }
  const Library chosen = library(argv[1]);
  const bool half = std::string_view(argv[2]) == "bfloat16";
  const std::size_t n = std::strtoul(argv[3], nullptr, 10);
  std::printf("%s\n", chosen.version.c_str());  // empty: not built in
  std::fflush(stdout);
  if (chosen.version.empty()) return 0;
  const Memory memory(n, half);
  for (std::string order, spec; std::cin >> order >> spec;) {
    answer(chosen, {order, spec, half}, memory, n);
  }
}
