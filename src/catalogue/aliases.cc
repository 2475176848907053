// SPDX-License-Identifier: Apache-2.0
// Names that other frameworks, models and papers use. Wrong variants are a common fault: each row
// gives the exact formula, and for gates where the operands are.
//
// A name with a framework before it is a row of its own where that framework's variant or default
// differs from the function of the same name here: jax.nn.gelu.
//
// Read in the sources of transformers 5.24, timm 1.0.31, diffusers 0.42, Keras 3.15, tf_keras 2.21,
// TensorFlow 2.21, JAX 0.10.2, Flax 0.12.8, MLX 0.32.4, ONNX 1.23.2, vLLM 0.33, ggml (2026),
// Megatron Core 0.16.1, Liger 0.8.5, entmax 1.3, Paddle 3.3.1, snac 1.2.1, Darknet,
// BigVGAN, TensorFlow Probability, GPyTorch (2026).
#include <actfn/catalogue.h>

#include <array>

namespace actfn {
namespace {

constexpr std::string_view kTanhForm = "x / 2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 * x^3)))";
constexpr std::string_view kErfForm = "x / 2 * (1 + erf(x / sqrt(2)))";
constexpr std::string_view kQuickForm = "x / (1 + exp(-1.702 * x))";
constexpr std::string_view kLogistic = "1 / (1 + exp(-x))";
constexpr std::string_view kSiluForm = "x / (1 + exp(-x))";
constexpr std::string_view kSquare = "max(x, 0)^2";
constexpr std::string_view kUnitClip = "min(max(x, 0), 1)";
constexpr std::string_view kInverse = "log(exp(x) - 1)";
constexpr std::string_view kSinkForm = "exp(x_i) / (1 + sum_j exp(x_j))";
constexpr std::string_view kClampedForm =
    "g * sigmoid(1.702 * g) * (l + 1), g = min(a, 7), l = min(max(b, -7), 7)";

constexpr std::string_view kTanh = "gelu(approximate=tanh)";
constexpr std::string_view kTanhGate = "geglu(approximate=tanh)";

constexpr std::string_view kFirst = "halves, gate first";
constexpr std::string_view kSecond = "halves, gate second";
constexpr std::string_view kInterleaved = "interleaved, gate first";
constexpr std::string_view kTwo = "two inputs";
constexpr std::string_view kTwoOrFirst = "two inputs, or halves, gate first";

// In the order of the names.
constexpr std::array kAliases = {
    Alias{"approximate_gelu", "quick_gelu", kQuickForm, "",
          "diffusers (ApproximateGELU, after a linear layer)"},
    Alias{"atan", "arctan", "atan(x)", "", "ONNX, torch.atan"},
    Alias{"bigvgan.SnakeBeta", "",
          "x + sin(exp(alpha) * x)^2 / (exp(beta) + 1e-9), alpha and beta for each channel, which "
          "is snake_beta of exp(alpha) and exp(beta) but for 1e-9",
          "", "BigVGAN, Stable Audio, Hugging Face: Qwen3-Omni (SnakeBeta)"},
    Alias{"diffusers.GEGLU", "",
          "a * gelu(b), which is geglu with the halves exchanged or given as two tensors", kSecond,
          "diffusers, after a linear layer"},
    Alias{"diffusers.SwiGLU", "",
          "a * silu(b), which is swiglu with the halves exchanged or given as two tensors", kSecond,
          "diffusers, after a linear layer"},
    Alias{"dsilu", "", "s * (1 + x * (1 - s)), s = sigmoid(x), which is the derivative of silu", "",
          "Elfwing et al. 2017, dSiLU"},
    Alias{"dyt", "dynamic_tanh",
          "tanh(alpha * x); a weight and a bias for each channel follow as a layer of their own",
          "", "Zhu et al. 2025; Liger (liger_dyt)"},
    Alias{"e_swish", "", "beta * x * sigmoid(x), which is silu times beta, not swish(beta)", "",
          "Alcaide 2018"},
    Alias{"elliotsig", "softsign", "x / (1 + |x|)", "", "MATLAB"},
    Alias{"entmax15", "entmax", "entmax with alpha = 1.5", "", "entmax"},
    Alias{"entmax_bisect", "entmax", "entmax, alpha = 1.5 by default", "", "entmax"},
    Alias{"expit", "sigmoid", kLogistic, "", "SciPy"},
    Alias{"exponential", "exp", "exp(x)", "", "Keras"},
    Alias{"fast_gelu", kTanh, kTanhForm, "", "Megatron"},
    Alias{"fatrelu_and_mul", "gated(thresholded_relu(alpha=0))",
          "(a > threshold ? a : 0) * b with threshold = 0; of another threshold: "
          "gated(thresholded_relu(alpha=threshold))",
          kFirst, "vLLM (MiniCPM-S)"},
    Alias{"flax.linen.PReLU", "prelu(init=0.01)", "x > 0 ? x : w * x, w from 0.01", "", "Flax"},
    Alias{"flax.linen.gelu", kTanh, kTanhForm, "", "Flax; exact with approximate=False"},
    Alias{"flax.nnx.gelu", kTanh, kTanhForm, "", "Flax; exact with approximate=False"},
    Alias{"gated_gelu", kTanhGate, "gelu_new(a) * b, a by wi_0 and b by wi_1", kTwo,
          "Hugging Face: T5 1.1, feed_forward_proj"},
    Alias{"geglu_erf", "geglu", "gelu(a) * b, gelu exact", kTwoOrFirst, "ggml"},
    Alias{"geglu_quick", "gated(quick_gelu)", "quick_gelu(a) * b", kTwoOrFirst, "ggml"},
    Alias{"gelu_10", "", "min(10, max(-10, gelu(x)))", "", "Hugging Face: ClippedGELUActivation"},
    Alias{"gelu_accurate", kTanh, kTanhForm, "", "Hugging Face: MEGA"},
    Alias{"gelu_and_mul", "geglu", "gelu(a) * b, gelu exact", kFirst, "vLLM"},
    Alias{"gelu_approx", kTanh, kTanhForm, "", "MLX"},
    Alias{"gelu_erf", "gelu", kErfForm, "", "ggml"},
    Alias{"gelu_fast", kTanh,
          "x / 2 * (1 + tanh(0.7978845608 * x * (1 + 0.044715 * x^2))), which is the tanh form", "",
          "Hugging Face, vLLM"},
    Alias{"gelu_fast_approx", "quick_gelu", kQuickForm, "", "MLX"},
    Alias{"gelu_new", kTanh, kTanhForm, "", "Hugging Face: GPT-2; vLLM"},
    Alias{"gelu_python", "gelu", kErfForm, "", "Hugging Face"},
    Alias{"gelu_python_tanh", kTanh, kTanhForm, "", "Hugging Face"},
    Alias{"gelu_pytorch_tanh", kTanh, kTanhForm, "", "Hugging Face: Gemma; vLLM"},
    Alias{"gelu_quick", "quick_gelu", kQuickForm, "", "ggml; vLLM's operator"},
    Alias{"gelu_tanh", kTanh, kTanhForm, "", "timm, vLLM"},
    Alias{"gelu_tanh_and_mul", kTanhGate, "gelu(a) * b, gelu in the tanh form", kFirst, "vLLM"},
    Alias{"ggml_geglu", kTanhGate, "gelu(a) * b, gelu in the tanh form", kTwoOrFirst, "ggml"},
    Alias{"ggml_gelu", kTanh, kTanhForm, "", "ggml; the exact one is gelu_erf"},
    Alias{"glu_mlp", "glu", "a * sigmoid(b)", kSecond, "timm (GluMlp, between two linear layers)"},
    Alias{"gtu", "", "tanh(a) * sigmoid(b)", kSecond, "Dauphin et al. 2016, gated tanh unit"},
    Alias{"h_mish", "hard_mish", "x / 2 * min(2, max(0, x + 2))", "", "Misra 2020, H-Mish"},
    Alias{"h_sigmoid", "hardsigmoid", "min(max(x + 3, 0), 6) / 6", "",
          "Howard et al. 2019, MobileNetV3"},
    Alias{"h_swish", "hardswish", "x * min(max(x + 3, 0), 6) / 6", "",
          "Howard et al. 2019, MobileNetV3"},
    Alias{"hard_silu", "hardswish", "x * min(max(x + 3, 0), 6) / 6", "", "Keras, JAX, Flax"},
    Alias{"hardlim", "", "x >= 0 ? 1 : 0, which is step but for its 1 at 0", "", "MATLAB"},
    Alias{"heaviside", "step",
          "x > 0 ? 1 : 0; at 0 it is the second argument in NumPy and PyTorch, and 0 here", "",
          "NumPy, PyTorch"},
    Alias{"inv_softplus", "softplus_inverse", kInverse, "", "GPyTorch"},
    Alias{"inverse_softplus", "softplus_inverse", kInverse, "", "model code"},
    Alias{"jax.nn.gelu", kTanh, kTanhForm, "", "JAX; exact with approximate=False"},
    Alias{"keras.activations.leaky_relu", "leaky_relu(negative_slope=0.2)", "x > 0 ? x : 0.2 * x",
          "", "Keras"},
    Alias{"keras.layers.LeakyReLU", "leaky_relu(negative_slope=0.3)", "x > 0 ? x : 0.3 * x", "",
          "Keras"},
    Alias{"keras.ops.gelu", kTanh, kTanhForm, "", "Keras; exact with approximate=False"},
    Alias{"keras.ops.leaky_relu", "leaky_relu(negative_slope=0.2)", "x > 0 ? x : 0.2 * x", "",
          "Keras"},
    Alias{"leaky", "leaky_relu(negative_slope=0.1)", "x > 0 ? x : 0.1 * x", "", "Darknet: YOLO"},
    Alias{"liger_geglu", kTanhGate, "gelu(a) * b, gelu in the tanh form", kTwo, "Liger"},
    Alias{"liger_swiglu", "swiglu", "silu(a) * b", kTwo, "Liger"},
    Alias{"linear", "identity", "x", "", "Keras, Hugging Face, Darknet"},
    Alias{"log_expit", "log_sigmoid", "-log(1 + exp(-x))", "", "SciPy"},
    Alias{"logistic", "sigmoid", kLogistic, "", "scikit-learn, Darknet, TensorFlow Lite"},
    Alias{"logsig", "sigmoid", kLogistic, "", "MATLAB"},
    Alias{"megatron.geglu", kTanhGate, "gelu(a) * b, gelu in the tanh form", kFirst,
          "Megatron (fused_bias_geglu)"},
    Alias{"mlx.nn.selu", "",
          "1.0507 * elu(x, 1.67326), which differs from selu from the sixth digit on", "", "MLX"},
    Alias{"mlx.nn.step", "", "x >= threshold ? 1 : 0, which is step but for its 1 at the threshold",
          "", "MLX"},
    Alias{"mul_and_silu", "",
          "a * silu(b), which is swiglu with the halves exchanged or given as two tensors", kSecond,
          "vLLM"},
    Alias{"ndtr", "laplace(mu=0,sigma=1)", "(1 + erf(x / sqrt(2))) / 2", "", "SciPy"},
    Alias{"nrelu", "noisy_relu", "max(0, x + n * sqrt(sigmoid(x))), n standard normal", "",
          "Nair & Hinton 2010"},
    Alias{"onnx.HardSigmoid", "hardsigmoid(slope=0.2)", "min(max(0.2 * x + 0.5, 0), 1)", "",
          "ONNX"},
    Alias{"onnx.SwiGLU", "swiglu", "a * sigmoid(alpha * a) * b; alpha is called beta here", kTwo,
          "ONNX 28"},
    Alias{"onnx.Swish", "swish", "x * sigmoid(alpha * x); alpha is called beta here", "",
          "ONNX 24"},
    Alias{"paddle.nn.functional.hardsigmoid", "hardsigmoid(slope=0.1666667)",
          "min(max(0.1666667 * x + 0.5, 0), 1)", "", "Paddle"},
    Alias{"poslin", "relu", "max(x, 0)", "", "MATLAB"},
    Alias{"purelin", "identity", "x", "", "MATLAB"},
    Alias{"quick_geglu", "gated(quick_gelu)",
          "quick_gelu(a) * (b + linear_offset), linear_offset = 0", kFirst, "Megatron"},
    Alias{"quiet_softmax", "softmax1", kSinkForm, "", "Miller 2023"},
    Alias{"radbas", "gaussian", "exp(-x^2)", "", "MATLAB"},
    Alias{"reduce_logmeanexp", "logmeanexp", "log(mean_j exp(x_j))", "", "TensorFlow Probability"},
    Alias{"reduce_logsumexp", "logsumexp", "log(sum_j exp(x_j))", "", "TensorFlow, ONNX"},
    Alias{"relie", "leaky_relu", "x > 0 ? x : 0.01 * x", "", "Darknet"},
    Alias{"relu2", "relu_squared", kSquare, "", "Hugging Face: Nemotron; vLLM, MLX"},
    Alias{"relu_0_to_1", "hardtanh(min_val=0)", kUnitClip, "", "TensorFlow Lite"},
    Alias{"relu_n1_to_1", "hardtanh", "min(max(x, -1), 1)", "", "TensorFlow Lite"},
    Alias{"satlin", "hardtanh(min_val=0)", kUnitClip, "", "MATLAB"},
    Alias{"satlins", "hardtanh", "min(max(x, -1), 1)", "", "MATLAB"},
    Alias{"sil", "silu", kSiluForm, "", "Elfwing et al. 2017"},
    Alias{"silu_and_mul", "swiglu", "silu(a) * b", kFirst, "vLLM"},
    Alias{"silu_and_mul_with_clamp", "",
          "g * sigmoid(alpha * g) * (l + beta), g = min(a, limit), l = min(max(b, -limit), limit), "
          "alpha = 1, beta = 0; with beta = 1 it is clamped_swiglu",
          kFirst, "vLLM; DeepSeek V4 with limit = 10"},
    Alias{"sin", "sine", "sin(x)", "", "ONNX, torch.sin"},
    Alias{"siren", "sine(omega=30)", "sin(30 * x)", "", "Sitzmann et al. 2020"},
    Alias{"situ_and_mul", "",
          "beta * tanh(a / beta) * sigmoid(a) * b, or with linear_beta * tanh(b / linear_beta) for "
          "b",
          kFirst, "vLLM (Kimi)"},
    Alias{"snake1d", "",
          "x + sin(alpha * x)^2 / (alpha + 1e-9), alpha for each channel, which is snake but for "
          "1e-9",
          "", "Descript Audio Codec, SNAC"},
    Alias{"softargmax", "softmax", "exp(x_i) / sum_j exp(x_j)", "", "Goodfellow et al. 2016"},
    Alias{"softmax2d", "softmax", "softmax along axis -3", "", "torch.nn.Softmax2d"},
    Alias{"softmax_off_by_one", "softmax1", kSinkForm, "",
          "Miller 2023; TransformerEngine (off-by-one)"},
    Alias{
        "softmax_one", "softmax1",
        "exp(x_i) / (1 + sum_j exp(x_j)); copies that subtract the maximum and then add 1 compute "
        "something else",
        "", "Miller 2023"},
    Alias{"softplus_inv", "softplus_inverse", kInverse, "", "model code"},
    Alias{"sqrelu", "relu_squared", kSquare, "", "FlashAttention"},
    Alias{"sqrtsoftplus", "", "sqrt(log(1 + exp(x)))", "", "Hugging Face: DeepSeek V4's router"},
    Alias{"squared_relu", "relu_squared", kSquare, "", "Megatron; So et al. 2021, Primer"},
    Alias{"srelu", "",
          "max(x, -1) in the ELU paper (shifted_relu), or three lines with four learned parameters "
          "in Jin et al. 2015",
          "", "two papers"},
    Alias{"swiglu_oai", "clamped_swiglu", kClampedForm, kTwo,
          "ggml; vLLM (swigluoai) interleaves the operands"},
    Alias{"swiglu_packed", "swiglu", "silu(a) * b", kFirst,
          "timm (SwiGLUPacked, between two linear layers)"},
    Alias{"swigluoai_and_mul", "clamped_swiglu", kClampedForm, kInterleaved, "vLLM: gpt-oss"},
    Alias{"swigluoai_uninterleave", "clamped_swiglu", kClampedForm, kFirst,
          "vLLM: MiniMax-M3; alpha and limit from the model"},
    Alias{"swiglustep_and_mul", "swiglu_step",
          "min(silu(a), limit) * min(max(b, -limit), limit), limit = 7", kFirst, "vLLM: Step-3.5"},
    Alias{"swish_1", "silu", kSiluForm, "", "Ramachandran et al. 2017"},
    Alias{"tanh_exp", "telu", "x * tanh(exp(x))", "", "Liu & Di 2020"},
    Alias{"tansig", "tanh", "2 / (1 + exp(-2 * x)) - 1, which is tanh(x)", "", "MATLAB"},
    Alias{"tf.nn.leaky_relu", "leaky_relu(negative_slope=0.2)", "x > 0 ? x : 0.2 * x", "",
          "TensorFlow"},
    Alias{"tf_keras.activations.hard_sigmoid", "hardsigmoid(slope=0.2)",
          "min(max(0.2 * x + 0.5, 0), 1)", "", "Keras 2"},
};

}  // namespace

std::span<const Alias> aliases() { return kAliases; }

}  // namespace actfn
