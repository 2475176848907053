// SPDX-License-Identifier: Apache-2.0
// A data set: samples for training and for testing, with what is known about them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace actfn::data {

enum class Task { classification, regression };

// Of an image, whose numbers lie as [channels, height, width]; a row of a table is {1, 1,
// features}.
struct SampleShape {
  std::size_t channels = 0;
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t size() const { return channels * height * width; }
  bool operator==(const SampleShape&) const = default;
};

// "3x32x32"; "28x28" where there is one channel.
std::string to_string(const SampleShape& shape);

// A matrix [count, features], row-major, and what is known about each row.
struct Samples {
  std::size_t count = 0;
  std::size_t features = 0;
  // Images keep their bytes, other features are floats: exactly one of the two is filled.
  std::vector<std::uint8_t> bytes;
  std::vector<float> floats;
  std::vector<std::uint32_t> labels;  // of a classification: indices of classes
  std::vector<float> targets;         // of a regression
};

struct Dataset {
  std::filesystem::path path;
  std::string format;  // "IDX", "CSV", "npy", "npz", "images"
  Task task = Task::classification;
  SampleShape shape;
  std::size_t vocabulary = 0;        // of sequences: their features are whole numbers below it
  std::vector<std::string> classes;  // their names: numbers where the data have no others
  std::vector<std::string> feature_names;  // of tables: "width", "colour=red"; empty for images
  std::string label_name;                  // of tables
  Samples train, test;
  bool test_was_split_off = false;  // what was read had no test part
};

struct ReadOptions {
  std::string label;         // the column of a table; empty: one with a usual name
  std::optional<Task> task;  // nothing: as the labels look
  double test_share = 0.2;   // of what is split off where there is no test part
};

// Finds out the format of a file or directory, and reads it; docs/data.md describes the formats. A
// path that is the name of data which can be made, "recall" or "recall(pairs=8)", makes these.
// Throws Error for options that do not fit, and std::runtime_error that names the file and what is
// wrong with it. No more memory is taken than what the file really holds asks for, and at most a
// few times 2 GiB.
Dataset read(const std::filesystem::path& path, const ReadOptions& options = {});

// Two parts of the samples, the second with `share` of them (0 < share < 1): the same at each call,
// drawn from each class by its share, with the largest remainders for the rest. A class of at least
// two samples has at least one in both parts, one of a single sample has it in the first. Both
// parts keep the order of the samples. `classes`: how many there are; without labels it is ignored.
std::pair<Samples, Samples> split(const Samples& samples, double share, std::size_t classes);
// The second part alone.
Samples split_off(const Samples& samples, double share, std::size_t classes);

// By feature; empty for bytes.
struct Standardisation {
  std::vector<double> mean;
  std::vector<double> deviation;  // 1 for a feature that is constant
};

Standardisation fit(const Samples& train);

// (x - mean) / deviation in double, rounded once; bytes are left alone. What is beyond float32
// becomes its largest number.
void apply(const Standardisation& to, Samples& samples);

// Where Debian's package dataset-fashion-mnist puts it, or nothing if it is not installed.
std::optional<std::filesystem::path> find_fashion_mnist();

}  // namespace actfn::data
