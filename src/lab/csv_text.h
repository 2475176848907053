// SPDX-License-Identifier: Apache-2.0
// Fields of the tables that a comparison writes.
#pragma once

#include <string>

namespace actfn::lab {

// RFC 4180: only a field with a comma needs quotes; specs have no quotes of their own.
std::string csv_field(const std::string& text);

// The shortest decimals that read back the same; "nan" has no sign.
std::string csv_number(double v);

}  // namespace actfn::lab
