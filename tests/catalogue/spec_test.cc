// SPDX-License-Identifier: Apache-2.0
// Functions with an accuracy as text.
#include <actfn/actfn.h>
#include <actfn/c.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "elements.h"
#include "instances.h"
#include "messages.h"
#include "placed.h"

namespace actfn {
namespace {

using testing::message;

constexpr std::array kAll = {Accuracy::accurate, Accuracy::fast, Accuracy::nearest};

std::string error(std::string_view spec) {
  return message([&] { (void)parse_spec(spec); });
}

TEST(Spec, TextReadsBackAsTheSameSpec) {
  for (const FunctionInfo& known : catalogue()) {
    for (const Accuracy accuracy : kAll) {
      const Spec spec = {known.example, accuracy};
      EXPECT_EQ(parse_spec(to_string(spec)), spec) << to_string(spec);
    }
  }
}

TEST(Spec, TheAccuracyIsBehindTheFunction) {
  EXPECT_EQ(to_string(Spec{Gelu{}, Accuracy::fast}), "gelu@fast");
  EXPECT_EQ(to_string(Spec{Gelu{}}), "gelu");
  EXPECT_EQ(parse_spec(" elu ( alpha = 2 ) @ nearest "),
            (Spec{Elu{.alpha = 2}, Accuracy::nearest}));
  EXPECT_EQ(parse_spec("gelu@accurate"), Spec{Gelu{}});
  EXPECT_EQ(parse_spec("gelu_new@fast"), (Spec{Gelu{Gelu::Approximate::tanh}, Accuracy::fast}));
  EXPECT_EQ(parse_spec("gated(elu(alpha=2))@fast").accuracy, Accuracy::fast);
  EXPECT_EQ(accuracy_name(Accuracy::nearest), "nearest");
}

TEST(Spec, AnUnknownAccuracyNamesTheChoices) {
  EXPECT_EQ(error("gelu@quick"), "[gelu] accuracy must be accurate, fast or nearest, got 'quick'");
  EXPECT_EQ(error("elu(alpha=2)@"), "[elu] accuracy must be accurate, fast or nearest, got ''");
  EXPECT_EQ(error("@fast"), "[parse] the name of a function is missing");
  EXPECT_EQ(error("geluu@fast"), "[parse] unknown function 'geluu'; did you mean gelu?");
}

TEST(Spec, WhereFunctionsStandAnAccuracyIsRefused) {
  const std::string text =
      "[parse] 'gelu@fast' has an accuracy, which is not chosen here: write gelu";
  EXPECT_EQ(message([] { (void)parse_function("gelu@fast"); }), text);
  EXPECT_EQ(message([] { (void)parse("gelu@fast"); }), text);
  EXPECT_EQ(message([] { (void)parse_gate("gated(gelu@fast)"); }), text);
  EXPECT_EQ(error("gelu@fast@fast"), text);
}

TEST(Spec, CReadsIt) {
  char text[200];
  const auto x = testing::drawn<float>(50, 3);
  std::vector<float> want(x.size()), got(x.size());
  for (const Accuracy accuracy : kAll) {
    forward({Silu{}, accuracy}, x, want);
    const std::string spec = "silu@" + std::string(accuracy_name(accuracy));
    actfn_activation* const f =
        actfn_activation_new(spec.c_str(), ACTFN_FLOAT32, 1, text, sizeof text);
    ASSERT_NE(f, nullptr) << text;
    actfn_activation_forward(f, x.data(), got.data(), x.size());
    actfn_activation_free(f);
    EXPECT_EQ(testing::bits(got), testing::bits(want));
  }
  EXPECT_EQ(actfn_activation_new("silu@quick", ACTFN_FLOAT32, 1, text, sizeof text), nullptr);
  EXPECT_STREQ(text, "[silu] accuracy must be accurate, fast or nearest, got 'quick'");
  actfn_rows* const rows = actfn_rows_new("softmax@fast", ACTFN_FLOAT32, 6, 1, nullptr, 0);
  EXPECT_NE(rows, nullptr);
  actfn_rows_free(rows);
  actfn_gate* const gate = actfn_gate_new("swiglu@fast", ACTFN_FLOAT32, 1, nullptr, 0);
  EXPECT_NE(gate, nullptr);
  actfn_gate_free(gate);
}

}  // namespace
}  // namespace actfn
