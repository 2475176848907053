// SPDX-License-Identifier: Apache-2.0
#include "onnx/cases.h"

#include <actfn/actfn.h>
#include <actfn/nn/nn.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <span>

#include "instances.h"

namespace actfn::testing {
namespace {

constexpr int kOpsets[] = {17, 18, 20, 24};

Array array_of(std::size_t rows, std::span<const float> values) {
  return {Array::Type::float32, {rows, values.size() / rows}, {values.begin(), values.end()}};
}

Array batch_of(std::size_t rows, const Shape& sample, std::span<const float> values) {
  Array x = array_of(rows, values);
  x.shape = {rows};
  x.shape.insert(x.shape.end(), sample.begin(), sample.end());
  return x;
}

std::vector<double> plain_scale(std::span<const float> y) {
  std::vector<double> scale;
  for (const float v : y) scale.push_back(std::max(1.0, std::abs(static_cast<double>(v))));
  return scale;
}

std::vector<float> inputs() {
  std::vector<float> x = {0.0F, -0.0F, NAN};
  for (int i = -120; i <= 120; ++i) x.push_back(static_cast<float>(i) / 4);
  for (int i = -40; i <= 40; ++i) x.push_back(static_cast<float>(i) / 16 + 0.01F);
  for (const float far : {1e-30F, 1e-10F, 1e-4F, 50.0F, 87.0F, 89.0F, 104.0F, 1e3F, 1e5F, 1e10F,
                          1e15F, 1e20F, 1e30F}) {
    x.insert(x.end(), {far, -far});
  }
  return x;
}

std::vector<float> random_numbers(std::size_t n, float deviation, unsigned seed) {
  std::mt19937 bits(seed);
  std::normal_distribution<float> normal(0, deviation);
  std::vector<float> all(n);
  for (float& v : all) v = normal(bits);
  return all;
}

// y of a function that is not elementwise, for x [rows, features].
struct Value {
  ConstTensor x;
  Tensor y;

  void operator()(const Activation& f) const { forward(f, x, y); }
  void operator()(const RowActivation& f) const { forward(f, x, -1, y); }
  void operator()(const RowReduction& f) const { forward(f, x, -1, y); }
  void operator()(const Gate& f) const { forward(f, x, -1, y); }
  void operator()(const RandomActivation& f) const { forward(evaluated(f), x, y); }
  void operator()(const RandomRow& f) const { forward(evaluated(f), x, -1, y); }
  void operator()(const GroupedActivation& f) const { forward(f, x, -1, y); }
  void operator()(const LearnedActivation& f) const {
    if (const auto* const learnable = std::get_if<Learnable>(&f)) {
      return forward(learnable->activation, x, y);
    }
    forward(LeakyRelu{std::get<Prelu>(f).init}, x, y);
  }
};

}  // namespace

std::vector<OnnxCase> elementwise_cases(const Activation& f) {
  const std::vector<float> x = inputs();
  std::vector<float> y(x.size());
  std::vector<float> slope(x.size());
  forward(f, x, y);
  derivative(f, x, slope);
  std::vector<double> scale = plain_scale(y);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double change = std::abs(static_cast<double>(x[i]) * static_cast<double>(slope[i]));
    if (change > scale[i]) scale[i] = change;
  }
  std::vector<OnnxCase> cases;
  for (const int opset : kOpsets) {
    cases.push_back({to_string(Function(f)), "elementwise", opset, onnx::model(f, {.opset = opset}),
                     array_of(1, x), y, scale});
  }
  return cases;
}

