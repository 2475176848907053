// SPDX-License-Identifier: Apache-2.0
// The networks with which the paper of elu compares activations: Clevert et al. 2015,
// arXiv:1511.07289, section 4.1. There they learn MNIST, for 300 epochs.
#pragma once

#include "lab/experiments/curves.h"

#include <string>

namespace actfn::lab::experiments {

inline constexpr const char* kEluPaper = "Clevert et al. 2015, arXiv:1511.07289";

inline Course elu_paper_course(const Scope& scope, int epochs, std::size_t images) {
  return shortened({.depth = 8,
                    .rule = nn::Sgd{.lr = 0.01},
                    .batch = 64,
                    .epochs = epochs,
                    .images = images,
                    .tested = 5000},
                   scope, {.epochs = 2, .images = 1500, .tested = 500});
}

inline Kind elu_paper_kind(std::string activation, const Course& course) {
  return {.activation = std::move(activation), .init = nn::Init::he_normal, .course = course};
}

// The median, over all units, of the mean output of each over images; and of its size.
inline UnitReading unit_means() {
  return {.columns = {"signed_mean", "unit_mean"}, .read = [](auto layers) {
            std::vector<double> means = unit_means_of(layers);
            const double with_sign = median(means);
            for (double& v : means) v = std::fabs(v);
            return std::vector{with_sign, median(std::move(means))};
          }};
}

}  // namespace actfn::lab::experiments
