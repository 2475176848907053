// SPDX-License-Identifier: Apache-2.0
// The pieces that a definition is made of, and where f and its derivatives jump.
#pragma once

#include "lab/properties.h"

#include <vector>

namespace actfn::lab {

// At these x functions are looked at: both signs and 0, in order, from 2^-30 to 2^40.
std::vector<double> places_to_look();

// The stretches on which the definition takes one way, of the x from `domain` on.
std::vector<Stretch> stretches_of(const Activation& f, double domain);

// Where stretches meet, and at 0.
std::vector<Jump> jumps_of(const Activation& f, const std::vector<Stretch>& stretches);

// Beside x: so near that f differs by its jump only.
double just_below(double x);
double just_above(double x);

// A place on a stretch.
double inside_of(const Stretch& s, double part = 0.5);

// The rest of the properties, from those that are there.
void add_shares(const Activation& f, Properties& p);
void add_moments(const Activation& f, Properties& p);

}  // namespace actfn::lab
