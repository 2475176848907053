// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace actfn {

/// Threads of the caller's own, for example of its thread pool. run must call part(argument, i)
/// once for every i below parts, in any threads, also several at once, and return when all calls
/// have ended. It must not throw.
///
///     const actfn::Executor one_after_the_other = {
///         [](void*, std::size_t parts, void (*part)(void*, std::size_t), void* argument) {
///           for (std::size_t i = 0; i < parts; ++i) part(argument, i);
///         }};
///     actfn::forward(actfn::Gelu{}, x, y, {.count = 4, .executor = &one_after_the_other});
struct Executor {
  void (*run)(void* context, std::size_t parts, void (*part)(void* argument, std::size_t index),
              void* argument);
  void* context = nullptr;  ///< the first argument of run
};

/// How many threads a call may use, at most 64; 0: as many as there are processors for this
/// process. The default is the caller's own thread. Small arrays use fewer threads than allowed,
/// where more would not be faster. The bits of results do not depend on their number.
///
/// The other threads come from a pool. They are started by the first call that needs them, stay for
/// later calls, and are never more than the largest number that a call has asked for, less the
/// caller's own. They end when the program ends or the shared object that contains the library is
/// unloaded. The child of a fork starts its own. Several threads may call at once.
///
/// With an executor, the library starts no threads; count then says how many parts the executor can
/// run at once.
///
/// Functions throw Error for a negative count: "[gelu] threads must not be negative, got -1".
///
///     actfn::forward(actfn::Gelu{}, x, y, {.count = 4});
struct Threads {
  int count = 1;
  const Executor* executor = nullptr;
};

}  // namespace actfn
