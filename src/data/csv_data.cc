// SPDX-License-Identifier: Apache-2.0
// A table as samples: numbers as they are, a column for each category.
#include "catalogue/quote.h"
#include "data/columns.h"
#include "data/failure.h"

namespace actfn::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostCategories = 1000;  // of a feature: each takes a column

std::vector<Column> features_of(const Table& train, std::size_t label) {
  if (train.columns().size() == 1) fail(train.file(), "has no column beside the label");
  std::vector<Column> all;
  for (std::size_t i = 0; i < train.columns().size(); ++i) {
    if (i != label) all.push_back(column_of(train, i, kMostCategories));
  }
  return all;
}

std::vector<std::string> names_of(const Table& train, const std::vector<Column>& features) {
  std::vector<std::string> names;
  for (const Column& column : features) {
    const std::string& name = train.columns()[column.at];
    if (column.is_numeric) names.push_back(name);
    for (const auto& category : column.categories) {
      names.push_back(name);
      names.back().append("=").append(category);
    }
  }
  return names;
}

void read_features(const Table& table, const std::vector<Column>& features, Samples& samples) {
  samples.count = table.rows();
  for (const Column& column : features) samples.features += column.width();
  const Size size = Size(samples.count) * samples.features;
  if (size * sizeof(float) > kMostBytes) {
    fail(table.file(), "its " + std::to_string(samples.count) + " rows of " +
                           std::to_string(samples.features) +
                           " features (one for each category) take more than 2 GiB");
  }
  samples.floats.resize(size.value());
  float* to = samples.floats.data();
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (const Column& column : features) {
      if (column.is_numeric) {
        *to = float_at(table, row, column.at);
      } else {
        to[category_at(table, row, column)] = 1;
      }
      to += column.width();
    }
  }
}

Dataset read_train(const Table& train, const std::vector<Column>& features,
                   const LabelReader& labels) {
  Dataset set;
  set.format = "CSV";
  set.task = labels.task();
  set.classes = labels.classes();
  set.label_name = train.columns()[labels.at()];
  set.feature_names = names_of(train, features);
  set.shape = {1, 1, set.feature_names.size()};
  read_features(train, features, set.train);
  labels.read(train, set.train);
  return set;
}

void require_same_columns(const Table& train, const Table& test) {
  const auto& want = train.columns();
  const auto& got = test.columns();
  const std::string name = train.file().filename().string();
  if (got.size() != want.size()) {
    fail(test.file(), "has " + std::to_string(got.size()) + " columns, " + name + " has " +
                          std::to_string(want.size()));
  }
  for (std::size_t i = 0; i < want.size(); ++i) {
    if (got[i] == want[i]) continue;
    fail(test.file(), "column " + std::to_string(i + 1) + " is " + in_quotes(got[i]) + ", in " +
                          name + " it is " + in_quotes(want[i]));
  }
}

}  // namespace

Dataset read_csv(const fs::path& file, const ReadOptions& options) {
  const Table train(file);
  const LabelReader labels(train, options);
  return read_train(train, features_of(train, labels.at()), labels);
}

Dataset read_csv(const fs::path& train_file, const fs::path& test_file,
                 const ReadOptions& options) {
  const Table train(train_file);
  const Table test(test_file);
  require_same_columns(train, test);
  const LabelReader labels(train, options);
  const auto features = features_of(train, labels.at());
  Dataset set = read_train(train, features, labels);
  read_features(test, features, set.test);
  labels.read(test, set.test);
  return set;
}

}  // namespace actfn::data
