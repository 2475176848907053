// SPDX-License-Identifier: Apache-2.0
// Writes all cases for scripts/check-onnx: write_cases DIR. NUMBER.onnx is a model, and
// NUMBER.safetensors has x, y and scale, and the case's name, group and opset. networks/NUMBER is a
// network's weights, as save() writes them.
#include <actfn/nn/nn.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <utility>

#include "files/safetensors.h"
#include "instances.h"
#include "onnx/cases.h"

namespace actfn::testing {
namespace {

namespace fs = std::filesystem;

std::string number(std::size_t n) {
  std::string digits = std::to_string(n);
  return std::string(5 - digits.size(), '0') + digits;
}

class Writer {
 public:
  explicit Writer(fs::path directory) : directory_(std::move(directory)) {
    fs::create_directories(directory_ / "networks");
  }

  void write(const OnnxCase& c) {
    const std::string name = number(count_++);
    const std::pair<std::string, std::string> about[] = {
        {"name", c.name}, {"group", c.group}, {"opset", std::to_string(c.opset)}};
    const std::vector<files::NamedTensor> tensors = {
        {"x", c.x.shape, {c.x.values.begin(), c.x.values.end()}},
        {"y", {c.y.size()}, c.y},
        {"scale", {c.scale.size()}, {c.scale.begin(), c.scale.end()}}};
    put(directory_ / (name + ".onnx"), c.model);
    put(directory_ / (name + ".safetensors"), files::safetensors(tensors, about));
  }
  void write(NamedNetwork& network) {
    const std::string name = number(networks_++) + ".safetensors";
    nn::save(network.network, directory_ / "networks" / name);
    for (const OnnxCase& c : network_cases(network)) write(c);
  }
  std::size_t count() const { return count_; }

 private:
  static void put(const fs::path& file, const std::string& bytes) {
    std::ofstream out(file, std::ios::binary);
    out << bytes;
    if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
  }

  fs::path directory_;
  std::size_t count_ = 0;
  std::size_t networks_ = 0;
};

int run(const fs::path& directory) {
  Writer writer(directory);
  for (const Activation& f : instances()) {
    for (const OnnxCase& c : elementwise_cases(f)) writer.write(c);
  }
  for (const Function& f : other_functions()) {
    for (const OnnxCase& c : function_cases(f)) writer.write(c);
  }
  for (NamedNetwork& network : networks()) writer.write(network);
  for (NamedNetwork& network : image_networks()) writer.write(network);
  for (NamedNetwork& network : attention_networks()) writer.write(network);
  std::printf("%zu cases in %s\n", writer.count(), directory.c_str());
  return 0;
}

}  // namespace
}  // namespace actfn::testing

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: actfn_onnx_cases DIR\n", stderr);
    return 2;
  }
  try {
    return actfn::testing::run(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
