// SPDX-License-Identifier: Apache-2.0
// The passes of a Sequential.
#include "nn/network.h"

#include <actfn/error.h>
#include <actfn/nn/optimizer.h>

#include "kernels/blocks.h"
#include "kernels/evaluator.h"
#include "nn/optimizer_state.h"
#include "nn/pieces.h"
#include "nn/product.h"
#include "nn/vector_ops.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace actfn::nn {

int chunk_rows(int out_features) { return std::max(8, kChunk / out_features); }

std::size_t Sequential::State::most_rows() const {
  auto widest = static_cast<std::size_t>(in_features);
  for (const auto& node : nodes) {
    widest = std::max(widest, static_cast<std::size_t>(node.size));
    if (node.module != nullptr) widest = std::max(widest, node.module->widest());
  }
  return std::numeric_limits<int>::max() / 2 / widest;
}

void Sequential::State::check_batch(std::size_t new_rows) const {
  for (const auto& node : nodes) {
    if (node.module != nullptr) node.module->check_batch(new_rows, training);
  }
}

// For what a gradient block and a module takes.
std::size_t Sequential::State::scratch_size(std::size_t new_rows) const {
  std::size_t most = 0;
  for (const auto& node : nodes) {
    const auto columns = static_cast<std::size_t>(node.width);
    if (node.linear() != nullptr) {
      most = std::max(most, static_cast<std::size_t>(chunk_rows(node.width)) * columns);
    } else if (node.module != nullptr) {
      most = std::max(most, node.module->scratch_size(new_rows).value());
    }
  }
  return most;
}

void Sequential::State::reserve(int new_rows) {
  const auto samples = static_cast<std::size_t>(new_rows);
  for (auto& node : nodes) {
    const std::size_t size = samples * static_cast<std::size_t>(node.size);
    const auto blocks = static_cast<std::size_t>(block_count(node));
    if (node.output.size() < size) node.output.resize(size);
    if (node.gradient.size() < size) node.gradient.resize(size);
    if (blocks > 1 && node.partial.size() < blocks * size) node.partial.resize(blocks * size);
    if (node.module == nullptr) continue;
    const std::size_t workspace = node.module->workspace_size(samples).value();
    if (node.workspace.size() < workspace) node.workspace.resize(workspace);
  }
  if (input_gradient.size() < samples * input_size) input_gradient.resize(samples * input_size);
  const std::size_t most = scratch_size(samples);
  for (auto& one : scratch) {
    if (one.size() < most) one.resize(most);
  }
  rows = new_rows;  // last: where memory runs out, all is as it was
}

void Sequential::State::forward_all() {
  const SingleThreadedProducts single;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool followed = i + 1 < nodes.size() && nodes[i + 1].activation() != nullptr;
    if (nodes[i].linear() != nullptr) {
      forward_linear(i, followed);
      i += followed ? 1 : 0;
    } else if (nodes[i].module != nullptr) {
      forward_module(i);
    } else {
      forward_activation(i);
    }
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].module != nullptr) nodes[i].module->finish(pass_of(i));
  }
}

void Sequential::State::forward_linear(std::size_t index, bool with_activation) {
  Node& node = nodes[index];
  const int in = node.linear()->in_features;
  const int out = node.width;
  const int height = node.rows_of(rows);
  const float* x = input_of(index);
  const float* weight = parameters.data() + node.weight;
  const int blocks = block_count(node);
  float* to = blocks == 1 ? node.output.data() : node.partial.data();
  team->run(blocks, [&](int /*member*/, int block) {
    const Range r = part(in, kBlockRows, block);
    multiply(height, out, r.size(), {x + r.begin, in},
             {weight + static_cast<std::ptrdiff_t>(r.begin) * out, out},
             to + static_cast<std::ptrdiff_t>(block) * height * out, out);
  });
  finish_linear(index, with_activation);
}

