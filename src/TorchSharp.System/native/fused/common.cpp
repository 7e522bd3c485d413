#include "common.h"
#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/GradMode.h>
#include <mutex>

// The BLAS behind libtorch where it exports its functions (OpenBLAS, MKL, the reference one): weak, so that another libtorch works as well.
extern "C" {
void sgemm_(const char*, const char*, const int*, const int*, const int*, const float*, const float*, const int*, const float*, const int*,
            const float*, float*, const int*) __attribute__((weak));
void dgemm_(const char*, const char*, const int*, const int*, const int*, const double*, const double*, const int*, const double*, const int*,
            const double*, double*, const int*) __attribute__((weak));
}

namespace fused {
namespace {

// The same by libtorch's own product, for a libtorch whose BLAS is hidden.
template <class T>
void by_operator(bool ta, bool tb, int64_t m, int64_t n, int64_t k, const T* a, int64_t lda, const T* b, int64_t ldb, T beta, T* c, int64_t ldc) {
  c10::NoGradGuard quiet;
  auto options = at::TensorOptions().dtype(c10::CppTypeToScalarType<T>::value);
  auto view = [&](const T* p, int64_t rows, int64_t columns, int64_t stride, bool transposed) {
    return transposed ? at::from_blob(const_cast<T*>(p), {rows, columns}, {1, stride}, options)
                      : at::from_blob(const_cast<T*>(p), {rows, columns}, {stride, 1}, options);
  };
  auto to = view(c, m, n, ldc, false);
  if (beta == 0) at::mm_out(to, view(a, m, k, lda, ta), view(b, k, n, ldb, tb));
  else at::addmm_out(to, to, view(a, m, k, lda, ta), view(b, k, n, ldb, tb), beta, 1);
}

template <class T, class Gemm>
void by_blas(Gemm gemm, bool ta, bool tb, int64_t m, int64_t n, int64_t k, const T* a, int64_t lda, const T* b, int64_t ldb, T beta, T* c, int64_t ldc) {
  if (!gemm) return by_operator(ta, tb, m, n, k, a, lda, b, ldb, beta, c, ldc);
  // BLAS counts columns first: c' = b' * a'.
  const int im = int(m), in = int(n), ik = int(k), ia = int(lda), ib = int(ldb), ic = int(ldc);
  const T one = 1;
  gemm(tb ? "T" : "N", ta ? "T" : "N", &in, &im, &ik, &one, b, &ib, a, &ia, &beta, c, &ic);
}

}  // namespace

void multiply(bool ta, bool tb, int64_t m, int64_t n, int64_t k, const float* a, int64_t lda, const float* b, int64_t ldb, float beta, float* c, int64_t ldc) {
  by_blas(sgemm_, ta, tb, m, n, k, a, lda, b, ldb, beta, c, ldc);
}

void multiply(bool ta, bool tb, int64_t m, int64_t n, int64_t k, const double* a, int64_t lda, const double* b, int64_t ldb, double beta, double* c, int64_t ldc) {
  by_blas(dgemm_, ta, tb, m, n, k, a, lda, b, ldb, beta, c, ldc);
}

int64_t draw_seed(double probability) {
  if (probability == 0) return 0;
  auto generator = at::detail::getDefaultCPUGenerator();
  std::lock_guard<std::mutex> lock(generator.mutex());
  return int64_t(at::check_generator<at::CPUGeneratorImpl>(generator)->random64());
}

void require(const char* what, const std::vector<Tensor>& tensors) {
  auto type = tensors[0].scalar_type();
  TORCH_CHECK(type == at::kFloat || type == at::kDouble, what, ": takes float32 and float64, got ", type);
  for (size_t k = 0; k < tensors.size(); k++) {
    TORCH_CHECK(tensors[k].device().is_cpu(), what, ": argument ", k, " is on ", tensors[k].device(), ", this operator works on the CPU");
    TORCH_CHECK(tensors[k].scalar_type() == type, what, ": argument ", k, " is of ", tensors[k].scalar_type(), ", the first of ", type);
    TORCH_CHECK(tensors[k].is_contiguous(), what, ": argument ", k, " is not contiguous");
  }
}

void once(const char* what) {
  TORCH_CHECK(!c10::GradMode::is_enabled(), what, ": can be differentiated once only; use the operator form (train.kernels=operators) for a second derivative");
}

}  // namespace fused
