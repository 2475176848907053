// SPDX-License-Identifier: Apache-2.0
// What the layers of a network give: means and variances.
#pragma once

#include <actfn/nn/nn.h>

#include "data/dataset.h"
#include "lab/normal_mean.h"

#include <cstddef>
#include <span>
#include <vector>

namespace actfn::lab::experiments {

// The first `count` images, each pixel with mean 0 and variance 1 over them.
data::Samples standardised(const data::Samples& images, std::size_t count);
// The same images as they are, from 0 to 1.
data::Samples unscaled(const data::Samples& images, std::size_t count);

Moments moments_of(std::span<const float> values);

// What the layers with these indices gave in the network's last forward(), over all samples and
// units. The last layer of a network is none that can be asked.
std::vector<Moments> moments_of(const nn::Sequential& network, std::span<const std::size_t> layers);

// The indices from `first` on in steps of `step`: so many.
std::vector<std::size_t> every(std::size_t step, std::size_t first, std::size_t count);

}  // namespace actfn::lab::experiments
