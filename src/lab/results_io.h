// SPDX-License-Identifier: Apache-2.0
// Comparisons as text: results.csv, results.json, settings.json.
#pragma once

#include "lab/results.h"

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace actfn::lab {

// Of results.csv.
inline constexpr std::array<std::string_view, 14> kColumns = {
    "activation",
    "seed",
    "lr",
    "epoch",
    "train_loss",
    "train_accuracy",
    "validation_loss",
    "validation_accuracy",
    "test_loss",
    "test_accuracy",
    "seconds",
    "first_weights_sha256",
    "last_weights_sha256",
    "test_logits_sha256",
};

// A row: losses and fractions as the shortest decimals that read back the same, nothing for what
// was not measured, "nan" and "inf" for a loss that is not finite.
std::string csv_row(const EpochResult& epoch, const Nonlinearity& activation);

// The heading and all rows; `activations` are the settings'.
std::string csv(std::span<const EpochResult> epochs, std::span<const Nonlinearity> activations);

// The settings, by which a run can be continued.
std::string settings_json(const CompareSettings& settings);

// Everything; losses that are not finite are null.
std::string json(const Comparison& comparison);

}  // namespace actfn::lab
