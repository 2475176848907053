// SPDX-License-Identifier: Apache-2.0
// Files of weights as Hugging Face's safetensors describes them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace actfn::files {

struct HeaderTensor;

struct NamedTensor {
  std::string name;                // none twice, in UTF-8
  std::vector<std::size_t> shape;  // row-major
  std::vector<float> values;
  bool whole = false;  // written as int64
};

// The bytes of a file: the length of the header, the header, which is JSON, and the numbers as
// little-endian float32 or int64, tensor by tensor. `metadata` is for readers: {"format", "pt"}
// says that names and layouts are PyTorch's. Throws Error where a shape does not fit the values:
// "[safetensors] 0.weight: 6 values, but the shape has room for 4".
std::string safetensors(std::span<const NamedTensor> tensors,
                        std::span<const std::pair<std::string, std::string>> metadata);

// "3x4", or "()".
std::string shape_text(std::span<const std::size_t> shape);

// A file that was read: its tensors are views of its bytes.
class Safetensors {
 public:
  struct Entry {
    std::string type;                // "F32", "F64", "BF16", "F16", "U8", …
    std::vector<std::size_t> shape;  // row-major
    std::string_view bytes;          // little-endian
  };

  // Reads a file, or bytes that are called `name` in messages. Throws Error for anything that the
  // format does not allow: "[safetensors] NAME: the header is longer than the file". read() throws
  // std::runtime_error("[safetensors] FILE: cannot be read: …") where the system does not let it.
  static Safetensors read(const std::filesystem::path& file);
  static Safetensors parse(std::string bytes, std::string name);

  // By name. Throws Error where there is none: "[safetensors] FILE: there is no tensor 'a'".
  const Entry& entry(const std::string& name) const;
  const std::string& metadata(const std::string& key) const;

  const std::map<std::string, Entry>& entries() const { return entries_; }
  const std::map<std::string, std::string>& all_metadata() const { return metadata_; }
  const std::string& name() const { return name_; }
  // Throws Error("[safetensors] NAME: WHAT").
  [[noreturn]] void fail(const std::string& what) const;

 private:
  Safetensors(std::string bytes, std::string name);
  void read_header();
  void add(const std::string& name, const HeaderTensor& tensor, std::string_view data);
  void require_cover(const std::map<std::string, HeaderTensor>& tensors, std::size_t size) const;

  std::string name_;
  std::unique_ptr<const std::string> bytes_;  // which stay where they are
  std::map<std::string, Entry> entries_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace actfn::files
