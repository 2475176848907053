// SPDX-License-Identifier: Apache-2.0
// Hashes of output bits: a fixed set of inputs through every activation, order and type.
//
// Needs the core and the C++ library alone, so that it can be built for any machine.
#pragma once

#include <actfn/actfn.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::hashes {

// How many inputs of each type, beside some that every set has. One set is the beginning of the
// next: a small one for machines that are emulated, and every input that float32 has.
struct InputSet {
  std::string_view name;
  std::uint64_t float32;
  std::uint64_t float64;
  std::uint64_t sixteen_bit;
};
inline constexpr InputSet kSets[] = {
    {"quick", std::uint64_t{1} << 14U, std::uint64_t{1} << 12U, std::uint64_t{1} << 12U},
    {"sample", std::uint64_t{1} << 20U, std::uint64_t{1} << 18U, std::uint64_t{1} << 16U},
    {"full", std::uint64_t{1} << 32U, std::uint64_t{1} << 24U, std::uint64_t{1} << 16U},
};

inline constexpr int kOrders = 3;
inline constexpr std::array kTypes = {Type::float32, Type::float64, Type::bfloat16, Type::float16};
std::string_view name_of(Type type);

// The catalogue's examples, and one more of each function that has parameters: every number is 0.7
// times what it is in the example, 0.3 where that is 0; of every choice it has the last.
std::vector<Function> instances(Kind kind);
// The elementwise ones.
std::vector<Activation> instances();

// How the library is called. None of it changes a hash.
struct Calls {
  Threads threads = {};                      // of one call
  std::string_view environment = "nearest";  // the caller's: see support/host_environment.h
};

// Of the outputs of all inputs of the set. As many threads as there are processors make the calls.
// f.function is elementwise.
std::uint64_t hash(const Spec& f, Type type, int order, const InputSet& set, const Calls& calls);

// "3f800000 3f576a1f": the bits of an input and of its output.
std::string values(const Spec& f, Type type, int order, const InputSet& set);

}  // namespace actfn::hashes
