// SPDX-License-Identifier: Apache-2.0
// Commands that run long end orderly at the first signal.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <stop_token>

namespace actfn::app {

// From here on, the first SIGINT, SIGTERM or SIGHUP is remembered, and a second one ends the
// program at once. Signals that are ignored stay so.
void listen_to_signals();
// Signals end the program again.
void stop_listening();
// The one that came; 0: none.
int received_signal();

// Waits for a result. Calls `redraw` several times a second, and once, after a signal, asks for a
// stop and calls `say` with what to tell the user.
template <class T>
T wait_for(std::future<T> result, std::stop_source& stop, const std::function<void()>& redraw,
           const std::function<void()>& say) {
  while (result.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready) {
    redraw();
    if (received_signal() == 0 || stop.stop_requested()) continue;
    stop.request_stop();
    say();
  }
  return result.get();
}

}  // namespace actfn::app
