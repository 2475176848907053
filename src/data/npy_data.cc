// SPDX-License-Identifier: Apache-2.0
// Arrays of samples and labels as a data set.
#include <actfn/error.h>

#include "catalogue/number.h"
#include "data/classes.h"
#include "data/directory.h"
#include "data/failure.h"
#include "data/gz_reader.h"
#include "data/npy.h"

#include <cmath>
#include <optional>

namespace actfn::data {
namespace {

namespace fs = std::filesystem;

struct Names {
  std::string samples, labels;
};

// Of those with a test part, the part for training.
constexpr const char* kNames[][2] = {
    {"X_train", "y_train"}, {"x_train", "y_train"}, {"X", "y"}, {"x", "y"}, {"data", "labels"}};

std::optional<Names> names_in(const NpyArrays& arrays) {
  for (const auto& [samples, labels] : kNames) {
    if (arrays.has(samples) && arrays.has(labels)) return Names{samples, labels};
  }
  return std::nullopt;
}

// Nothing where there is none.
std::optional<Names> test_names(const fs::path& path, const NpyArrays& arrays, const Names& train) {
  if (!train.labels.ends_with("_train")) return std::nullopt;
  const Names test = {train.samples.substr(0, 1) + "_test", "y_test"};
  const bool has_samples = arrays.has(test.samples);
  if (has_samples != arrays.has(test.labels)) {
    fail(path, "has " + (has_samples ? test.samples : test.labels) + " but no " +
                   (has_samples ? test.labels : test.samples));
  }
  return has_samples ? std::optional(test) : std::nullopt;
}

bool is_channels(std::size_t n) { return n == 1 || n == 3 || n == 4; }

// Channels may come last, as in Keras.
bool has_channels_last(const std::vector<std::size_t>& shape) {
  return shape.size() == 4 && is_channels(shape[3]);
}

SampleShape sample_shape(const NpyArray& array) {
  const auto& s = array.shape();
  if (s.size() == 2) return {1, 1, s[1]};
  if (s.size() == 3) return {1, s[1], s[2]};
  if (s.size() != 4) {
    fail(array.name(), "has the shape " + array.shape_text() +
                           "; samples need 2 dimensions, images 3, or 4 with channels");
  }
  return has_channels_last(s) ? SampleShape{s[3], s[1], s[2]} : SampleShape{s[1], s[2], s[3]};
}

// Calls f(from, to) for each number's place in the array and in the samples.
template <class F>
void for_each_number(const NpyArray& array, const SampleShape& shape, const F& f) {
  const std::size_t plane = shape.height * shape.width;
  const bool moves = has_channels_last(array.shape()) && shape.channels > 1;
  for (std::size_t to = 0; to < array.size(); ++to) {
    const std::size_t within = to % shape.size();
    const std::size_t from =
        moves ? to - within + within % plane * shape.channels + within / plane : to;
    f(from, to);
  }
}

float finite_at(const NpyArray& array, std::size_t i, std::size_t row) {
  const double value = array.at(i);
  const auto number = static_cast<float>(value);
  if (!std::isfinite(number)) {
    fail(array.name(), "sample " + std::to_string(i / row) + ", number " + std::to_string(i % row) +
                           " is " + write_number(value) + ", not a finite number of float32");
  }
  return number;
}

// Bytes stay bytes where they are images.
void set_samples(NpyArray array, const SampleShape& shape, Samples& samples) {
  samples.count = array.shape()[0];
  samples.features = shape.size();
  const std::size_t size = array.size();
  if (!array.is_bytes() || array.shape().size() == 2) {
    require_size(array.name(), Size(size) * sizeof(float));
    samples.floats.resize(size);
    for_each_number(array, shape, [&](std::size_t from, std::size_t to) {
      samples.floats[to] = finite_at(array, from, samples.features);
    });
    return;
  }
  samples.bytes.resize(size);
  for_each_number(array, shape, [&](std::size_t from, std::size_t to) {
    samples.bytes[to] = array.byte_at(from);
  });
}

std::vector<double> label_values(const NpyArray& array, std::size_t samples) {
  const auto& s = array.shape();
  const bool is_column = s.size() == 2 && s[1] == 1;
  if (s.size() != 1 && !is_column) {
    fail(array.name(),
         "has the shape " + array.shape_text() + "; there must be one label for each sample");
  }
  if (s[0] != samples) {
    fail(array.name(),
         "has " + std::to_string(s[0]) + " labels for " + std::to_string(samples) + " samples");
  }
  std::vector<double> values(array.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = array.at(i);
  return values;
}

struct LabelPart {
  fs::path labels_file;
  std::vector<double> labels;
};

LabelPart read_part(const NpyArrays& arrays, const Names& names, Dataset& set, Samples& samples) {
  NpyArray array = arrays.read(names.samples);
  const SampleShape shape = sample_shape(array);
  if (set.shape.size() == 0) set.shape = shape;
  if (shape != set.shape) {
    fail(array.name(),
         "its samples are " + to_string(shape) + ", those for training " + to_string(set.shape));
  }
  if (array.shape().size() == 2 && set.feature_names.empty()) {
    for (std::size_t i = 0; i < shape.width; ++i)
      set.feature_names.push_back("x" + std::to_string(i));
  }
  set_samples(std::move(array), shape, samples);
  const NpyArray labels = arrays.read(names.labels);
  return {labels.name(), label_values(labels, samples.count)};
}

NumberedLabels whole(const LabelPart& part) {
  NumberedLabels labels = {part.labels_file, {}};
  for (std::size_t i = 0; i < part.labels.size(); ++i) {
    const double value = part.labels[i];
    if (!is_class_number(value)) {
      fail(part.labels_file, "label " + std::to_string(i) + " is " + write_number(value) +
                                 ", classes have whole numbers");
    }
    labels.values.push_back(static_cast<std::int64_t>(value));
  }
  return labels;
}

void set_targets(const LabelPart& part, Samples& samples) {
  for (std::size_t i = 0; i < part.labels.size(); ++i) {
    const auto target = static_cast<float>(part.labels[i]);
    if (!std::isfinite(target)) {
      fail(part.labels_file, "label " + std::to_string(i) + " is " + write_number(part.labels[i]) +
                                 ", not a finite number of float32");
    }
    samples.targets.push_back(target);
  }
}

void set_labels(Dataset& set, const LabelPart& train, const LabelPart& test,
                const ReadOptions& options) {
  const bool is_image = set.feature_names.empty();
  set.task = options.task.value_or(task_of(train.labels, is_image));
  if (set.task == Task::classification) return set_classes(set, whole(train), whole(test));
  set_targets(train, set.train);
  set_targets(test, set.test);
}

class NpyDirectory : public NpyArrays {
 public:
  explicit NpyDirectory(fs::path directory) : directory_(std::move(directory)) {}
  bool has(const std::string& name) const override {
    return is_there(directory_ / (name + ".npy"));
  }
  NpyArray read(const std::string& name) const override {
    GzReader file(directory_ / (name + ".npy"));
    return NpyArray(file);
  }

 private:
  fs::path directory_;
};

}  // namespace

bool has_samples(const NpyArrays& arrays) { return names_in(arrays).has_value(); }

bool has_npy(const fs::path& directory) { return has_samples(NpyDirectory(directory)); }

Dataset read_arrays(const fs::path& path, const NpyArrays& arrays, const ReadOptions& options) {
  const auto names = names_in(arrays);
  if (!names) {
    fail(path,
         "has none of these pairs of arrays: X and y, x and y, data and labels, X_train and "
         "y_train, x_train and y_train");
  }
  const auto test_part = test_names(path, arrays, *names);
  Dataset set;
  const LabelPart train = read_part(arrays, *names, set, set.train);
  LabelPart test;
  if (test_part) test = read_part(arrays, *test_part, set, set.test);
  set_labels(set, train, test, options);
  return set;
}

Dataset read_npy(const fs::path& directory, const ReadOptions& options) {
  Dataset set = read_arrays(directory, NpyDirectory(directory), options);
  set.format = "npy";
  return set;
}

}  // namespace actfn::data
