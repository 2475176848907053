// SPDX-License-Identifier: Apache-2.0
// Eigen's arrays, Highway's contrib/math and SLEEF: float32 values alone. This file is compiled for
// the machine that it is compiled on.
#include <hwy/highway.h>
// After highway.h:
#include <hwy/contrib/math/math-inl.h>

#include "libraries.h"

#if ACTFN_PEER_EIGEN
#include <Eigen/Core>
#endif
#if ACTFN_PEER_SLEEF
#include <sleef.h>
#endif

namespace actfn::peers {
namespace {

bool is_value_of_floats(const Request& request) { return request.order == "0" && !request.half; }

namespace hn = hwy::HWY_NAMESPACE;

template <class F>
Call by_vectors(const Arrays& a, F f) {
  return [a, f] {
    const hn::ScalableTag<float> d;
    for (std::size_t i = 0; i < a.n; i += hn::Lanes(d)) {
      hn::StoreU(f(d, hn::LoadU(d, a.x + i)), d, a.out + i);
    }
  };
}

}  // namespace

std::string highway_version() {
  return "Highway " + std::to_string(HWY_MAJOR) + "." + std::to_string(HWY_MINOR) + "." +
         std::to_string(HWY_PATCH);
}

Call highway(const Request& request, const Arrays& a) {
  if (!is_value_of_floats(request)) return {};
  if (request.spec == "exp") return by_vectors(a, [](auto d, auto x) { return hn::Exp(d, x); });
  if (request.spec == "tanh") return by_vectors(a, [](auto d, auto x) { return hn::Tanh(d, x); });
  if (request.spec == "arctan") return by_vectors(a, [](auto d, auto x) { return hn::Atan(d, x); });
  if (request.spec == "sine") return by_vectors(a, [](auto d, auto x) { return hn::Sin(d, x); });
  return {};
}

#if ACTFN_PEER_EIGEN
namespace {

using Floats = Eigen::Map<Eigen::ArrayXf>;

template <class F>
Call by_arrays(const Arrays& a, F f) {
  return [a, f] {
    const auto n = static_cast<Eigen::Index>(a.n);
    Floats out(a.out, n);
    f(Floats(a.x, n), out);
  };
}

}  // namespace

std::string eigen_version() {
  return "Eigen " + std::to_string(EIGEN_WORLD_VERSION) + "." +
         std::to_string(EIGEN_MAJOR_VERSION) + "." + std::to_string(EIGEN_MINOR_VERSION);
}

Call eigen(const Request& request, const Arrays& a) {
  if (!is_value_of_floats(request)) return {};
  if (request.spec == "relu") return by_arrays(a, [](auto x, auto& y) { y = x.max(0.0F); });
  if (request.spec == "tanh") return by_arrays(a, [](auto x, auto& y) { y = x.tanh(); });
  if (request.spec == "sigmoid") return by_arrays(a, [](auto x, auto& y) { y = x.logistic(); });
  if (request.spec == "silu") return by_arrays(a, [](auto x, auto& y) { y = x * x.logistic(); });
  if (request.spec == "exp") return by_arrays(a, [](auto x, auto& y) { y = x.exp(); });
  if (request.spec == "sine") return by_arrays(a, [](auto x, auto& y) { y = x.sin(); });
  if (request.spec == "softsign") {
    return by_arrays(a, [](auto x, auto& y) { y = x / (1.0F + x.abs()); });
  }
  return {};
}
#else
std::string eigen_version() { return {}; }
Call eigen(const Request& /*request*/, const Arrays& /*a*/) { return {}; }
#endif

#if ACTFN_PEER_SLEEF && (defined(__AVX512F__) || (defined(__AVX2__) && defined(__FMA__)))
namespace {

#if defined(__AVX512F__)
struct Sleef {
  static constexpr std::size_t kLanes = 16;
  static auto load(const float* from) { return _mm512_loadu_ps(from); }
  static void store(float* to, __m512 x) { _mm512_storeu_ps(to, x); }
  static auto exp(__m512 x) { return Sleef_expf16_u10avx512f(x); }
  static auto tanh(__m512 x) { return Sleef_tanhf16_u10avx512f(x); }
  static auto atan(__m512 x) { return Sleef_atanf16_u10avx512f(x); }
  static auto sin(__m512 x) { return Sleef_sinf16_u10avx512f(x); }
};
#else
struct Sleef {
  static constexpr std::size_t kLanes = 8;
  static auto load(const float* from) { return _mm256_loadu_ps(from); }
  static void store(float* to, __m256 x) { _mm256_storeu_ps(to, x); }
  static auto exp(__m256 x) { return Sleef_expf8_u10avx2(x); }
  static auto tanh(__m256 x) { return Sleef_tanhf8_u10avx2(x); }
  static auto atan(__m256 x) { return Sleef_atanf8_u10avx2(x); }
  static auto sin(__m256 x) { return Sleef_sinf8_u10avx2(x); }
};
#endif

template <class F>
Call by_sleef(const Arrays& a, F f) {
  return [a, f] {
    for (std::size_t i = 0; i < a.n; i += Sleef::kLanes) {
      Sleef::store(a.out + i, f(Sleef::load(a.x + i)));
    }
  };
}

}  // namespace

std::string sleef_version() {
  return "SLEEF " + std::to_string(SLEEF_VERSION_MAJOR) + "." +
         std::to_string(SLEEF_VERSION_MINOR) + "." + std::to_string(SLEEF_VERSION_PATCHLEVEL);
}

Call sleef(const Request& request, const Arrays& a) {
  if (!is_value_of_floats(request)) return {};
  if (request.spec == "exp") return by_sleef(a, [](auto x) { return Sleef::exp(x); });
  if (request.spec == "tanh") return by_sleef(a, [](auto x) { return Sleef::tanh(x); });
  if (request.spec == "arctan") return by_sleef(a, [](auto x) { return Sleef::atan(x); });
  if (request.spec == "sine") return by_sleef(a, [](auto x) { return Sleef::sin(x); });
  return {};
}
#else
std::string sleef_version() { return {}; }
Call sleef(const Request& /*request*/, const Arrays& /*a*/) { return {}; }
#endif

}  // namespace actfn::peers
