// SPDX-License-Identifier: Apache-2.0
// One case of make_cases.py: what goes in, and what PyTorch made of it.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "conformance/buffer.h"

namespace actfn::conformance {

// Where the elements of a tensor lie in a buffer.
struct Layout {
  Shape shape;
  Strides strides;
  std::ptrdiff_t offset = 0;
  std::size_t length = 0;  // the buffer's

  std::size_t size() const;
  // The place in the buffer of the i-th element, counted row by row.
  std::size_t place(std::size_t i) const;
};

// A tensor within its buffer.
struct Block {
  Layout layout;
  Buffer buffer;

  double operator[](std::size_t i) const { return buffer[layout.place(i)]; }
  std::size_t size() const { return layout.size(); }
  ConstTensor tensor() const;
  Tensor tensor();
  // As an array, which must be contiguous.
  ConstTensor array() const { return buffer.array(); }
  Tensor array() { return buffer.array(); }
};

struct Expected {
  Layout layout;  // of our result
  Buffer values;  // row by row
  // PyTorch in float64 from the same input, where that is something else.
  std::optional<Buffer> precise;
};

struct Case {
  std::string id, family, group, spec;
  Type type = Type::float32;
  // Differences count beside the element, not beside the largest of its tensor.
  bool by_element = false;
  std::map<std::string, Block> in;
  std::map<std::string, Expected> out;
  std::vector<std::uint8_t> mask_bytes;
  std::optional<Layout> mask;
  nlohmann::json settings;  // whatever the family adds

  const Block& input(const std::string& name) const;
  // Whether the mask lets the element i of x in.
  bool takes_part(std::size_t i) const;
  int axis() const { return settings.at("axis").get<int>(); }
};

struct CaseFile {
  std::string torch;  // its version
  std::vector<Case> cases;
};

// Throws std::runtime_error where the file is not what make_cases.py writes.
CaseFile read_cases(const std::filesystem::path& file);

}  // namespace actfn::conformance
