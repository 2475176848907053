// SPDX-License-Identifier: Apache-2.0
// Elementwise functions, rows and gates keep their promise for any parameters that validate()
// accepts: a small search with fixed seeds. docs/accuracy-parameters.md has a large one.
#include "lab/parameters.h"

#include <actfn/catalogue.h>
#include <gtest/gtest.h>

#include "instances.h"
#include "lab/parameters_draws.h"

namespace actfn {
namespace {

constexpr std::uint64_t kSets = 60;

class AnyParameters : public ::testing::TestWithParam<Function> {};

// In ULP. A gate's results are products of rounded factors; a row's gradients of float32 have sums
// in float32, entmax' of float64 powers with 2^-51 |(2 - alpha) log y|, which is up to 416 2^-51.
double promised(const Function& f, Type type, int order) {
  const bool is_single = type == Type::float32;
  const Kind kind = info(f).kind;
  if (kind == Kind::gate) return order == 0 ? 3 : 5;
  if (kind == Kind::row) {
    if (order == 0) return 2;
    return is_single ? 12 : info(f).name == "entmax" ? 4 * 416 : 8;
  }
  return order == 0 ? (is_single ? 1 : 2) : order == 1 ? 2 : 4;
}

TEST_P(AnyParameters, KeepThePromise) {
  for (const Type type : {Type::float32, Type::float64}) {
    std::atomic<double> progress = 0;
    const auto all = lab::search_parameters(
        {.function = GetParam(), .type = type, .sets = kSets, .seed = 1, .jobs = 1}, progress);
    for (const lab::ParameterErrors& e : all) {
      EXPECT_EQ(e.sets, kSets);
      EXPECT_GT(e.inputs, kSets);
      EXPECT_LE(e.max_ulp, promised(GetParam(), type, e.order))
          << type_name(type) << " order " << e.order << ": " << to_string(e.worst) << " at "
          << ::testing::PrintToString(e.worst_input);
    }
  }
}

std::vector<Function> with_numbers() {
  std::vector<Function> all;
  for (const FunctionInfo& known : catalogue()) {
    if (lab::has_drawable_parameters(known.example)) all.push_back(known.example);
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, AnyParameters, ::testing::ValuesIn(with_numbers()),
                         [](const auto& one) { return testing::test_name(one.param); });

// Of one set only the number decides, and sets reach the ends of what is accepted.
TEST(DrawnParameters, CoverTheirRange) {
  double least = 1, most = 1;
  bool equal = false;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const Activation softcap = Softcap{30}, snake = SnakeBeta{}, hardtanh = Hardtanh{};
    const auto f = std::get<Softcap>(lab::drawn_parameters(softcap, i));
    EXPECT_EQ(lab::drawn_parameters(softcap, i), Activation(f));
    least = std::min<double>(least, f.cap);
    most = std::max<double>(most, f.cap);
    const auto g = std::get<SnakeBeta>(lab::drawn_parameters(snake, i));
    equal = equal || g.alpha == g.beta;
    EXPECT_NO_THROW(validate(lab::drawn_parameters(hardtanh, i)));
  }
  EXPECT_LE(least, 0x1p-140);
  EXPECT_GE(most, 0x1p120);
  EXPECT_TRUE(equal);
}

TEST(DrawnParameters, DoNotDependOnThreads) {
  std::atomic<double> progress = 0;
  lab::ParameterSearch s = {.function = Elu{}, .sets = 200};
  const auto one = lab::search_parameters(s, progress);
  s.jobs = 3;
  const auto three = lab::search_parameters(s, progress);
  for (std::size_t k = 0; k < one.size(); ++k) {
    EXPECT_EQ(one[k].max_ulp, three[k].max_ulp);
    EXPECT_EQ(one[k].worst, three[k].worst);
    EXPECT_EQ(one[k].inputs, three[k].inputs);
  }
}

}  // namespace
}  // namespace actfn
