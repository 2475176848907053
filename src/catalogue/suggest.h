#pragma once

#include <span>
#include <string>
#include <string_view>

namespace actfn {

// "; did you mean X?" for the candidate nearest to `word`, or nothing if none is near. Case,
// '-' and '_' count for nothing: "LeakyReLU" is leaky_relu.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace actfn
