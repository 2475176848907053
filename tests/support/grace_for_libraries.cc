// SPDX-License-Identifier: Apache-2.0
// oneDNN and OpenMP get memory also while requests fail on purpose: OpenMP would end the process.
// The linker puts these functions in the place of theirs (--wrap).
#include <dnnl.h>
#include <omp.h>

#include "failing_memory.h"

extern "C" {

decltype(dnnl_sgemm) __real_dnnl_sgemm, __wrap_dnnl_sgemm;
decltype(omp_get_max_threads) __real_omp_get_max_threads, __wrap_omp_get_max_threads;
decltype(omp_set_num_threads) __real_omp_set_num_threads, __wrap_omp_set_num_threads;

dnnl_status_t __wrap_dnnl_sgemm(char transa, char transb, dnnl_dim_t m, dnnl_dim_t n, dnnl_dim_t k,
                                float alpha, const float* a, dnnl_dim_t lda, const float* b,
                                dnnl_dim_t ldb, float beta, float* c, dnnl_dim_t ldc) {
  const actfn::testing::MemoryGrace grace;
  return __real_dnnl_sgemm(transa, transb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
int __wrap_omp_get_max_threads() noexcept(noexcept(omp_get_max_threads())) {
  const actfn::testing::MemoryGrace grace;
  return __real_omp_get_max_threads();
}
void __wrap_omp_set_num_threads(int n) noexcept(noexcept(omp_set_num_threads(n))) {
  const actfn::testing::MemoryGrace grace;
  __real_omp_set_num_threads(n);
}
}
