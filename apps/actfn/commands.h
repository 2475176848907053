// SPDX-License-Identifier: Apache-2.0
// The program's commands. Each adds itself to the command line; the callback does the work and
// throws actfn::Error for bad input (exit 2) or std::exception for what went wrong (exit 1).
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace actfn::app {

inline constexpr int kFailure = 1;
inline constexpr int kUsage = 2;
inline constexpr int kSignalled = 128;  // plus the signal's number

// A repeated option's last value counts: people append to an earlier command line.
template <class T>
CLI::Option* add(CLI::App& command, const char* name, T& value, const char* help,
                 const std::string& type) {
  return command.add_option(name, value, help)
      ->type_name(type)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

// `exit_code` is what the program returns if the command ends without an exception.
void add_accuracy(CLI::App& program);
void add_list(CLI::App& program);
void add_show(CLI::App& program);
void add_eval(CLI::App& program);
void add_plot(CLI::App& program);
void add_bench(CLI::App& program);
void add_data(CLI::App& program);
void add_experiment(CLI::App& program, int& exit_code);
void add_export(CLI::App& program);
void add_gallery(CLI::App& program);
void add_choose(CLI::App& program, int& exit_code);
void add_compare(CLI::App& program, int& exit_code);
void add_inspect(CLI::App& program, int& exit_code);
void add_report(CLI::App& program);

}  // namespace actfn::app
