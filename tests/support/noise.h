// Activations that draw, as tests call them.
#pragma once

#include <actfn/random.h>

#include <vector>

namespace actfn::testing {

inline const RandomActivation kAll[] = {Rrelu{},           Rrelu{-0.5, 2},  Rrelu{0.3, 0.3},
                                        NoisyRelu{},       Dropout{},       Dropout{0.1},
                                        Dropout{0},        Dropout{1},      AlphaDropout{},
                                        AlphaDropout{0.1}, AlphaDropout{0}, AlphaDropout{1}};

template <class T>
std::vector<T> applied(const RandomActivation& f, const std::vector<T>& x, const Noise& noise) {
  std::vector<T> y(x.size());
  forward(f, x, noise, y);
  return y;
}

template <class T>
std::vector<T> gradient(const RandomActivation& f, const std::vector<T>& x,
                        const std::vector<T>& dy, const Noise& noise) {
  std::vector<T> dx(x.size());
  backward(f, x, dy, noise, dx);
  return dx;
}

}  // namespace actfn::testing
