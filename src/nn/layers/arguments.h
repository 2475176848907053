// SPDX-License-Identifier: Apache-2.0
// What the arguments of layers must be. All throw Error.
#pragma once

#include <actfn/nn/layers.h>

#include <string_view>

namespace actfn::nn {

// "[conv2d] stride must be at least 1, got 0"
void require_at_least(std::string_view who, std::string_view name, int least, int value);
void require_at_least(std::string_view who, std::string_view name, int least, const Size2d& value);

// "[batch_norm2d] eps must be finite and positive, got 0"
void require_positive(std::string_view who, std::string_view name, double value);

// "[batch_norm2d] momentum must be from 0 to 1, got 2"
void require_share(std::string_view who, std::string_view name, double value);

// "[sequential] conv2d takes 3 channels where 1 come in"
void require_length(std::string_view who, std::string_view name, int want, std::size_t got);

}  // namespace actfn::nn
