// PReLU.
#include "editor/function_file.h"

template <>
struct LearnedMath<Prelu> {
  static constexpr Facts kFacts = {
      .title = "PReLU",
      .formula = "x > 0 ? x : w * x, w learned",
      .derivative = "x > 0 ? 1 : w; dy/dw = x > 0 ? 0 : x",
      .source = "He et al. 2015, arXiv:1502.01852",
      .use =
          "Leaky ReLU that learns its slope, one for all or one for each channel. It costs next to "
          "nothing and can fit better than relu. Do not decay the slopes: that pulls them to 0, "
          "where it is relu.",
      .note = "PyTorch and He et al. start at 0.25, Keras at 0.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Prelu::num_parameters>{"num_parameters", Condition::whole},
                 Parameter<&Prelu::init>{"init", Condition::finite, {}, "weight"}};
};
