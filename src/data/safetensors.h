// SPDX-License-Identifier: Apache-2.0
// Files of weights as Hugging Face's safetensors describes them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace actfn::data {

struct NamedTensor {
  std::string name;                // none twice, in UTF-8
  std::vector<std::size_t> shape;  // row-major
  std::vector<float> values;
};

// The bytes of a file: the length of the header, the header, which is JSON, and the numbers as
// little-endian float32, tensor by tensor. `metadata` is for readers: {"format", "pt"} says that
// names and layouts are PyTorch's. Throws Error where a shape does not fit the values:
// "[safetensors] 0.weight: 6 values, but the shape has room for 4".
std::string safetensors(std::span<const NamedTensor> tensors,
                        std::span<const std::pair<std::string, std::string>> metadata);

}  // namespace actfn::data
