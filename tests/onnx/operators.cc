// SPDX-License-Identifier: Apache-2.0
#include "onnx/operators.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <utility>

namespace actfn::testing {
namespace {

using Shape = std::vector<std::size_t>;
using Type = Array::Type;

double rounded(double value, Type type) {
  return type == Type::float32 ? static_cast<double>(static_cast<float>(value)) : value;
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }
double clip(double x, double least, double most) { return std::min(std::max(x, least), most); }
double expm1_times(double x, double alpha, double width) {
  return x >= 0 ? x : alpha * std::expm1(x / width);
}

// One number to one number.
std::optional<double> of_one(const std::string& op, double x, const Attributes& a) {
  const auto f = [&](const char* name, double usual = 0) {
    const auto found = a.floats.find(name);
    return found == a.floats.end() ? usual : found->second;
  };
  static const std::map<std::string, double (*)(double)> kPlain = {
      {"Abs", [](double v) { return std::abs(v); }},
      {"Neg", [](double v) { return -v; }},
      {"Exp", [](double v) { return std::exp(v); }},
      {"Log", [](double v) { return std::log(v); }},
      {"Sqrt", [](double v) { return std::sqrt(v); }},
      {"Tanh", [](double v) { return std::tanh(v); }},
      {"Sin", [](double v) { return std::sin(v); }},
      {"Atan", [](double v) { return std::atan(v); }},
      {"Erf", [](double v) { return std::erf(v); }},
      {"Sigmoid", sigmoid},
      {"Softplus", softplus},
      {"Relu", [](double v) { return v < 0 ? 0 : v; }},
      {"Softsign", [](double v) { return v / (1 + std::abs(v)); }},
      {"Identity", [](double v) { return v; }},
      {"Cast", [](double v) { return v; }},
      {"HardSwish", [](double v) { return v * clip(v / 6 + 0.5, 0, 1); }},
      {"Mish", [](double v) { return v * std::tanh(softplus(v)); }},
      {"Selu",
       [](double v) {
         return double{1.05070102214813232421875F} *
                (v > 0 ? v : double{1.67326319217681884765625F} * std::expm1(v));
       }},
      {"IsNaN", [](double v) { return std::isnan(v) ? 1.0 : 0.0; }}};
  if (const auto plain = kPlain.find(op); plain != kPlain.end()) return plain->second(x);
  if (op == "Celu") return expm1_times(x, f("alpha", 1), f("alpha", 1));
  if (op == "Elu") return expm1_times(x, f("alpha", 1), 1);
  if (op == "HardSigmoid") {
    return std::isnan(x) ? x : clip(f("alpha", 0.2) * x + f("beta", 0.5), 0, 1);
  }
  if (op == "LeakyRelu") return x >= 0 ? x : f("alpha", 0.01) * x;
  if (op == "Gelu") {
    if (a.texts.at("approximate") == "none") return x * std::erfc(-x / std::sqrt(2.0)) / 2;
    return x * sigmoid(2 * std::sqrt(2 / std::acos(-1.0)) * (x + 0.044715 * x * x * x));
  }
  if (op == "Swish") return x * sigmoid(f("alpha", 1) * x);
  return std::nullopt;
}

using Binary = std::function<double(double, double)>;

const std::map<std::string, Binary>& binaries() {
  static const std::map<std::string, Binary> all = {
      {"Add", [](double a, double b) { return a + b; }},
      {"Sub", [](double a, double b) { return a - b; }},
      {"Mul", [](double a, double b) { return a * b; }},
      {"Div", [](double a, double b) { return a / b; }},
      {"Pow", [](double a, double b) { return std::pow(a, b); }},
      {"Max", [](double a, double b) { return std::isnan(a) || a > b ? a : b; }},
      {"PRelu", [](double a, double b) { return a < 0 ? a * b : a; }},
      {"Less", [](double a, double b) { return a < b ? 1.0 : 0.0; }},
      {"LessOrEqual", [](double a, double b) { return a <= b ? 1.0 : 0.0; }},
      {"Equal", [](double a, double b) { return a == b ? 1.0 : 0.0; }}};
  return all;
}

Shape broadcast(const Shape& a, const Shape& b) {
  Shape all(std::max(a.size(), b.size()), 1);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t m = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::size_t n = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (m != n && m != 1 && n != 1) throw std::runtime_error("shapes do not broadcast");
    all[all.size() - 1 - i] = m == 1 ? n : m;
  }
  return all;
}

// The number of `a` at place `at` of a larger shape.
double number_at(const Array& a, const Shape& shape, std::size_t at) {
  std::size_t index = 0;
  std::size_t stride = 1;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const std::size_t length = shape[shape.size() - 1 - i];
    const std::size_t mine = i < a.shape.size() ? a.shape[a.shape.size() - 1 - i] : 1;
    if (mine > 1) index += stride * (at % length);
    stride *= mine;
    at /= length;
  }
  return a.values[index];
}

