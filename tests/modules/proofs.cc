// SPDX-License-Identifier: Apache-2.0
#include "modules/proofs.h"

#include <actfn/catalogue.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "conformance/onnx/counts.h"
#include "files/safetensors.h"

namespace actfn::modules {
namespace {

namespace fs = std::filesystem;

const fs::path kTests = fs::path(ACTFN_SOURCE_DIR) / "tests";

// softmax2d is no function of the catalogue; others are cases of the function that they name.
std::string function_of(const std::string& spec) {
  return spec == "softmax2d" ? spec : std::string(info(parse_function(spec)).name);
}

// The cases in the files of tests/conformance/pytorch/cases, by function.
std::map<std::string, std::size_t, std::less<>> count_cases() {
  std::map<std::string, std::size_t, std::less<>> all;
  for (const auto& file : fs::directory_iterator(kTests / "conformance/pytorch/cases")) {
    const auto cases = nlohmann::json::parse(files::Safetensors::read(file).metadata("actfn"));
    for (const auto& one : cases.at("cases")) ++all[function_of(one.at("spec"))];
  }
  return all;
}

// The number behind "CASES = " in tests/pytorch/modules/NAME.py; empty where there is no file.
std::string drawn_cases(std::string_view name) {
  const fs::path file = kTests / "pytorch/modules" / (std::string(name) + ".py");
  if (!fs::exists(file)) return {};
  constexpr std::string_view kBefore = "CASES = ";
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(kBefore)) return line.substr(kBefore.size());
  }
  throw std::runtime_error(file.string() + " has no CASES");
}

}  // namespace

std::string onnx_tests(const Module& module) {
  std::string all;
  for (const auto& count : conformance::kNodeTests) {
    if (count.function != module.onnx) continue;
    all.append(all.empty() ? "`" : ", `").append(count.operation).append("` ");
    all.append(std::to_string(count.tests));
  }
  return all;
}

std::string pytorch_cases(const Module& module) {
  static const auto kept = count_cases();
  const auto found = kept.find(module.cases);
  if (found != kept.end()) return std::to_string(found->second);
  const std::string drawn = drawn_cases(module.cases);
  return drawn.empty() ? drawn : drawn + " drawn";
}

}  // namespace actfn::modules
