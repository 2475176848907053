// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "files/file.h"

namespace actfn::lab {

using files::entries_of;
using files::File;
using files::sync_directory;

}  // namespace actfn::lab
