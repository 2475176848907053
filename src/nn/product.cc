// SPDX-License-Identifier: Apache-2.0
#include "nn/product.h"

#include <dnnl.h>
#include <omp.h>

#include <stdexcept>

namespace actfn::nn {

namespace {

// c = a * b + beta * c.
void multiply(int m, int n, int k, Matrix a, Matrix b, float beta, float* c, int c_stride) {
  const auto status = dnnl_sgemm(a.transposed ? 'T' : 'N', b.transposed ? 'T' : 'N', m, n, k, 1.0F,
                                 a.data, a.stride, b.data, b.stride, beta, c, c_stride);
  if (status != dnnl_success) throw std::runtime_error("[nn] oneDNN refused a matrix product");
}

}  // namespace

void product(int m, int n, int k, Matrix a, Matrix b, float* c, int c_stride) {
  multiply(m, n, k, a, b, 0.0F, c, c_stride);
}

void add_product(int m, int n, int k, Matrix a, Matrix b, float* c, int c_stride) {
  multiply(m, n, k, a, b, 1.0F, c, c_stride);
}

// OpenMP keeps this setting for each thread: nobody else is affected.
SingleThreadedProducts::SingleThreadedProducts() : threads_before_(omp_get_max_threads()) {
  omp_set_num_threads(1);
}

SingleThreadedProducts::~SingleThreadedProducts() { omp_set_num_threads(threads_before_); }

}  // namespace actfn::nn
