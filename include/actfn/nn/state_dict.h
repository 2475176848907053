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

#include <actfn/nn/layers.h>
#include <actfn/nn/sequential.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::nn {

/// Writes the network's weights to a file, and its layers as text, "network" in the file's
/// metadata. "input" there is the shape of a sample, as "1x28x28", unless the first layer is a
/// Linear and a sample has one dimension. There is either the old file or the whole new one,
/// whenever the program or the machine stops. Throws std::runtime_error: "[save] cannot write FILE:
/// No space left on device".
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

/// The network of a file that save() or `actfn compare --save` has written. Throws as load() does,
/// as parse_network() and the constructor of Sequential do, and Error where the file does not say
/// which layers it is of ("[safetensors] FILE: the metadata has no 'network'"), where the shape of
/// a sample is none ("[safetensors] FILE: the metadata's 'input' must be lengths, written as 64 or
/// 1x28x28, got 'x'"), and where the file cannot be that of such a network ("[safetensors] FILE:
/// the network has 32 parameters, all tensors have 6 numbers").
///
///     using namespace actfn::nn;
///     Sequential lenet({1, 28, 28}, Conv2d{1, 6, 5}, actfn::Relu{}, MaxPool2d{2}, Flatten{},
///                      Linear{864, 10});
///     save(lenet, "lenet.safetensors");
///     Sequential same = load("lenet.safetensors");
Sequential load(const std::filesystem::path& file);

/// Reads layers as to_string() writes them, joined by '+': `name(argument=value,…)`, or a function
/// as parse_function() reads it. Arguments without a name are those of their place.
///
///     using namespace actfn::nn;
///     Sequential mlp(parse_network("linear(in_features=4,out_features=8)+relu+linear(8,2)"));
///     Sequential cnn({1, 28, 28}, parse_network("conv2d(1,6,kernel_size=3x5,padding=1)+relu+"
///                                               "residual(batch_norm2d(6)+gelu)+flatten"));
///     auto gate = parse_network("parallel(linear(4,8),linear(4,8)+tanh)+swiglu");
///
/// Two lengths are 3x5, or (3,5) as in Python; a value that is left open is none. Names may be
/// PyTorch's: Conv2d, nn.Conv2d. Throws Error, besides those of parse_function():
/// - "[parse] unknown layer or function 'conv3d'; did you mean conv1d?";
/// - "[linear] out_features has no default: write for example
///   linear(in_features=4,out_features=8)";
/// - "[conv2d] no argument 'size': it has in_channels, …", "[conv2d] stride is given twice";
/// - "[conv2d] groups must be a whole number from -2147483647 to 2147483647, got '1.5'", "[conv2d]
///   stride must be a height and a width, written as 5 or 3x5, got 'x'", "[layer_norm] eps must be
///   a number, got 'x'", "[conv2d] bias must be true or false, got '1'", "[layer_norm]
///   normalized_shape must be lengths, written as 64 or 4x64, got 'x'";
/// - "[parse] there are layers inside of more than 32 others".
/// It does not judge the values: Sequential does.
std::vector<Layer> parse_network(std::string_view spec);

}  // namespace actfn::nn