// Sums the blocks' products, in order, and adds bias and activation while they are in cache.
void Sequential::State::finish_linear(std::size_t index, bool with_activation) {
  Node& node = nodes[index];
  const auto out = static_cast<std::size_t>(node.width);
  const auto blocks = static_cast<std::size_t>(block_count(node));
  const int all = node.rows_of(rows);
  const std::size_t whole = static_cast<std::size_t>(all) * out;
  const float* bias = parameters.data() + node.bias;
  const int most = std::max(1, kPiece / node.width);
  Node* const next = with_activation ? &nodes[index + 1] : nullptr;
  std::optional<kernels::Evaluator> f;
  if (next != nullptr) {
    f.emplace(*next->activation(), Type::float32);
    next->slope_is_known = last.training && f->shares_parts();
  }
  float* const slope = next != nullptr && next->slope_is_known ? node.gradient.data() : nullptr;
  team->run(part_count(all, most), [&](int /*member*/, int piece) {
    const Range r = part(all, most, piece);
    const std::size_t at = static_cast<std::size_t>(r.begin) * out;
    const auto height = static_cast<std::size_t>(r.size());
    float* z = node.output.data() + at;
    if (blocks > 1) sum_parts(node.partial.data() + at, blocks, whole, height * out, z);
    if (next == nullptr) {
      add_row(bias, height, out, z);
    } else {
      float* const y = next->output.data() + at;
      for (std::size_t row = 0; row < height; ++row) {
        const std::size_t i = row * out;
        f->bias_forward(bias, z + i, y + i, slope == nullptr ? nullptr : slope + at + i, out);
      }
    }
  });
}

void Sequential::State::forward_activation(std::size_t index) {
  Node& node = nodes[index];
  const float* const x = input_of(index);
  const kernels::Evaluator f(*node.activation(), Type::float32);
  // A derivative that was rounded gives other bits: reproducible networks keep theirs.
  node.slope_is_known = training && f.shares_parts() && multiply == product && index > learner;
  float* const slope = node.slope_is_known ? nodes[index - 1].gradient.data() : nullptr;
  const int n = rows * node.size;
  team->run(part_count(n, kPiece), [&](int /*member*/, int piece) {
    const Range r = part(n, kPiece, piece);
    const auto size = static_cast<std::size_t>(r.size());
    float* const y = node.output.data() + r.begin;
    if (slope == nullptr) return f.map(kernels::Order::value, x + r.begin, y, size);
    f.value_and_derivative(x + r.begin, y, slope + r.begin, size);
  });
}

void Sequential::State::forward_module(std::size_t index) {
  Node& node = nodes[index];
  node.module->forward(pass_of(index), input_of(index), node.output.data());
}

// Each pass has positions of noise of its own. A layer that draws more numbers than these are,
// SelfAttention, asks for unbounded() noise.
Pass Sequential::State::pass_of(std::size_t index) {
  constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;
  Node& node = nodes[index];
  const Noise noise = {last.seed + (index + 1) * kGolden, last.passes << kNoiseBits};
  return {.rows = static_cast<std::size_t>(rows),
          .training = last.training,
          .noise = noise,
          .learned = learned_of(parameters, node),
          .buffers = std::span(buffers).subspan(node.kept, node.module->buffer_count()),
          .workspace = node.workspace.data(),
          .scratch = scratch,
          .team = team.get(),
          .multiply = multiply};
}

void Sequential::State::backward_to_first(std::span<const float> dy) {
  Node& end = nodes.back();
  const auto size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(end.size);
  if (input == nullptr || dy.size() != size) {
    throw Error("[sequential] dy has " + std::to_string(dy.size()) +
                " elements, the last forward() gave " +
                std::to_string(input == nullptr ? 0 : size));
  }
  std::copy(dy.begin(), dy.end(), end.gradient.begin());
  if (learner == nodes.size()) return;
  for (std::size_t i = nodes.size() - 1; i > learner; --i) backward_through(i);
  if (nodes[learner].module == nullptr) return;
  backward_module(learner, input_size == 0 ? nullptr : input_gradient.data());
}

void Sequential::State::backward_module(std::size_t index, float* dx) {
  Node& node = nodes[index];
  node.module->backward(pass_of(index), {input_of(index), node.output.data(), node.gradient.data(),
                                         dx, learned_of(gradients, node)});
}

void Sequential::State::update_linears(Optimizer::State& optimizer) {
  in_pieces(*team, decayed, [&](std::size_t at, std::size_t n) {
    optimizer.update(true, std::span(parameters).subspan(at, n), gradients.data() + at, at);
  });
}

