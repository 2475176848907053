// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/optimizer.h>
#include <actfn/nn/sequential.h>

#include "catalogue/error.h"
#include "catalogue/float_environment.h"
#include "catalogue/size.h"
#include "memory/overlap.h"
#include "nn/network.h"
#include "nn/optimizer_state.h"
#include "nn/product.h"
#include "nn/product_reproducible.h"
#include "nn/weight_source.h"

#include <algorithm>
#include <string>
#include <utility>

namespace actfn::nn {
namespace {

constexpr std::size_t kMostParameters = std::size_t{1} << 40U;

// Places the parameters one behind the other, each on a cache line of its own; what modules learn
// stands behind the Linears' parameters.
void place_parameters(Sequential::State& s) {
  std::size_t end = 0;
  const auto take = [&end](const Node& node, Size n) {
    if (n + end > kMostParameters) {
      fail("sequential",
           {"with ", to_string(std::span(&node.layer, 1)), " there are more than 2^40 parameters"});
    }
    return std::exchange(end, end + padded(n.value()));
  };
  for (Node& node : s.nodes) {
    if (node.linear() == nullptr) continue;
    const auto out = static_cast<std::size_t>(node.linear()->out_features);
    node.weight = take(node, static_cast<std::size_t>(node.linear()->in_features) * Size(out));
    node.bias = take(node, out);
  }
  s.decayed = end;
  for (Node& node : s.nodes) {
    if (node.module != nullptr) node.learned = take(node, node.module->parameter_count());
  }
  std::size_t kept = 0;
  for (Node& node : s.nodes) {
    if (node.module != nullptr) node.kept = std::exchange(kept, kept + node.module->buffer_count());
  }
  s.buffers.resize(kept);
  s.parameters.resize(end);
  s.gradients.resize(end);
}

// Without a source, weights are 0.
void initialize_modules(Sequential::State& s, WeightSource* source) {
  for (const Node& node : s.nodes) {
    if (node.module == nullptr) continue;
    node.module->initialize(Sequential::State::learned_of(s.parameters, node), source);
    const auto kept = std::span(s.buffers).subspan(node.kept, node.module->buffer_count());
    node.module->initialize_buffers(kept);
  }
}

}  // namespace

Sequential::Sequential(const std::vector<Layer>& layers) : Sequential(Architecture(layers)) {}

Sequential::Sequential(const Shape& in, const std::vector<Layer>& layers)
    : Sequential(Architecture(in, layers)) {}

Sequential::Sequential(const Architecture& architecture) : state_(std::make_unique<State>()) {
  const FloatEnvironment environment;
  State& s = *state_;
  s.in_shape = architecture.in;
  s.in_features = architecture.in_features;
  for (const Part& part : architecture.parts) s.nodes.emplace_back(part);
  place_parameters(s);
  const auto first = std::ranges::find_if(s.nodes, &State::learns);
  s.learner = static_cast<std::size_t>(first - s.nodes.begin());
  if (first != s.nodes.end() && first->module != nullptr && !first->module->works_without_dx()) {
    s.input_size = first->module->in_size();
  }
  initialize_modules(s, nullptr);
  set_threads(1);
}

Sequential::Sequential(Sequential&&) noexcept = default;
Sequential& Sequential::operator=(Sequential&&) noexcept = default;
Sequential::~Sequential() = default;

int Sequential::in_features() const { return state_->in_features; }
int Sequential::out_features() const { return state_->nodes.back().size; }
Shape Sequential::in_shape() const { return state_->in_shape; }
Shape Sequential::out_shape() const { return state_->nodes.back().shape; }

std::size_t Sequential::parameter_count() const {
  std::size_t n = 0;
  for (const auto& node : state_->nodes) {
    n += node.learned_count();
    if (node.linear() == nullptr) continue;
    const auto out = static_cast<std::size_t>(node.linear()->out_features);
    n += (static_cast<std::size_t>(node.linear()->in_features) + 1) * out;
  }
  return n;
}

std::vector<Layer> Sequential::layers() const {
  std::vector<Layer> all;
  for (const auto& node : state_->nodes) all.push_back(node.layer);
  return all;
}

std::vector<LinearView> Sequential::linears() {
  std::vector<LinearView> views;
  const std::span<float> values = state_->parameters;
  const std::span<const float> gradients = state_->gradients;
  for (const auto& node : state_->nodes) {
    if (node.linear() == nullptr) continue;
    const auto out = static_cast<std::size_t>(node.linear()->out_features);
    const std::size_t size = static_cast<std::size_t>(node.linear()->in_features) * out;
    views.push_back({*node.linear(), values.subspan(node.weight, size),
                     values.subspan(node.bias, out), gradients.subspan(node.weight, size),
                     gradients.subspan(node.bias, out)});
  }
  return views;
}

std::vector<LearnedView> Sequential::learned() {
  std::vector<LearnedView> views;
  State& s = *state_;
  for (std::size_t i = 0; i < s.nodes.size(); ++i) {
    const Node& node = s.nodes[i];
    if (node.learned_count() == 0) continue;
    views.push_back(
        {i, State::learned_of(s.parameters, node), State::learned_of(s.gradients, node)});
  }
  return views;
}

std::vector<Parameter> Sequential::parameters() {
  std::vector<Parameter> all;
  State& s = *state_;
  const auto add = [&](std::string name, const Block& block, std::size_t at) {
    const std::size_t n = size_of(block.shape).value();
    all.push_back({std::move(name), block.shape, std::span(s.parameters).subspan(at, n),
                   std::span(s.gradients).subspan(at, n), block.decayed, block.transposed});
  };
  for (std::size_t i = 0; i < s.nodes.size(); ++i) {
    const Node& node = s.nodes[i];
    const std::string prefix = std::to_string(i) + ".";
    if (const auto* const linear = node.linear()) {
      const auto in = static_cast<std::size_t>(linear->in_features);
      const auto out = static_cast<std::size_t>(linear->out_features);
      add(prefix + "weight", {.name = {}, .shape = {out, in}, .transposed = true}, node.weight);
      add(prefix + "bias", {.name = {}, .shape = {out}}, node.bias);
    } else if (node.module != nullptr) {
      std::size_t at = node.learned;
      for (const Block& block : node.module->parameters()) {
        add(prefix + block.name, block, at);
        at += size_of(block.shape).value();
      }
    }
  }
  return all;
}

std::vector<Parameter> Sequential::buffers() {
  std::vector<Parameter> all;
  State& s = *state_;
  for (std::size_t i = 0; i < s.nodes.size(); ++i) {
    const Node& node = s.nodes[i];
    if (node.module == nullptr) continue;
    std::size_t at = node.kept;
    for (const Block& block : node.module->buffers()) {
      const std::size_t n = size_of(block.shape).value();
      all.push_back({std::to_string(i) + "." + block.name,
                     block.shape,
                     std::span(s.buffers).subspan(at, n),
                     {},
                     false});
      at += n;
    }
  }
  return all;
}

void Sequential::set_training(bool training) { state_->training = training; }

void Sequential::set_reproducible(bool reproducible) {
  state_->multiply = reproducible ? reproducible_product : product;
}

void Sequential::initialize(Init init, std::uint64_t seed) {
  const FloatEnvironment environment;
  WeightSource source(init, seed);
  for (auto& view : linears()) {
    source.draw(view.shape.in_features, view.shape.out_features, view.weight);
    std::fill(view.bias.begin(), view.bias.end(), 0.0F);
  }
  source.begin_modules();
  initialize_modules(*state_, &source);
  state_->seed = seed;
  state_->passes = 0;
}

void Sequential::set_threads(int threads, const Executor* executor) {
  require_threads("sequential", threads);
  const std::size_t largest = state_->scratch_size(static_cast<std::size_t>(state_->rows));
  // Both or, if memory runs out, neither.
  auto team = std::make_unique<Team>(threads, executor);
  std::vector<Buffer> scratch(static_cast<std::size_t>(team->members()), Buffer(largest));
  state_->team = std::move(team);
  state_->scratch = std::move(scratch);
}

std::span<const float> Sequential::forward(std::span<const float> x) {
  const FloatEnvironment environment;
  State& s = *state_;
  const auto in = static_cast<std::size_t>(s.in_features);
  if (x.empty() || x.size() % in != 0) {
    fail("sequential", {"x has ", x.size(), " elements, which are no whole rows of ", in});
  }
  const std::size_t rows = x.size() / in;
  if (rows > s.most_rows()) {
    fail("sequential", {"x has ", rows, " rows, more than ", s.most_rows()});
  }
  if (memory::overlap(x, s.nodes.back().output)) {
    fail("sequential", {"x overlaps the result of the last forward()"});
  }
  s.check_batch(rows);
  s.reserve(static_cast<int>(rows));
  s.input = x.data();
  s.passes += s.training ? 1 : 0;
  s.last = {s.seed, s.passes, s.training};
  try {
    s.forward_all();
  } catch (...) {  // a layer refuses x, or no memory: the next pass draws the noise of this one
    s.passes -= s.training ? 1 : 0;
    s.input = nullptr;
    throw;
  }
  return {s.nodes.back().output.data(), rows * static_cast<std::size_t>(s.nodes.back().size)};
}

void Sequential::backward(std::span<const float> dy) {
  const FloatEnvironment environment;
  State& s = *state_;
  const SingleThreadedProducts single;
  s.backward_to_first(dy);
  s.for_each_block(
      [&s](int /*member*/, std::size_t node, Range columns) { s.differentiate(node, columns); });
}

void Sequential::backward(std::span<const float> dy, Optimizer& optimizer) {
  const FloatEnvironment environment;
  State& s = *state_;
  optimizer.state_->check(s.parameters);
  const SingleThreadedProducts single;
  s.backward_to_first(dy);
  optimizer.state_->begin_step();
  s.update_modules(*optimizer.state_);
  s.backwards = !s.backwards;
  s.for_each_block([&s, &optimizer](int member, std::size_t node, Range block) {
    s.differentiate_and_update(node, block, member, *optimizer.state_);
  });
}

}  // namespace actfn::nn
