// SPDX-License-Identifier: Apache-2.0
// No function allocates memory after its first call, whatever the type, the strides and the number
// of threads: malloc is counted in the whole program.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "elements.h"
#include "every_operation.h"
#include "malloc_count.h"
#include "placed.h"
#include "threads.h"

namespace actfn {
namespace {

using testing::Layout;
using testing::Operation;
using testing::Placed;

class Allocations : public ::testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    if (!testing::mallocs_are_counted()) GTEST_SKIP() << "a sanitizer has replaced malloc";
  }
  const FunctionInfo& info() const { return catalogue()[GetParam()]; }
};

// How many the second of two calls makes.
template <Element T>
long allocations(const Operation& operation, Layout layout) {
  std::vector<Placed<T>> memory;
  std::vector<ConstTensor> in;
  std::vector<Tensor> out;
  for (const Shape& shape : operation.inputs) {
    const auto values = testing::drawn<T>(testing::elements(shape), 1);
    memory.emplace_back(shape, layout, values);
  }
  for (const Shape& shape : operation.outputs) memory.emplace_back(shape, layout);
  for (std::size_t k = 0; k < memory.size(); ++k) {
    if (k < operation.inputs.size()) {
      in.emplace_back(memory[k].tensor());
    } else {
      out.push_back(memory[k].tensor());
    }
  }
  operation.run(in, out);
  const long before = testing::malloc_count();
  operation.run(in, out);
  return testing::malloc_count() - before;
}

TEST(Allocation, IsCounted) {
  if (!testing::mallocs_are_counted()) GTEST_SKIP();
  const long before = testing::malloc_count();
  const std::vector<float> ours(100);
  testing::keep(ours.data());
  EXPECT_EQ(testing::malloc_count() - before, 1);
}

TEST_P(Allocations, AreNoneAfterTheFirstCall) {
  const Shape shape = {2, 3, 4, 600};
  for (const int threads : {1, 2}) {
    for (const auto& operation : testing::operations_of(info().example, shape, -1, {threads})) {
      for (const Layout layout : {Layout::dense, Layout::reversed}) {
        testing::for_each_type([&]<class T>() {
          EXPECT_EQ(allocations<T>(operation, layout), 0)
              << operation.name << ", " << kTypeName<T> << ", " << threads << " threads, layout "
              << static_cast<int>(layout);
        });
      }
    }
  }
}

// A call that shares its work.
TEST_P(Allocations, AreNoneWithThreads) {
  const Shape shape = {2, 2, testing::kElementsPerThread / 4};
  for (const auto& operation : testing::operations_of(info().example, shape, -1, {2})) {
    EXPECT_EQ(allocations<float>(operation, Layout::dense), 0) << operation.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, Allocations,
                         ::testing::Range<std::size_t>(0, catalogue().size()),
                         [](const auto& test) {
                           return std::string(catalogue()[test.param].name);
                         });

}  // namespace
}  // namespace actfn
