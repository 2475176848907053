// SPDX-License-Identifier: Apache-2.0
// actfn_hashes: are the output bits what they were, on this machine, by this instruction set?
#include <actfn/actfn.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>

#include "../support/host_environment.h"
#include "bits.h"
#include "families.h"
#include "file.h"

namespace actfn::hashes {
namespace {

constexpr const char* kUsage =
    "usage: actfn_hashes --check FILE [--quick|--full] [--threads N] [--environment NAME]\n"
    "                                         says what differs, and exits with 1\n"
    "       actfn_hashes --write FILE [--full] [--commit ID]\n"
    "       actfn_hashes --values SPEC DTYPE ORDER [--full]    input and output bits\n"
    "       actfn_hashes --targets    the instruction sets that run, best first\n"
    "ACTFN_TARGET chooses the instruction set. The environment is what the callers' threads have\n"
    "set: nearest, upward, downward, toward_zero, flush (subnormal numbers to zero), traps.";

struct Arguments {
  std::string mode;
  std::vector<std::string> words;
  std::string set = "sample";
  std::string commit = "unknown";
  std::string environment = "nearest";
  int threads = 1;
};

Arguments read_arguments(const std::vector<std::string>& all) {
  Arguments a;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] == "--quick" || all[i] == "--full") {
      a.set = all[i].substr(2);
    } else if (all[i] == "--commit" && i + 1 < all.size()) {
      a.commit = all[++i];
    } else if (all[i] == "--environment" && i + 1 < all.size()) {
      a.environment = all[++i];
    } else if (all[i] == "--threads" && i + 1 < all.size()) {
      a.threads = std::stoi(all[++i]);
    } else if (all[i].starts_with("--") && a.mode.empty()) {
      a.mode = all[i];
    } else {
      a.words.push_back(all[i]);
    }
  }
  const std::size_t want = a.mode == "--values" ? 3 : a.mode == "--targets" ? 0 : 1;
  const bool known =
      a.mode == "--values" || a.mode == "--targets" || a.mode == "--check" || a.mode == "--write";
  const auto& hosts = testing::kHostEnvironments;
  const bool host = std::ranges::find(hosts, a.environment) != std::end(hosts);
  if (!known || !host || a.words.size() != want) throw std::invalid_argument(kUsage);
  return a;
}

const InputSet& set_of(const std::string& name) {
  return *std::find_if(std::begin(kSets), std::end(kSets),
                       [&](const InputSet& set) { return set.name == name; });
}

std::string hex(std::uint64_t h) {
  char text[17];
  std::snprintf(text, sizeof text, "%016" PRIx64, h);
  return text;
}

void add(const Spec& f, Type type, const InputSet& set, const Calls& calls, Section& section) {
  auto& hashes = section[to_string(f) + " " + std::string(name_of(type))];
  for (int order = 0; order < kOrders; ++order) {
    hashes[static_cast<std::size_t>(order)] = hex(hash(f, type, order, set, calls));
  }
}

Section section_of(const InputSet& set, const Calls& calls = {}) {
  Section section;
  for (const Activation& f : instances()) {
    for (const Type type : kTypes) add({f}, type, set, calls, section);
    // Other types have one accuracy.
    for (const Accuracy accuracy : {Accuracy::fast, Accuracy::nearest}) {
      add({f, accuracy}, Type::float32, set, calls, section);
    }
  }
  for (const Family& family : families()) {
    for (const Type type : kTypes) {
      auto& hashes = section[family.name + " " + std::string(name_of(type))];
      for (int order = 0; order < kOrders; ++order) {
        const testing::HostEnvironment host(calls.environment);
        hashes[static_cast<std::size_t>(order)] = hex(family.hash(type, order, set, calls.threads));
      }
    }
  }
  return section;
}

std::string cpu() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(": ") + 2);
  }
  return "unknown";
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

// Whether a hash is not what the old file has.
bool changed(const File& old, const File& file) {
  for (const auto& [set, section] : file.sections) {
    const auto before = old.sections.find(set);
    if (before == old.sections.end()) continue;
    for (const auto& [name, hashes] : section) {
      const auto at = before->second.find(name);
      if (at != before->second.end() && at->second != hashes) return true;
    }
  }
  return false;
}

// One more than that of the old file where a bit of what that has is another; 1 without it.
int version_of(const std::string& path, const File& file) {
  if (!std::ifstream(path)) return 1;
  const File old = read(path);
  const auto at = old.about.find("version");
  return (at == old.about.end() ? 1 : std::stoi(at->second)) + (changed(old, file) ? 1 : 0);
}

void write_file(const Arguments& a) {
  File file;
  file.about = {
      {"commit", a.commit}, {"date", today()}, {"cpu", cpu()}, {"target", std::string(target())}};
  for (const InputSet& set : kSets) {
    if (set.name != "full" || a.set == "full") {
      file.sections[std::string(set.name)] = section_of(set);
    }
  }
  file.about["version"] = std::to_string(version_of(a.words[0], file));
  write(a.words[0], file);
}

// Says what differs; whether anything does.
bool differs(const Section& want, const Section& got) {
  bool any = false;
  for (const auto& [name, hashes] : got) {
    const auto at = want.find(name);
    for (std::size_t order = 0; order < hashes.size(); ++order) {
      if (at != want.end() && at->second[order] == hashes[order]) continue;
      any = true;
      std::printf("%s order %zu: %s, not %s\n", name.c_str(), order, hashes[order].c_str(),
                  at == want.end() ? "there" : at->second[order].c_str());
    }
  }
  for (const auto& [name, hashes] : want) {
    if (got.contains(name)) continue;
    any = true;
    std::printf("%s: no such activation any more\n", name.c_str());
  }
  return any;
}

int check_file(const Arguments& a) {
  const File file = read(a.words[0]);
  const auto want = file.sections.find(a.set);
  if (want == file.sections.end()) {
    throw std::runtime_error(a.words[0] + " has no hashes of the set " + a.set);
  }
  const Section got = section_of(set_of(a.set), {{.count = a.threads}, a.environment});
  if (differs(want->second, got)) return 1;
  std::printf("the same bits: %zu hashes\n", kOrders * got.size());
  return 0;
}

void print_values(const Arguments& a) {
  const auto type =
      std::find_if(kTypes.begin(), kTypes.end(), [&](Type t) { return name_of(t) == a.words[1]; });
  const std::string& order = a.words[2];
  if (type == kTypes.end() || (order != "0" && order != "1" && order != "2")) {
    throw std::invalid_argument(kUsage);
  }
  const std::string text = values(parse_spec(a.words[0]), *type, order[0] - '0',
                                  set_of(a.set == "full" ? "sample" : "quick"));
  std::fputs(text.c_str(), stdout);
}

int run(const Arguments& a) {
  if (a.mode == "--targets") {
    for (const auto name : targets()) std::printf("%s\n", std::string(name).c_str());
    return 0;
  }
  if (a.mode == "--values") {
    print_values(a);
    return 0;
  }
  std::printf("target: %s\n", std::string(target()).c_str());
  if (a.mode == "--check") return check_file(a);
  write_file(a);
  return 0;
}

}  // namespace
}  // namespace actfn::hashes

int main(int argc, char** argv) {
  try {
    return actfn::hashes::run(actfn::hashes::read_arguments({argv + 1, argv + argc}));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "actfn_hashes: %s\n", e.what());
    return 2;
  }
}