std::vector<OnnxCase> function_cases(const Function& f) {
  constexpr std::size_t kRows = 6;
  constexpr std::size_t kFeatures = 12;
  std::vector<float> x = random_numbers(kRows * kFeatures, 3, 7);
  std::fill_n(x.begin(), kFeatures, 0.5F);  // equal entries
  x[kFeatures] = 40;                        // one that is far above the others
  const Shape shape = output_shape(f, {kRows, kFeatures});
  std::vector<float> y(shape[0] * shape[1]);
  std::visit(Value{{x, {kRows, kFeatures}}, {y, shape}}, f);
  std::vector<OnnxCase> cases;
  for (const int opset : kOpsets) {
    cases.push_back({to_string(f), std::string(name_of(info(f).kind)), opset,
                     onnx::model(f, {.opset = opset}), array_of(kRows, x), y, plain_scale(y)});
  }
  return cases;
}

std::vector<Function> other_functions() {
  std::vector<Function> all;
  const auto add = [&all](const auto& some) { all.insert(all.end(), some.begin(), some.end()); };
  add(instances<RowActivation>());
  add(instances<RowReduction>());
  add(instances<Gate>());
  add(instances<RandomActivation>());
  add(instances<RandomRow>());
  add(instances<LearnedActivation>());
  for (const char* const spec :
       {"crelu", "maxout", "maxout(group=3)", "maxout(group=1)", "entmax(alpha=1.01)",
        "entmax(alpha=1.25)", "entmax(alpha=1.9)", "entmax(alpha=2)", "entmax(alpha=2.5)",
        "entmax(alpha=4)", "entmax(alpha=10)", "prelu(num_parameters=12,init=0.1)",
        "clamped_swiglu(limit=inf)", "gated(rational)", "gated(xielu)"}) {
    all.push_back(parse_function(spec));
  }
  // What the features do not fit.
  std::erase_if(all, [](const Function& f) {
    return to_string(f) == "prelu(num_parameters=2)" ||
           to_string(f) == "prelu(num_parameters=1000)";
  });
  return all;
}

namespace {

// With weights that initialize() does not give.
void add_network(nn::Sequential network, std::vector<NamedNetwork>& all) {
  network.initialize(nn::Init::he_normal, 3);
  float next = -0.5F;
  for (const nn::Parameter& p : network.parameters()) {
    if (p.name.ends_with("bias")) {
      for (float& b : p.values) b = next += 0.03F;
    }
    if (p.name.ends_with("sinks")) {
      for (float& v : p.values) v = next += 0.3F;
    }
    if (p.name.ends_with("values")) p.values[0] += 0.125F;
  }
  for (const nn::Parameter& p : network.buffers()) {
    for (float& v : p.values) v = p.name.ends_with("tracked") ? 3.0F : v + 0.25F;
  }
  network.set_training(false);
  const std::string layers = nn::to_string(network.layers());
  all.push_back({layers, std::move(network)});
}

}  // namespace

std::vector<NamedNetwork> networks() {
  std::vector<NamedNetwork> all;
  for (const char* const spec :
       {"linear(5,3)", "linear(4,16)+relu+linear(16,3)",
        "linear(4,16)+gelu+linear(16,16)+mish+linear(16,2)",
        "linear(4,16)+swiglu+linear(8,3)+log_softmax",
        "linear(6,8)+prelu+linear(8,8)+prelu(num_parameters=8)+linear(8,2)",
        "linear(4,8)+learnable(swish(beta=1.5))+linear(8,8)+learnable(celu)+linear(8,3)+softmax",
        "linear(4,9)+maxout(group=3)+linear(3,4)+crelu+linear(8,2)",
        "linear(4,8)+selu+alpha_dropout(p=0.1)+linear(8,4)+entmax",
        "softplus+linear(3,8)+rrelu+dropout+linear(8,4)+logsumexp"}) {
    add_network(nn::Sequential(nn::parse_network(spec)), all);
  }
  return all;
}

