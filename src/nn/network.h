// SPDX-License-Identifier: Apache-2.0
// The inside of a Sequential.
#pragma once

#include <actfn/nn/optimizer.h>
#include <actfn/nn/sequential.h>

#include "nn/architecture.h"
#include "nn/buffer.h"
#include "nn/cut.h"
#include "nn/product.h"
#include "nn/team.h"

#include <memory>
#include <vector>

namespace actfn::nn {

// Work is cut by input features, into blocks of so many rows of a weight matrix at most, whatever
// the number of threads: a sum's bits depend on how it is cut. One member always gets the same
// blocks, in every pass, and finds its share of the weights in its own cache.
inline constexpr int kBlockRows = 256;
// A gradient block of so many numbers stays in the first cache levels until it is used.
inline constexpr int kChunk = 16384;
// Rows of a gradient block for a Linear of so many outputs.
int chunk_rows(int out_features);

// One layer, its place in the parameters, and what it keeps of a pass.
struct Node : Part {
  explicit Node(const Part& part) : Part(part) {}

  std::size_t weight = 0;  // offsets into the parameters; of a Linear
  std::size_t bias = 0;
  std::size_t learned = 0;  // of a module
  std::size_t kept = 0;     // offset into the buffers; of a module
  Buffer output;            // [rows, size]
  Buffer partial;    // [blocks, rows, size]: products to be summed; of a Linear of several blocks
  Buffer gradient;   // of the loss by the output, [rows, size]
  Buffer workspace;  // of a module
  // Of an activation: its derivative is where the gradient by its input will be.
  bool slope_is_known = false;

  const Linear* linear() const { return std::get_if<Linear>(&layer); }
  // Of the matrix that a Linear works on, for so many samples.
  int rows_of(int samples) const { return samples * (size / width); }
  std::size_t learned_count() const {
    return module == nullptr ? 0 : module->parameter_count().value();
  }
  // A plain one, which can be fused with the Linear before it.
  const Activation* activation() const {
    const auto* const f = std::get_if<Function>(&layer);
    return f == nullptr ? nullptr : std::get_if<Activation>(f);
  }
};

struct Sequential::State {
  std::vector<Node> nodes;
  Shape in_shape;       // of a sample
  int in_features = 0;  // its elements
  Buffer parameters;    // of the Linears, and from `decayed` on of modules
  Buffer gradients;
  std::size_t decayed = 0;
  Buffer buffers;              // of modules: not learned, and kept between passes
  std::size_t learner = 0;     // the first of the nodes that learn
  Buffer input_gradient;       // of that one, where it is a module that must write it
  std::size_t input_size = 0;  // elements of a sample of that
  std::uint64_t seed = 0;
  std::uint64_t passes = 0;  // in training
  bool training = true;
  // Of the last forward(). backward() belongs to it, whatever was set since.
  struct {
    std::uint64_t seed = 0, passes = 0;
    bool training = true;
  } last;
  decltype(&product) multiply = product;  // or reproducible_product
  std::vector<Buffer> scratch;            // of each member
  std::unique_ptr<Team> team;
  const float* input = nullptr;  // of the last forward()
  int rows = 0;                  // samples of it
  // Updates turn round every step: they begin with what the cache still holds of the last one.
  bool backwards = false;

  // Sizes of arrays are ints in the passes.
  std::size_t most_rows() const;
  void check_batch(std::size_t new_rows) const;
  void reserve(int new_rows);
  std::size_t scratch_size(std::size_t new_rows) const;
  const float* input_of(std::size_t node) const {
    return node == 0 ? input : nodes[node - 1].output.data();
  }

  // Linear, bias, and the activation behind it if there is one.
  void forward_all();
  void forward_linear(std::size_t index, bool with_activation);
  void finish_linear(std::size_t index, bool with_activation);
  void forward_activation(std::size_t index);
  void forward_module(std::size_t index);
  // Every node's gradient, from the last to that of the first which learns, and the gradients of
  // modules' parameters.
  void backward_to_first(std::span<const float> dy);
  void backward_through(std::size_t index);
  void backward_activation(Node& node, Node& before) const;
  void backward_module(std::size_t index, float* dx);
  // Moves parameters by their gradients: those of the Linears, and those of modules.
  void update_linears(Optimizer::State& optimizer);
  void update_modules(Optimizer::State& optimizer);
  // The parameters' gradients in a block of a Linear, and in its bias if the block is the first.
  void differentiate(std::size_t index, Range block);
  void differentiate_and_update(std::size_t index, Range block, int member,
                                Optimizer::State& optimizer);

  Pass pass_of(std::size_t index);
  static std::span<float> learned_of(Buffer& of, const Node& node) {
    return std::span(of).subspan(node.learned, node.learned_count());
  }
  static bool learns(const Node& node) {
    return node.linear() != nullptr || node.learned_count() > 0;
  }

  // f(member, node, rows of the weights) for every block of every Linear.
  template <class F>
  void for_each_block(F&& f) {
    int blocks = 0;
    for (const auto& node : nodes) blocks += block_count(node);
    team->run(blocks, [&](int member, int block) {
      if (backwards) block = mirrored(block, blocks);
      std::size_t index = 0;
      while (block >= block_count(nodes[index])) block -= block_count(nodes[index++]);
      f(member, index, part(nodes[index].linear()->in_features, kBlockRows, block));
    });
  }

 private:
  // The same member's blocks, last first.
  int mirrored(int block, int blocks) const {
    const int all = team->members();
    const int mine = block % all;
    const int count = (blocks - mine + all - 1) / all;
    return mine + (count - 1 - block / all) * all;
  }
  static int block_count(const Node& node) {
    return node.linear() != nullptr ? part_count(node.linear()->in_features, kBlockRows) : 0;
  }
};

}  // namespace actfn::nn
