// SPDX-License-Identifier: Apache-2.0
// Classes of labels that are whole numbers.
#pragma once

#include "data/dataset.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace actfn::data {

inline constexpr std::size_t kMostClasses = 65536;

struct NumberedLabels {
  std::filesystem::path file;  // for messages
  std::vector<std::int64_t> values;
};

// Whether it is whole, and small enough that doubles have its neighbours.
bool is_class_number(double value);

// A classification where all labels are such numbers, of images any, of other samples few.
Task task_of(const std::vector<double>& labels, bool is_image);
inline constexpr std::size_t kFewClasses = 20;

// Fails where `file` has more classes than that, or only one.
void require_classes(const std::filesystem::path& file, const std::vector<std::string>& classes);

// The classes are the labels of the training part, each once, in ascending order. Fails for a label
// of the test part that is none of them. `test` may be empty.
void set_classes(Dataset& set, const NumberedLabels& train, const NumberedLabels& test);

}  // namespace actfn::data
