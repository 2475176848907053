// SPDX-License-Identifier: Apache-2.0
// How many tests of others a module passes, counted where the tests are.
#pragma once

#include <string>

#include "modules/modules.h"

namespace actfn::modules {

// "`Elu` 3"; empty: none.
std::string onnx_tests(const Module& module);
// "9", or "500 drawn"; empty: none.
std::string pytorch_cases(const Module& module);

}  // namespace actfn::modules
