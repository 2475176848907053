// SPDX-License-Identifier: Apache-2.0
// Text from the command line into what it means. Each function throws Error.
#pragma once

#include <actfn/catalogue.h>
#include <actfn/tensor.h>

#include "lab/nonlinearity.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::app {

std::vector<Function> parse_functions(const std::vector<std::string>& lists);
// The same where each may have an accuracy: "gelu@fast,relu". None for "all".
std::vector<Spec> parse_specs(const std::vector<std::string>& lists);

// No name, or "all".
bool names_all(const std::vector<std::string>& lists);

// Refuses "all", for commands that show a few functions next to each other.
void require_names(std::string_view command, const std::vector<std::string>& lists);

// What nn::parse_layers() takes: functions, and several in a row: "selu+alpha_dropout(p=0.05)".
std::vector<lab::Nonlinearity> parse_nonlinearities(const std::vector<std::string>& lists);

// "3": the seeds 1, 2, 3. "7,11": those, and "7,": that one.
std::vector<std::uint64_t> parse_seeds(std::string_view text);

// "7"
std::uint64_t parse_seed(std::string_view text);

// Refuses a number of threads below 0, and one above kMostThreads; `zero` is what 0 stands for.
inline constexpr int kMostThreads = 1024;
void require_count(std::string_view command, std::string_view name, int n,
                   std::string_view zero = "one per core");

// What a number of jobs or threads means: 0 is one per core.
int or_cores(int n);

// "128" or "256,64"; `name` is for the message.
std::vector<int> parse_integers(std::string_view name, std::string_view text);

// "bfloat16"
inline constexpr std::string_view kTypeNames = "float32|float64|bfloat16|float16";
Type parse_type(std::string_view name);

}  // namespace actfn::app
