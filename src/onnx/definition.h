// SPDX-License-Identifier: Apache-2.0
// The definitions of functions as ONNX operators.
#pragma once

#include <actfn/activation.h>
#include <actfn/gated.h>

#include "onnx/graph.h"
#include "onnx/symbol.h"

#include <string>

namespace actfn::onnx {

// Reference of src/activations/NAME.h and of src/gated/NAME.h on symbols. A gate's definition has
// its activation as one term.
Symbol definition(const Activation& f, const Symbol& x);
Symbol definition(const Gate& f, const Symbol& a, const Symbol& b);
Symbol reference(const Activation& f, const Symbol& x);  // for definitions of gates

// Adds f's definition to the graph, whose parameters are taken as they are; gives the name of the
// result. Where NaN would not give NaN, for all comparisons with it are false, it is seen to.
std::string add_definition(Graph& graph, const Activation& f, const std::string& x);
std::string add_definition(Graph& graph, const Gate& f, const std::string& a, const std::string& b);

}  // namespace actfn::onnx
