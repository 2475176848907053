// SPDX-License-Identifier: Apache-2.0
#include "conformance/pytorch/case.h"

#include <algorithm>
#include <stdexcept>

#include "files/safetensors.h"

namespace actfn::conformance {
namespace {

using files::Safetensors;
using Json = nlohmann::json;

Type type_named(const std::string& name) {
  for (const Type type : {Type::float32, Type::float64, Type::bfloat16, Type::float16}) {
    if (name_of(type) == name) return type;
  }
  throw std::runtime_error("type " + name + " is not known");
}

std::string code_of(Type type) {
  switch (type) {
    case Type::float32:
      return "F32";
    case Type::float64:
      return "F64";
    case Type::bfloat16:
      return "BF16";
    case Type::float16:
      break;
  }
  return "F16";
}

// First and last place that a layout reaches must be in its buffer.
void check(const Layout& layout) {
  if (layout.size() == 0) return;
  std::ptrdiff_t low = layout.offset;
  std::ptrdiff_t high = layout.offset;
  for (std::size_t i = 0; i < layout.shape.count(); ++i) {
    const auto reach = layout.strides[i] * static_cast<std::ptrdiff_t>(layout.shape[i] - 1);
    (reach < 0 ? low : high) += reach;
  }
  if (low < 0 || high >= static_cast<std::ptrdiff_t>(layout.length)) {
    throw std::runtime_error("a tensor's strides lead out of its buffer");
  }
}

Layout read_layout(const Json& text) {
  const auto shape = text.at("shape").get<std::vector<std::size_t>>();
  const auto strides = text.at("strides").get<std::vector<std::ptrdiff_t>>();
  if (shape.size() != strides.size()) throw std::runtime_error("shape and strides do not match");
  Layout layout{Shape(std::span<const std::size_t>(shape)),
                Strides(std::span<const std::ptrdiff_t>(strides)),
                text.at("offset").get<std::ptrdiff_t>(), text.at("length").get<std::size_t>()};
  check(layout);
  return layout;
}

Buffer read_buffer(const Safetensors& file, const std::string& name, Type type, std::size_t size) {
  const auto& entry = file.entry(name);
  if (entry.type != code_of(type)) throw std::runtime_error(name + " has type " + entry.type);
  Buffer buffer(type, entry.bytes);
  if (buffer.size() != size) throw std::runtime_error(name + " has another size than its layout");
  return buffer;
}

void read_mask(const Safetensors& file, const std::string& name, const Json& text, Case& c) {
  const auto& entry = file.entry(name);
  c.mask = read_layout(text);
  if (entry.type != "U8" || entry.bytes.size() != c.mask->length) {
    throw std::runtime_error(name + " is no mask");
  }
  c.mask_bytes.assign(entry.bytes.begin(), entry.bytes.end());
}

void read_inputs(const Safetensors& file, const Json& text, Case& c) {
  for (const auto& [name, about] : text.items()) {
    const std::string full = c.id + "." + name;
    if (name == "mask") {
      read_mask(file, full, about, c);
      continue;
    }
    const Layout layout = read_layout(about);
    c.in[name] = {layout, read_buffer(file, full, c.type, layout.length)};
  }
}

void read_outputs(const Safetensors& file, const Json& text, Case& c) {
  const std::vector<std::string> precise = text.at("precise");
  for (const auto& [name, about] : text.at("out").items()) {
    const std::string full = c.id + "." + name;
    Expected expected{read_layout(about), {}, {}};
    const std::size_t size = expected.layout.size();
    expected.values = read_buffer(file, full, c.type, size);
    if (std::find(precise.begin(), precise.end(), name) != precise.end()) {
      expected.precise = read_buffer(file, full + ".precise", Type::float64, size);
    }
    c.out[name] = std::move(expected);
  }
}

Case read_case(const Safetensors& file, const Json& text) {
  Case c;
  c.id = text.at("id");
  c.family = text.at("family");
  c.group = text.at("group");
  c.spec = text.at("spec");
  c.type = type_named(text.at("dtype"));
  c.by_element = text.at("by_element");
  c.settings = text;
  read_inputs(file, text.at("in"), c);
  read_outputs(file, text, c);
  return c;
}

}  // namespace

std::size_t Layout::size() const {
  std::size_t product = 1;
  for (const std::size_t n : shape) product *= n;
  return product;
}

std::size_t Layout::place(std::size_t i) const {
  std::ptrdiff_t at = offset;
  for (std::size_t axis = shape.count(); axis-- > 0;) {
    at += static_cast<std::ptrdiff_t>(i % shape[axis]) * strides[axis];
    i /= shape[axis];
  }
  return static_cast<std::size_t>(at);
}

ConstTensor Block::tensor() const {
  return with_type(buffer.type(), [&](auto zero) {
    return ConstTensor(buffer.data<decltype(zero)>() + layout.offset, layout.shape, layout.strides);
  });
}

Tensor Block::tensor() {
  return with_type(buffer.type(), [&](auto zero) {
    return Tensor(buffer.data<decltype(zero)>() + layout.offset, layout.shape, layout.strides);
  });
}

const Block& Case::input(const std::string& name) const {
  const auto found = in.find(name);
  if (found == in.end()) throw std::runtime_error("the case has no input " + name);
  return found->second;
}

bool Case::takes_part(std::size_t i) const {
  if (!mask) return true;
  const Shape& shape = input("x").layout.shape;
  const std::size_t missing = shape.count() - mask->shape.count();
  std::ptrdiff_t at = mask->offset;
  for (std::size_t axis = shape.count(); axis-- > missing;) {
    const bool stretched = mask->shape[axis - missing] == 1;
    const auto place = static_cast<std::ptrdiff_t>(i % shape[axis]);
    at += stretched ? 0 : place * mask->strides[axis - missing];
    i /= shape[axis];
  }
  return mask_bytes[static_cast<std::size_t>(at)] != 0;
}

CaseFile read_cases(const std::filesystem::path& path) {
  const Safetensors file = Safetensors::read(path);
  try {
    const Json all = Json::parse(file.metadata("actfn"));
    CaseFile cases{all.at("about").at("torch"), {}};
    for (const Json& text : all.at("cases")) cases.cases.push_back(read_case(file, text));
    return cases;
  } catch (const std::exception& e) {
    throw std::runtime_error(path.string() + ": " + e.what());
  }
}

}  // namespace actfn::conformance
