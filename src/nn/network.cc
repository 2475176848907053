// The passes of a Sequential.
#include "nn/network.h"

#include <actfn/error.h>
#include <actfn/nn/optimizer.h>

#include "kernels/entry.h"
#include "nn/optimizer_state.h"
#include "nn/product.h"
#include "nn/vector_ops.h"

#include <algorithm>
#include <string>

namespace actfn::nn {

int part_count(int n, int most) { return (n + most - 1) / most; }

Range part(int n, int most, int i) {
  const int length = part_count(n, part_count(n, most));
  return {std::min(n, i * length), std::min(n, (i + 1) * length)};
}

void Sequential::State::reserve(int new_rows) {
  rows = new_rows;
  for (auto& node : nodes) {
    const auto size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(node.width);
    if (node.output.size() >= size) continue;
    node.output.resize(size);
    node.gradient.resize(size);
  }
}

void Sequential::State::forward_linear(std::size_t index, bool with_activation) {
  Node& node = nodes[index];
  const int in = node.linear->in_features;
  const int out = node.width;
  const float* x = input_of(index);
  const float* weight = parameters.data() + node.weight;
  const float* bias = parameters.data() + node.bias;
  const auto stride = static_cast<std::size_t>(out);
  const auto height = static_cast<std::size_t>(rows);
  team->run(part_count(out, kBlockColumns), [&](int /*member*/, int block) {
    const Range c = part(out, kBlockColumns, block);
    float* z = node.output.data() + c.begin;
    product(rows, c.size(), in, {x, in}, {weight + c.begin, out}, z, out);
    const auto columns = static_cast<std::size_t>(c.size());
    if (!with_activation) {
      add_row(bias + c.begin, height, columns, stride, z);
      return;
    }
    Node& next = nodes[index + 1];
    kernels::active_kernels(*next.activation)
        .bias_forward(kernels::parameters_of(*next.activation), bias + c.begin, z,
                      next.output.data() + c.begin, height, columns, stride);
  });
}

void Sequential::State::forward_activation(std::size_t index) {
  Node& node = nodes[index];
  const auto n = static_cast<std::size_t>(rows) * static_cast<std::size_t>(node.width);
  kernels::active_kernels(*node.activation)
      .value(kernels::parameters_of(*node.activation), input_of(index), node.output.data(), n);
}

void Sequential::State::backward_to_first_linear(std::span<const float> dy) {
  Node& last = nodes.back();
  const auto size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(last.width);
  if (input == nullptr || dy.size() != size) {
    throw Error("[sequential] dy has " + std::to_string(dy.size()) +
                " elements, the last forward() gave " +
                std::to_string(input == nullptr ? 0 : size));
  }
  std::copy(dy.begin(), dy.end(), last.gradient.begin());
  std::size_t first = 0;
  while (!nodes[first].linear) ++first;
  for (std::size_t i = nodes.size() - 1; i > first; --i) backward_through(i);
}

// From the gradient by a node's output to that by its input.
void Sequential::State::backward_through(std::size_t index) {
  Node& node = nodes[index];
  Node& before = nodes[index - 1];
  if (node.activation) {
    const auto n = static_cast<std::size_t>(rows) * static_cast<std::size_t>(node.width);
    kernels::active_kernels(*node.activation)
        .backward(kernels::parameters_of(*node.activation), before.output.data(),
                  node.gradient.data(), before.gradient.data(), n);
    return;
  }
  const int out = node.width;
  const float* weight = parameters.data() + node.weight;
  team->run(part_count(before.width, kBlockColumns), [&](int /*member*/, int block) {
    const Range r = part(before.width, kBlockColumns, block);
    product(rows, r.size(), out, {node.gradient.data(), out},
            {weight + static_cast<std::ptrdiff_t>(r.begin) * out, out, true},
            before.gradient.data() + r.begin, before.width);
  });
}

void Sequential::State::differentiate(std::size_t index, Range c) {
  Node& node = nodes[index];
  const int in = node.linear->in_features;
  const int out = node.width;
  const float* dy = node.gradient.data() + c.begin;
  sum_rows(dy, static_cast<std::size_t>(rows), static_cast<std::size_t>(c.size()),
           static_cast<std::size_t>(out), gradients.data() + node.bias + c.begin);
  for (int i = 0; i < part_count(in, kChunkRows); ++i) {
    const Range r = part(in, kChunkRows, i);
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(r.begin) * out + c.begin;
    product(r.size(), c.size(), rows, {input_of(index) + r.begin, in, true}, {dy, out},
            gradients.data() + node.weight + at, out);
  }
}

void Sequential::State::differentiate_and_update(std::size_t index, Range c, int member,
                                                 Optimizer::State& optimizer) {
  Node& node = nodes[index];
  const int in = node.linear->in_features;
  const int out = node.width;
  const auto columns = static_cast<std::size_t>(c.size());
  const auto stride = static_cast<std::size_t>(out);
  const float* dy = node.gradient.data() + c.begin;
  float* g = scratch[static_cast<std::size_t>(member)].data();
  sum_rows(dy, static_cast<std::size_t>(rows), columns, stride, g);
  const auto first = static_cast<std::size_t>(c.begin);
  optimizer.update(parameters.data(), node.bias + first, g, 1, columns, 0, 0);
  for (int i = 0; i < part_count(in, kChunkRows); ++i) {
    const Range r = part(in, kChunkRows, i);
    product(r.size(), c.size(), rows, {input_of(index) + r.begin, in, true}, {dy, out}, g,
            c.size());
    const std::size_t at = node.weight + static_cast<std::size_t>(r.begin) * stride + first;
    optimizer.update(parameters.data(), at, g, static_cast<std::size_t>(r.size()), columns, stride,
                     columns);
  }
}

}  // namespace actfn::nn