void Sequential::State::update_modules(Optimizer::State& optimizer) {
  for (const Node& node : nodes) {
    if (node.module == nullptr) continue;
    std::size_t first = node.learned;
    for (const Block& block : node.module->parameters()) {
      const std::size_t all = size_of(block.shape).value();
      in_pieces(*team, all, [&](std::size_t begin, std::size_t n) {
        const std::size_t at = first + begin;
        const auto w = std::span(parameters).subspan(at, n);
        optimizer.update(block.decayed, w, gradients.data() + at, at);
      });
      first += all;
    }
  }
}

void Sequential::State::backward_activation(Node& node, Node& before) const {
  const kernels::Evaluator f(*node.activation(), Type::float32);
  const auto& arithmetic = kernels::blocks(kernels::active_target()).of<float>();
  const bool slope_is_known = std::exchange(node.slope_is_known, false);
  const int n = rows * node.size;
  team->run(part_count(n, kPiece), [&](int /*member*/, int piece) {
    const Range r = part(n, kPiece, piece);
    const auto size = static_cast<std::size_t>(r.size());
    const float* dy = node.gradient.data() + r.begin;
    float* dx = before.gradient.data() + r.begin;
    if (slope_is_known) {
      arithmetic.multiply(dx, dy, dx, size);
    } else {
      f.backward(kernels::Order::derivative, before.output.data() + r.begin, dy, dx, size);
    }
  });
}

// From the gradient by a node's output to that by its input.
void Sequential::State::backward_through(std::size_t index) {
  Node& node = nodes[index];
  Node& before = nodes[index - 1];
  if (node.module != nullptr) return backward_module(index, before.gradient.data());
  if (node.activation() != nullptr) return backward_activation(node, before);
  const int out = node.width;
  const int in = node.linear()->in_features;
  const int height = node.rows_of(rows);
  const float* weight = parameters.data() + node.weight;
  team->run(block_count(node), [&](int /*member*/, int block) {
    const Range r = part(in, kBlockRows, block);
    multiply(height, r.size(), out, {node.gradient.data(), out},
             {weight + static_cast<std::ptrdiff_t>(r.begin) * out, out, true},
             before.gradient.data() + r.begin, in);
  });
}

// Both functions below cut alike: the same products, the same bits.
void Sequential::State::differentiate(std::size_t index, Range block) {
  Node& node = nodes[index];
  const int in = node.linear()->in_features;
  const int out = node.width;
  const int height = node.rows_of(rows);
  const float* dy = node.gradient.data();
  if (block.begin == 0) {
    sum_rows(dy, static_cast<std::size_t>(height), static_cast<std::size_t>(out),
             gradients.data() + node.bias);
  }
  for (int i = 0; i < part_count(block.size(), chunk_rows(out)); ++i) {
    const Range r = part(block.size(), chunk_rows(out), i);
    const std::ptrdiff_t first = block.begin + r.begin;
    multiply(r.size(), out, height, {input_of(index) + first, in, true}, {dy, out},
             gradients.data() + node.weight + first * out, out);
  }
}

void Sequential::State::differentiate_and_update(std::size_t index, Range block, int member,
                                                 Optimizer::State& optimizer) {
  Node& node = nodes[index];
  const int in = node.linear()->in_features;
  const int out = node.width;
  const int height = node.rows_of(rows);
  const auto columns = static_cast<std::size_t>(out);
  const float* dy = node.gradient.data();
  float* g = scratch[static_cast<std::size_t>(member)].data();
  if (block.begin == 0) {
    sum_rows(dy, static_cast<std::size_t>(height), columns, g);
    optimizer.update(true, std::span(parameters).subspan(node.bias, columns), g, node.bias);
  }
  const int chunks = part_count(block.size(), chunk_rows(out));
  for (int i = 0; i < chunks; ++i) {
    const Range r = part(block.size(), chunk_rows(out), backwards ? chunks - 1 - i : i);
    const std::ptrdiff_t first = block.begin + r.begin;
    multiply(r.size(), out, height, {input_of(index) + first, in, true}, {dy, out}, g, out);
    const std::size_t at = node.weight + static_cast<std::size_t>(first) * columns;
    const std::size_t n = static_cast<std::size_t>(r.size()) * columns;
    optimizer.update(true, std::span(parameters).subspan(at, n), g, at);
  }
}

}  // namespace actfn::nn
