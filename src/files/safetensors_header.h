// SPDX-License-Identifier: Apache-2.0
// The header of a safetensors file, as text.
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::files {

struct HeaderTensor {
  std::string type;
  std::vector<std::uint64_t> shape, offsets;
};

struct Header {
  std::map<std::string, HeaderTensor> tensors;
  std::map<std::string, std::string> metadata;
};

// What is wrong with a header, without the name of the file.
struct HeaderError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throws HeaderError where it is not JSON of exactly the form that the format describes. A text as
// deep or as large as its author likes takes no more memory than a few times its length.
Header parse_header(std::string_view text);

}  // namespace actfn::files
