// SPDX-License-Identifier: Apache-2.0
// The inputs of an accuracy run.
#pragma once

#include <actfn/catalogue.h>

#include <cstdint>
#include <span>
#include <vector>

namespace actfn::lab {

// Numbers at which activations bend, vanish or overflow, the activation's own thresholds among
// them, with their neighbours, of either sign; zeros, infinities and NaN.
template <class T>
std::vector<T> landmarks(const Activation& f);

// Of them no more than half of a sample of that size.
template <class T>
std::vector<T> landmarks_for_sample(const Activation& f, std::uint64_t size);

// Products and quotients of the parameters: thresholds on x, beta x, x - bias and so on.
std::vector<double> own_numbers(const Function& f);

// The i-th of a fixed sequence of 64 random bits.
std::uint64_t random_bits(std::uint64_t i);

// The i-th number of a fixed sequence: bit patterns, magnitudes from 2^-30 to 2^11, what lies
// within 20, and within the range of e^x, in turn.
template <class T>
T draw(std::uint64_t i);

// The i-th of all 2^32 or 2^16 bit patterns in the numbers' order: NaNs, -inf, …, -0, 0, …, inf,
// NaNs.
template <class T>
T pattern(std::uint64_t i);
// x[i] = pattern(first + i).
template <class T>
void patterns(std::uint64_t first, std::span<T> x);

}  // namespace actfn::lab
