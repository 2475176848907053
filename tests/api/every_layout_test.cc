// SPDX-License-Identifier: Apache-2.0
// Every function of the catalogue gives the same bits whatever the strides of its tensors:
// permuted, with negative strides, with gaps, broadcast, in place, and interleaved with another
// tensor.
#include <gtest/gtest.h>

#include <actfn/actfn.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <vector>

#include "elements.h"
#include "every_operation.h"
#include "placed.h"

namespace actfn {
namespace {

using testing::bits;
using testing::contiguous;
using testing::drawn;
using testing::elements;
using testing::for_each_type;
using testing::Operation;
using testing::Values;

enum class Memory { dense, permuted, negative, gapped, broadcast, twofold };

// The dimensions from the slowest to the fastest.
std::vector<std::size_t> order_of(std::size_t dimensions, Memory memory) {
  std::vector<std::size_t> order(dimensions);
  std::iota(order.begin(), order.end(), 0);
  if (memory == Memory::permuted && dimensions > 2)
    std::rotate(order.begin(), order.end() - 2, order.end());
  if (memory == Memory::negative) std::reverse(order.begin(), order.end());
  return order;
}

Strides strides_of(const Shape& shape, Memory memory) {
  std::vector<std::ptrdiff_t> strides(shape.count());
  std::ptrdiff_t next = memory == Memory::gapped ? 3 : memory == Memory::twofold ? 2 : 1;
  const auto order = order_of(shape.count(), memory);
  for (std::size_t k = order.size(); k-- > 0;) {
    const std::size_t i = order[k];
    const bool repeated = memory == Memory::broadcast && i % 3 == 0;
    strides[i] = repeated ? 0 : memory == Memory::negative && i % 2 == 1 ? -next : next;
    if (!repeated) next *= static_cast<std::ptrdiff_t>(shape[i]);
    if (memory == Memory::gapped) next += 5;
  }
  return Strides(std::span<const std::ptrdiff_t>(strides));
}

// A tensor in a buffer of its own.
template <Element T>
class Held {
 public:
  Held(const Shape& shape, Memory memory) : shape_(shape), strides_(strides_of(shape, memory)) {
    std::ptrdiff_t low = 0, high = 0;
    for (std::size_t i = 0; i < shape.count(); ++i) {
      const auto reach = (static_cast<std::ptrdiff_t>(shape[i]) - 1) * strides_[i];
      (reach < 0 ? low : high) += reach;
    }
    buffer_.assign(static_cast<std::size_t>(high - low) + 2, as_canary());
    first_ = -low;
  }
  Held(const Shape& shape, Memory memory, const std::vector<T>& values) : Held(shape, memory) {
    for (std::size_t i = 0; i < values.size(); ++i) buffer_[place(i)] = values[i];
  }
  // The view; `shift`: one element further on, which Memory::twofold leaves free.
  Tensor view(std::size_t shift = 0) { return {buffer_.data() + first_ + shift, shape_, strides_}; }
  std::vector<T> values(std::size_t shift = 0) const {
    std::vector<T> all(elements(shape_));
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = buffer_[place(i) + shift];
    return all;
  }
  bool gaps_intact() const {
    auto rest = buffer_;
    for (std::size_t i = 0; i < elements(shape_); ++i) rest[place(i)] = as_canary();
    return std::all_of(rest.begin(), rest.end(), [](T v) { return bits(v) == bits(as_canary()); });
  }

 private:
  static T as_canary() { return testing::as<T>(12345); }
  std::size_t place(std::size_t i) const {
    std::ptrdiff_t at = first_;
    for (std::size_t d = shape_.count(); d-- > 0; i /= shape_[d]) {
      at += static_cast<std::ptrdiff_t>(i % shape_[d]) * strides_[d];
    }
    return static_cast<std::size_t>(at);
  }

