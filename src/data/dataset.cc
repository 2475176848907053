// SPDX-License-Identifier: Apache-2.0
// Which format a path has.
#include "data/dataset.h"

#include <actfn/error.h>

#include "data/failure.h"
#include "data/idx.h"

#include <algorithm>

namespace actfn::data {
namespace {

namespace fs = std::filesystem;

std::string listed_sets(const std::vector<std::string>& sets) {
  std::string text;
  for (const auto& set : sets) {
    text += (text.empty() ? "" : ", ") + (set.empty() ? "one without a name" : set);
  }
  return text;
}

Dataset read_directory(const fs::path& path) {
  const auto sets = idx_sets(path);
  if (sets.size() > 1) {
    fail(path, "holds several data sets (" + listed_sets(sets) +
                   "): give the path of one, such as " + (path / sets.back()).string());
  }
  if (sets.size() == 1) return read_idx(path, sets.front());
  fail(path, "holds no data set: no IDX files (train-images-idx3-ubyte)");
}

// DIRECTORY/emnist-letters, one of the sets of a directory.
bool is_idx_set(const fs::path& path) {
  const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (path.filename().empty() || !fs::is_directory(parent)) return false;
  return std::ranges::count(idx_sets(parent), path.filename().string()) > 0;
}

Dataset read_any(const fs::path& path) {
  if (fs::is_directory(path)) return read_directory(path);
  if (!fs::exists(path) && is_idx_set(path)) {
    return read_idx(path.has_parent_path() ? path.parent_path() : fs::path("."),
                    path.filename().string());
  }
  if (!fs::exists(path)) fail(path, "No such file or directory");
  fail(path, "is not a directory");
}

void split_test_off(Dataset& set, double share) {
  if (set.train.count < 2) fail(set.path, "has 1 sample, too few to split off a test part");
  auto [train, test] = split(set.train, share, set.classes.size());
  if (train.count == 0 || test.count == 0) {
    fail(set.path,
         "has " + std::to_string(set.train.count) + " samples, too few to split off a test part");
  }
  set.train = std::move(train);
  set.test = std::move(test);
  set.test_was_split_off = true;
}

}  // namespace

Dataset read(const fs::path& path, const ReadOptions& options) {
  Dataset set = read_any(path);
  set.path = path;
  if (set.feature_names.empty() && !options.label.empty()) {
    throw Error("[data] label is for tables: " + path.string() + " has the format " + set.format);
  }
  if (set.task != options.task.value_or(set.task)) {
    throw Error("[data] " + path.string() + ": its labels are classes, not the numbers of a " +
                "regression");
  }
  if (set.test.count == 0) split_test_off(set, options.test_share);
  return set;
}

std::optional<fs::path> find_fashion_mnist() {
  const fs::path debian = "/usr/share/datasets/fashion-mnist";
  if (fs::is_directory(debian)) return debian;
  return std::nullopt;
}

}  // namespace actfn::data
