// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/optimizer.h>
#include <actfn/nn/sequential.h>

#include "catalogue/error.h"
#include "catalogue/float_environment.h"
#include "catalogue/size.h"
#include "nn/draw.h"
#include "nn/network.h"
#include "nn/optimizer_state.h"
#include "nn/product.h"
#include "nn/product_reproducible.h"

#include <algorithm>
#include <string>
#include <utility>

namespace actfn::nn {
namespace {

constexpr int kMostThreads = 1024;
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
  s.parameters.resize(end);
  s.gradients.resize(end);
}

}  // namespace

Sequential::Sequential(const std::vector<Layer>& layers) : Sequential(Architecture(layers)) {}

Sequential::Sequential(const Architecture& architecture) : state_(std::make_unique<State>()) {
  const FloatEnvironment environment;
  State& s = *state_;
  s.in_features = architecture.in_features;
  for (const Part& part : architecture.parts) s.nodes.emplace_back(part);
  place_parameters(s);
  std::size_t first = 0;
  while (!State::learns(s.nodes[first])) ++first;
  if (s.nodes[first].module != nullptr) s.widest_input = s.width_before(first);
  for (const auto& view : learned()) s.nodes[view.layer].module->initialize(view.values);
  set_threads(1);
}

Sequential::Sequential(Sequential&&) noexcept = default;
Sequential& Sequential::operator=(Sequential&&) noexcept = default;
Sequential::~Sequential() = default;

int Sequential::in_features() const { return state_->in_features; }
int Sequential::out_features() const { return state_->nodes.back().width; }

std::size_t Sequential::parameter_count() const {
  std::size_t n = 0;
  for (const auto& node : state_->nodes) {
    if (node.module != nullptr) n += node.module->parameter_count();
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
    if (node.module == nullptr || node.module->parameter_count() == 0) continue;
    views.push_back(
        {i, State::learned_of(s.parameters, node), State::learned_of(s.gradients, node)});
  }
  return views;
}

void Sequential::set_training(bool training) { state_->training = training; }

void Sequential::set_reproducible(bool reproducible) {
  state_->multiply = reproducible ? reproducible_product : product;
}

void Sequential::initialize(Init init, std::uint64_t seed) {
  const FloatEnvironment environment;
  std::uint32_t layer = 0;
  for (auto& view : linears()) {
    draw_weights(init, view.shape, seed, layer++, view.weight);
    std::fill(view.bias.begin(), view.bias.end(), 0.0F);
  }
  for (const auto& view : learned()) state_->nodes[view.layer].module->initialize(view.values);
  state_->seed = seed;
  state_->passes = 0;
}

void Sequential::set_threads(int threads, const Executor* executor) {
  if (threads < 1 || threads > kMostThreads) {
    fail("sequential", {"threads must be from 1 to ", kMostThreads, ", got ", threads});
  }
  std::size_t largest = 0;
  for (const auto& node : state_->nodes) {
    const auto width = static_cast<std::size_t>(node.width);
    largest = std::max(largest, static_cast<std::size_t>(chunk_rows(node.width)) * width);
  }
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
  s.reserve(static_cast<int>(rows));
  s.input = x.data();
  s.passes += s.training ? 1 : 0;
  try {
    s.forward_all();
  } catch (...) {  // no memory: the next pass draws the noise of this one
    s.passes -= s.training ? 1 : 0;
    s.input = nullptr;
    throw;
  }
  return {s.nodes.back().output.data(), rows * static_cast<std::size_t>(s.nodes.back().width)};
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
