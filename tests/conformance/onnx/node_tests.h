// SPDX-License-Identifier: Apache-2.0
// The node tests of ONNX: one operator each, with inputs and the output of ONNX' own reference.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "conformance/buffer.h"

namespace actfn::conformance {

struct Value {
  Shape shape;
  Buffer elements;  // of booleans and integers: as float64
  bool boolean = false;
};

struct Node {
  std::string operation;
  std::map<std::string, double> numbers;
  std::map<std::string, std::string> words;
  std::vector<std::string> inputs, outputs;  // names; empty: not there

  double number(const std::string& name, double otherwise) const {
    const auto found = numbers.find(name);
    return found == numbers.end() ? otherwise : found->second;
  }
};

struct NodeTest {
  std::string name;  // the folder's
  Node node;
  std::vector<Value> inputs;
  Value output;                // the first one
  std::vector<Value> outputs;  // all
};

// The folders lie outside the project: ACTFN_SHARED, or ../shared beside the checkout. None: empty.
const std::vector<NodeTest>& node_tests();

// Computes what the node does from its inputs.
using Operator = std::function<void(const Node&, const std::vector<Value>&, Value&)>;
using Operators = std::map<std::string, Operator>;

// Whether a result agrees with the reference's, but for one unit in the last place of 16 bits or
// 1e-6.
void expect_close(const NodeTest& test, const Value& got, const Value& want);

// Runs the tests of these operators: so many must be there, and all must agree.
void expect_agreement(const Operators& operators, std::size_t tests);

}  // namespace actfn::conformance
