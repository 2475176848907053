// SPDX-License-Identifier: Apache-2.0
// Sparsemax and entmax by operators: max(0, (alpha - 1) x - tau)^(1 / (alpha - 1)), where tau makes
// the sum 1. Peters et al. 2019, arXiv:1905.05702.
#include "onnx/function.h"

#include <string>

namespace actfn::onnx {
namespace {

constexpr auto kDouble = DataType::float64;

std::string cast(Graph& graph, const std::string& x, DataType type) {
  return graph.add("Cast", {x}, {{"to", static_cast<std::int64_t>(type)}});
}

// One of these for a row [N, C].
class Entmax {
 public:
  Entmax(Graph& graph, double a, DataType type) : g_(graph), a_(a), type_(type) {}

  // alpha = 2: from the sorted row. Martins & Astudillo 2016, arXiv:1602.02068, algorithm 1.
  std::string sparsemax(const std::string& z) {
    const std::string sorted = sorted_of(z);
    const std::string count = counts_of(sorted);
    const std::string sums = g_.add("CumSum", {sorted, g_.whole(-1)});
    const std::string line = g_.add("Add", {g_.add("Mul", {count, sorted}), number(1)});
    const std::string taken = g_.add("Less", {sums, line});
    const std::string size = g_.reduce("ReduceSum", as(taken, type_));
    const std::string sum = g_.reduce("ReduceSum", g_.add("Where", {taken, sorted, number(0)}));
    const std::string tau = g_.add("Div", {g_.add("Sub", {sum, number(1)}), size});
    return g_.add("Relu", {g_.add("Sub", {z, tau})});
  }

  // alpha = 1.5: from the sorted row. Peters et al., algorithm 2, where x is halved.
  std::string entmax15(const std::string& z) {
    const std::string sorted = sorted_of(z);
    const std::string count = counts_of(sorted);
    const auto mean = [&](const std::string& v) {
      return g_.add("Div", {g_.add("CumSum", {v, g_.whole(-1)}), count});
    };
    const std::string m = mean(sorted);
    const std::string squares = mean(g_.add("Mul", {sorted, sorted}));
    const std::string spread = g_.add("Sub", {squares, g_.add("Mul", {m, m})});
    const std::string delta = g_.add("Sub", {g_.add("Div", {number(1), count}), spread});
    const std::string taus = g_.add("Sub", {m, g_.add("Sqrt", {g_.add("Relu", {delta})})});
    const std::string taken = g_.add("LessOrEqual", {taus, sorted});
    const std::string size = g_.reduce("ReduceSum", as(taken, DataType::int64));
    const std::string last = g_.add("Sub", {size, g_.whole(1)});
    const std::string tau = g_.add("GatherElements", {taus, last}, {{"axis", std::int64_t{-1}}});
    const std::string w = g_.add("Relu", {g_.add("Sub", {z, tau})});
    return g_.add("Mul", {w, w});
  }

  // alpha <= 2: bisects tau, which is from -1 to 0 where the largest of z is 0.
  std::string by_threshold(const std::string& z) {
    std::string tau = number(-1);
    const auto values = [&](const std::string& t) { return root(g_.add("Sub", {z, t})); };
    double step = 1;
    for (int i = 0; i < kSteps; ++i) {
      step /= 2;
      const std::string next = g_.add("Add", {tau, number(step)});
      const std::string sum = g_.reduce("ReduceSum", values(next));
      tau = g_.add("Where", {g_.add("LessOrEqual", {number(1), sum}), next, tau});
    }
    return normalized(values(tau));
  }

  // alpha > 2: bisects y of the smallest entry that has one. A threshold itself would be rounded to
  // nothing in front of a small w, whose root is large. It takes memory for N C^2 numbers.
  std::string by_smallest(const std::string& z) {
    const std::string smallest = smallest_of(z);
    const std::string above = g_.add("Sub", {z, smallest});
    const std::string is_smallest = g_.add("Equal", {z, smallest});
    const auto values = [&](const std::string& least) {
      const std::string power = g_.add("Pow", {least, number(a_)});
      const std::string y = root(g_.add("Add", {above, power}));
      const std::string others =
          g_.add("Where", {g_.add("Less", {above, number(0)}), number(0), y});
      return g_.add("Where", {is_smallest, least, others});
    };
    std::string least = number(0);
    double step = 1;
    for (int i = 0; i < kSteps; ++i) {
      step /= 2;
      const std::string next = g_.add("Add", {least, number(step)});
      const std::string sum = g_.reduce("ReduceSum", values(next));
      least = g_.add("Where", {g_.add("LessOrEqual", {sum, number(1)}), next, least});
    }
    return normalized(values(least));
  }

 private:
  static constexpr int kSteps = 40;

  std::string number(double value) { return g_.constant(value, type_); }
  std::string as(const std::string& x, DataType type) { return cast(g_, x, type); }
  std::string root(const std::string& w) {
    return g_.add("Pow", {g_.add("Relu", {w}), number(1 / a_)});
  }
  std::string normalized(const std::string& y) {
    return g_.add("Div", {y, g_.reduce("ReduceSum", y)});
  }
  // In descending order.
  std::string sorted_of(const std::string& z) {
    const std::string length = g_.add("Shape", {z}, {{"start", std::int64_t{-1}}});
    return g_.add_many("TopK", {z, length}, {}, 2).front();
  }
  // 1, 2, 3, … for each row.
  std::string counts_of(const std::string& z) {
    const std::string zeros = g_.add("ConstantOfShape", {g_.add("Shape", {z})});  // float32
    return g_.add("CumSum", {g_.add("Add", {zeros, number(1)}), g_.whole(-1)});
  }
  // The smallest entry v with sum_i max(0, z_i - v)^(1 / a) < 1.
  std::string smallest_of(const std::string& z) {
    const std::string columns = g_.add("Unsqueeze", {z, g_.wholes({-1})});
    const std::string rows = g_.add("Unsqueeze", {z, g_.wholes({-2})});
    const std::string powers = root(g_.add("Sub", {rows, columns}));
    const std::string sums = g_.reduce("ReduceSum", powers, false);
    const std::string taken = g_.add("Less", {sums, number(1)});
    return g_.reduce("ReduceMin", g_.add("Where", {taken, z, number(0)}));
  }

  Graph& g_;
  double a_;  // alpha - 1
  DataType type_;
};

}  // namespace

std::string add_entmax(Graph& graph, double alpha, const std::string& x) {
  const double a = alpha - 1;
  const std::string d = graph.add("Sub", {x, graph.reduce("ReduceMax", x)});
  if (alpha == 2) return Entmax(graph, a, DataType::float32).sparsemax(d);
  if (alpha == 1.5) {
    const std::string half = graph.add("Mul", {d, graph.constant(0.5)});
    return Entmax(graph, a, DataType::float32).entmax15(half);
  }
  const std::string z = graph.add("Mul", {cast(graph, d, kDouble), graph.constant(a, kDouble)});
  Entmax entmax(graph, a, kDouble);
  const std::string y = alpha < 2 ? entmax.by_threshold(z) : entmax.by_smallest(z);
  return cast(graph, y, DataType::float32);
}

}  // namespace actfn::onnx
