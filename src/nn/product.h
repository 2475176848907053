// SPDX-License-Identifier: Apache-2.0
// Matrix products, by oneDNN on the calling thread alone: the bits do not depend on how many
// threads there are. They depend on the instruction set: product_reproducible.h has those that do
// not.
#pragma once

namespace actfn::nn {

struct Matrix {
  const float* data;
  int stride;  // between rows as they lie in memory
  bool transposed = false;
};

// c[m, n] = a[m, k] * b[k, n], row-major; c's rows are c_stride apart.
void product(int m, int n, int k, Matrix a, Matrix b, float* c, int c_stride);
// c += a * b.
void add_product(int m, int n, int k, Matrix a, Matrix b, float* c, int c_stride);

// While it lives, oneDNN's products on this thread use this thread alone.
class SingleThreadedProducts {
 public:
  SingleThreadedProducts();
  ~SingleThreadedProducts();
  SingleThreadedProducts(const SingleThreadedProducts&) = delete;
  SingleThreadedProducts& operator=(const SingleThreadedProducts&) = delete;

 private:
  int threads_before_;
};

}  // namespace actfn::nn
