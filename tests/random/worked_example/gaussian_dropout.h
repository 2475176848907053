// SPDX-License-Identifier: Apache-2.0
// Gaussian dropout.
#include "editor/function_file.h"

template <>
struct RandomMath<GaussianDropout> {
  static constexpr Facts kFacts = {
      .title = "GaussianDropout",
      .formula = "x * (1 + sigma * n), n standard normal for each element",
      .derivative = "1 + sigma * n",
      .source = "Srivastava et al. 2014, JMLR 15",
      .use =
          "Dropout by noise instead of zeros: sigma = sqrt(p / (1 - p)) gives the mean and the "
          "variance of dropout(p). In evaluation it is the identity.",
      .note = "Keras' GaussianDropout has rate, which is p, for its parameter.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&GaussianDropout::sigma>{"sigma", Condition::nonnegative}};

  static Activation Evaluated(const GaussianDropout& /*p*/) { return Identity{}; }

  // The definition, for the tests. noise: a standard normal number.
  template <class T>
  static T Reference(const GaussianDropout& p, const T& x, const T& noise) {
    return x * (1 + T(p.sigma) * noise);
  }

  static constexpr Draw kDraw = Draw::normal;

  // sigma as arrays read it; `single`: those of float32 and of 16 bits.
  static double ConstantsOf(const GaussianDropout& p, bool single) {
    return single ? static_cast<double>(static_cast<float>(p.sigma)) : p.sigma;
  }

  template <class T>
  static HWY_INLINE V Value(double sigma, const V& normal, const V& x) {
    return x * Factor(sigma, normal);
  }

  template <class T>
  static HWY_INLINE V Gradient(double sigma, const V& normal, const V& x, const V& dy) {
    return KeepNan(x, dy * Factor(sigma, normal));
  }

 private:
  static HWY_INLINE V Factor(double sigma, const V& normal) { return Fma(normal, sigma, V(1)); }
};
