// SPDX-License-Identifier: Apache-2.0
// Networks of any layers that fit: training has the same bits on every instruction set, whoever
// shares the work, and whether backward() or step() updates.
#include <actfn/nn/nn.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <variant>
#include <vector>

#include "nn_reference.h"
#include "support/drawn.h"
#include "support/forced.h"
#include "support/require.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

constexpr std::size_t kClasses = 3;

std::vector<nn::Layer> draw_layers(Stream& in) {
  std::vector<nn::Layer> layers;
  const auto width = [&in] { return 1 + static_cast<int>(in.below(12)); };
  for (std::size_t i = in.below(3) + 1; i > 0; --i) {
    layers.emplace_back(nn::Linear{width(), width()});
    if (const auto f = draw_function(in); f && in.below(8) > 0) layers.emplace_back(*f);
  }
  layers.emplace_back(nn::Linear{width(), static_cast<int>(kClasses)});
  return layers;
}

// Lets each Linear take what comes: most drawn widths would not fit.
void fit(std::vector<nn::Layer>& layers) {
  std::size_t width = 0;
  for (nn::Layer& layer : layers) {
    auto* const linear = std::get_if<nn::Linear>(&layer);
    if (linear == nullptr) {
      width = output_shape(std::get<Function>(layer), {width})[0];
      continue;
    }
    if (width > 0) linear->in_features = static_cast<int>(width);
    width = static_cast<std::size_t>(linear->out_features);
  }
}

struct Batch {
  std::vector<float> x;
  std::vector<std::uint32_t> labels;
};

Batch draw_batch(Stream& in, std::size_t features) {
  const std::size_t rows = 1 + in.below(9);
  Drawn numbers(Type::float32, {rows, features});
  numbers.fill(in);
  Batch batch;
  for (std::size_t i = 0; i < numbers.size(); ++i) batch.x.push_back(numbers.at<float>(i));
  for (std::size_t i = 0; i < rows; ++i) {
    batch.labels.push_back(static_cast<std::uint32_t>(in.below(kClasses)));
  }
  return batch;
}

// All bits that a few steps of training leave.
struct Run {
  int threads;
  bool in_one;  // backward() updates, not step()

  std::vector<float> operator()(const std::vector<nn::Layer>& layers, const Batch& batch,
                                const nn::UpdateRule& rule) const {
    nn::Sequential net(layers);
    net.initialize(nn::Init::he_normal, 1);
    net.set_threads(threads, &kBackwards);
    nn::Optimizer optimizer(rule, net);
    std::vector<float> all;
    for (int step = 0; step < 2; ++step) {
      const auto logits = net.forward(batch.x);
      all.insert(all.end(), logits.begin(), logits.end());
      std::vector<float> gradient(logits.size());
      nn::cross_entropy(logits, batch.labels, gradient);
      if (in_one) {
        net.backward(gradient, optimizer);
      } else {
        net.backward(gradient);
        optimizer.step(net);
      }
    }
    const auto parameters = testing::parameters(net);
    all.insert(all.end(), parameters.begin(), parameters.end());
    return all;
  }
};

void check(Stream in) {
  std::vector<nn::Layer> layers = draw_layers(in);
  std::vector<float> wanted;
  Batch batch;
  nn::UpdateRule rule = nn::Adam{.weight_decay = 0.1};
  const auto which = in.below(3);
  if (which == 0) rule = nn::Sgd{.lr = 0.1, .momentum = 0.9};
  if (which == 1) rule = nn::AdamW{};
  const bool is_network = error_of([&] {
                            fit(layers);
                            const nn::Sequential net(layers);
                            batch = draw_batch(in, static_cast<std::size_t>(net.in_features()));
                            wanted = Run{1, false}(layers, batch, rule);
                          }).empty();
  if (!is_network) return;
  const Forced forced({in.one_of(running_targets()), true});
  const std::vector<float> got = Run{3, true}(layers, batch, rule);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto* const a = reinterpret_cast<const std::byte*>(&got[i]);
    const auto* const b = reinterpret_cast<const std::byte*>(&wanted[i]);
    if (same_number(Type::float32, a, b)) continue;
    fail(nn::to_string(layers) + ", number " + std::to_string(i) + ": " +
         text_of(Type::float32, a) + ", plain " + text_of(Type::float32, b));
  }
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check({data, size});
  return 0;
}
