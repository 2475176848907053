// SPDX-License-Identifier: Apache-2.0
// Reads safetensors files: eight bytes that say how long the header is, the header in JSON, data.
// https://github.com/huggingface/safetensors
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::conformance {

class Safetensors {
 public:
  struct Entry {
    std::string type;  // "F32", "F64", "BF16", "F16", "U8", …
    std::vector<std::size_t> shape;
    std::string_view bytes;  // little-endian
  };

  // Throws std::runtime_error, "FILE: what is wrong", for anything that the format does not allow.
  static Safetensors read(const std::filesystem::path& file);
  static Safetensors parse(std::string bytes);

  Safetensors(Safetensors&&) = default;

  // Throws std::runtime_error where the name is not there.
  const Entry& entry(const std::string& name) const;
  const std::string& metadata(const std::string& name) const;

 private:
  explicit Safetensors(std::string bytes);
  void read_header(std::size_t length);

  std::string bytes_;
  std::map<std::string, Entry> entries_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace actfn::conformance
