#pragma once

#include <actfn/rows.h>

namespace actfn {

// "softmax": as parse_row_activation() reads it.
std::string_view row_name(const RowActivation& f);

}  // namespace actfn