Array made(Type type, const Shape& shape, const std::function<double(std::size_t)>& f) {
  Array y = {type, shape, {}};
  for (std::size_t i = 0; i < size_of(shape); ++i) y.values.push_back(rounded(f(i), type));
  return y;
}

Array binary(const std::string& op, const Array& a, const Array& b) {
  const Binary& f = binaries().at(op);
  if (a.type != b.type) throw std::runtime_error(op + " of two types");
  const bool compares = op == "Less" || op == "LessOrEqual" || op == "Equal";
  const Shape shape = broadcast(a.shape, b.shape);
  return made(compares ? Type::boolean : a.type, shape,
              [&](std::size_t i) { return f(number_at(a, shape, i), number_at(b, shape, i)); });
}

Array where(const Array& c, const Array& a, const Array& b) {
  if (a.type != b.type) throw std::runtime_error("Where of two types");
  const Shape shape = broadcast(broadcast(c.shape, a.shape), b.shape);
  return made(a.type, shape, [&](std::size_t i) {
    return number_at(c, shape, i) != 0 ? number_at(a, shape, i) : number_at(b, shape, i);
  });
}

std::size_t last(const Array& x) { return x.shape.back(); }

// f of each row along the last axis, which gets another length.
std::vector<double> by_row(const Array& x,
                           const std::function<std::vector<double>(std::vector<double>)>& f) {
  std::vector<double> all;
  for (std::size_t i = 0; i < x.values.size(); i += last(x)) {
    const auto begin = x.values.begin() + static_cast<std::ptrdiff_t>(i);
    const auto row = f({begin, begin + static_cast<std::ptrdiff_t>(last(x))});
    all.insert(all.end(), row.begin(), row.end());
  }
  return all;
}

double reduced(const std::string& op, const std::vector<double>& row) {
  const double most = *std::max_element(row.begin(), row.end());
  const double sum = std::accumulate(row.begin(), row.end(), 0.0);
  if (op == "ReduceMax") return std::isnan(sum) && !std::isinf(most) ? sum : most;
  if (op == "ReduceMin") return *std::min_element(row.begin(), row.end());
  if (op == "ReduceSum") return sum;
  if (op == "ReduceMean") return sum / static_cast<double>(row.size());
  if (op != "ReduceLogSumExp") throw std::runtime_error(op + " is not known");
  double terms = 0;
  for (const double v : row) terms += std::exp(v - most);
  return most + std::log(terms);
}

Array reduce(const std::string& op, const std::vector<Array>& in, const Attributes& a) {
  const bool axis_is_input = in.size() > 1;
  const bool last_axis = axis_is_input ? in[1].values == std::vector<double>{-1}
                                       : a.ints.at("axes") == std::vector<std::int64_t>{-1};
  if (!last_axis) throw std::runtime_error(op + " along another axis");
  Array y = {in[0].type, in[0].shape, {}};
  y.shape.pop_back();
  if (a.ints.at("keepdims")[0] == 1) y.shape.push_back(1);
  y.values = by_row(in[0], [&](const std::vector<double>& row) {
    return std::vector<double>{rounded(reduced(op, row), y.type)};
  });
  return y;
}

std::vector<double> row_of(const std::string& op, const std::vector<double>& x) {
  const double most = *std::max_element(x.begin(), x.end());
  double sum = 0;
  for (const double v : x) sum += std::exp(v - most);
  bool found = false;
  std::vector<double> y;
  for (const double v : x) {
    if (op == "Softmax") y.push_back(std::exp(v - most) / sum);
    if (op == "LogSoftmax") y.push_back(v - most - std::log(sum));
    if (op == "Hardmax") y.push_back(std::exchange(found, found || v == most) ? 0 : v == most);
  }
  return y;
}

