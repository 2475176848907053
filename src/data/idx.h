// SPDX-License-Identifier: Apache-2.0
// Images and labels in the IDX format of MNIST, plain or gzipped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace actfn::data {

struct Images {
  std::size_t count = 0;
  std::size_t height = 0;
  std::size_t width = 0;
  std::vector<std::uint8_t> pixels;  // [count, height, width]
  std::size_t size() const { return height * width; }
};

struct Labelled {
  Images images;
  std::vector<std::uint8_t> labels;  // one an image
};

struct Dataset {
  std::filesystem::path directory;
  Labelled train, test;
};

// Each throws std::runtime_error that names the file and what is wrong with it: missing, a
// truncated or damaged .gz, a wrong magic number, a size that does not fit the data.
Images read_images(const std::filesystem::path& file);
std::vector<std::uint8_t> read_labels(const std::filesystem::path& file);

// The four files train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
// t10k-labels-idx1-ubyte of a directory, each plain or with ".gz". Also checks that counts and
// image sizes agree, and that no label is above 9.
Dataset read_dataset(const std::filesystem::path& directory);

// Where Debian's package dataset-fashion-mnist puts them, or nothing if it is not installed.
std::optional<std::filesystem::path> find_fashion_mnist();

}  // namespace actfn::data
