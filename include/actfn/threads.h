#pragma once

namespace actfn {

// How many threads may work; 0: as many as the machine has. Arrays too small to gain by it are
// always done by the caller's own thread. Threads live as long as the call; the bits of results do
// not depend on their number.
struct Threads {
  int count = 1;
};

}  // namespace actfn
