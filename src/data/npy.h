// SPDX-License-Identifier: Apache-2.0
// Arrays in NumPy's format npy, versions 1 to 3.
#pragma once

#include "data/byte_source.h"
#include "data/dataset.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::data {

// Numbers in C order, each with its least significant byte first.
class NpyArray {
 public:
  // Throws std::runtime_error for what is no such array, and for types that are no numbers.
  explicit NpyArray(ByteSource& from);

  const std::filesystem::path& name() const { return name_; }  // for messages
  const std::vector<std::size_t>& shape() const { return shape_; }
  std::string shape_text() const;  // "(60000, 28, 28)"
  std::size_t size() const { return bytes_.size() / width_; }
  bool is_bytes() const { return kind_ == 'u' && width_ == 1; }

  std::uint8_t byte_at(std::size_t i) const { return bytes_[i]; }  // where is_bytes()
  // Whole numbers beyond 2^53 are rounded.
  double at(std::size_t i) const;

 private:
  std::filesystem::path name_;
  std::vector<std::size_t> shape_;
  char kind_ = 'u';  // b (truth values), u, i or f
  std::size_t width_ = 1;
  std::vector<std::uint8_t> bytes_;
};

// What an array's header says.
struct NpyHeader {
  std::string type;  // "<f8"
  bool is_fortran = false;
  std::vector<std::size_t> shape;
};

// {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }; fails in the name of `file`.
NpyHeader parse_npy_header(const std::filesystem::path& file, std::string_view text);

// Arrays by name: of an archive, or of a directory.
class NpyArrays {
 public:
  NpyArrays() = default;
  virtual ~NpyArrays() = default;
  NpyArrays(const NpyArrays&) = delete;
  NpyArrays& operator=(const NpyArrays&) = delete;
  virtual bool has(const std::string& name) const = 0;
  virtual NpyArray read(const std::string& name) const = 0;
};

// Whether the directory has X.npy, X_train.npy or the like.
bool has_npy(const std::filesystem::path& directory);

Dataset read_npy(const std::filesystem::path& directory, const ReadOptions& options);
Dataset read_npz(const std::filesystem::path& file, const ReadOptions& options);

// What both have in common. `path` is for messages.
Dataset read_arrays(const std::filesystem::path& path, const NpyArrays& arrays,
                    const ReadOptions& options);

// Whether there are a part for training, or all samples, by their usual names.
bool has_samples(const NpyArrays& arrays);

}  // namespace actfn::data
