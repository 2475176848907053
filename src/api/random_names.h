#pragma once

#include <actfn/random.h>

#include <string_view>

namespace actfn {

// In the order of the list.
inline constexpr std::string_view kRandomNames[] = {"rrelu", "noisy_relu", "dropout",
                                                    "alpha_dropout"};
static_assert(std::size(kRandomNames) == std::variant_size_v<RandomActivation>);

inline std::string_view name_of(const RandomActivation& f) { return kRandomNames[f.index()]; }

}  // namespace actfn
