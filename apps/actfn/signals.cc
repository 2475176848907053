// SPDX-License-Identifier: Apache-2.0
#include "signals.h"

#include <csignal>

namespace actfn::app {
namespace {

volatile std::sig_atomic_t g_signal = 0;

void on_signal(int signal) {
  g_signal = signal;
  std::signal(signal, SIG_DFL);
}

}  // namespace

void listen_to_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    // Whoever started us may have wanted it ignored: nohup, a shell's background.
    if (std::signal(signal, on_signal) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

void stop_listening() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (std::signal(signal, SIG_DFL) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

int received_signal() { return g_signal; }

}  // namespace actfn::app
