#pragma once

namespace actfn {

/// How many threads a call may use; 0: as many as the machine has. The default is the caller's own
/// thread. Small arrays use fewer threads than allowed, where more would not be faster. Each call
/// starts its threads and ends them. The bits of results do not depend on their number.
/// Functions throw Error for a negative count: "[gelu] threads must not be negative, got -1".
///
///     actfn::forward(actfn::Gelu{}, x, y, {.count = 4});
struct Threads {
  int count = 1;
};

}  // namespace actfn
