// SPDX-License-Identifier: Apache-2.0
// Functions of the catalogue as ONNX operators: each overload adds them to the graph and gives the
// name of the result. Parameters are rounded to float32.
#pragma once

#include <actfn/catalogue.h>

#include "onnx/graph.h"

#include <cstddef>
#include <optional>
#include <string>

namespace actfn::onnx {

// Rows, gates and grouped functions work along the last axis of x, which has so many axes.
std::string add_function(Graph& graph, const Function& f, const std::string& x, std::size_t rank);
std::string add_function(Graph& graph, const Activation& f, const std::string& x);

// The one operator that f is, if the graph's opset has it.
std::optional<std::string> add_native(Graph& graph, const Activation& f, const std::string& x);

std::string add_row(Graph& graph, const RowActivation& f, const std::string& x);
std::string add_row(Graph& graph, const RowReduction& f, const std::string& x);
std::string add_entmax(Graph& graph, double alpha, const std::string& x);  // alpha > 1

}  // namespace actfn::onnx
