// SPDX-License-Identifier: Apache-2.0
// Neither length, nor position, nor being in place, nor the instruction set changes a bit, and
// nothing outside an array is touched: every operation, type and activation.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include "guarded.h"
#include "instances.h"
#include "operations.h"
#include "targets.h"

namespace actfn {
namespace {

using kernels::Evaluator;
using testing::Arrays;
using testing::canonical_bits;
using testing::for_each_type;
using testing::Operation;

constexpr std::size_t kLongest = 67;  // more than two of the longest steps

template <class T>
using Columns = std::array<std::vector<T>, 3>;
template <class T>
using Outputs = std::array<std::vector<T>, 2>;

template <class T>
Arrays<T> arrays_of(Columns<T>& in, Outputs<T>& out) {
  return {{in[0].data(), in[1].data(), in[2].data()}, {out[0].data(), out[1].data()}};
}

template <class T>
Outputs<T> results(const Evaluator& f, const Operation<T>& operation, Columns<T> in) {
  const std::size_t n = in[0].size();
  Outputs<T> out = {std::vector<T>(n), std::vector<T>(n)};
  operation.run(f, arrays_of(in, out), n);
  return out;
}

template <class T>
Outputs<T> one_by_one(const Evaluator& f, const Operation<T>& operation, Columns<T> in) {
  const std::size_t n = in[0].size();
  Outputs<T> out = {std::vector<T>(n), std::vector<T>(n)};
  Arrays<T> at = arrays_of(in, out);
  for (std::size_t i = 0; i < n; ++i) {
    operation.run(f, at, 1);
    for (T*& p : at.in) ++p;
    for (T*& p : at.out) ++p;
  }
  return out;
}

// Five arrays of n elements, each flush against the end or the beginning of what may be touched:
// bit k % 2 of `sides` says which.
template <class T>
class GuardedArrays {
 public:
  Arrays<T> place(std::size_t n, unsigned sides) {
    const auto at = [&](std::size_t k) {
      return (sides >> k % 2 & 1U) != 0 ? memory_[k].template last<T>(n)
                                        : memory_[k].template first<T>();
    };
    return {{at(0), at(2), at(4)}, {at(1), at(3)}};
  }

 private:
  testing::Guarded memory_[5];
};

template <class T>
void check_lengths(const Evaluator& f, const Operation<T>& operation, const Columns<T>& in,
                   const Outputs<T>& want) {
  GuardedArrays<T> memory;
  for (std::size_t n = 0; n <= kLongest; ++n) {
    for (unsigned sides = 0; sides < 4; ++sides) {
      const std::size_t from = (n * 7 + sides) % (in[0].size() - n);
      const Arrays<T> a = memory.place(n, sides);
      for (std::size_t k = 0; k < operation.inputs; ++k) std::copy_n(&in[k][from], n, a.in[k]);
      operation.run(f, a, n);
      for (std::size_t k = 0; k < operation.outputs; ++k) {
        ASSERT_EQ(canonical_bits(a.out[k], n), canonical_bits(&want[k][from], n))
            << kTypeName<T> << ", " << operation.name << ", n = " << n << ", sides " << sides;
      }
    }
  }
}

class Layout : public ::testing::TestWithParam<Activation> {};

TEST_P(Layout, EveryLengthGivesTheSameBitsAndStaysWithinItsMemory) {
  for_each_type([]<class T>() {
    const auto in = testing::operation_inputs<T>(100);
    for (const auto& operation : testing::operations<T>(GetParam())) {
      const auto want = one_by_one(Evaluator(GetParam(), kTypeOf<T>), operation, in);
      for (const auto target : testing::running_targets()) {
        SCOPED_TRACE(testing::name_of(target));
        check_lengths(Evaluator(GetParam(), kTypeOf<T>, target), operation, in, want);
      }
    }
  });
}

// Every output in the place of every input.
TEST_P(Layout, InPlaceGivesTheSameBits) {
  for_each_type([]<class T>() {
    const Evaluator f(GetParam(), kTypeOf<T>);
    const auto in = testing::operation_inputs<T>(1100);  // more than two blocks
    const std::size_t n = in[0].size();
    for (const auto& operation : testing::operations<T>(GetParam())) {
      const auto want = results(f, operation, in);
      for (std::size_t at = 0; at < operation.inputs * operation.outputs; ++at) {
        const std::size_t output = at / operation.inputs;
        auto copy = in;
        Outputs<T> out = {std::vector<T>(n), std::vector<T>(n)};
        Arrays<T> arrays = arrays_of(copy, out);
        arrays.out[output] = arrays.in[at % operation.inputs];
        if (operation.name == "bias forward" && at != 1) continue;  // z alone has that right
        operation.run(f, arrays, n);
        for (std::size_t k = 0; k < operation.outputs; ++k) {
          EXPECT_EQ(canonical_bits(arrays.out[k], n), canonical_bits(want[k].data(), n))
              << kTypeName<T> << ", " << operation.name << ", " << at;
        }
      }
    }
  });
}

INSTANTIATE_TEST_SUITE_P(All, Layout, ::testing::ValuesIn(testing::examples()),
                         [](const auto& test) { return testing::test_name(test.param); });

class InstructionSets : public ::testing::TestWithParam<Activation> {};

TEST_P(InstructionSets, AllGiveTheSameBits) {
  for_each_type([]<class T>() {
    const auto in = testing::operation_inputs<T>(300);
    const std::size_t n = in[0].size();
    for (const auto& operation : testing::operations<T>(GetParam())) {
      const auto want = results(Evaluator(GetParam(), kTypeOf<T>), operation, in);
      for (const auto target : testing::running_targets()) {
        const auto got = results(Evaluator(GetParam(), kTypeOf<T>, target), operation, in);
        for (std::size_t k = 0; k < operation.outputs; ++k) {
          EXPECT_EQ(canonical_bits(got[k].data(), n), canonical_bits(want[k].data(), n))
              << kTypeName<T> << ", " << operation.name << ", " << testing::name_of(target);
        }
      }
    }
  });
}

INSTANTIATE_TEST_SUITE_P(All, InstructionSets, ::testing::ValuesIn(testing::instances(true)),
                         [](const auto& test) { return testing::test_name(test.param); });

}  // namespace
}  // namespace actfn
