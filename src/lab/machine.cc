// SPDX-License-Identifier: Apache-2.0
#include "lab/machine.h"

#include <actfn/target.h>
#include <actfn/version.h>

#include <ctime>
#include <fstream>
#include <thread>

namespace actfn::lab {
namespace {

std::string cpu_model() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(": ") + 2);
  }
  return "unknown";
}

std::string now() {
  const std::time_t t = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&t, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

}  // namespace

Machine this_machine() {
  return {cpu_model(), static_cast<int>(std::thread::hardware_concurrency()), std::string(target()),
          ACTFN_VERSION, now()};
}

}  // namespace actfn::lab
