// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>

namespace actfn::lab {

// Of this thread, in seconds: other load on the machine changes it little.
inline double processor_time() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

}  // namespace actfn::lab
