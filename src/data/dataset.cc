// SPDX-License-Identifier: Apache-2.0
// Which format a path has.
#include "data/dataset.h"

#include <actfn/error.h>

#include "data/csv.h"
#include "data/directory.h"
#include "data/failure.h"
#include "data/idx.h"
#include "data/image_folders.h"
#include "data/npy.h"
#include "data/recall.h"

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

// DIRECTORY/train.csv or the like; nothing where there is no such file.
std::optional<fs::path> table_in(const fs::path& directory, const std::string& name) {
  for (const char* end : {".csv", ".tsv", ".csv.gz", ".tsv.gz"}) {
    if (is_there(directory / (name + end))) return directory / (name + end);
  }
  return std::nullopt;
}

Dataset read_directory(const fs::path& path, const ReadOptions& options) {
  const auto sets = idx_sets(path);
  if (sets.size() > 1) {
    fail(path, "holds several data sets (" + listed_sets(sets) +
                   "): give the path of one, such as " + (path / sets.back()).string());
  }
  if (sets.size() == 1) return read_idx(path, sets.front());
  if (const auto train = table_in(path, "train")) {
    const auto test = table_in(path, "test");
    return test ? read_csv(*train, *test, options) : read_csv(*train, options);
  }
  if (has_npy(path)) return read_npy(path, options);
  if (has_image_folders(path)) return read_image_folders(path);
  fail(path,
       "holds no data set: no IDX files (train-images-idx3-ubyte), no train.csv, no X.npy with "
       "y.npy, no folders of images");
}

// DIRECTORY/emnist-letters, one of the sets of a directory.
bool is_idx_set(const fs::path& path) {
  const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (path.filename().empty() || !is_folder(parent)) return false;
  return std::ranges::count(idx_sets(parent), path.filename().string()) > 0;
}

Dataset read_any(const fs::path& path, const ReadOptions& options) {
  if (is_folder(path)) return read_directory(path, options);
  if (!is_there(path) && is_idx_set(path)) {
    return read_idx(path.has_parent_path() ? path.parent_path() : fs::path("."),
                    path.filename().string());
  }
  if (!is_there(path)) fail(path, "No such file or directory");
  if (!table_extension(path).empty()) return read_csv(path, options);
  if (path.extension() == ".npz") return read_npz(path, options);
  if (path.extension() == ".npy") {
    fail(path, "is one array: give a directory with X.npy and y.npy, or an .npz that has both");
  }
  fail(path, "is of no known format: give a directory, or a file .csv, .tsv or .npz");
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
  const auto recall = parse_recall(path.string());
  Dataset set = recall ? make(*recall) : read_any(path, options);
  set.path = path;
  if (set.label_name.empty() && !options.label.empty()) {
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
  if (is_folder(debian)) return debian;
  return std::nullopt;
}

}  // namespace actfn::data