std::vector<NamedNetwork> attention_networks() {
  using namespace nn;
  std::vector<NamedNetwork> all;
  add_network({{5, 8}, SelfAttention{8, 2}}, all);
  add_network(
      {{5, 8},
       Residual{RmsNorm{{8}}, SelfAttention{.embed_dim = 8, .num_heads = 4, .is_causal = true}},
       Residual{RmsNorm{{8}}, Linear{8, 12}, Gelu{}, Linear{12, 8}}},
      all);
  const Window window = {.diagonal = Diagonal::top_left, .left = 2, .right = 1};
  add_network({{7, 12},
               SelfAttention{.embed_dim = 12,
                             .num_heads = 4,
                             .dropout = 0.5,
                             .bias = false,
                             .kv_heads = 2,
                             .softcap = 1.5,
                             .window = window,
                             .sinks = true}},
              all);
  for (const char* const f : {"softmax(temperature=2)", "softmax1(sink=1)", "softmin", "sparsemax",
                              "entmax", "entmax(alpha=1.25)"}) {
    add_network({{6, 8},
                 SelfAttention{.embed_dim = 8,
                               .num_heads = 2,
                               .is_causal = true,
                               .activation = parse_row_activation(f)}},
                all);
  }
  return all;
}

std::vector<NamedNetwork> image_networks() {
  using namespace nn;
  std::vector<NamedNetwork> all;
  add_network({{1, 12, 12},
               Conv2d{1, 4, 3},
               Relu{},
               MaxPool2d{2},
               Conv2d{4, 6, 3},
               Mish{},
               AvgPool2d{2},
               Flatten{},
               Linear{6, 3}},
              all);
  add_network({{3, 8, 6},
               Conv2d{.in_channels = 3,
                      .out_channels = 6,
                      .kernel_size = {3, 2},
                      .stride = {2, 1},
                      .padding = {1, 0},
                      .groups = 3,
                      .bias = false},
               BatchNorm2d{6},
               Prelu{6},
               Swiglu{},
               AdaptiveAvgPool2d{1},
               Flatten{}},
              all);
  add_network({{2, 5, 5},
               ConvTranspose2d{.in_channels = 2,
                               .out_channels = 4,
                               .kernel_size = 3,
                               .stride = 2,
                               .padding = 1,
                               .output_padding = 1},
               Softmax{},
               MaxPool2d{.kernel_size = 3, .stride = 2, .padding = 1},
               AvgPool2d{.kernel_size = 2, .padding = 1, .count_include_pad = false}},
              all);
  add_network({{4, 9},
               Conv1d{.in_channels = 4,
                      .out_channels = 6,
                      .kernel_size = 3,
                      .stride = 2,
                      .padding = 2,
                      .dilation = 2},
               BatchNorm1d{.num_features = 6, .affine = false},
               Flatten{},
               Linear{30, 2}},
              all);
  add_network({{5, 8},
               PositionalEncoding{8},
               LearnedPositionalEncoding{8, 7},
               LayerNorm{{8}},
               Residual{RmsNorm{{8}}, Linear{8, 12}, Gelu{}, Linear{12, 8}},
               Maxout{2},
               Sparsemax{}},
              all);
  add_network({{6},
               Embedding{10, 4},
               Parallel{Linear{4, 6}, Linear{4, 6}},
               Swiglu{},
               LayerNorm{.normalized_shape = {6, 6}, .bias = false},
               Flatten{}},
              all);
  return all;
}

std::vector<OnnxCase> network_cases(NamedNetwork& named) {
  constexpr std::size_t kRows = 5;
  nn::Sequential& network = named.network;
  auto x = random_numbers(kRows * static_cast<std::size_t>(network.in_features()), 1, 9);
  if (named.layers.starts_with("embedding")) {
    for (float& v : x) v = std::floor(std::min(std::abs(v) * 4, 9.0F));
  }
  const auto result = network.forward(x);
  const std::vector<float> y(result.begin(), result.end());
  std::vector<OnnxCase> cases;
  for (const int opset : kOpsets) {
    cases.push_back({named.layers, "network", opset, nn::to_onnx(network, {.opset = opset}),
                     batch_of(kRows, network.in_shape(), x), y, plain_scale(y)});
  }
  return cases;
}

}  // namespace actfn::testing
