// SPDX-License-Identifier: Apache-2.0
// What a build with few functions, types and instruction sets does, and refuses.
#include <actfn/actfn.h>

#include <cstdio>
#include <string>
#include <vector>

namespace {

int wrong = 0;

void expect(const std::string& got, const std::string& wanted) {
  if (got == wanted) return;
  std::printf("got:    %s\nwanted: %s\n", got.c_str(), wanted.c_str());
  ++wrong;
}

std::string no_function(const std::string& who, const std::string& name) {
  return "[" + who + "] this build has no " + name + ": ACTFN_FUNCTIONS leaves it out";
}
std::string no_type(const std::string& who, const std::string& name) {
  return "[" + who + "] this build has no " + name + ": ACTFN_TYPES leaves it out";
}

template <class Call>
std::string error_of(const Call& call) {
  try {
    call();
  } catch (const actfn::Error& error) {
    return error.what();
  }
  return "no error";
}

std::vector<float> x(24, 1), y(24, 5), a(48);
std::vector<double> wide(24);
std::vector<actfn::bfloat16> narrow(24);

void check_functions() {
  using namespace actfn;
  expect(error_of([] { forward(Silu{}, x, y); }), no_function("silu", "silu"));
  expect(error_of([] { forward(Activation(Silu{}), x, y); }), no_function("silu", "silu"));
  expect(error_of([] {
           backward(Threshold{0, 0}, x, x, y);
         }),
         no_function("threshold", "threshold"));
  expect(error_of([] { learnable_parameters(Swish{}); }), no_function("swish", "swish"));
  expect(error_of([] { PreparedActivation<float> tanh(Tanh{}); }), no_function("tanh", "tanh"));
  expect(error_of([] { softmax(x, -1, y); }), no_function("softmax", "softmax"));
  expect(error_of([] {
           logsumexp({x, {4, 6}}, -1, {y.data(), {4}});
         }),
         no_function("logsumexp", "logsumexp"));
  expect(error_of([] {
           softmax1_sink_backward(Softmax1{}, x, x, -1, {y.data(), {1}});
         }),
         no_function("softmax1", "softmax1"));
  expect(error_of([] { forward(Swiglu{}, x, x, y); }), no_function("swiglu", "swiglu"));
  expect(error_of([] { forward(Dropout{}, x, Noise{}, y); }), no_function("dropout", "dropout"));
  expect(error_of([] { prelu(x, {x.data(), {1}}, y); }), no_function("prelu", "prelu"));
  expect(error_of([] { crelu(x, -1, a); }), no_function("crelu", "crelu"));
  expect(error_of([] { validate(Activation(Elu{})); }), no_function("elu", "elu"));
  expect(error_of([] { to_string(Activation(Elu{2})); }), no_function("elu", "elu"));
  expect(error_of([] { output_shape(Swiglu{}, {4, 6}); }), no_function("swiglu", "swiglu"));
  expect(error_of([] { parse("silu"); }), no_function("parse", "silu"));
  expect(error_of([] { parse("torch.nn.SiLU"); }), no_function("parse", "silu"));
  expect(error_of([] { parse_function("atan"); }), no_function("parse", "arctan"));
  expect(y == std::vector<float>(24, 5) ? "unwritten" : "written", "unwritten");
}

void check_types() {
  using namespace actfn;
  expect(error_of([] { forward(Gelu{}, wide, wide); }), no_type("gelu", "float64"));
  expect(error_of([] { backward(Gelu{}, narrow, narrow, narrow); }), no_type("gelu", "bfloat16"));
  expect(error_of([] { evaluate(Gelu{}, 1.0); }), no_type("gelu", "float64"));
  expect(error_of([] {
           forward(Glu{}, wide, -1, {wide.data(), {12}});
         }),
         no_type("glu", "float64"));
  expect(error_of([] { PreparedGate<double> glu(Glu{}); }), no_type("glu", "float64"));
}

void check_built() {
  using namespace actfn;
  std::string names;
  for (const FunctionInfo& f : catalogue()) names.append(" ").append(f.name);
  expect(names, " gelu sigmoid glu");  // glu needs sigmoid
  forward(parse("gelu_new"), x, y);    // an alias
  expect(y[0] > 0.84F && y[0] < 0.8413F ? "tanh" : "erf", "tanh");
  forward(Gelu{}, x, y);
  expect(y[0] == 0.841344774F ? "known" : "other", "known");
  forward(Glu{}, x, x, y);
  expect(y[0] == 0.7310586F ? "known" : "other", "known");
  expect(targets().size() == 1 ? "one" : "more", "one");
}

}  // namespace

int main() {
  check_functions();
  check_types();
  check_built();
  return wrong == 0 ? 0 : 1;
}
