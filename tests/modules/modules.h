// SPDX-License-Identifier: Apache-2.0
// The data of docs/modules.md that no call can give: PyTorch's modules, and reasons for what is not
// there.
#pragma once

#include <span>
#include <string_view>

#include "modules/support.h"

namespace actfn::modules {

struct Module {
  std::string_view name;     // in torch.nn
  std::string_view section;  // of PyTorch's documentation
  std::string_view here;     // what it is here, as readers write it
  // The function's name in the catalogue and in the cases of tests/conformance; or where the
  // catalogue does not have it, the file in tests/pytorch/modules and the function of ONNX's tests.
  std::string_view cases, onnx;
  Support (*support)(const Module&);
};
// In the order of PyTorch's documentation.
std::span<const Module> modules();

enum class Column {
  value,
  backward,
  double_backward,
  float32,
  float64,
  bfloat16,
  float16,
  in_place,
  layer,
  onnx,
  pytorch,
  exported
};
inline constexpr std::size_t kColumns = 12;

struct ColumnText {
  std::string_view title;
  std::string_view proof;  // what "yes" says, and what tests it
};
const ColumnText& text_of(Column column);

// Why a cell is empty, or what the reader should know of one that is filled. The page has those
// that fit: a cell may have one of each.
struct Remark {
  Column column;
  std::span<const std::string_view> modules;
  std::string_view text;
  bool filled = false;
};
std::span<const Remark> remarks();

// Functions that PyTorch has, but not among these modules.
struct Elsewhere {
  std::string_view function, place;
};
std::span<const Elsewhere> elsewhere();

}  // namespace actfn::modules
