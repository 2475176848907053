// SPDX-License-Identifier: Apache-2.0
#include <actfn/elementwise.h>

#include "conformance/pytorch/families.h"

namespace actfn::conformance {
namespace {

// The last two dimensions are rows and columns.
struct Matrix {
  std::size_t rows = 1;
  std::size_t columns = 1;
  std::size_t count = 1;  // of matrices

  explicit Matrix(const Shape& shape) {
    const std::size_t n = shape.count();
    if (n > 0) columns = shape[n - 1];
    if (n > 1) rows = shape[n - 2];
    for (std::size_t i = 0; i + 2 < n; ++i) count *= shape[i];
  }
};

template <class T>
Rows<T> rows_at(T* data, const Layout& layout, const Matrix& m, std::size_t matrix) {
  const std::size_t n = layout.shape.count();
  return {data + layout.place(matrix * m.rows * m.columns), m.rows, m.columns,
          n > 1 ? layout.strides[n - 2] : static_cast<std::ptrdiff_t>(m.columns),
          n > 0 ? layout.strides[n - 1] : 1};
}

ConstTensor array_at(const Block& block, const Matrix& m, std::size_t matrix) {
  return with_type(block.buffer.type(), [&](auto zero) -> ConstTensor {
    return rows_at(block.buffer.data<decltype(zero)>(), block.layout, m, matrix);
  });
}

Tensor array_at(Block& block, const Matrix& m, std::size_t matrix) {
  return with_type(block.buffer.type(), [&](auto zero) -> Tensor {
    return rows_at(block.buffer.data<decltype(zero)>(), block.layout, m, matrix);
  });
}

void run_matrix(const Activation& f, const Case& c, const Matrix& m, std::size_t i, Results& out) {
  const auto in = [&](const char* name) { return array_at(c.input(name), m, i); };
  forward(f, in("x"), array_at(out.at("y"), m, i));
  if (out.contains("dx")) backward(f, in("x"), in("dy"), array_at(out.at("dx"), m, i));
  if (out.contains("for_dy")) {
    double_backward(f, in("x"), in("dy"), in("v_x"), array_at(out.at("for_dy"), m, i),
                    array_at(out.at("for_x"), m, i));
  }
}

}  // namespace

void run_activation(const Activation& f, const Case& c, Results& out) {
  const Layout& layout = c.input("x").layout;
  if (layout.size() == 0) return;
  const Matrix m(layout.shape);
  for (std::size_t i = 0; i < m.count; ++i) run_matrix(f, c, m, i, out);
}

void run_elementwise(const Case& c, Results& out) { run_activation(parse(c.spec), c, out); }

}  // namespace actfn::conformance
