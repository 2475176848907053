// SPDX-License-Identifier: Apache-2.0
// Calls that get no memory: std::bad_alloc, nothing is written (but by gumbel_softmax), and the
// same call is right when there is memory again.
#include <actfn/actfn.h>
#include <actfn/c.h>
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "elements.h"
#include "every_operation.h"
#include "failing_memory.h"
#include "no_free_blocks.h"
#include "placed.h"
#include "processes.h"
#include "sanitizers.h"
#include "threads.h"

namespace actfn {
namespace {

using testing::Extent;
using testing::Layout;
using testing::NoFreeBlocks;
using testing::Operation;
using testing::Placed;

const Executor kOneAfterTheOther = {
    [](void* /*context*/, std::size_t parts, void (*part)(void*, std::size_t), void* argument) {
      for (std::size_t i = 0; i < parts; ++i) part(argument, i);
    }};

// The tensors of an operation, all outputs with one number.
template <Element T>
struct Memory {
  std::vector<Placed<T>> all;
  std::vector<ConstTensor> in;
  std::vector<Tensor> out;

  Memory(const Operation& operation, Layout layout) {
    all.reserve(operation.inputs.size() + operation.outputs.size());
    for (const Shape& shape : operation.inputs) {
      const auto values = testing::drawn<T>(testing::elements(shape), 1);
      in.emplace_back(all.emplace_back(shape, layout, values).tensor());
    }
    for (const Shape& shape : operation.outputs) {
      const std::vector<T> values(testing::elements(shape), T(7.0F));
      out.push_back(all.emplace_back(shape, layout, values).tensor());
    }
  }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  std::vector<std::vector<testing::Bits<T>>> contents() {
    std::vector<std::vector<testing::Bits<T>>> bits;
    for (Placed<T>& one : all) bits.push_back(testing::bits(one.values()));
    return bits;
  }
};

template <Element T>
void fail_calls(const Operation& operation, Layout layout, bool may_write) {
  Memory<T> right(operation, layout);
  operation.run(right.in, right.out);
  const auto wanted = right.contents();
  std::optional<Memory<T>> memory(std::in_place, operation, layout);
  const auto before = memory->contents();
  std::optional<NoFreeBlocks> none(std::in_place);
  const auto check = [&](bool threw) {
    if (!threw || !may_write) {
      ASSERT_EQ(memory->contents(), threw ? before : wanted) << operation.name;
    }
    if (!threw || may_write) memory.emplace(operation, layout);
    none.emplace();
  };
  const auto attempt = [&] { operation.run(memory->in, memory->out); };
  for (const Extent extent : {Extent::one, Extent::all_after}) {
    testing::fail_each(extent, attempt, check);
    ASSERT_EQ(memory->contents(), wanted) << operation.name;
    memory.emplace(operation, layout);
    none.emplace();
  }
}

// With AddressSanitizer the types that take the same way as another one are left out.
template <class T>
constexpr bool kLeftOut =
    ACTFN_ASAN != 0 && (std::is_same_v<T, double> || std::is_same_v<T, float16>);

class CallsWithoutMemory : public ::testing::TestWithParam<std::size_t> {
 protected:
  const FunctionInfo& info() const { return catalogue()[GetParam()]; }
  // gumbel_softmax passes several times over its output.
  bool may_write() const { return std::holds_alternative<RandomRow>(info().example); }
  // Elementwise functions take the same way. With AddressSanitizer some stand for all.
  bool left_out() const {
    const bool elementwise = std::holds_alternative<Activation>(info().example);
    return ACTFN_ASAN != 0 && elementwise && GetParam() % 8 != 0;
  }
};

TEST_P(CallsWithoutMemory, WriteNothing) {
  const Shape shape = {2, 4, 60};
  for (const Threads threads : {Threads{1}, Threads{3, &kOneAfterTheOther}}) {
    for (const auto& operation : testing::operations_of(info().example, shape, -1, threads)) {
      for (const Layout layout : {Layout::dense, Layout::reversed}) {
        testing::for_each_type([&]<class T>() {
          if (kLeftOut<T>) return;
          fail_calls<T>(operation, layout, may_write());
        });
      }
    }
  }
}

// Calls that share their work, in a process whose pool has not started.
TEST_P(CallsWithoutMemory, WriteNothingWithThreads) {
  if (ACTFN_TSAN) GTEST_SKIP() << "ThreadSanitizer knows no threads of a forked child";
  if (left_out()) GTEST_SKIP() << "takes the way of the others";
  const auto run = [&] {
    const Shape shape = {2, 2, testing::kElementsPerThread / 4};
    for (const auto& operation : testing::operations_of(info().example, shape, -1, {2})) {
      fail_calls<bfloat16>(operation, Layout::dense, may_write());
    }
    return HasFatalFailure() ? 1 : 0;
  };
  EXPECT_EQ(testing::result_in_child(run), 0);
}

// Texts are made and read, functions are prepared.
TEST_P(CallsWithoutMemory, ReadNoText) {
  const std::string text = to_string(info().example);
  std::optional<Function> f;
  const auto read = [&] {
    f.reset();
    f = parse_function(text);
    if (to_string(*f) != text) throw std::logic_error(text);
  };
  EXPECT_GE(testing::fail_each(Extent::one, read, [](bool threw) { EXPECT_TRUE(threw); }), 0);
  EXPECT_EQ(f, info().example);
}

INSTANTIATE_TEST_SUITE_P(Catalogue, CallsWithoutMemory,
                         ::testing::Range<std::size_t>(0, catalogue().size()),
                         [](const auto& test) {
                           return std::string(catalogue()[test.param].name);
                         });

// C gets NULL and a text, whatever fails.
template <class F>
void prepare_in_c(F* (*make)(char* error, std::size_t capacity), void (*free)(F*)) {
  for (long k = 0;; ++k) {
    char error[200] = "";
    F* f = nullptr;
    bool happened = false;
    {
      const testing::MemoryFailure failure(k);
      f = make(error, sizeof error);
      happened = testing::MemoryFailure::happened();
    }
    EXPECT_EQ(f == nullptr, error[0] != 0) << error;
    free(f);
    if (happened) continue;
    EXPECT_EQ(std::string(error), "");
    return;
  }
}

TEST(PreparingWithoutMemory, GivesCAnError) {
  prepare_in_c<actfn_activation>(
      [](char* error, std::size_t n) {
        return actfn_activation_new("leaky_relu(negative_slope=0.25)", ACTFN_FLOAT32, 2, error, n);
      },
      actfn_activation_free);
  prepare_in_c<actfn_rows>(
      [](char* error, std::size_t n) {
        return actfn_rows_new("softmax(temperature=2)", ACTFN_FLOAT32, 5, 2, error, n);
      },
      actfn_rows_free);
  prepare_in_c<actfn_gate>(
      [](char* error, std::size_t n) {
        return actfn_gate_new("gated(elu(alpha=2))", ACTFN_FLOAT32, 2, error, n);
      },
      actfn_gate_free);
}

}  // namespace
}  // namespace actfn
