// SPDX-License-Identifier: Apache-2.0
#include "data/classes.h"

#include "catalogue/quote.h"
#include "data/failure.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace actfn::data {
namespace {

std::vector<std::int64_t> distinct(std::vector<std::int64_t> values) {
  std::ranges::sort(values);
  const auto rest = std::ranges::unique(values);
  values.erase(rest.begin(), rest.end());
  return values;
}

std::vector<std::uint32_t> indices(const NumberedLabels& labels,
                                   const std::vector<std::int64_t>& classes) {
  std::vector<std::uint32_t> all;
  all.reserve(labels.values.size());
  for (std::size_t i = 0; i < labels.values.size(); ++i) {
    const auto at = std::ranges::lower_bound(classes, labels.values[i]);
    if (at == classes.end() || *at != labels.values[i]) {
      fail(labels.file, "label " + std::to_string(i) + " is " + std::to_string(labels.values[i]) +
                            ", no training sample has that");
    }
    all.push_back(static_cast<std::uint32_t>(at - classes.begin()));
  }
  return all;
}

}  // namespace

bool is_class_number(double value) {
  return value == std::trunc(value) && std::abs(value) <= 0x1p53;
}

Task task_of(const std::vector<double>& labels, bool is_image) {
  if (!std::ranges::all_of(labels, is_class_number)) return Task::regression;
  std::set<double> seen;
  for (const double label : labels) {
    seen.insert(label);
    if (!is_image && seen.size() > kFewClasses) return Task::regression;
    if (seen.size() > kMostClasses) break;
  }
  return Task::classification;
}

void require_classes(const std::filesystem::path& file, const std::vector<std::string>& classes) {
  if (classes.size() > kMostClasses) {
    fail(file, "has " + std::to_string(classes.size()) + " different labels, more than " +
                   std::to_string(kMostClasses));
  }
  if (classes.size() == 1) {
    fail(file, "all labels are " + in_quotes(classes.front()) + ", so there is nothing to learn");
  }
}

void set_classes(Dataset& set, const NumberedLabels& train, const NumberedLabels& test) {
  const auto classes = distinct(train.values);
  for (const std::int64_t value : classes) set.classes.push_back(std::to_string(value));
  require_classes(train.file, set.classes);
  set.train.labels = indices(train, classes);
  set.test.labels = indices(test, classes);
}

}  // namespace actfn::data
