#include "api/tasks.h"

#include "api/parallel.h"

namespace actfn {

std::size_t workers_for(Threads threads, std::size_t elements, bool light) {
  return thread_count(threads, elements, light);
}

void share_tasks(std::size_t n, std::size_t workers,
                 const std::function<void(std::size_t, std::size_t)>& body) {
  share(n, 1, workers, body);
}

}  // namespace actfn
