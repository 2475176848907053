// SPDX-License-Identifier: Apache-2.0
// The names of IDX files: [SET-](train|t10k|test)-(images|labels)-idx3-ubyte, also with a dot
// before idx, plain or with .gz.
#include "data/classes.h"
#include "data/directory.h"
#include "data/failure.h"
#include "data/idx.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace actfn::data {
namespace {

namespace fs = std::filesystem;

struct IdxFile {
  std::string set;   // "" or "emnist-letters"
  std::string part;  // "train", "t10k" or "test"
  bool has_images;
  fs::path path;

  bool is_train() const { return part == "train"; }
};

bool take_end(std::string_view& text, std::string_view end) {
  if (!text.ends_with(end)) return false;
  text.remove_suffix(end.size());
  return true;
}

bool take_any_end(std::string_view& text, std::initializer_list<std::string_view> ends) {
  return std::ranges::any_of(ends, [&](std::string_view end) { return take_end(text, end); });
}

std::optional<IdxFile> parse(const fs::path& path) {
  const std::string name = path.filename().string();
  std::string_view rest = name;
  take_end(rest, ".gz");
  if (!take_any_end(rest, {"idx1-ubyte", "idx3-ubyte", "idx4-ubyte", "idx1-int", "idx2-int"})) {
    return std::nullopt;
  }
  if (!take_any_end(rest, {"-", "."})) return std::nullopt;
  const bool has_images = rest.ends_with("-images");
  if (!take_any_end(rest, {"-images", "-labels"})) return std::nullopt;
  for (const std::string_view part : {"train", "t10k", "test"}) {
    if (!take_end(rest, part)) continue;
    if (!rest.empty() && !take_end(rest, "-")) return std::nullopt;
    return IdxFile{std::string(rest), std::string(part), has_images, path};
  }
  return std::nullopt;
}

// A plain file comes before its .gz.
std::vector<IdxFile> list(const fs::path& directory) {
  std::vector<IdxFile> all;
  for (const auto& path : entries_of(directory)) {
    if (auto file = parse(path)) all.push_back(std::move(*file));
  }
  return all;
}

const IdxFile* find(const std::vector<IdxFile>& files, bool is_train, bool has_images) {
  const auto at = std::ranges::find_if(files, [&](const IdxFile& file) {
    return file.is_train() == is_train && file.has_images == has_images;
  });
  return at == files.end() ? nullptr : &*at;
}

// `other` is a file of the same part, or null.
[[noreturn]] void fail_missing(const fs::path& directory, const std::string& set, bool has_images,
                               const IdxFile* other) {
  std::string name = set.empty() ? "" : set + "-";
  name += other == nullptr ? "train" : other->part;
  name += has_images ? "-images-idx3-ubyte" : "-labels-idx1-ubyte";
  fail(directory, "has neither " + name + " nor " + name + ".gz");
}

struct IdxPart {
  Images images;
  NumberedLabels labels;
};

IdxPart read_part(const IdxFile& images, const IdxFile& labels) {
  IdxPart part = {read_images(images.path), {labels.path, read_labels(labels.path)}};
  if (part.images.count != part.labels.values.size()) {
    fail(labels.path, "has " + std::to_string(part.labels.values.size()) + " labels for the " +
                          std::to_string(part.images.count) + " images of " + images.path.string());
  }
  return part;
}

bool has_test(const std::vector<IdxFile>& files) {
  return find(files, false, true) != nullptr || find(files, false, false) != nullptr;
}

IdxPart read_part(const fs::path& directory, const std::string& set,
                  const std::vector<IdxFile>& files, bool is_train) {
  const IdxFile* images = find(files, is_train, true);
  const IdxFile* labels = find(files, is_train, false);
  if (images == nullptr) fail_missing(directory, set, true, labels);
  if (labels == nullptr) fail_missing(directory, set, false, images);
  return read_part(*images, *labels);
}

void set_images(Samples& samples, Images& images) {
  samples.count = images.count;
  samples.features = images.shape.size();
  samples.bytes = std::move(images.pixels);
}

}  // namespace

std::vector<std::string> idx_sets(const fs::path& directory) {
  std::vector<std::string> sets;
  for (const IdxFile& file : list(directory)) sets.push_back(file.set);
  std::ranges::sort(sets);
  const auto rest = std::ranges::unique(sets);
  sets.erase(rest.begin(), rest.end());
  return sets;
}

Dataset read_idx(const fs::path& directory, const std::string& set) {
  std::vector<IdxFile> files = list(directory);
  std::erase_if(files, [&](const IdxFile& file) { return file.set != set; });
  IdxPart train = read_part(directory, set, files, true);
  Dataset data;
  data.format = "IDX";
  data.shape = train.images.shape;
  set_images(data.train, train.images);
  IdxPart test;
  if (has_test(files)) {
    test = read_part(directory, set, files, false);
    if (test.images.shape != data.shape) {
      fail(directory, "training images are " + to_string(data.shape) + ", test images " +
                          to_string(test.images.shape));
    }
    set_images(data.test, test.images);
  }
  set_classes(data, train.labels, test.labels);
  return data;
}

}  // namespace actfn::data
