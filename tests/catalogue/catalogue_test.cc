// SPDX-License-Identifier: Apache-2.0
// The catalogue and the one grammar of functions as text, over all kinds.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "instances.h"
#include "messages.h"

namespace actfn {
namespace {

using testing::message;

std::string parsed(std::string_view spec) {
  return message([&] { (void)parse_function(spec); });
}

TEST(Catalogue, HasEveryKind) {
  std::set<std::string_view> names;
  for (const FunctionInfo& f : catalogue()) EXPECT_TRUE(names.insert(f.name).second) << f.name;
  for (const Kind kind :
       {Kind::elementwise, Kind::row, Kind::gate, Kind::random, Kind::learned, Kind::grouped}) {
    EXPECT_FALSE(catalogue(kind).empty()) << name_of(kind);
    for (const FunctionInfo& f : catalogue(kind)) EXPECT_EQ(f.kind, kind) << f.name;
  }
}

TEST(Catalogue, DescribesEveryFunction) {
  for (const FunctionInfo& f : catalogue()) {
    for (const auto text : {f.title, f.formula, f.derivative, f.source, f.use, f.shapes}) {
      EXPECT_FALSE(text.empty()) << f.name;
    }
    EXPECT_EQ(info(f.example).name, f.name);
    EXPECT_NO_THROW(validate(f.example)) << f.name;
  }
}

template <class List>
void check_round_trip() {
  for (const List& f : testing::instances<List>(true)) {
    const Function any = f;
    EXPECT_EQ(parse_function(to_string(f)), any) << to_string(f);
    EXPECT_EQ(to_string(any), to_string(f));
  }
}

TEST(FunctionText, ReadsBackWhatItWrites) {
  check_round_trip<Activation>();
  check_round_trip<RowActivation>();
  check_round_trip<RowReduction>();
  check_round_trip<Gate>();
  check_round_trip<RandomActivation>();
  check_round_trip<RandomRow>();
  check_round_trip<LearnedActivation>();
  check_round_trip<GroupedActivation>();
}

TEST(FunctionText, TakesNestedFunctions) {
  EXPECT_EQ(parse_function("gated(elu(alpha=2))"), Function(Gate(Gated{Elu{2}})));
  EXPECT_EQ(parse_function("gated( threshold(threshold=1, value=2) )"),
            Function(Gate(Gated{Threshold{1, 2}})));
  EXPECT_EQ(parse_function("learnable(swish(beta=2))"),
            Function(LearnedActivation(Learnable(Swish{2}))));
  EXPECT_EQ(parse_function("learnable(activation=snake)"),
            Function(LearnedActivation(Learnable(Snake{}))));
  EXPECT_EQ(to_string(LearnedActivation(Learnable(Swish{2}))), "learnable(swish(beta=2))");
}

TEST(FunctionText, TakesOtherFrameworksSpellings) {
  EXPECT_EQ(parse_function("LeakyReLU(negative_slope=0.2)"), Function(LeakyRelu{0.2}));
  EXPECT_EQ(parse_function("nn.SiLU"), Function(Silu{}));
  EXPECT_EQ(parse_function("torch.nn.GELU(approximate='tanh')"),
            Function(Gelu{Gelu::Approximate::tanh}));
  EXPECT_EQ(parse_function("gelu_new"), Function(Gelu{Gelu::Approximate::tanh}));
  EXPECT_EQ(parse_function("hard_swish"), Function(Hardswish{}));
  EXPECT_EQ(parse_function("linear"), Function(Identity{}));
  EXPECT_EQ(parse_function("PReLU(weight=0.1)"), Function(LearnedActivation(Prelu{1, 0.1})));
  EXPECT_EQ(parse("GELU"), Activation(Gelu{}));
}

TEST(FunctionText, SaysWhatIsWrong) {
  EXPECT_EQ(parsed(""), "[parse] the name of a function is missing");
  EXPECT_EQ(parsed("(alpha=1)"), "[parse] the name of a function is missing");
  EXPECT_EQ(parsed("sofmax"), "[parse] unknown function 'sofmax'; did you mean softmax?");
  EXPECT_EQ(parsed("gelu_new(approximate=none)"),
            "[gelu_new] it is gelu(approximate=tanh) and takes no parameters");
  EXPECT_TRUE(parsed("gelu_10").starts_with("[parse] gelu_10 is min(10, max(-10, gelu(x)))"));
  EXPECT_EQ(parsed("gated(softmax)"),
            "[parse] softmax is a row function, where an elementwise function is needed");
  // Reading such text one in the other would take all of the stack.
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "gated(";
  EXPECT_EQ(parsed(deep + "relu" + std::string(100000, ')')),
            "[parse] gated is a gate, where an elementwise function is needed");
  EXPECT_EQ(parsed("gated(mish,relu)"), "[gated] gate is given twice");
  EXPECT_EQ(parsed("maxout(group=1.5)"),
            "[maxout] group must be a whole number from 1 to 2^24, got 1.5");
  EXPECT_EQ(parsed("elu(alpha=1,)"), "[elu] nothing follows the last ',' in 'alpha=1,'");
  EXPECT_EQ(parsed("relu(x=(1,2)"), "[relu] no parameter 'x': it has none");
}

TEST(OutputShape, FollowsFromTheFunction) {
  EXPECT_EQ(output_shape(Gelu{}, {2, 3}), Shape({2, 3}));
  EXPECT_EQ(output_shape(Softmax{}, {2, 3}, 0), Shape({2, 3}));
  EXPECT_EQ(output_shape(Logsumexp{}, {2, 3}), Shape({2, 1}));
  EXPECT_EQ(output_shape(Swiglu{}, {4, 6}), Shape({4, 3}));
  EXPECT_EQ(output_shape(Gated{}, {4, 6}, 0), Shape({2, 6}));
  EXPECT_EQ(output_shape(Crelu{}, {4, 6}, -2), Shape({8, 6}));
  EXPECT_EQ(output_shape(Maxout{3}, {4, 6}), Shape({4, 2}));
  EXPECT_EQ(message([] {
              output_shape(Glu{}, {2, 5});
            }),
            "[glu] axis 1 of x has the length 5, which 2 does not divide");
  EXPECT_EQ(message([] {
              output_shape(Glu{}, {2, 4}, 2);
            }),
            "[glu] axis 2 is out of range: x has the shape 2x4");
  EXPECT_EQ(message([] {
              output_shape(Softmax{}, {4, 5}, 7);
            }),
            "[softmax] axis 7 is out of range: x has the shape 4x5");
  EXPECT_EQ(message([] {
              output_shape(GumbelSoftmax{}, {4, 5}, -3);
            }),
            "[gumbel_softmax] axis -3 is out of range: x has the shape 4x5");
  EXPECT_EQ(message([] { output_shape(Glu{}, {}); }), "[glu] x is a scalar: it has no axis");
  EXPECT_EQ(output_shape(Gelu{}, {4, 5}, 7), Shape({4, 5}));
  EXPECT_EQ(output_shape(Softmax{}, {}), Shape{});
  EXPECT_EQ(output_shape(Logsumexp{}, {}), Shape{});
}

}  // namespace
}  // namespace actfn
