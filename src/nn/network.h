// The inside of a Sequential.
#pragma once

#include <actfn/nn/optimizer.h>
#include <actfn/nn/sequential.h>

#include "nn/buffer.h"
#include "nn/team.h"

#include <memory>
#include <optional>
#include <vector>

namespace actfn::nn {

// Work is cut into blocks of so many output features, whatever the number of threads: a product's
// bits may depend on its shape. One member always gets the same blocks and finds its share of the
// weights in its own cache.
inline constexpr int kBlockColumns = 64;
// A gradient block of so many rows at most stays in the first-level cache until it is used.
inline constexpr int kChunkRows = 128;

struct Range {
  int begin, end;
  int size() const { return end - begin; }
};

// The i-th of equal parts of n, none longer than `most`.
int part_count(int n, int most);
Range part(int n, int most, int i);

// One layer, its place in the parameters, and what it keeps of a pass.
struct Node {
  std::optional<Linear> linear;
  std::optional<Activation> activation;
  int width = 0;           // of its output
  std::size_t weight = 0;  // offsets into the parameters; of a Linear
  std::size_t bias = 0;
  Buffer output;    // [rows, width]
  Buffer gradient;  // of the loss by the output, [rows, width]
};

struct Sequential::State {
  std::vector<Node> nodes;
  int in_features = 0;
  Buffer parameters;
  Buffer gradients;
  std::vector<Buffer> scratch;  // one gradient block a member
  std::unique_ptr<Team> team;
  const float* input = nullptr;  // of the last forward()
  int rows = 0;

  void reserve(int new_rows);
  const float* input_of(std::size_t node) const {
    return node == 0 ? input : nodes[node - 1].output.data();
  }
  int width_before(std::size_t node) const {
    return node == 0 ? in_features : nodes[node - 1].width;
  }

  // Linear, bias, and the activation behind it if there is one.
  void forward_linear(std::size_t index, bool with_activation);
  void forward_activation(std::size_t index);
  // Every node's gradient, from the last to the first Linear's.
  void backward_to_first_linear(std::span<const float> dy);
  void backward_through(std::size_t index);
  // The parameters' gradients in some columns of a Linear.
  void differentiate(std::size_t index, Range columns);
  void differentiate_and_update(std::size_t index, Range columns, int member,
                                Optimizer::State& optimizer);

  // f(member, node, columns) for every block of columns of every Linear.
  template <class F>
  void for_each_block(F&& f) {
    int blocks = 0;
    for (const auto& node : nodes) blocks += block_count(node);
    team->run(blocks, [&](int member, int block) {
      std::size_t index = 0;
      while (block >= block_count(nodes[index])) block -= block_count(nodes[index++]);
      f(member, index, part(nodes[index].width, kBlockColumns, block));
    });
  }

 private:
  static int block_count(const Node& node) {
    return node.linear ? part_count(node.width, kBlockColumns) : 0;
  }
};

}  // namespace actfn::nn
