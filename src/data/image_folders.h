// SPDX-License-Identifier: Apache-2.0
// A folder for each class, with its images.
#pragma once

#include "data/dataset.h"

#include <filesystem>

namespace actfn::data {

// Whether the directory has such folders, or train/ has.
bool has_image_folders(const std::filesystem::path& directory);

// DIRECTORY/CLASS/*.png, or DIRECTORY/train/CLASS/*.png and DIRECTORY/test/CLASS/*.png; also .jpg
// and .jpeg. The classes are in the order of their names, and their images too.
Dataset read_image_folders(const std::filesystem::path& directory);

}  // namespace actfn::data
