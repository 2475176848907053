// SPDX-License-Identifier: Apache-2.0
// toy_data() as the four IDX files that compare reads.
#pragma once

#include "toy_data.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>

namespace actfn::testing {

inline void write_idx(const std::filesystem::path& file, std::initializer_list<std::size_t> header,
                      const std::vector<std::uint8_t>& bytes) {
  std::ofstream out(file, std::ios::binary);
  for (const std::size_t number : header) {
    for (const unsigned shift : {24U, 16U, 8U, 0U}) out.put(static_cast<char>(number >> shift));
  }
  for (const std::uint8_t byte : bytes) out.put(static_cast<char>(byte));
}

inline void write_toy_files(const std::filesystem::path& directory) {
  constexpr std::size_t kImages = 0x803;
  constexpr std::size_t kLabels = 0x801;
  const data::Dataset data = toy_data();
  const auto write = [&](const std::string& name, const data::Samples& set) {
    write_idx(directory / (name + "-images-idx3-ubyte"),
              {kImages, set.count, data.shape.height, data.shape.width}, set.bytes);
    write_idx(directory / (name + "-labels-idx1-ubyte"), {kLabels, set.count},
              {set.labels.begin(), set.labels.end()});
  };
  write("train", data.train);
  write("t10k", data.test);
}

}  // namespace actfn::testing
