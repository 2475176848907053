// SPDX-License-Identifier: Apache-2.0
#include "data/image_folders.h"

#include "catalogue/quote.h"
#include "data/classes.h"
#include "data/directory.h"
#include "data/failure.h"
#include "data/image_file.h"

#include <algorithm>
#include <string_view>

namespace actfn::data {
namespace {

namespace fs = std::filesystem;

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

bool is_image(const fs::path& path) {
  std::string end = path.extension().string();
  std::ranges::transform(end, end.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return !is_hidden(path) && (end == ".png" || end == ".jpg" || end == ".jpeg");
}

std::vector<fs::path> images_in(const fs::path& folder) {
  std::vector<fs::path> all = entries_of(folder);
  std::erase_if(all, [](const fs::path& path) { return !is_image(path); });
  return all;
}

std::vector<fs::path> folders_in(const fs::path& directory) {
  std::vector<fs::path> all = entries_of(directory);
  std::erase_if(all, [](const fs::path& path) { return is_hidden(path) || !is_folder(path); });
  return all;
}

bool has_classes(const fs::path& directory) {
  return is_folder(directory) &&
         std::ranges::any_of(folders_in(directory),
                             [](const fs::path& folder) { return !images_in(folder).empty(); });
}

struct LabelledFile {
  fs::path file;
  std::uint32_t label;
};

// Sets the classes where there are none yet.
std::vector<LabelledFile> list(const fs::path& directory, std::vector<std::string>& classes) {
  const auto folders = folders_in(directory);
  if (classes.empty()) {
    for (const auto& folder : folders) classes.push_back(folder.filename().string());
  }
  std::vector<LabelledFile> files;
  for (const auto& folder : folders) {
    const std::string name = folder.filename().string();
    const auto at = std::ranges::find(classes, name);
    if (at == classes.end()) fail(folder, "no training sample has the class " + in_quotes(name));
    const auto images = images_in(folder);
    if (images.empty()) fail(folder, "has no images (.png, .jpg, .jpeg)");
    for (const auto& image : images) {
      files.push_back({image, static_cast<std::uint32_t>(at - classes.begin())});
    }
  }
  return files;
}

// `first` is the file whose size all others must have.
void read_images(const std::vector<LabelledFile>& files, const fs::path& first, Dataset& set,
                 Samples& samples) {
  for (const auto& [file, label] : files) {
    const Image image = read_image(file);
    if (set.shape.size() == 0) set.shape = image.shape;
    if (image.shape != set.shape) {
      fail(file, "is " + to_string(image.shape) + ", but " + first.string() + " is " +
                     to_string(set.shape) + ": all images must have one size and as many channels");
    }
    if (samples.count == 0) {
      samples.features = image.shape.size();
      const Size size = Size(files.size()) * samples.features;
      require_size(file.parent_path(), size);
      samples.bytes.reserve(size.value());
    }
    samples.bytes.insert(samples.bytes.end(), image.pixels.begin(), image.pixels.end());
    samples.labels.push_back(label);
    ++samples.count;
  }
}

}  // namespace

bool has_image_folders(const fs::path& directory) {
  return has_classes(directory / "train") || has_classes(directory);
}

Dataset read_image_folders(const fs::path& directory) {
  const bool has_parts = has_classes(directory / "train");
  const fs::path train = has_parts ? directory / "train" : directory;
  Dataset set;
  set.format = "images";
  const auto files = list(train, set.classes);
  require_classes(train, set.classes);
  read_images(files, files.front().file, set, set.train);
  if (has_parts && is_folder(directory / "test")) {
    read_images(list(directory / "test", set.classes), files.front().file, set, set.test);
    if (set.test.count == 0) fail(directory / "test", "has no folders of images");
  }
  return set;
}

}  // namespace actfn::data
