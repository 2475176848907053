// SPDX-License-Identifier: Apache-2.0
#include "catalogue/error.h"
#include "nn/layers/chain.h"
#include "nn/layers/text.h"

#include <algorithm>
#include <vector>

namespace actfn::nn {
namespace {

std::vector<Chain> chains_of(const Parallel& l, const Shape& in) {
  if (l.branches.empty()) fail("parallel", {"there are no branches"});
  std::vector<Chain> all;
  for (const auto& layers : l.branches) all.emplace_back("parallel", layers, in);
  return all;
}

Shape joined(const std::vector<Chain>& branches) {
  const Shape& first = branches.front().out();
  std::size_t features = 0;
  for (const Chain& branch : branches) {
    const Shape& out = branch.out();
    if (out.count() != first.count() || !(with_features(out, 1) == with_features(first, 1))) {
      fail("sequential", {"parallel's branches must agree but for their features, got ",
                          text(first), " and ", text(out)});
    }
    features += Features(out).count;
  }
  return with_features(first, features);
}

class ParallelModule : public Module {
 public:
  ParallelModule(std::vector<Chain> branches, const Shape& in)
      : Module(in, joined(branches)), branches_(std::move(branches)) {
    std::vector<Block> learned;
    std::vector<Block> kept;
    for (std::size_t i = 0; i < branches_.size(); ++i) {
      add_blocks(branches_[i].parameters(), i, learned);
      add_blocks(branches_[i].buffers(), i, kept);
    }
    for (Block& block : learned) learn(std::move(block));
    for (Block& block : kept) keep(std::move(block));
  }

  void initialize(std::span<float> learned, WeightSource* source) const override {
    for (const Chain& branch : branches_) {
      branch.initialize(learned.first(branch.parameter_count()), source);
      learned = learned.subspan(branch.parameter_count());
    }
  }
  void initialize_buffers(std::span<float> buffers) const override {
    for (const Chain& branch : branches_) {
      branch.initialize_buffers(buffers.first(branch.buffer_count()));
      buffers = buffers.subspan(branch.buffer_count());
    }
  }
  // A gradient by the input, and of each branch its output, the gradient by it and its own.
  Size workspace_size(std::size_t rows) const override {
    Size all = padded(rows * in_size());
    for (const Chain& branch : branches_) all = all + size_of_branch(branch, rows);
    return all;
  }
  Size scratch_size(std::size_t rows) const override {
    Size most = 0;
    for (const Chain& branch : branches_) most = std::max(most, branch.scratch_size(rows));
    return most;
  }
  std::size_t widest() const override {
    std::size_t most = out_size();
    for (const Chain& branch : branches_) most = std::max(most, branch.widest());
    return most;
  }
  void check_batch(std::size_t rows, bool training) const override {
    for (const Chain& branch : branches_) branch.check_batch(rows, training);
  }

  void forward(const Pass& pass, const float* x, float* y) const override {
    std::size_t column = 0;
    for_each_branch(pass, [&](const Chain& branch, const Pass& own, const Place& place) {
      branch.forward(own, x, place.y);
      copy_columns(pass, column, branch.out(), [&](std::size_t i, std::size_t n, std::size_t at) {
        std::copy(place.y + i, place.y + i + n, y + at);
      });
    });
  }

  void backward(const Pass& pass, const Gradients& g) const override {
    std::size_t column = 0;
    for_each_branch(pass, [&](const Chain& branch, const Pass& own, const Place& place) {
      const bool is_first = column == 0;
      copy_columns(pass, column, branch.out(), [&](std::size_t i, std::size_t n, std::size_t at) {
        std::copy(g.dy + at, g.dy + at + n, place.dy + i);
      });
      const auto learned = g.learned.subspan(place.learned, branch.parameter_count());
      float* dx = is_first ? g.dx : pass.workspace;
      if (g.dx == nullptr) dx = branch.works_without_dx() ? nullptr : pass.workspace;
      branch.backward(own, {g.x, place.y, place.dy, dx, learned});
      if (g.dx != nullptr && !is_first) add_to(*pass.team, pass.rows * in_size(), dx, g.dx);
    });
  }

  bool works_without_dx() const override { return true; }

  void finish(const Pass& pass) const override {
    for_each_branch(pass, [](const Chain& branch, const Pass& own, const Place& /*place*/) {
      branch.finish(own);
    });
  }

 private:
  // What the workspace has of a branch, and where its learned numbers begin.
  struct Place {
    float *y, *dy;
    std::size_t learned;
  };

  static Size size_of_branch(const Chain& branch, std::size_t rows) {
    return Size(2) * padded(rows * size_of(branch.out()).value()) +
           padded(branch.workspace_size(rows).value());
  }

  // f(branch, its pass, its place)
  template <class F>
  void for_each_branch(const Pass& pass, const F& f) const {
    Pass own = pass;
    float* at = pass.workspace + padded(pass.rows * in_size());
    std::size_t learned = 0;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < branches_.size(); ++i) {
      const Chain& branch = branches_[i];
      const std::size_t size = padded(pass.rows * size_of(branch.out()).value());
      own.noise.seed = pass.noise.seed + i;
      own.learned = pass.learned.subspan(learned, branch.parameter_count());
      own.buffers = pass.buffers.subspan(kept, branch.buffer_count());
      own.workspace = at + 2 * size;
      f(branch, own, Place{at, at + size, learned});
      at += size_of_branch(branch, pass.rows).value();
      learned += branch.parameter_count();
      kept += branch.buffer_count();
    }
  }

  // f(where a branch has them, how many, where the output has them) for all numbers of the branch
  // whose features begin at `column`, which then is that of the next branch.
  template <class F>
  void copy_columns(const Pass& pass, std::size_t& column, const Shape& branch, const F& f) const {
    const Features all(out());
    const Features own(branch);
    const std::size_t n = own.count * own.inner;
    for (std::size_t i = 0; i < pass.rows * all.outer; ++i) {
      f(i * n, n, (i * all.count + column) * all.inner);
    }
    column += own.count;
  }

  std::vector<Chain> branches_;
};

}  // namespace

template <>
ModulePointer LayerFile<Parallel>::make(const Parallel& l, const Shape& in) {
  return std::make_shared<ParallelModule>(chains_of(l, in), in);
}

template <>
const LayerText* LayerFile<Parallel>::text() {
  static const LayerText kText = {
      "parallel", Parallel{Linear{64, 8}, Linear{64, 8}}, {whole<&Parallel::branches>()}};
  return &kText;
}

}  // namespace actfn::nn
