// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace actfn {

// In lower case, without '_' and '-': "LeakyReLU" and "leaky_relu" are one.
std::string plain(std::string_view name);

// "; did you mean X?" for the candidate nearest to `word`, or nothing if none is near. Both
// are compared as plain() has them.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

// "a, b or c"
std::string listed(std::span<const std::string_view> words);

// The place of `word` among `words`; throws Error("[who] what must be a, b or c, got 'x'") where it
// has none. `what` may be empty.
std::size_t choose(std::string_view who, std::string_view what,
                   std::span<const std::string_view> words, std::string_view word);

}  // namespace actfn
