// SPDX-License-Identifier: Apache-2.0
// Layers as text: what to_string() writes, parse_network() reads.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "catalogue/grammar.h"
#include "catalogue/suggest.h"
#include "layer_cases.h"
#include "messages.h"

namespace actfn::nn {
namespace {

using testing::message;

std::string again(const std::string& spec) { return to_string(parse_network(spec)); }

TEST(ParseNetwork, ReadsWhatToStringWrites) {
  const std::string plain = "linear(in_features=4,out_features=2)";
  EXPECT_EQ(again("linear(4,2)"), plain);
  EXPECT_EQ(again(" linear( out_features = 2, in_features=4 ) "), plain);
  EXPECT_EQ(again("linear(4,out_features=2)+gated(mish)"), plain + "+gated(mish)");
  for (const char* const text :
       {"conv2d(in_channels=2,out_channels=4,kernel_size=3x5,stride=2,padding=0x1,dilation=3,"
        "groups=2,bias=false)",
        "conv1d(in_channels=2,out_channels=4,kernel_size=3,stride=2,padding=1,dilation=2,groups=2,"
        "bias=false)",
        "conv_transpose2d(in_channels=2,out_channels=4,kernel_size=3,stride=2,padding=1,"
        "output_padding=1,groups=2,bias=false,dilation=2)",
        "flatten",
        "flatten(start_dim=2,end_dim=-2)",
        "max_pool2d(kernel_size=2)",
        "max_pool2d(kernel_size=2,stride=1,padding=1,dilation=2,ceil_mode=true)",
        "avg_pool2d(kernel_size=2,stride=1x3,padding=1,ceil_mode=true,count_include_pad=false,"
        "divisor_override=3)",
        "adaptive_avg_pool2d(output_size=2x3)",
        "batch_norm1d(num_features=4)",
        "batch_norm2d(num_features=4,eps=0.5,momentum=none,affine=false)",
        "layer_norm(normalized_shape=4x5)",
        "layer_norm(normalized_shape=4,eps=0.5,elementwise_affine=false,bias=false)",
        "rms_norm(normalized_shape=4,eps=1e-20,elementwise_affine=false)",
        "embedding(num_embeddings=7,embedding_dim=3,padding_idx=-1)",
        "positional_encoding(d_model=8)",
        "learned_positional_encoding(d_model=8,max_len=5)",
        "rnn(input_size=2,hidden_size=3,nonlinearity=elu(alpha=2),bias=false)",
        "self_attention(embed_dim=8,num_heads=4)",
        "self_attention(embed_dim=8,num_heads=4,dropout=0.5,bias=false,is_causal=true,kv_heads=2,"
        "softcap=2.5,window=3:none,sinks=true,activation=entmax(alpha=1.75))",
        "self_attention(embed_dim=8,num_heads=4,window=none:0)",
        "residual(linear(in_features=2,out_features=2)+relu)",
        "parallel(relu,tanh+silu)",
        "residual(parallel(residual(relu),tanh)+residual(relu+parallel(gated(elu(alpha=3)))))"}) {
    EXPECT_EQ(again(text), text);
  }
}

// Every layer is inside of some case.
void note(const std::vector<Layer>& layers, std::set<std::size_t>& seen) {
  for (const Layer& layer : layers) {
    seen.insert(layer.index());
    if (const auto* const l = std::get_if<Residual>(&layer)) note(l->layers, seen);
    const auto* const l = std::get_if<Parallel>(&layer);
    if (l == nullptr) continue;
    for (const auto& branch : l->branches) note(branch, seen);
  }
}

TEST(ParseNetwork, ReadsEveryLayer) {
  std::set<std::size_t> seen;
  for (const auto& c : cases::all()) {
    const std::string text = to_string(c.layers);
    const auto read = parse_network(text);
    EXPECT_EQ(to_string(read), text);
    ASSERT_EQ(read.size(), c.layers.size());
    const Sequential want(c.sample, c.layers);
    const Sequential got(c.sample, read);
    EXPECT_EQ(got.out_shape(), want.out_shape()) << text;
    EXPECT_EQ(got.parameter_count(), want.parameter_count()) << text;
    note(c.layers, seen);
  }
  EXPECT_EQ(seen.size(), std::variant_size_v<AnyLayer>);
}

TEST(ParseNetwork, ReadsThePythonOfPyTorch) {
  EXPECT_EQ(again("nn.Conv2d(1, 6, kernel_size=(3, 5), stride=[2,2], bias=False)"),
            "conv2d(in_channels=1,out_channels=6,kernel_size=3x5,stride=2,bias=false)");
  EXPECT_EQ(again("torch.nn.LayerNorm((64,), eps=1e-05, elementwise_affine=True)"),
            "layer_norm(normalized_shape=64)");
  EXPECT_EQ(again("BatchNorm1d(4,momentum=None)+nn.ReLU()+Flatten()+MaxPool2d(2,2)"),
            "batch_norm1d(num_features=4,momentum=none)+relu+flatten+max_pool2d(kernel_size=2,"
            "stride=2)");
}

TEST(ParseNetwork, NoLayerHasTheNameOfAFunction) {
  for (const auto& c : cases::all()) {
    for (const Layer& layer : c.layers) {
      if (std::holds_alternative<Function>(layer)) continue;
      const std::string text = to_string(std::span(&layer, 1));
      const std::string name = text.substr(0, text.find('('));
      for (const FunctionInfo& f : catalogue()) EXPECT_NE(plain(f.name), plain(name));
    }
  }
}

std::string refusal(const std::string& spec) {
  return message([&] { parse_network(spec); });
}

TEST(ParseNetworkErrors, OfNames) {
  EXPECT_EQ(refusal(""), "[parse] the name of a layer is missing");
  EXPECT_EQ(refusal("relu++tanh"), "[parse] the name of a layer is missing");
  EXPECT_EQ(refusal("residual"), "[parse] the name of a layer is missing");
  EXPECT_EQ(refusal("parallel(relu,)"), "[parse] the name of a layer is missing");
  EXPECT_EQ(refusal("linear(4,2)+geluu"),
            "[parse] unknown layer or function 'geluu'; did you mean gelu?");
  EXPECT_EQ(refusal("conv3d(1,2,3)"),
            "[parse] unknown layer or function 'conv3d'; did you mean conv1d?");
  EXPECT_EQ(refusal("gelu_10"), message([] { parse_function("gelu_10"); }));
  EXPECT_EQ(refusal("relu(alpha=1)"), message([] { parse_function("relu(alpha=1)"); }));
}

TEST(ParseNetworkErrors, OfParentheses) {
  EXPECT_EQ(refusal("linear(4,2"), "[linear] missing ')' in 'linear(4,2'");
  EXPECT_EQ(refusal("linear(4,2)x"), "[linear] 'x' follows 'linear(4,2)'");
  EXPECT_EQ(refusal("residual(linear(4,2)"), "[linear] missing ')' in 'linear(4,2'");
}

TEST(ParseNetworkErrors, OfArguments) {
  EXPECT_EQ(refusal("linear(4)"),
            "[linear] out_features has no default: write for example "
            "linear(in_features=4,out_features=8)");
  EXPECT_EQ(refusal("linear"), refusal("linear()"));
  EXPECT_EQ(refusal("linear(4,2,1)"), "[linear] has 2 arguments, got one more, '1'");
  EXPECT_EQ(refusal("positional_encoding(4,2)"),
            "[positional_encoding] has 1 argument, got one more, '2'");
  EXPECT_EQ(refusal("linear(4,2,)"), "[linear] nothing follows the last ',' in '4,2,'");
  EXPECT_EQ(refusal("linear(in_features=4,in_features=2)"), "[linear] in_features is given twice");
  EXPECT_EQ(refusal("linear(out_features=2,4)"), "[linear] out_features is given twice");
  EXPECT_EQ(refusal("linear(in_features=4,out=2)"),
            "[linear] no argument 'out': it has in_features, out_features");
  EXPECT_EQ(refusal("conv1d(1,2,3,pading=1)"),
            "[conv1d] no argument 'pading': it has in_channels, out_channels, kernel_size, stride, "
            "padding, dilation, groups, bias; did you mean padding?");
}

TEST(ParseNetworkErrors, OfValues) {
  for (const std::string value : {"", "2.5", "2147483648", "-2147483648", "nan", "x", "1x2"}) {
    EXPECT_EQ(refusal("conv1d(1,2,3,groups=" + value + ")"),
              "[conv1d] groups must be a whole number from -2147483647 to 2147483647, got '" +
                  value + "'");
  }
  for (const std::string value : {"", "x", "1x2x3", "-1", "1x", "()", "2147483648"}) {
    EXPECT_EQ(refusal("max_pool2d(kernel_size=" + value + ")"),
              "[max_pool2d] kernel_size must be a height and a width, written as 5 or 3x5, got '" +
                  value + "'");
  }
  for (const std::string value : {"x", "4x", "1x1x1x1x1x1x1x1x1", "1.5"}) {
    EXPECT_EQ(refusal("layer_norm(" + value + ")"),
              "[layer_norm] normalized_shape must be lengths, written as 64 or 4x64, got '" +
                  value + "'");
  }
  for (const std::string value : {"3", "3:", "-1:0", "1:2:3", "none:none:none", "x:1"}) {
    EXPECT_EQ(refusal("self_attention(8,4,window=" + value + ")"),
              "[self_attention] window must be how many before and behind, written as 3:0 or "
              "none:3, got '" +
                  value + "'");
  }
  EXPECT_EQ(refusal("self_attention(8,4,activation=relu)"),
            message([] { parse_row_activation("relu"); }));
  EXPECT_EQ(refusal("layer_norm(4,eps=small)"), "[layer_norm] eps must be a number, got 'small'");
  EXPECT_EQ(refusal("layer_norm(4,bias=1)"), "[layer_norm] bias must be true or false, got '1'");
  EXPECT_EQ(refusal("batch_norm1d(4,momentum=nil)"),
            "[batch_norm1d] momentum must be a number, got 'nil'");
  EXPECT_EQ(refusal("rnn(2,3,nonlinearity=softmax)"), message([] { parse("softmax"); }));
}

std::string nested(int depth) {
  std::string text = "relu";
  for (int i = 0; i < depth; ++i) text = "residual(" + text + ")";
  return text;
}

TEST(ParseNetworkErrors, OfLayersInLayers) {
  EXPECT_EQ(again(nested(32)), nested(32));
  const std::string too_deep = "[parse] there are layers inside of more than 32 others";
  EXPECT_EQ(refusal(nested(33)), too_deep);
  EXPECT_EQ(refusal(nested(3000)), too_deep);
  EXPECT_EQ(refusal("residual(linear(4))"), refusal("linear(4)"));
  EXPECT_EQ(refusal("parallel(relu,linear(4,x))"),
            "[linear] out_features must be a whole number from -2147483647 to 2147483647, got 'x'");
}

TEST(ReadShape, ReadsWhatTextWrites) {
  EXPECT_EQ(read_shape("3x4"), Shape({3, 4}));
  EXPECT_EQ(read_shape("784"), Shape({784}));
  EXPECT_EQ(read_shape("(3, 4)"), Shape({3, 4}));
  EXPECT_EQ(read_shape("[0x10]"), Shape({16}));
  EXPECT_EQ(read_shape("(64,)"), Shape({64}));
  EXPECT_EQ(read_shape("()"), Shape());
  for (const char* const text : {"", "x", "3x", "-1", "1e16", "3,4", "(3,4", "1.5", "(,)"}) {
    EXPECT_EQ(read_shape(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace actfn::nn
