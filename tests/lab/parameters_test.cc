// SPDX-License-Identifier: Apache-2.0
// Every elementwise function keeps its promise for any parameters that validate() accepts: a small
// search with fixed seeds. docs/accuracy.md has a large one.
#include "lab/parameters.h"

#include <actfn/catalogue.h>
#include <gtest/gtest.h>

#include "instances.h"

namespace actfn {
namespace {

constexpr std::uint64_t kSets = 60;

class AnyParameters : public ::testing::TestWithParam<Activation> {};

double promised(Type type, int order) {
  if (order == 0) return type == Type::float32 ? 1 : 2;
  return order == 1 ? 2 : 4;
}

TEST_P(AnyParameters, KeepThePromise) {
  for (const Type type : {Type::float32, Type::float64}) {
    std::atomic<double> progress = 0;
    const auto all = lab::search_parameters(
        {.activation = GetParam(), .type = type, .sets = kSets, .seed = 1, .jobs = 1}, progress);
    for (const lab::ParameterErrors& e : all) {
      EXPECT_EQ(e.sets, kSets);
      EXPECT_GT(e.inputs, kSets);
      EXPECT_LE(e.max_ulp, promised(type, e.order))
          << type_name(type) << " order " << e.order << ": " << to_string(e.worst) << " at "
          << e.worst_input;
    }
  }
}

std::vector<Activation> with_numbers() {
  std::vector<Activation> all = testing::examples();
  std::erase_if(all, [](const Activation& f) { return !lab::has_numbers(f); });
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, AnyParameters, ::testing::ValuesIn(with_numbers()),
                         [](const auto& one) { return testing::test_name(one.param); });

// Of one set only the number decides, and sets reach the ends of what is accepted.
TEST(DrawnParameters, CoverTheirRange) {
  double least = 1, most = 1;
  bool equal = false;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const auto f = std::get<Softcap>(lab::drawn_parameters(Softcap{30}, i));
    EXPECT_EQ(lab::drawn_parameters(Softcap{30}, i), Activation(f));
    least = std::min<double>(least, f.cap);
    most = std::max<double>(most, f.cap);
    const auto g = std::get<SnakeBeta>(lab::drawn_parameters(SnakeBeta{}, i));
    equal = equal || g.alpha == g.beta;
    EXPECT_NO_THROW(validate(lab::drawn_parameters(Hardtanh{}, i)));
  }
  EXPECT_LE(least, 0x1p-140);
  EXPECT_GE(most, 0x1p120);
  EXPECT_TRUE(equal);
}

TEST(DrawnParameters, DoNotDependOnThreads) {
  std::atomic<double> progress = 0;
  lab::ParameterSearch s = {.activation = Elu{}, .sets = 200};
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
