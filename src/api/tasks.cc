#include "api/tasks.h"

#include "api/parallel.h"
#include "api/tensors.h"

namespace actfn {

void check_threads(std::string_view who, Threads threads) {
  if (threads.count >= 0) return;
  fail(who, {"threads must not be negative, got ", std::to_string(threads.count)});
}

std::size_t workers_for(Threads threads, std::size_t elements, bool light) {
  return thread_count(threads, elements, light);
}

void share_tasks(std::size_t n, std::size_t workers,
                 const std::function<void(std::size_t, std::size_t)>& body) {
  share(n, 1, workers, body);
}

}  // namespace actfn
