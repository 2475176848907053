// SPDX-License-Identifier: Apache-2.0
// Weights in files that PyTorch reads and writes: https://github.com/huggingface/safetensors
//
// A file has all parameters() and buffers() of a network as float32, bit for bit, under the names
// and in the layouts that the state_dict() of a torch.nn.Sequential of the same layers has:
// "0.weight" [out, in], "0.bias" [out], for prelu "1.weight"; num_batches_tracked is int64. PyTorch
// has no names for what a Learnable learns: "1.values". In Python:
//
//   from safetensors.torch import load_file, save_file
//   model.load_state_dict(load_file("network.safetensors"))
//   save_file(model.state_dict(), "network.safetensors")
#pragma once

#include <actfn/nn/adaptive_log_softmax.h>
#include <actfn/nn/layers.h>
#include <actfn/nn/multihead_attention.h>
#include <actfn/nn/sequential.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::nn {

/// Writes the network's weights to a file, and its layers as text, "network" in the file's
/// metadata. There is either the old file or the whole new one, whenever the program or the machine
/// stops. Throws std::runtime_error: "[save] cannot write FILE: No space left on device".
///
///     actfn::nn::Sequential network{actfn::nn::Linear{4, 8}, actfn::Gelu{},
///                                   actfn::nn::Linear{8, 2}};
///     actfn::nn::save(network, "network.safetensors");
///     actfn::nn::load(network, "network.safetensors");
void save(Sequential& network, const std::filesystem::path& file);

/// Sets all weights of the network from a file. Nothing is set where it throws:
/// - Error where the file is not what the format describes, "[safetensors] FILE: tensors overlap",
///   or does not fit, "[safetensors] FILE: there is no tensor '0.weight'", "[safetensors] FILE: the
///   network has no parameter '4.weight'", "[safetensors] FILE: '0.weight' has the shape 8x5, the
///   network's is 8x4", "[safetensors] FILE: '0.weight' is F16: only F32 is read";
/// - std::runtime_error where it cannot be read: "[safetensors] FILE: cannot be read: No such file
///   or directory".
void load(Sequential& network, const std::filesystem::path& file);

/// The network of a file that save() or `actfn compare --save` has written, if it has only Linears
/// and functions. Throws as load() does, as parse_network(), and Error where the file does not say
/// which layers it is of: "[safetensors] FILE: the metadata has no 'network'".
Sequential load(const std::filesystem::path& file);

/// The same for a MultiheadAttention, with the names and layouts of torch.nn.MultiheadAttention:
/// "in_proj_weight", or "q_proj_weight", "k_proj_weight" and "v_proj_weight" where kdim or vdim is
/// not embed_dim; "in_proj_bias", "bias_k", "bias_v", "out_proj.weight" and "out_proj.bias", as far
/// as the module has them. PyTorch has no name for "sinks". Errors say "module" for "network":
/// "[safetensors] FILE: the module has no parameter 'bias_k'".
///
///     actfn::nn::MultiheadAttention attention({.embed_dim = 6, .num_heads = 2});
///     actfn::nn::save(attention, "attention.safetensors");
///     actfn::nn::load(attention, "attention.safetensors");
void save(MultiheadAttention& module, const std::filesystem::path& file);
void load(MultiheadAttention& module, const std::filesystem::path& file);

/// The same for an AdaptiveLogSoftmaxWithLoss, with the names and layouts of
/// torch.nn.AdaptiveLogSoftmaxWithLoss: "head.weight", "head.bias", "tail.0.0.weight",
/// "tail.0.1.weight".
///
///     actfn::nn::AdaptiveLogSoftmaxWithLoss softmax(16, 1000, {20, 200});
///     actfn::nn::save(softmax, "softmax.safetensors");
///     actfn::nn::load(softmax, "softmax.safetensors");
void save(AdaptiveLogSoftmaxWithLoss& module, const std::filesystem::path& file);
void load(AdaptiveLogSoftmaxWithLoss& module, const std::filesystem::path& file);

/// Reads Linears and functions as to_string() writes them, joined by '+'.
///
///     auto layers = actfn::nn::parse_network(
///         "linear(in_features=4,out_features=8)+relu+linear(8,2)");
///     actfn::nn::Sequential network(layers);
///
/// Throws Error: "[linear] needs in_features and out_features, whole numbers from 1 to 2147483647,
/// got '8'", and those of parse_function().
std::vector<Layer> parse_network(std::string_view spec);

}  // namespace actfn::nn
