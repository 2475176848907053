// SPDX-License-Identifier: Apache-2.0
// Epochs as files that TensorBoard shows.
#pragma once

#include "lab/results.h"

#include <span>
#include <string>

namespace actfn::lab {

// TensorBoard reads files with "tfevents" in their names. The name says no time and no host, so
// that the same run leaves the same files.
inline constexpr const char* kEventFile = "events.out.tfevents.0000000000";

// The record that a file begins with. Times are seconds since 1970.
std::string first_event(double wall_time);

// The scores of an epoch as one record: loss/train, accuracy/train, and likewise of validation and
// test where they were measured.
std::string event(const EpochResult& row, double wall_time);

// The file of one training, whose rows are by epoch. Each epoch ends as many seconds after `date`
// (ISO 8601, UTC) as the training has taken so far.
std::string event_file(std::span<const EpochResult> rows, const std::string& date);

}  // namespace actfn::lab
