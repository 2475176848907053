// SPDX-License-Identifier: Apache-2.0
// What a Sequential needs of a layer that is neither a plain Linear nor elementwise. Arrays are
// contiguous, [rows, …], with one sample a row. A module keeps nothing of a pass: networks share
// it. What has to be kept, the network lends.
#pragma once

#include <actfn/nn/layers.h>

#include "catalogue/size.h"
#include "nn/buffer.h"
#include "nn/product.h"
#include "nn/sample_shape.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace actfn::nn {

class Module;
class Team;
class WeightSource;
struct LayerText;

// A block of learned numbers, or of buffers, with PyTorch's name and shape. The blocks of a module
// follow each other in memory.
struct Block {
  std::string name;
  Shape shape;
  bool decayed = true;      // whether weight decay acts on it
  bool transposed = false;  // whether it lies in memory as its transpose
};

using Multiply = decltype(&product);

// A pass has so many bits of positions of noise: more than a layer's output has elements.
inline constexpr unsigned kNoiseBits = 32;

// The noise of a layer that draws more numbers in a pass than a pass has positions, as attention
// does for its scores: the number of the pass goes into the seed, so that the next pass draws
// others, whatever the positions.
inline Noise unbounded(const Noise& noise) {
  constexpr std::uint64_t kMix = 0xBF58476D1CE4E5B9;
  constexpr std::uint64_t kPositions = std::uint64_t{1} << kNoiseBits;
  return {noise.seed + (noise.first >> kNoiseBits) * kMix, noise.first % kPositions};
}

// One pass of a batch through a layer.
struct Pass {
  std::size_t rows;  // samples
  bool training;
  Noise noise;                     // of this layer in this pass
  std::span<const float> learned;  // the layer's parameters
  std::span<float> buffers = {};   // not learned, and kept between passes
  float* workspace = nullptr;      // Module::workspace_size(), from forward() to backward()
  std::span<Buffer> scratch = {};  // of each member, Module::scratch_size()
  Team* team = nullptr;
  Multiply multiply = product;

  bool is_reproducible() const { return multiply != product; }
  float* scratch_of(int member) const { return scratch[static_cast<std::size_t>(member)].data(); }
};

// What a backward pass reads and writes; y is what forward() gave. dx is null where it is not
// needed and the module can do without.
struct Gradients {
  const float *x, *y, *dy;
  float* dx;
  std::span<float> learned;
};

// What a layer inside of another one gave in a pass, and its own part of that.
struct Inner {
  const Module* module;
  Pass pass;
  const float* output;
};

class Module {
 public:
  virtual ~Module() = default;
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  const Shape& in() const { return in_; }
  const Shape& out() const { return out_; }
  std::size_t in_size() const { return in_size_; }  // elements of a sample
  std::size_t out_size() const { return out_size_; }
  // The elements of the largest sample in it: those of layers inside of it, too.
  virtual std::size_t widest() const { return std::max(in_size_, out_size_); }

  const std::vector<Block>& parameters() const { return parameters_; }
  const std::vector<Block>& buffers() const { return buffers_; }
  Size parameter_count() const { return parameter_count_; }
  std::size_t buffer_count() const { return buffer_count_; }

  // What learned numbers and buffers are at first; weights are 0 where there is no source.
  virtual void initialize(std::span<float> /*learned*/, WeightSource* /*source*/) const {}
  virtual void initialize_buffers(std::span<float> /*buffers*/) const {}

  // How many float32 numbers the network lends for a batch, and how many to each member besides.
  virtual Size workspace_size(std::size_t /*rows*/) const { return 0; }
  virtual Size scratch_size(std::size_t /*rows*/) const { return 0; }

  // Throws Error where such a batch can't be computed.
  virtual void check_batch(std::size_t /*rows*/, bool /*training*/) const {}
  virtual void forward(const Pass& pass, const float* x, float* y) const = 0;
  // With the same pass as forward().
  virtual void backward(const Pass& pass, const Gradients& g) const = 0;
  // What a pass changes in the buffers; after the whole network's forward().
  virtual void finish(const Pass& /*pass*/) const {}
  virtual bool works_without_dx() const { return false; }
  // The layer at an index inside of this one, but not the last one, whose output is not kept.
  // `pass` is the last one of this module. Throws Error where there are no such layers.
  virtual Inner inner(const Pass& pass, std::size_t index) const;

 protected:
  Module(const Shape& in, const Shape& out)
      : in_(in), out_(out), in_size_(size_of(in).value()), out_size_(size_of(out).value()) {}

  // For constructors, in the order of the memory.
  void learn(Block block) {
    parameter_count_ = parameter_count_ + size_of(block.shape);
    parameters_.push_back(std::move(block));
  }
  void keep(Block block) {
    buffer_count_ += size_of(block.shape).value();
    buffers_.push_back(std::move(block));
  }

 private:
  Shape in_, out_;
  std::size_t in_size_, out_size_;
  std::vector<Block> parameters_, buffers_;
  Size parameter_count_ = 0;
  std::size_t buffer_count_ = 0;
};

using ModulePointer = std::shared_ptr<const Module>;

// What the file of a layer defines, by explicit specialization: nn/layers/conv2d.cc and so on.
template <class L>
struct LayerFile {
  // For samples of a shape. Throws Error where they do not fit, or an argument is out of range.
  static ModulePointer make(const L& layer, const Shape& in);
  // Its name and arguments; null for functions, whose text is that of the catalogue.
  static const LayerText* text();
};

// Throws Error where a Linear has no such sizes, or does not take what comes (0: not known).
void check_linear(const Linear& l, std::size_t before);

// Null for a Linear and for an elementwise function, which networks compute by themselves.
ModulePointer make_module(const Layer& layer, const Shape& in);
// Throws Error where a layer gives more numbers for a sample than an int holds.
void check_sample(const Layer& layer, const Shape& out);
// Of these, too: for layers inside of others.
ModulePointer make_any_module(const Layer& layer, const Shape& in);

}  // namespace actfn::nn
