// SPDX-License-Identifier: Apache-2.0
// Networks of layers with a shape: their text, what they refuse, their names of parameters, what
// evaluation changes, and that a small LeNet learns.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "messages.h"
#include "nn_reference.h"

namespace actfn::nn {
namespace {

using testing::bits;
using testing::message;
using testing::uniform;

std::string text(const Layer& layer) { return to_string(std::span(&layer, 1)); }

TEST(ShapedText, NamesWhatIsNotTheDefault) {
  EXPECT_EQ(text(Conv2d{.in_channels = 1, .out_channels = 6, .kernel_size = 5}),
            "conv2d(in_channels=1,out_channels=6,kernel_size=5)");
  EXPECT_EQ(text(Conv2d{2, 4, {3, 5}, 2, {0, 1}, 3, 2, false}),
            "conv2d(in_channels=2,out_channels=4,kernel_size=3x5,stride=2,padding=0x1,dilation=3,"
            "groups=2,bias=false)");
  EXPECT_EQ(text(Conv1d{2, 4, 3, 2, 1, 2, 2, false}),
            "conv1d(in_channels=2,out_channels=4,kernel_size=3,stride=2,padding=1,dilation=2,"
            "groups=2,bias=false)");
  EXPECT_EQ(text(ConvTranspose2d{2, 4, 3, 2, 1, 1, 2, false, 2}),
            "conv_transpose2d(in_channels=2,out_channels=4,kernel_size=3,stride=2,padding=1,"
            "output_padding=1,groups=2,bias=false,dilation=2)");
  EXPECT_EQ(text(Flatten{}), "flatten");
  EXPECT_EQ(text(Flatten{2, 3}), "flatten(start_dim=2,end_dim=3)");
  EXPECT_EQ(text(MaxPool2d{2}), "max_pool2d(kernel_size=2)");
  EXPECT_EQ(text(MaxPool2d{2, 1, 1, 2, true}),
            "max_pool2d(kernel_size=2,stride=1,padding=1,dilation=2,ceil_mode=true)");
  EXPECT_EQ(text(AvgPool2d{2, 1, 1, true, false, 3}),
            "avg_pool2d(kernel_size=2,stride=1,padding=1,ceil_mode=true,count_include_pad=false,"
            "divisor_override=3)");
  EXPECT_EQ(text(AdaptiveAvgPool2d{{2, 3}}), "adaptive_avg_pool2d(output_size=2x3)");
  EXPECT_EQ(text(BatchNorm1d{4}), "batch_norm1d(num_features=4)");
  EXPECT_EQ(text(BatchNorm2d{4, 0.5, std::nullopt, false}),
            "batch_norm2d(num_features=4,eps=0.5,momentum=none,affine=false)");
  EXPECT_EQ(text(LayerNorm{{4, 5}}), "layer_norm(normalized_shape=4x5)");
  EXPECT_EQ(text(LayerNorm{{4}, 0.5, false, false}),
            "layer_norm(normalized_shape=4,eps=0.5,elementwise_affine=false,bias=false)");
  EXPECT_EQ(text(RmsNorm{{4}, 0.5, false}),
            "rms_norm(normalized_shape=4,eps=0.5,elementwise_affine=false)");
  EXPECT_EQ(text(Embedding{7, 3, 0}), "embedding(num_embeddings=7,embedding_dim=3,padding_idx=0)");
  EXPECT_EQ(text(PositionalEncoding{8}), "positional_encoding(d_model=8)");
  EXPECT_EQ(text(LearnedPositionalEncoding{8, 5}),
            "learned_positional_encoding(d_model=8,max_len=5)");
  EXPECT_EQ(text(Rnn{2, 3}), "rnn(input_size=2,hidden_size=3)");
  EXPECT_EQ(text(Rnn{2, 3, Relu{}, false}),
            "rnn(input_size=2,hidden_size=3,nonlinearity=relu,bias=false)");
  EXPECT_EQ(text(Residual{Linear{2, 2}, Relu{}}),
            "residual(linear(in_features=2,out_features=2)+relu)");
  EXPECT_EQ(text(Parallel{Relu{}, std::vector<Layer>{Tanh{}, Silu{}}}), "parallel(relu,tanh+silu)");
}

std::string refusal(const Shape& sample, const Layer& layer) {
  return message([&] { const Sequential net(sample, std::vector<Layer>{layer}); });
}

TEST(ShapedErrors, OfSamples) {
  EXPECT_EQ(message([] { Sequential(Shape{}, std::vector<Layer>{Relu{}}); }),
            "[sequential] samples must have from 1 to 7 dimensions, got 0");
  EXPECT_EQ(message([] {
              Sequential(Shape{2, 0}, std::vector<Layer>{Relu{}});
            }),
            "[sequential] samples must have from 1 to 2147483647 elements, got the shape 2x0");
  EXPECT_EQ(message([] { Sequential(Shape{2}, std::vector<Layer>{}); }),
            "[sequential] there are no layers");
  EXPECT_EQ(message([] {
              Sequential{Flatten{}, Linear{4, 2}};
            }),
            "[sequential] flatten before the first Linear: the shape of the samples must be given");
  EXPECT_EQ(refusal({3, 4}, Linear{5, 2}),
            "[sequential] a Linear takes 5 features where 4 come in");
}

TEST(ShapedErrors, OfConvolutions) {
  EXPECT_EQ(refusal({1, 5, 5}, Conv2d{3, 4, 3}),
            "[sequential] conv2d takes 3 channels where 1 come in");
  EXPECT_EQ(refusal({25}, Conv2d{1, 4, 3}),
            "[sequential] conv2d takes samples of 3 dimensions, channels x height x width, where "
            "25 come in");
  EXPECT_EQ(refusal({1, 4, 4}, Conv2d{1, 4, 5}),
            "[sequential] conv2d's kernel covers 5x5, more than the padded image, 4x4");
  EXPECT_EQ(refusal({1, 4, 4}, Conv2d{1, 4, 3, 0}), "[conv2d] stride must be at least 1, got 0");
  EXPECT_EQ(refusal({1, 4, 4}, Conv2d{1, 4, 0}), "[conv2d] kernel_size must be at least 1, got 0");
  EXPECT_EQ(refusal({1, 4, 4}, Conv2d{1, 4, 3, 1, {0, -1}}),
            "[conv2d] padding must be at least 0, got -1");
  EXPECT_EQ(refusal({1, 4, 4}, Conv2d{1, 4, 3, 1, 0, 0}),
            "[conv2d] dilation must be at least 1, got 0");
  EXPECT_EQ(refusal({1, 4, 4}, Conv2d{1, 4, 3, 1, 0, 1, 0}),
            "[conv2d] groups must be at least 1, got 0");
  EXPECT_EQ(refusal({3, 4, 4}, Conv2d{3, 4, 3, 1, 0, 1, 2}),
            "[conv2d] in_channels must be a multiple of groups, 2, got 3");
  EXPECT_EQ(refusal({4, 4, 4}, Conv2d{4, 3, 3, 1, 0, 1, 2}),
            "[conv2d] out_channels must be a multiple of groups, 2, got 3");
  EXPECT_EQ(refusal({1, 4, 4}, Conv2d{0, 4, 3}), "[conv2d] in_channels must be at least 1, got 0");
  EXPECT_EQ(refusal({1, 4, 4}, Conv2d{1, 4, 1 << 30, 1, 1 << 30}),
            "[conv2d] a kernel has more than 2147483647 weights");
  EXPECT_EQ(refusal({1, 4, 4}, Conv2d{1, 1, 1, 1, 1 << 30}),
            "[sequential] conv2d gives more than 2147483647 numbers for a sample");
  EXPECT_EQ(refusal({1, 4, 4}, Conv2d{1, 1 << 30, 1}),
            "[sequential] conv2d(in_channels=1,out_channels=1073741824,kernel_size=1) gives more "
            "than 2147483647 numbers for a sample");
  EXPECT_EQ(refusal({1, 4, 4}, Conv1d{1, 4, 3}),
            "[sequential] conv1d takes samples of 2 dimensions, channels x length, where 1x4x4 "
            "come in");
  EXPECT_EQ(refusal({1, 2}, Conv1d{1, 4, 3}),
            "[sequential] conv1d's kernel covers 1x3, more than the padded image, 1x2");
  EXPECT_EQ(refusal({1, 4, 4}, ConvTranspose2d{1, 4, 3, 2, 0, 2}),
            "[conv_transpose2d] output_padding must be less than stride or dilation, got 2");
  EXPECT_EQ(refusal({1, 4, 4}, ConvTranspose2d{1, 4, 3, 2, 0, -1}),
            "[conv_transpose2d] output_padding must be at least 0, got -1");
  EXPECT_EQ(refusal({1, 1, 1}, ConvTranspose2d{1, 4, 3, 1, 2}),
            "[sequential] conv_transpose2d would give a length of -1");
  EXPECT_EQ(refusal({2, 4, 4}, ConvTranspose2d{1, 4, 3}),
            "[sequential] conv_transpose2d takes 1 channels where 2 come in");
}

TEST(ShapedErrors, OfPoolsAndFlatten) {
  EXPECT_EQ(refusal({1, 4, 4}, MaxPool2d{2, 1, 2}),
            "[max_pool2d] padding must be at most half of kernel_size, 1, got 2");
  EXPECT_EQ(refusal({1, 4, 4}, MaxPool2d{0}), "[max_pool2d] kernel_size must be at least 1, got 0");
  EXPECT_EQ(refusal({4, 4}, MaxPool2d{2}),
            "[sequential] max_pool2d takes samples of 3 dimensions, channels x height x width, "
            "where 4x4 come in");
  EXPECT_EQ(refusal({1, 4, 4}, AvgPool2d{5}),
            "[sequential] avg_pool2d's kernel covers 5x5, more than the padded image, 4x4");
  EXPECT_EQ(refusal({1, 4, 4}, AvgPool2d{.kernel_size = 2, .divisor_override = 0}),
            "[avg_pool2d] divisor_override must be at least 1, got 0");
  EXPECT_EQ(refusal({1, 4, 4}, AdaptiveAvgPool2d{0}),
            "[adaptive_avg_pool2d] output_size must be at least 1, got 0");
  EXPECT_EQ(refusal({1, 4, 4}, Flatten{0}),
            "[flatten] start_dim must be from 1 to 3 or from -3 to -1, got 0");
  EXPECT_EQ(refusal({1, 4, 4}, Flatten{1, 4}),
            "[flatten] end_dim must be from 1 to 3 or from -3 to -1, got 4");
  EXPECT_EQ(refusal({1, 4, 4}, Flatten{3, 2}), "[flatten] start_dim must not be behind end_dim");
}

TEST(ShapedErrors, OfNormalizations) {
  EXPECT_EQ(refusal({4}, BatchNorm1d{3}),
            "[sequential] batch_norm1d takes 3 features where 4 come in");
  EXPECT_EQ(refusal({1, 4, 4}, BatchNorm1d{1}),
            "[sequential] batch_norm1d takes samples of 2 dimensions, channels x length, where "
            "1x4x4 come in");
  EXPECT_EQ(refusal({4, 2, 2}, BatchNorm2d{0}),
            "[batch_norm2d] num_features must be at least 1, got 0");
  EXPECT_EQ(refusal({4, 2, 2}, BatchNorm2d{4, 0}),
            "[batch_norm2d] eps must be finite and positive, got 0");
  EXPECT_EQ(refusal({4, 2, 2}, BatchNorm2d{4, 1e-5, 2.0}),
            "[batch_norm2d] momentum must be from 0 to 1, got 2");
  EXPECT_EQ(refusal({4, 2}, LayerNorm{{3}}),
            "[sequential] layer_norm normalizes 3 where 4x2 come in");
  EXPECT_EQ(refusal({4}, LayerNorm{{2, 4}}),
            "[sequential] layer_norm normalizes 2x4 where 4 come in");
  EXPECT_EQ(refusal({4}, LayerNorm{{}}),
            "[layer_norm] normalized_shape must have elements, got ()");
  EXPECT_EQ(refusal({4}, RmsNorm{{4}, NAN}), "[rms_norm] eps must be finite and positive, got nan");
}

TEST(ShapedErrors, OfSequences) {
  EXPECT_EQ(refusal({4}, Embedding{0, 3}), "[embedding] num_embeddings must be at least 1, got 0");
  EXPECT_EQ(refusal({4}, Embedding{3, 0}), "[embedding] embedding_dim must be at least 1, got 0");
  EXPECT_EQ(refusal({4}, Embedding{(1 << 24) + 1, 3}),
            "[embedding] num_embeddings must be at most 2^24, got 16777217");
  EXPECT_EQ(refusal({4}, Embedding{3, 3, 3}),
            "[embedding] padding_idx must be from -3 to 2, got 3");
  EXPECT_EQ(refusal({1, 1, 1, 1, 1, 1, 1}, Embedding{3, 3}),
            "[sequential] embedding takes samples of at most 6 dimensions, where 1x1x1x1x1x1x1 "
            "come in");
  EXPECT_EQ(refusal({4}, PositionalEncoding{4}),
            "[sequential] positional_encoding takes samples of 2 dimensions, length x features, "
            "where 4 come in");
  EXPECT_EQ(refusal({4, 4}, PositionalEncoding{3}),
            "[sequential] positional_encoding takes 3 features where 4 come in");
  EXPECT_EQ(refusal({4, 4}, PositionalEncoding{0}),
            "[positional_encoding] d_model must be at least 1, got 0");
  EXPECT_EQ(refusal({4, 4}, LearnedPositionalEncoding{4, 3}),
            "[sequential] learned_positional_encoding takes at most 3 rows where 4 come in");
  EXPECT_EQ(refusal({4, 4}, LearnedPositionalEncoding{4, 0}),
            "[learned_positional_encoding] max_len must be at least 1, got 0");
  EXPECT_EQ(refusal({4, 4}, Rnn{3, 2}), "[sequential] rnn takes 3 features where 4 come in");
  EXPECT_EQ(refusal({4, 4}, Rnn{4, 0}), "[rnn] hidden_size must be at least 1, got 0");
  EXPECT_EQ(refusal({4, 4}, Rnn{4, 2, Elu{.alpha = NAN}}), "[elu] alpha must be finite, got nan");
}

TEST(ShapedErrors, OfNestedLayers) {
  EXPECT_EQ(refusal({8}, Residual{Linear{8, 4}, Relu{}}),
            "[sequential] residual's layers must give 8 where 8 come in, got 4");
  EXPECT_EQ(refusal({8}, Residual{std::vector<Layer>{}}), "[residual] there are no layers");
  EXPECT_EQ(refusal({8}, Parallel{std::vector<std::vector<Layer>>{}}),
            "[parallel] there are no branches");
  EXPECT_EQ(refusal({8}, Parallel{Relu{}, std::vector<Layer>{}}), "[parallel] there are no layers");
  EXPECT_EQ(refusal({4, 8}, Parallel{Relu{}, Flatten{}}),
            "[sequential] parallel's branches must agree but for their features, got 4x8 and 32");
  EXPECT_EQ(refusal({8}, Residual{Linear{7, 4}, Relu{}}),
            "[sequential] a Linear takes 7 features where 8 come in");
}

TEST(ShapedErrors, OfBatches) {
  Sequential norm({3}, BatchNorm1d{3}, Linear{3, 2});
  const std::vector<float> x(3);
  EXPECT_EQ(message([&] { norm.forward(x); }),
            "[batch_norm1d] needs more than one value for each channel in training, got 1");
  EXPECT_EQ(norm.buffers()[2].values[0], 0.0F);
  norm.set_training(false);
  EXPECT_EQ(norm.forward(x).size(), 2U);
  Sequential inside({3}, Residual{BatchNorm1d{3}, Relu{}});
  EXPECT_EQ(message([&] { inside.forward(x); }),
            "[batch_norm1d] needs more than one value for each channel in training, got 1");

  Sequential words({2}, Embedding{5, 3}, Flatten{}, Linear{6, 2});
  for (const auto& [value, written] : std::vector<std::pair<float, std::string>>{
           {0.5F, "0.5"}, {5.0F, "5"}, {-1.0F, "-1"}, {NAN, "nan"}}) {
    const std::vector<float> wrong = {1, value};
    EXPECT_EQ(message([&] { words.forward(wrong); }),
              "[embedding] x must hold whole numbers from 0 to 4, got " + written);
  }
  Sequential images({1, 4, 4}, Conv2d{1, 2, 3});
  EXPECT_EQ(message([&] { images.forward(x); }),
            "[sequential] x has 3 elements, which are no whole rows of 16");
}

TEST(ShapedNetworks, NameTheirParametersAsPyTorch) {
  Sequential net({1, 6, 6}, Conv2d{1, 4, 3}, BatchNorm2d{4}, Prelu{.num_parameters = 4},
                 Residual{Conv2d{4, 4, 1}, Relu{}},
                 Parallel{Conv2d{4, 2, 1}, std::vector<Layer>{Relu{}, Conv2d{4, 2, 1}}}, Flatten{},
                 Linear{64, 3});
  const std::vector<std::pair<std::string, Shape>> want = {{"0.weight", {4, 1, 3, 3}},
                                                           {"0.bias", {4}},
                                                           {"1.weight", {4}},
                                                           {"1.bias", {4}},
                                                           {"2.weight", {4}},
                                                           {"3.0.weight", {4, 4, 1, 1}},
                                                           {"3.0.bias", {4}},
                                                           {"4.0.0.weight", {2, 4, 1, 1}},
                                                           {"4.0.0.bias", {2}},
                                                           {"4.1.1.weight", {2, 4, 1, 1}},
                                                           {"4.1.1.bias", {2}},
                                                           {"6.weight", {3, 64}},
                                                           {"6.bias", {3}}};
  const auto parameters = net.parameters();
  ASSERT_EQ(parameters.size(), want.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < want.size(); ++i) {
    EXPECT_EQ(parameters[i].name, want[i].first);
    EXPECT_EQ(parameters[i].shape, want[i].second) << want[i].first;
    EXPECT_EQ(parameters[i].transposed, want[i].first == "6.weight");
    EXPECT_EQ(parameters[i].decayed, want[i].first[0] != '1' && want[i].first[0] != '2');
    EXPECT_EQ(parameters[i].gradients.size(), parameters[i].values.size());
    count += parameters[i].values.size();
  }
  EXPECT_EQ(net.parameter_count(), count);
  const auto buffers = net.buffers();
  ASSERT_EQ(buffers.size(), 3U);
  EXPECT_EQ(buffers[0].name, "1.running_mean");
  EXPECT_EQ(buffers[1].name, "1.running_var");
  EXPECT_EQ(buffers[1].values[0], 1.0F);
  EXPECT_EQ(buffers[2].name, "1.num_batches_tracked");
  EXPECT_EQ(net.in_shape(), (Shape{1, 6, 6}));
  EXPECT_EQ(net.in_features(), 36);
  EXPECT_EQ(net.out_shape(), Shape{3});
}

TEST(BatchNorms, MoveTheirStatisticsInTrainingAlone) {
  for (const std::optional<double> momentum : {std::optional(0.25), std::optional<double>()}) {
    Sequential net({2}, BatchNorm1d{.num_features = 2, .momentum = momentum}, Linear{2, 1});
    const std::vector<float> x = {1, 10, 2, 20, 6, 60};  // means 3 and 30, variances 7 and 700
    for (int pass = 1; pass <= 3; ++pass) net.forward(x);
    const double kept = momentum ? 0.75 * 0.75 * 0.75 : 0;
    const auto buffers = net.buffers();
    EXPECT_NEAR(buffers[0].values[0], (1 - kept) * 3, 1e-5);
    EXPECT_NEAR(buffers[0].values[1], (1 - kept) * 30, 1e-4);
    EXPECT_NEAR(buffers[1].values[0], kept + (1 - kept) * 7, 1e-5);
    EXPECT_NEAR(buffers[1].values[1], kept + (1 - kept) * 700, 1e-3);
    EXPECT_EQ(buffers[2].values[0], 3.0F);
    net.set_training(false);
    const auto before = bits(buffers[1].values);
    net.forward(x);
    EXPECT_EQ(bits(buffers[1].values), before);
    net.initialize(Init::he_normal, 1);
    EXPECT_EQ(buffers[0].values[0], 0.0F);
    EXPECT_EQ(buffers[1].values[0], 1.0F);
    EXPECT_EQ(buffers[2].values[0], 0.0F);
  }
}

TEST(BatchNorms, KeepNanInTheStatisticsOfItsChannel) {
  Sequential net({2}, BatchNorm1d{2});
  net.forward(std::vector<float>{1, NAN, 2, 20, 6, 60});
  const auto buffers = net.buffers();
  for (const auto& of : {buffers[0], buffers[1]}) {
    EXPECT_FALSE(std::isnan(of.values[0])) << of.name;
    EXPECT_TRUE(std::isnan(of.values[1])) << of.name;
  }
}

TEST(Embeddings, GiveThePaddingNoGradient) {
  Sequential net({2}, Embedding{4, 3, 1}, Flatten{}, Linear{6, 2});
  net.initialize(Init::he_normal, 1);
  const auto weight = net.parameters()[0];
  for (std::size_t k = 3; k < 6; ++k) EXPECT_EQ(weight.values[k], 0.0F);
  EXPECT_NE(weight.values[0], 0.0F);
  const std::vector<float> x = {1, 2, 0, 1};
  net.forward(x);
  net.backward(std::vector<float>(4, 1.0F));
  for (std::size_t k = 3; k < 6; ++k) EXPECT_EQ(weight.gradients[k], 0.0F);
  for (std::size_t k = 9; k < 12; ++k) EXPECT_EQ(weight.gradients[k], 0.0F);
  EXPECT_NE(weight.gradients[0], 0.0F);
  EXPECT_NE(weight.gradients[6], 0.0F);
}

TEST(ShapedNetworks, DrawInsideOfOtherLayersInTrainingAlone) {
  Sequential net({8}, Residual{Linear{8, 8}, Dropout{.p = 0.5}}, Linear{8, 4});
  net.initialize(Init::he_normal, 1);
  const auto x = uniform(16, 1, 3);
  const auto first = bits(net.forward(x));
  EXPECT_NE(bits(net.forward(x)), first);
  net.set_training(false);
  EXPECT_EQ(bits(net.forward(x)), bits(net.forward(x)));
  net.set_training(true);
  net.initialize(Init::he_normal, 1);
  EXPECT_EQ(bits(net.forward(x)), first);
}

TEST(ShapedNetworks, MayLearnNothing) {
  Sequential net({1, 2, 2}, MaxPool2d{2});
  const std::vector<float> x = {1, 4, 3, 2, -1, -4, -3, -2};
  const auto y = net.forward(x);
  ASSERT_EQ(y.size(), 2U);
  EXPECT_EQ(y[0], 4.0F);
  EXPECT_EQ(y[1], -1.0F);
  net.backward(std::vector<float>(2, 1.0F));
  EXPECT_EQ(net.parameter_count(), 0U);
}

TEST(MaxPool2ds, GiveNaNWhereThereIsOne) {
  Sequential net({1, 2, 2}, MaxPool2d{2});
  const std::vector<float> x = {1, NAN, 3, 2};
  EXPECT_TRUE(std::isnan(net.forward(x)[0]));
}

// Images of 12x12 with a bar: where it lies and its direction make the class.
struct Images {
  std::vector<float> x;
  std::vector<std::uint32_t> labels;
};

Images bars(std::size_t rows, unsigned seed) {
  Images all{uniform(rows * 144, 0.3F, seed), {}};
  std::mt19937 random(seed);
  for (std::size_t r = 0; r < rows; ++r) {
    const std::uint32_t label = random() % 4;
    const std::size_t at = label / 2 == 0 ? 1 + random() % 4 : 7 + random() % 4;
    for (std::size_t i = 1; i < 11; ++i) {
      all.x[r * 144 + (label % 2 == 0 ? at * 12 + i : i * 12 + at)] += 1;
    }
    all.labels.push_back(label);
  }
  return all;
}

TEST(LeNet, Learns) {
  Sequential net({1, 12, 12}, Conv2d{1, 4, 3}, Relu{}, MaxPool2d{2}, Conv2d{4, 8, 3}, Relu{},
                 AvgPool2d{.kernel_size = 2, .stride = 1}, Flatten{}, Linear{32, 16}, Relu{},
                 Linear{16, 4});
  net.initialize(Init::he_normal, 1);
  Optimizer optimizer(Adam{.lr = 0.005}, net);
  for (unsigned step = 0; step < 120; ++step) {
    const Images batch = bars(32, 100 + step);
    const auto logits = net.forward(batch.x);
    std::vector<float> gradient(logits.size());
    cross_entropy(logits, batch.labels, gradient);
    net.backward(gradient, optimizer);
  }
  const Images fresh = bars(200, 7);
  const LossSum sum = cross_entropy(net.forward(fresh.x), fresh.labels);
  EXPECT_GT(sum.correct, 190U);
}

}  // namespace
}  // namespace actfn::nn
