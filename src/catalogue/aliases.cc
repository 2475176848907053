// Names that other frameworks and models use. Wrong variants are a common fault: each row gives the
// exact formula, and for gates where the operands are.
#include <actfn/catalogue.h>

#include <array>

namespace actfn {
namespace {

constexpr std::array kAliases = {
    Alias{"gelu_10", "", "min(10, max(-10, gelu(x)))", "", "Hugging Face: ClippedGELUActivation"},
    Alias{"gelu_new", "gelu(approximate=tanh)",
          "0.5 * x * (1 + tanh(sqrt(2/pi) * (x + 0.044715 * x^3)))", "", "Hugging Face: GPT-2"},
    Alias{"gelu_pytorch_tanh", "gelu(approximate=tanh)",
          "0.5 * x * (1 + tanh(sqrt(2/pi) * (x + 0.044715 * x^3)))", "", "Hugging Face: Gemma"},
    Alias{"linear", "identity", "x", "", "Keras"},
    Alias{"relu2", "relu_squared", "max(0, x)^2", "", "Hugging Face: Nemotron"},
};

}  // namespace

std::span<const Alias> aliases() { return kAliases; }

}  // namespace actfn