  Shape shape_;
  Strides strides_;
  std::vector<T> buffer_;
  std::ptrdiff_t first_ = 0;
};

template <Element T>
Values<T> inputs_of(const Operation& operation, bool broadcast) {
  Values<T> all;
  for (const Shape& shape : operation.inputs) {
    const auto seed = static_cast<unsigned>(all.size() + 1);
    all.push_back(drawn<T>(elements(shape), seed, 2));
    if (!broadcast) continue;
    Held<T> held(shape, Memory::broadcast, all.back());  // the last value of each place stays
    all.back() = held.values();
  }
  return all;
}

template <Element T>
void check_strided(const Operation& operation, Memory of_inputs, Memory of_outputs) {
  const auto in = inputs_of<T>(operation, of_inputs == Memory::broadcast);
  const auto want = contiguous(operation, in);
  std::vector<Held<T>> from, to;
  std::vector<ConstTensor> x;
  std::vector<Tensor> y;
  for (std::size_t k = 0; k < in.size(); ++k) {
    from.emplace_back(operation.inputs[k], of_inputs, in[k]);
  }
  for (const Shape& shape : operation.outputs) to.emplace_back(shape, of_outputs);
  for (auto& held : from) x.push_back(held.view());
  for (auto& held : to) y.push_back(held.view());
  operation.run(x, y);
  for (std::size_t k = 0; k < want.size(); ++k) {
    ASSERT_EQ(bits(to[k].values()), bits(want[k])) << operation.name << ", output " << k;
    ASSERT_TRUE(to[k].gaps_intact()) << operation.name << ", output " << k;
  }
}

// Output k takes the place of the first input that may be it, or the odd elements of a buffer whose
// even ones are an input of the same shape.
template <Element T>
void check_shared(const Operation& operation, std::size_t k, Memory memory) {
  const auto in = inputs_of<T>(operation, false);
  const auto want = contiguous(operation, in);
  const bool interleaved = memory == Memory::twofold;
  std::vector<Held<T>> from, to;
  for (std::size_t i = 0; i < in.size(); ++i) from.emplace_back(operation.inputs[i], memory, in[i]);
  for (const Shape& shape : operation.outputs) to.emplace_back(shape, memory);
  const auto place =
      std::find(operation.inputs.begin(), operation.inputs.end(), operation.outputs[k]);
  if (place == operation.inputs.end() || (!interleaved && !operation.in_place)) return;
  auto& shared = from[static_cast<std::size_t>(place - operation.inputs.begin())];
  std::vector<ConstTensor> x;
  std::vector<Tensor> y;
  for (auto& held : from) x.push_back(held.view());
  for (auto& held : to) y.push_back(held.view());
  y[k] = shared.view(interleaved ? 1 : 0);
  operation.run(x, y);
  for (std::size_t i = 0; i < want.size(); ++i) {
    const auto got = i == k ? shared.values(interleaved ? 1 : 0) : to[i].values();
    ASSERT_EQ(bits(got), bits(want[i])) << operation.name << ", output " << i << " shares";
  }
  if (interleaved) {
    const auto index = static_cast<std::size_t>(place - operation.inputs.begin());
    ASSERT_EQ(bits(shared.values()), bits(in[index])) << operation.name;
  }
}

class EveryLayout : public ::testing::TestWithParam<std::size_t> {
 protected:
  const FunctionInfo& info() const { return catalogue()[GetParam()]; }
};

TEST_P(EveryLayout, GivesTheBitsOfContiguousTensors) {
  for (const auto& [shape, axis] :
       {std::pair{Shape{2, 3, 4, 3, 6}, 2}, {Shape{2, 3, 2, 3, 70}, -1}}) {
    for (const Operation& operation : testing::operations_of(info().example, shape, axis)) {
      for_each_type([&]<class T>() {
        check_strided<T>(operation, Memory::permuted, Memory::negative);
        check_strided<T>(operation, Memory::negative, Memory::gapped);
        check_strided<T>(operation, Memory::gapped, Memory::permuted);
        check_strided<T>(operation, Memory::broadcast, Memory::permuted);
      });
    }
  }
}

TEST_P(EveryLayout, MayBeInPlaceOrInterleaved) {
  for (const auto& [shape, axis] :
       {std::pair{Shape{2, 3, 4, 3, 6}, 2}, {Shape{2, 3, 2, 3, 70}, -1}}) {
    for (const Operation& operation : testing::operations_of(info().example, shape, axis)) {
      for (std::size_t k = 0; k < operation.outputs.size(); ++k) {
        for_each_type([&]<class T>() {
          for (const Memory memory : {Memory::dense, Memory::permuted, Memory::twofold}) {
            check_shared<T>(operation, k, memory);
          }
        });
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryLayout,
                         ::testing::Range<std::size_t>(0, catalogue().size()),
                         [](const auto& test) {
                           return std::string(catalogue()[test.param].name);
                         });

}  // namespace
}  // namespace actfn
