// SPDX-License-Identifier: Apache-2.0
// Weights in files, for scripts/check-onnx: pytorch_exchange NAME OUT saves a module whose numbers
// all differ, and pytorch_exchange NAME OUT IN one that it has loaded from IN. NAME is one of the
// modules below; the script has the same of PyTorch.
#include <actfn/nn/nn.h>

#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <string>

namespace actfn::nn {
namespace {

struct Files {
  std::string out, in;  // in is empty where nothing is loaded
};

template <class M>
void exchange(M module, const Files& files) {
  float next = 1;
  for (const Parameter& p : module.parameters()) {
    for (float& v : p.values) v = next = next < 2 ? next + 0x1p-20F : 1;
  }
  if (!files.in.empty()) load(module, files.in);
  save(module, files.out);
}

MultiheadAttention attention(bool bias, bool add_bias_kv, std::size_t kdim, std::size_t vdim) {
  return MultiheadAttention({.embed_dim = 8,
                             .num_heads = 2,
                             .bias = bias,
                             .add_bias_kv = add_bias_kv,
                             .kdim = kdim,
                             .vdim = vdim});
}

AdaptiveLogSoftmaxWithLoss adaptive(bool head_bias) {
  return {16, 100, {10, 30}, {.div_value = 2, .head_bias = head_bias}};
}

Sequential transformer() {
  const Residual attend{LayerNorm{{8}}, SelfAttention{.embed_dim = 8, .num_heads = 2}};
  const Residual feed{LayerNorm{{8}}, Linear{8, 12}, Gelu{}, Linear{12, 8}};
  const SelfAttention last = {.embed_dim = 8, .num_heads = 4, .bias = false};
  return {{5}, Embedding{7, 8}, attend, feed, last, Flatten{}, Linear{40, 3}};
}

const std::map<std::string, std::function<void(const Files&)>>& modules() {
  static const std::map<std::string, std::function<void(const Files&)>> all = {
      {"attention", [](const Files& f) { exchange(attention(true, false, 8, 8), f); }},
      {"attention without bias",
       [](const Files& f) { exchange(attention(false, false, 8, 8), f); }},
      {"attention with bias_kv", [](const Files& f) { exchange(attention(true, true, 8, 8), f); }},
      {"attention of other widths",
       [](const Files& f) { exchange(attention(true, true, 3, 5), f); }},
      {"adaptive softmax", [](const Files& f) { exchange(adaptive(false), f); }},
      {"adaptive softmax with head_bias", [](const Files& f) { exchange(adaptive(true), f); }},
      {"transformer", [](const Files& f) { exchange(transformer(), f); }},
  };
  return all;
}

}  // namespace
}  // namespace actfn::nn

int main(int argc, char** argv) {
  const auto& known = actfn::nn::modules();
  if ((argc != 3 && argc != 4) || !known.contains(argv[1])) {
    std::fputs("usage: pytorch_exchange NAME OUT [IN]\n", stderr);
    return 2;
  }
  try {
    known.at(argv[1])({argv[2], argc == 4 ? argv[3] : ""});
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
