// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "files/replace_file.h"

namespace actfn::lab {

using files::fail_to_write;
using files::keep_whole_lines;
using files::make_directories;
using files::read_text;
using files::remove_leftovers;
using files::replace_file;

}  // namespace actfn::lab
