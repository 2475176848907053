// Work shared out by threads as parallel.h does it, compiled once.
#pragma once

#include <actfn/threads.h>

#include <cstddef>
#include <functional>

namespace actfn {

// How many threads are worth starting. `light`: the work is limited by memory.
std::size_t workers_for(Threads threads, std::size_t elements, bool light);

// body(first, last) for parts of the tasks [0, n).
void share_tasks(std::size_t n, std::size_t workers,
                 const std::function<void(std::size_t, std::size_t)>& body);

}  // namespace actfn
