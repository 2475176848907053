// SPDX-License-Identifier: Apache-2.0
// Results do not depend on the caller's floating-point environment, which stays as it is; and every
// NaN that is computed has the same bits.
#include <gtest/gtest.h>

#include <actfn/actfn.h>
#include <actfn/prepared.h>

#include <thread>

#include "elements.h"
#include "every_operation.h"
#include "host_environment.h"
#include "subprocess.h"

namespace actfn {
namespace {

using testing::bits;
using testing::HostEnvironment;
using testing::kHostEnvironments;
using testing::Operation;

const std::pair<Shape, int> kShapes[] = {{{2, 3, 4, 3, 6}, 2}, {{2, 3, 2, 70}, -1}};

TEST(FloatingPointUnit, IsAsItWasBeforeTheLibraryWasLoaded) {
#if defined(__x86_64__)
  EXPECT_EQ(HostEnvironment::registers() & ~0x3FULL, 0x1F80U);  // no trap, to the nearest
#else
  EXPECT_EQ(HostEnvironment::registers() >> 32U, 0U);
#endif
  volatile double least = std::numeric_limits<double>::min();
  EXPECT_GT(least / 2, 0);
}

// A number out of all magnitudes, NaN of all kinds, infinities: every input is one of them.
template <Element T>
testing::Values<T> special_inputs(const Operation& operation) {
  std::vector<T> pool = testing::inputs<T>(100, 1);
  for (int copies = 0; copies < 3; ++copies) {
    for (const T nan : testing::nans<T>()) pool.push_back(nan);
    for (const T special : testing::specials<T>()) pool.push_back(special);
  }
  std::mt19937 random(7);
  testing::Values<T> all;
  for (const Shape& shape : operation.inputs) {
    std::vector<T>& values = all.emplace_back(testing::elements(shape));
    for (T& value : values) value = pool[random() % pool.size()];
  }
  return all;
}

// Few NaN: else all rows are NaN.
template <Element T>
testing::Values<T> plain_inputs(const Operation& operation) {
  testing::Values<T> all;
  for (const Shape& shape : operation.inputs) {
    const auto seed = static_cast<unsigned>(all.size() + 1);
    std::vector<T>& values = all.emplace_back(testing::inputs<T>(testing::elements(shape), seed));
    std::rotate(values.begin(), values.begin() + 15, values.end());
    values.resize(testing::elements(shape));
    for (std::size_t i = 0; i < values.size(); i += 11)
      values[i] = testing::as<T>(1e-7 * static_cast<double>(i));
  }
  return all;
}

template <Element T>
constexpr testing::Bits<T> kCanonical =
    sizeof(T) == 8                ? static_cast<testing::Bits<T>>(0x7FF8000000000000)
    : sizeof(T) == 4              ? static_cast<testing::Bits<T>>(0x7FC00000)
    : std::is_same_v<T, bfloat16> ? static_cast<testing::Bits<T>>(0x7FC0)
                                  : static_cast<testing::Bits<T>>(0x7E00);

template <Element T>
void check_nans(const testing::Values<T>& results, const std::string& what) {
  for (const auto& values : results) {
    for (const T y : values) {
      if (!std::isnan(static_cast<double>(y))) continue;
      ASSERT_EQ(bits(y), kCanonical<T>) << what << " in " << kTypeName<T>;
    }
  }
}

// All with their defaults, and some that other code computes.
std::vector<Function> functions() {
  std::vector<Function> all;
  for (const FunctionInfo& info : catalogue()) all.push_back(info.example);
  for (const char* const spec :
       {"entmax(alpha=1.0001)", "entmax(alpha=1.3)", "entmax(alpha=2)", "entmax(alpha=7)",
        "softmax(temperature=0.5)", "gelu(approximate=tanh)", "geglu(approximate=tanh)",
        "swiglu(beta=2)", "gated(elu)", "gated(sine)", "celu(alpha=0.5)", "softplus(beta=2)",
        "snake(alpha=3)", "sine(omega=1e6)", "maxout(group=1)"}) {
    all.push_back(parse_function(spec));
  }
  return all;
}

class EveryFunction : public ::testing::TestWithParam<Function> {
 protected:
  // body.operator()<T>(operation) for all operations and types.
  template <class Body>
  void for_operations(const Body& body) const {
    for (const auto& [shape, axis] : kShapes) {
      for (const Operation& operation : testing::operations_of(GetParam(), shape, axis)) {
        testing::for_each_type([&]<class T>() { body.template operator()<T>(operation); });
      }
    }
  }
};

TEST_P(EveryFunction, GivesTheCanonicalNan) {
  for_operations([]<class T>(const Operation& operation) {
    for (const auto& in : {special_inputs<T>(operation), plain_inputs<T>(operation)}) {
      check_nans<T>(testing::contiguous(operation, in), operation.name);
    }
  });
}

TEST_P(EveryFunction, IgnoresTheEnvironmentAndLeavesItAlone) {
  for_operations([]<class T>(const Operation& operation) {
    for (const auto& in : {special_inputs<T>(operation), plain_inputs<T>(operation)}) {
      const auto want = testing::contiguous(operation, in);
      for (const auto name : kHostEnvironments) {
        testing::Values<T> got;
        bool same = false;
        {
          const HostEnvironment host(name);
          const auto before = HostEnvironment::registers();
          got = testing::contiguous(operation, in);
          same = HostEnvironment::registers() == before;
        }
        ASSERT_TRUE(same) << operation.name << ", " << name;
        for (std::size_t k = 0; k < want.size(); ++k) {
          ASSERT_EQ(bits(got[k]), bits(want[k])) << operation.name << ", " << name;
        }
      }
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryFunction, ::testing::ValuesIn(functions()),
                         [](const auto& test) {
                           std::string name = to_string(test.param);
                           std::ranges::replace_if(
                               name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
                           return name + "_" + std::to_string(test.index);
                         });

TEST(EveryTarget, GivesTheCanonicalNan) {
  for (const auto target : targets()) {
    const testing::Invocation what{
        {"/proc/self/exe", "--gtest_filter=*.GivesTheCanonicalNan/*", "--gtest_brief=1"},
        {},
        {"ACTFN_TARGET=" + std::string(target)}};
    const auto got = testing::run(what);
    EXPECT_EQ(got.status, 0) << target << "\n" << got.out;
  }
}

template <class F>
void check_prepared(const F& call) {
  const std::vector<float> want = call();
  for (const auto name : kHostEnvironments) {
    std::vector<float> got;
    bool same = false;
    {
      const HostEnvironment host(name);
      const auto before = HostEnvironment::registers();
      got = call();
      same = HostEnvironment::registers() == before;
    }
    EXPECT_TRUE(same) << name;
    EXPECT_EQ(bits(got), bits(want)) << name;
  }
}

TEST(Prepared, IgnoresTheEnvironment) {
  const auto x = testing::inputs<float>(285, 3);  // 300 with the special ones
  std::vector<float> y(x.size());
  const auto n = x.size();
  check_prepared([&] {
    PreparedActivation<float>(Elu{0.1}).forward(x.data(), y.data(), n);
    return y;
  });
  check_prepared([&] {
    PreparedActivation<float>(Sine{}).backward(x.data(), x.data(), y.data(), n);
    return y;
  });
  check_prepared([&] {
    PreparedRows<float>(Entmax{1.3}, 30).forward(x.data(), y.data(), n / 30);
    return y;
  });
  check_prepared([&] {
    PreparedGate<float>(Swiglu{}).forward(x.data(), x.data(), y.data(), n);
    return y;
  });
}

TEST(Scalars, IgnoreTheEnvironment) {
  for (const auto name : kHostEnvironments) {
    double y[4];
    {
      const HostEnvironment host(name);
      y[0] = static_cast<double>(evaluate(Sine{}, 0.5F));
      y[1] = evaluate(Sine{}, 1e-30);
      y[2] = evaluate_derivative(Tanh{}, 3.0);
      y[3] = evaluate(Identity{}, 5e-324);
    }
    EXPECT_EQ(y[0], evaluate(Sine{}, 0.5F)) << name;
    EXPECT_EQ(y[1], 1e-30) << name;
    EXPECT_EQ(y[2], evaluate_derivative(Tanh{}, 3.0)) << name;
    EXPECT_EQ(y[3], 5e-324) << name;
  }
}

TEST(Text, IgnoresTheEnvironment) {
  const Activation want = parse("elu(alpha=0.1)");
  const Activation least = Elu{5e-324};
  for (const auto name : kHostEnvironments) {
    std::string text;
    bool same = false, valid = false;
    {
      const HostEnvironment host(name);
      same = parse("elu(alpha=0.1)") == want && parse("elu(alpha=1e-1)") == want;
      text = to_string(least) + to_string(want);
      valid = [&] {
        try {
          validate(Activation(Celu{1e-40}));
          return true;
        } catch (const Error&) {
          return false;
        }
      }();
    }
    EXPECT_TRUE(same) << name;
    EXPECT_TRUE(valid) << name;
    EXPECT_EQ(text, to_string(least) + to_string(want)) << name;
  }
}

TEST(SixteenBits, ConvertAlikeInAnyEnvironment) {
  for (unsigned i = 0; i < 0x10000; i += 7) {
    float16 half;
    half.bits = static_cast<std::uint16_t>(i);
    const float want = half;
    const float between = want * 1.0001F;
    const float16 narrow(between);
    for (const auto name : kHostEnvironments) {
      std::uint32_t wide = 0;
      unsigned back = 0;
      {
        const HostEnvironment host(name);
        wide = std::bit_cast<std::uint32_t>(static_cast<float>(half));
        back = float16(between).bits;
      }
      ASSERT_EQ(wide, std::bit_cast<std::uint32_t>(want)) << name << " " << i;
      ASSERT_EQ(back, narrow.bits) << name << " " << i;
    }
  }
}

// The pool's threads are started by a caller whose environment is not the default one, and an
// executor has threads of its own.
TEST(Threads, IgnoreTheEnvironment) {
  const auto x = testing::inputs<float>(1 << 16, 5);
  std::vector<float> want(x.size()), got(x.size());
  forward(Tanh{}, x, want);
  const auto run = [](void* /*context*/, std::size_t parts,
                      void (*part)(void* argument, std::size_t index), void* argument) {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < parts; ++i) {
      threads.emplace_back([=] {
        const HostEnvironment host("downward");
        part(argument, i);
      });
    }
  };
  const Executor executor = {run};
  for (const auto name : kHostEnvironments) {
    for (const Executor* const e : {static_cast<const Executor*>(nullptr), &executor}) {
      {
        const HostEnvironment host(name);
        forward(Tanh{}, x, got, {.count = 4, .executor = e});
      }
      EXPECT_EQ(bits(got), bits(want)) << name;
    }
  }
}

}  // namespace
}  // namespace actfn
