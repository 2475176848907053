// SPDX-License-Identifier: Apache-2.0
#include "xla.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compute.h"

namespace actfn::python::xla {
namespace {

[[noreturn]] void fail_xla(Pieces pieces) { fail("xla", pieces); }

const void* find(const Attributes& attributes, std::string_view name, AttributeKind kind) {
  for (std::int64_t i = 0; i < attributes.count; ++i) {
    const Text& text = *attributes.names[i];
    if (std::string_view(text.data, text.size) != name) continue;
    if (attributes.kinds[i] == kind) return attributes.values[i];
  }
  fail_xla({"the attribute ", name, " is missing"});
}

std::string_view text_of(const Attributes& attributes, std::string_view name) {
  const auto& text = *static_cast<const Text*>(find(attributes, name, AttributeKind::text));
  return {text.data, text.size};
}

std::int64_t number_of(const Attributes& attributes, std::string_view name) {
  const auto& scalar = *static_cast<const Scalar*>(find(attributes, name, AttributeKind::scalar));
  std::int64_t number = 0;
  std::memcpy(&number, scalar.value, sizeof number);
  return number;
}

Operation operation_of(std::string_view name) {
  for (const Operation one :
       {Operation::forward, Operation::backward, Operation::double_backward}) {
    if (name_of(one) == name) return one;
  }
  fail_xla({"there is no operation ", name});
}

// XLA calls the same functions again and again, from several threads.
const Spec& function_of(std::string_view spec) {
  constexpr std::size_t kMost = 256;
  thread_local std::unordered_map<std::string, Spec> known;
  if (known.size() > kMost) known.clear();
  std::string text(spec);
  const auto found = known.find(text);
  if (found != known.end()) return found->second;
  Spec f = parse_spec(text);
  return known.emplace(std::move(text), std::move(f)).first->second;
}

Shape shape_of(const Buffer& buffer) {
  const std::vector<std::size_t> lengths(buffer.lengths, buffer.lengths + buffer.rank);
  return Shape(std::span<const std::size_t>(lengths));
}

Tensor tensor_of(const Buffer& buffer) {
  const auto as = [&](Type type) { return Tensor(buffer.data, type, shape_of(buffer)); };
  switch (buffer.type) {
    case DataType::f16:
      return as(Type::float16);
    case DataType::bf16:
      return as(Type::bfloat16);
    case DataType::f32:
      return as(Type::float32);
    case DataType::f64:
      return as(Type::float64);
    default:
      fail_xla({"elements must be float16, bfloat16, float32 or float64"});
  }
}

std::uint64_t seed_of(const Buffer& buffer) {
  if (buffer.type != DataType::u32 || buffer.rank != 1 || buffer.lengths[0] != 2) {
    fail_xla({"a seed must have two numbers of 32 bits"});
  }
  std::array<std::uint32_t, 2> words;
  std::memcpy(words.data(), buffer.data, sizeof words);
  return words[0] | std::uint64_t{words[1]} << 32U;
}

Mask mask_of(const Buffer& buffer) {
  if (buffer.type != DataType::pred) fail_xla({"a mask must be of bool"});
  return {ConstMask(static_cast<const std::uint8_t*>(buffer.data), shape_of(buffer)), {}};
}

// What a call has; arrays() refers to it.
class Given {
 public:
  Given(const Call& call, Accuracy accuracy) {
    options_.threads.count = threads();
    options_.accuracy = accuracy;
    options_.axis = static_cast<int>(number_of(call.attributes, "axis"));
    const bool interleaved = text_of(call.attributes, "packing") == "interleaved";
    if (interleaved) options_.packing = Packing::interleaved;
    std::string_view names = text_of(call.attributes, "operands");
    for (std::int64_t i = 0; i < call.arguments.count; ++i) {
      const std::size_t length = std::min(names.find(','), names.size());
      take(names.substr(0, length), *call.arguments.items[i]);
      names.remove_prefix(std::min(length + 1, names.size()));
    }
  }

  const Options& options() const { return options_; }
  Arrays arrays() const {
    const auto pointer = [&](std::size_t i) { return tensors_[i] ? &*tensors_[i] : nullptr; };
    return {.v = pointer(0),
            .grad = pointer(1),
            .x = pointer(2),
            .y = pointer(3),
            .weight = pointer(4),
            .v_weight = pointer(5)};
  }

 private:
  void take(std::string_view name, const Buffer& buffer) {
    constexpr std::string_view kNames[] = {"v", "grad", "x", "y", "weight", "v_weight"};
    static_assert(std::size(kNames) == kTensors);
    if (name == "seed") {
      options_.noise.seed = seed_of(buffer);
    } else if (name == "where") {
      options_.mask = mask_of(buffer);
    }
    for (std::size_t i = 0; i < kTensors; ++i) {
      if (kNames[i] == name) tensors_[i] = tensor_of(buffer);
    }
  }

  static constexpr std::size_t kTensors = 6;
  std::array<std::optional<Tensor>, kTensors> tensors_;
  Options options_;
};

void compute(const Call& call) {
  const Operation operation = operation_of(text_of(call.attributes, "operation"));
  const Spec& spec = function_of(text_of(call.attributes, "spec"));
  const Given given(call, spec.accuracy);
  std::vector<Tensor> results;
  for (std::int64_t i = 0; i < call.results.count; ++i) {
    results.push_back(tensor_of(*call.results.items[i]));
  }
  try {
    if (operation == Operation::forward) {
      compute_forward(spec.function, given.arrays(), given.options(), results.at(0));
    } else {
      compute_gradient(operation, spec.function, given.arrays(), given.options(), results);
    }
  } catch (const Error& error) {
    throw Error(with_names_of_arguments(error.what(), operation));
  }
}

// XLA asks which version of its interface a function was built for: what is used of it is the same
// in all.
Failure* describe(const Call& call, const MetadataExtension& asked) {
  Version& version = asked.metadata->version;
  version.size = sizeof version;
  version.extensions = nullptr;
  version.major = 0;
  version.minor = call.interface == nullptr ? 0 : call.interface->version.minor;
  asked.metadata->traits = 0;
  return nullptr;
}

Failure* failure(const Call& call, const char* message) {
  FailureArguments arguments = {sizeof arguments, nullptr, message, kInvalidArgument};
  return call.interface->make_failure(&arguments);
}

}  // namespace

Failure* run(Call* call) noexcept {
  const Extension* const extension = call->extensions;
  if (extension != nullptr && extension->type == kMetadata) {
    return describe(*call, *reinterpret_cast<const MetadataExtension*>(extension));
  }
  if (call->stage != kExecute) return nullptr;
  try {
    compute(*call);
    return nullptr;
  } catch (const std::exception& error) {
    return failure(*call, error.what());
  }
}

}  // namespace actfn::python::xla