// Some columns of the last axis.
Array columns(const Array& x, std::size_t first, std::size_t count) {
  Array y = {x.type, x.shape, {}};
  y.shape.back() = count;
  y.values = by_row(x, [&](const std::vector<double>& row) {
    const auto begin = row.begin() + static_cast<std::ptrdiff_t>(first);
    return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(count));
  });
  return y;
}

// In halves, or with the lengths that the second input has.
std::vector<Array> split(const std::vector<Array>& in) {
  const auto half = static_cast<double>(last(in[0]) / 2);
  const std::vector<double> lengths =
      in.size() > 1 ? in[1].values : std::vector<double>{half, half};
  std::vector<Array> all;
  std::size_t first = 0;
  for (const double length : lengths) {
    all.push_back(columns(in[0], first, static_cast<std::size_t>(length)));
    first += last(all.back());
  }
  return all;
}

// Of the last axis.
Array slice(const std::vector<Array>& in) {
  if (in.at(3).values != std::vector<double>{-1}) throw std::runtime_error("Slice of another axis");
  const auto first = static_cast<std::size_t>(in[1].values[0]);
  return columns(in[0], first, static_cast<std::size_t>(in[2].values[0]) - first);
}

Array transposed(const Array& x, const std::vector<std::int64_t>& perm) {
  Shape shape, strides(x.shape.size(), 1), moved;
  for (std::size_t i = x.shape.size() - 1; i-- > 0;) strides[i] = strides[i + 1] * x.shape[i + 1];
  for (const std::int64_t axis : perm) {
    shape.push_back(x.shape[static_cast<std::size_t>(axis)]);
    moved.push_back(strides[static_cast<std::size_t>(axis)]);
  }
  return made(x.type, shape, [&](std::size_t at) {
    std::size_t index = 0;
    for (std::size_t i = shape.size(); i-- > 0; at /= shape[i]) index += at % shape[i] * moved[i];
    return x.values[index];
  });
}

// Of the last two axes; the others broadcast.
Array matmul(const Array& a, const Array& b) {
  const std::size_t inner = last(a), rows = a.shape[a.shape.size() - 2], out = last(b);
  const auto matrices = [](const Array& x, std::size_t tall, std::size_t wide) {
    Array index = {Type::int64, {x.shape.begin(), x.shape.end() - 2}, {}};
    for (std::size_t i = 0; i < size_of(index.shape); ++i) {
      index.values.push_back(static_cast<double>(i * tall * wide));
    }
    return index;
  };
  const Array of_a = matrices(a, rows, inner), of_b = matrices(b, inner, out);
  const Shape outer = broadcast(of_a.shape, of_b.shape);
  Shape shape = outer;
  shape.insert(shape.end(), {rows, out});
  return made(Type::float32, shape, [&](std::size_t i) {
    const std::size_t matrix = i / (rows * out), row = i / out % rows, column = i % out;
    const auto first = static_cast<std::size_t>(number_at(of_a, outer, matrix));
    const auto second = static_cast<std::size_t>(number_at(of_b, outer, matrix));
    double sum = 0;
    for (std::size_t k = 0; k < inner; ++k) {
      sum += a.values[first + row * inner + k] * b.values[second + k * out + column];
    }
    return sum;
  });
}

Array concat(const std::vector<Array>& in) {
  Array y = {in[0].type, in[0].shape, {}};
  y.shape.back() = last(in[0]) + last(in[1]);
  for (std::size_t row = 0; row < in[0].values.size() / last(in[0]); ++row) {
    for (const Array& x : in) {
      const auto begin = x.values.begin() + static_cast<std::ptrdiff_t>(row * last(x));
      y.values.insert(y.values.end(), begin, begin + static_cast<std::ptrdiff_t>(last(x)));
    }
  }
  return y;
}

// x W^T + b.
Array gemm(const std::vector<Array>& in, const Attributes& a) {
  if (a.ints.at("transB")[0] != 1) throw std::runtime_error("Gemm without transB");
  const std::size_t inner = last(in[0]);
  const std::size_t out = in[1].shape[0];
  return made(Type::float32, {in[0].shape[0], out}, [&](std::size_t i) {
    double sum = in[2].values[i % out];
    for (std::size_t k = 0; k < inner; ++k) {
      sum += in[0].values[i / out * inner + k] * in[1].values[i % out * inner + k];
    }
    return sum;
  });
}

