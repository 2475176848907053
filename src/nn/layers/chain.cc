// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/chain.h"

#include "catalogue/error.h"
#include "nn/pieces.h"
#include "nn/vector_ops.h"

#include <algorithm>

namespace actfn::nn {

void add_blocks(const std::vector<Block>& from, std::size_t number, std::vector<Block>& to) {
  for (Block block : from) {
    block.name.insert(0, std::to_string(number) + ".");
    to.push_back(std::move(block));
  }
}

void add_to(Team& team, std::size_t n, const float* x, float* y) {
  in_pieces(team, n, [&](std::size_t at, std::size_t size) { add_row(x + at, 1, size, y + at); });
}

Chain::Chain(std::string_view who, const std::vector<Layer>& layers, const Shape& in)
    : learned_{0}, kept_{0} {
  if (layers.empty()) fail(who, {"there are no layers"});
  Shape shape = in;
  Size learned = 0;
  for (const Layer& layer : layers) {
    modules_.push_back(make_any_module(layer, shape));
    shape = modules_.back()->out();
    check_sample(layer, shape);
    learned = learned + modules_.back()->parameter_count();
    learned_.push_back(learned.value());
    kept_.push_back(kept_.back() + modules_.back()->buffer_count());
  }
}

std::vector<Block> Chain::parameters() const {
  std::vector<Block> all;
  for (std::size_t i = 0; i < modules_.size(); ++i) add_blocks(modules_[i]->parameters(), i, all);
  return all;
}

std::vector<Block> Chain::buffers() const {
  std::vector<Block> all;
  for (std::size_t i = 0; i < modules_.size(); ++i) add_blocks(modules_[i]->buffers(), i, all);
  return all;
}

void Chain::initialize(std::span<float> learned, WeightSource* source) const {
  for (std::size_t i = 0; i < modules_.size(); ++i) {
    modules_[i]->initialize(learned.subspan(learned_[i], learned_[i + 1] - learned_[i]), source);
  }
}

void Chain::initialize_buffers(std::span<float> buffers) const {
  for (std::size_t i = 0; i < modules_.size(); ++i) {
    modules_[i]->initialize_buffers(buffers.subspan(kept_[i], kept_[i + 1] - kept_[i]));
  }
}

// The last one's output and the gradient by it are the caller's.
Size Chain::size_of_place(std::size_t index, std::size_t rows) const {
  const Module& module = *modules_[index];
  const std::size_t arrays = index + 1 < modules_.size() ? 2 : 0;
  return arrays * Size(padded(rows * module.out_size())) +
         padded(module.workspace_size(rows).value());
}

Size Chain::workspace_size(std::size_t rows) const {
  Size all = 0;
  for (std::size_t i = 0; i < modules_.size(); ++i) all = all + size_of_place(i, rows);
  return all;
}

Size Chain::scratch_size(std::size_t rows) const {
  Size most = 0;
  for (const auto& module : modules_) most = std::max(most, module->scratch_size(rows));
  return most;
}

std::size_t Chain::widest() const {
  std::size_t most = 0;
  for (const auto& module : modules_) most = std::max(most, module->widest());
  return most;
}

void Chain::check_batch(std::size_t rows, bool training) const {
  for (const auto& module : modules_) module->check_batch(rows, training);
}

Chain::Place Chain::place(const Pass& pass, std::size_t index) const {
  float* at = pass.workspace;
  for (std::size_t i = 0; i < index; ++i) at += size_of_place(i, pass.rows).value();
  if (index + 1 == modules_.size()) return {nullptr, nullptr, at};
  const std::size_t size = padded(pass.rows * modules_[index]->out_size());
  return {at, at + size, at + 2 * size};
}

Pass Chain::pass_of(const Pass& pass, std::size_t index) const {
  constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;
  constexpr std::uint64_t kSpread = 0xD1342543DE82EF95;
  Pass own = pass;
  own.noise.seed = pass.noise.seed * kSpread + (index + 1) * kGolden;
  own.learned = pass.learned.subspan(learned_[index], learned_[index + 1] - learned_[index]);
  own.buffers = pass.buffers.subspan(kept_[index], kept_[index + 1] - kept_[index]);
  own.workspace = place(pass, index).workspace;
  return own;
}

void Chain::forward(const Pass& pass, const float* x, float* y) const {
  for (std::size_t i = 0; i < modules_.size(); ++i) {
    const bool is_last = i + 1 == modules_.size();
    float* const to = is_last ? y : place(pass, i).output;
    modules_[i]->forward(pass_of(pass, i), x, to);
    x = to;
  }
}

void Chain::backward(const Pass& pass, const Gradients& g) const {
  for (std::size_t i = modules_.size(); i-- > 0;) {
    const bool is_last = i + 1 == modules_.size();
    const Place here = place(pass, i);
    const Place before = i == 0 ? Place{} : place(pass, i - 1);
    modules_[i]->backward(pass_of(pass, i), {.x = i == 0 ? g.x : before.output,
                                             .y = is_last ? g.y : here.output,
                                             .dy = is_last ? g.dy : here.gradient,
                                             .dx = i == 0 ? g.dx : before.gradient,
                                             .learned = g.learned.subspan(
                                                 learned_[i], learned_[i + 1] - learned_[i])});
  }
}

Inner Chain::inner(const Pass& pass, std::size_t index) const {
  return {modules_[index].get(), pass_of(pass, index), place(pass, index).output};
}

void Chain::finish(const Pass& pass) const {
  for (std::size_t i = 0; i < modules_.size(); ++i) modules_[i]->finish(pass_of(pass, i));
}

}  // namespace actfn::nn
