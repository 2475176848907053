// SPDX-License-Identifier: Apache-2.0
// The node tests of ONNX: one operator each, with inputs and the output of ONNX' own reference.
#pragma once

#include <cstddef>
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

// Computes what the node does from its inputs. False: with these attributes it is not our function.
using Operator = std::function<bool(const Node&, const std::vector<Value>&, Value&)>;
// An operator of ONNX, and the function here that computes it: a pair of counts.h.
struct Computed {
  std::string operation, function;
  Operator run;
};

// Data that other operators were made for may lack the tests of this one.
bool are_there(const std::string& operation);

// Whether a result agrees with the reference's, but for one unit in the last place of 16 bits or
// 1e-6.
void expect_close(const NodeTest& test, const Value& got, const Value& want);

// Runs the tests of these operators: all must agree, and as many as counts.h has must be there.
void expect_agreement(const std::vector<Computed>& all);

}  // namespace actfn::conformance
