// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/onnx.h>
#include <actfn/nn/state_dict.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "catalogue/error.h"
#include "catalogue/quote.h"
#include "catalogue/suggest.h"
#include "commands.h"
#include "lab/replace_file.h"
#include "saved_network.h"

namespace actfn::app {
namespace {

namespace fs = std::filesystem;

struct ExportArguments : SavedNetworkArguments {
  std::optional<std::string> spec;
  std::string output;
  int opset = onnx::Options{}.opset;
  std::optional<std::string> format;
};

// By the option, or the end of the file's name.
bool is_onnx(const ExportArguments& a) {
  constexpr std::string_view kFormats[] = {"onnx", "safetensors"};
  if (a.format) return choose("export", "format", kFormats, *a.format) == 0;
  const std::string end = fs::path(a.output).extension().string();
  if (end == ".onnx") return true;
  if (end == ".safetensors") return false;
  fail("export", {"--output must end in .onnx or .safetensors, or --format say what it is, got ",
                  in_quotes(a.output)});
}

void require_one(const ExportArguments& a) {
  if (a.spec && a.weights) fail("export", {"takes a function or --weights, not both"});
  if (!a.spec && !a.weights) fail("export", {"name a function, or a file by --weights"});
  require_fit("export", a);
}

void write(const ExportArguments& a) {
  require_one(a);
  const bool as_onnx = is_onnx(a);
  const onnx::Options options = {.opset = a.opset};
  if (a.spec) {
    const Function f = parse_function(*a.spec);
    if (!as_onnx) fail("export", {to_string(f), " has no weights: write it as .onnx"});
    return lab::replace_file("export", a.output, onnx::model(f, options));
  }
  nn::Sequential network = read_network("export", a);
  if (!as_onnx) return nn::save(network, a.output);
  lab::replace_file("export", a.output, nn::to_onnx(network, options));
}

}  // namespace

void add_export(CLI::App& program) {
  auto* command = program.add_subcommand(
      "export",
      "Writes a function or a trained network as an ONNX model\n\n"
      "The model computes in float32 what the function computes along the last axis of an input\n"
      "[N, C], or what the network computes in evaluation. A network is one whose weights\n"
      "'actfn compare --save' has written, or PyTorch: then --network says which layers it has.\n\n"
      "Examples:\n"
      "  actfn export mish -o mish.onnx\n"
      "  actfn export 'gelu(approximate=tanh)' --opset 20 -o gelu.onnx\n"
      "  actfn export --weights out/weights/relu-seed-1.safetensors -o network.onnx\n"
      "  actfn export --weights torch.safetensors --network 'linear(4,8)+relu+linear(8,3)' \\\n"
      "    -o network.onnx\n"
      "  actfn export --weights cnn.safetensors --input 1x28x28 -o cnn.onnx \\\n"
      "    --network 'conv2d(1,6,5)+relu+max_pool2d(2)+flatten+linear(864,10)'\n");
  auto a = std::make_shared<ExportArguments>();
  command->add_option("SPEC", a->spec, "A function: name or name(parameter=value,…)");
  add(*command, "--weights", a->weights, "A network's weights", "FILE.safetensors");
  add(*command, "--network", a->network,
      "Its layers, joined by '+', where the file\ndoes not name them", "LAYERS");
  add(*command, "--input", a->input,
      "The shape of a sample, where no Linear is\nthe first layer: 1x28x28", "SHAPE");
  add(*command, "-o,--output", a->output, "The file to be written", "FILE.onnx|FILE.safetensors")
      ->required();
  add(*command, "--opset", a->opset,
      "The version of ONNX's operators, from 17 to\n24; by default 17", "N");
  add(*command, "--format", a->format, "What is written, where the file's name does\nnot tell",
      "onnx|safetensors");
  command->callback([a] { write(*a); });
}

}  // namespace actfn::app
