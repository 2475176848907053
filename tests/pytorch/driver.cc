// SPDX-License-Identifier: Apache-2.0
// Runs cases through the library: pytorch_driver CASES RESULTS, both safetensors files. run.py
// writes the first and reads the second. The metadata of CASES name the module and each case's
// arguments; its tensors are "INDEX.NAME". RESULTS has the outputs under such names, and in its
// metadata what an Error said.
#include <actfn/error.h>

#include <cstring>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include "files/safetensors.h"
#include "pytorch/case.h"

namespace actfn::pytorch {
namespace {

using files::Safetensors;

std::map<std::string, Run, std::less<>>& modules() {
  static std::map<std::string, Run, std::less<>> all;
  return all;
}

Array array_of(const Safetensors::Entry& entry) {
  std::vector<std::byte> bytes(entry.bytes.size());
  if (!bytes.empty()) std::memcpy(bytes.data(), entry.bytes.data(), bytes.size());
  return {entry.type, entry.shape, std::move(bytes)};
}

Case case_of(const Safetensors& file, const std::string& index, const Json& text) {
  Case given{text.at("arguments"), {}};
  for (const std::string name : text.at("inputs")) {
    given.inputs[name] = array_of(file.entry(index + "." + name));
  }
  return given;
}

void write(const std::string& path, const std::map<std::string, Array>& tensors,
           const Json& errors) {
  Json header = {{"__metadata__", {{"errors", errors.dump()}}}};
  std::size_t end = 0;
  for (const auto& [name, array] : tensors) {
    const std::size_t begin = std::exchange(end, end + array.bytes().size());
    header[name] = {
        {"dtype", array.type()}, {"shape", array.shape()}, {"data_offsets", {begin, end}}};
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // the data begin at a multiple of 8 bytes
  std::ofstream out(path, std::ios::binary);
  for (int i = 0; i < 8; ++i) out.put(static_cast<char>(text.size() >> (8 * i) & 0xFF));
  out << text;
  for (const auto& [name, array] : tensors) {
    out.write(reinterpret_cast<const char*>(array.bytes().data()),
              static_cast<std::streamsize>(array.bytes().size()));
  }
  out.close();
  if (!out) throw std::runtime_error(path + ": cannot be written");
}

void run(const std::string& cases, const std::string& results) {
  const Safetensors file = Safetensors::read(cases);
  const Json about = Json::parse(file.metadata("actfn"));
  const std::string name = about.at("module");
  const auto found = modules().find(name);
  if (found == modules().end()) throw std::runtime_error("there is no module " + name);
  std::map<std::string, Array> tensors;
  Json errors = Json::object();
  for (const auto& [index, text] : about.at("cases").items()) {
    try {
      for (auto& [output, array] : found->second(case_of(file, index, text))) {
        tensors[index + "." + output] = std::move(array);
      }
    } catch (const std::exception& e) {
      errors[index] = e.what();
    }
  }
  write(results, tensors, errors);
}

}  // namespace

Module::Module(std::string_view name, Run run) { modules().emplace(name, run); }

}  // namespace actfn::pytorch

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: pytorch_driver CASES RESULTS\n";
    return 2;
  }
  try {
    actfn::pytorch::run(argv[1], argv[2]);
  } catch (const std::exception& e) {
    std::cerr << "pytorch_driver: " << e.what() << '\n';
    return 1;
  }
  return 0;
}
