// SPDX-License-Identifier: Apache-2.0
// Images and labels in the IDX format of MNIST, plain or gzipped.
#pragma once

#include "data/dataset.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace actfn::data {

struct Images {
  std::size_t count = 0;
  SampleShape shape;
  std::vector<std::uint8_t> pixels;  // [count, channels, height, width]
};

// Each throws std::runtime_error that names the file and what is wrong with it: missing, a
// truncated or damaged .gz, a wrong magic number, a size that does not fit the data.
// Unsigned bytes of three dimensions, or of four with channels.
Images read_images(const std::filesystem::path& file);
// Unsigned bytes or 32-bit integers, one for each image; of rows of them, as QMNIST has, the first.
std::vector<std::int64_t> read_labels(const std::filesystem::path& file);

// What the names of the IDX files of a directory have before "train-images" and the like, each
// once, sorted: "" for MNIST's own names, "emnist-letters". Empty where it has no such files.
std::vector<std::string> idx_sets(const std::filesystem::path& directory);

// One of these sets.
Dataset read_idx(const std::filesystem::path& directory, const std::string& set);

}  // namespace actfn::data