Array reshaped(const Array& x, const Array& shape) {
  Array y = x;
  y.shape.clear();
  std::size_t rest = x.values.size();
  for (std::size_t i = 0; i < shape.values.size(); ++i) {
    const double n = shape.values[i];
    y.shape.push_back(n == 0 ? x.shape[i] : n < 0 ? 0 : static_cast<std::size_t>(n));
    if (y.shape.back() > 0) rest /= y.shape.back();
  }
  std::ranges::replace(y.shape, std::size_t{0}, rest);
  return y;
}

Array unsqueezed(const Array& x, const Array& axes) {
  Array y = x;
  const auto rank = static_cast<double>(x.shape.size()) + 1;
  y.shape.insert(y.shape.begin() + static_cast<std::ptrdiff_t>(axes.values[0] + rank), 1);
  return y;
}

Array gathered(const Array& x, const Array& indices) {
  Array y = {x.type, indices.shape, {}};
  for (std::size_t i = 0; i < indices.values.size(); ++i) {
    const std::size_t row = i / last(indices);
    y.values.push_back(x.values[row * last(x) + static_cast<std::size_t>(indices.values[i])]);
  }
  return y;
}

Type type_of(const std::string& op, const Array& x, const Attributes& a) {
  if (op == "IsNaN") return Type::boolean;
  if (op != "Cast") return x.type;
  const std::int64_t to = a.ints.at("to")[0];
  if (to != 1 && to != 7 && to != 11) throw std::runtime_error("Cast to another type");
  return to == 1 ? Type::float32 : to == 7 ? Type::int64 : Type::float64;
}

// Operators that change the shape; nothing where `op` is none of them.
std::vector<Array> shape_operator(const std::string& op, const std::vector<Array>& in,
                                  const Attributes& a) {
  const Array& x = in[0];
  if (op == "Split") return split(in);
  if (op == "Slice") return {slice(in)};
  if (op == "Transpose") return {transposed(x, a.ints.at("perm"))};
  if (op == "MatMul") return {matmul(x, in.at(1))};
  if (op == "Concat") return {concat(in)};
  if (op == "Reshape") return {reshaped(x, in[1])};
  if (op == "Unsqueeze") return {unsqueezed(x, in[1])};
  if (op == "GatherElements") return {gathered(x, in[1])};
  if (op == "Gemm") return {gemm(in, a)};
  if (op == "Shape") {
    const bool whole = a.ints.count("start") == 0;  // else the last length alone
    const std::size_t first = whole ? 0 : x.shape.size() - 1;
    return {made(Type::int64, {x.shape.size() - first},
                 [&](std::size_t i) { return static_cast<double>(x.shape[first + i]); })};
  }
  if (op == "ConstantOfShape") {
    return {made(Type::float32, {x.values.begin(), x.values.end()}, [](std::size_t) { return 0; })};
  }
  return {};
}

Array rows_operator(const std::string& op, const Array& x) {
  Array y = {x.type, x.shape, {}};
  y.values = by_row(x, [&](std::vector<double> row) {
    if (op == "TopK") std::sort(row.begin(), row.end(), std::greater<>());
    if (op == "CumSum") std::partial_sum(row.begin(), row.end(), row.begin());
    if (op != "TopK" && op != "CumSum") row = row_of(op, row);
    for (double& v : row) v = rounded(v, x.type);
    return row;
  });
  return y;
}

}  // namespace

std::size_t size_of(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

std::vector<Array> apply(const std::string& op, const std::vector<Array>& in, const Attributes& a) {
  const Array& x = in.at(0);
  if (binaries().contains(op)) return {binary(op, x, in.at(1))};
  if (op == "Where") return {where(x, in.at(1), in.at(2))};
  if (op == "Clip") {
    return {made(x.type, x.shape, [&](std::size_t i) {
      const double v = x.values[i];
      return std::isnan(v) ? v : clip(v, in.at(1).values[0], in.at(2).values[0]);
    })};
  }
  if (op.starts_with("Reduce")) return {reduce(op, in, a)};
  if (auto outputs = shape_operator(op, in, a); !outputs.empty()) return outputs;
  if (auto outputs = image_operator(op, in, a); !outputs.empty()) return outputs;
  for (const char* const rows : {"Softmax", "LogSoftmax", "Hardmax", "TopK", "CumSum"}) {
    if (op == rows) return {rows_operator(op, x), {}};
  }
  return {made(type_of(op, x, a), x.shape, [&](std::size_t i) {
    const auto y = of_one(op, x.values[i], a);
    if (!y) throw std::runtime_error("the operator " + op + " is not known");
    return *y;
  })};
}

}  // namespace actfn::testing
