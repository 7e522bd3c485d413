// What the fused operators share: how work is divided, matrix products, dropout's keys.
#pragma once
#include "../kernels/kernels.h"
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <memory>
#include <vector>

namespace fused {

using at::Tensor;

/// Work is divided into this many parts at most, whatever the number of threads: sums over parts are then the same bits on any.
constexpr int64_t kParts = 32;

/// Part p of `parts` of n items.
struct Part {
  int64_t begin, end;
  Part(int64_t n, int64_t parts, int64_t p) : begin(n * p / parts), end(n * (p + 1) / parts) {}
};

inline int64_t parts_of(int64_t items) { return items < kParts ? items : kParts; }

/// Calls f(part) for every part, on as many threads as libtorch uses on this one; who takes which part does not matter.
/// (Not at::parallel_for: what it does is decided where its header is compiled, and this says what it needs.)
template <class F>
void in_parallel(int64_t parts, F f) {
  const int threads = int(std::min<int64_t>(parts, at::get_num_threads()));
  std::exception_ptr failure;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (threads > 1)
  for (int64_t p = 0; p < parts; p++) {
    try {
      f(p);
    } catch (...) {
#pragma omp critical(fused_failure)
      failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

/// Scratch memory of one part, for up to kArrays arrays. Each begins at a cache line: a vector that crosses one costs two loads.
template <class T>
class Scratch {
 public:
  explicit Scratch(int64_t count)
      : memory_(static_cast<T*>(std::aligned_alloc(kLine, (count * sizeof(T) / kLine + kArrays + 1) * kLine)), &std::free), next_(memory_.get()) {
    if (!memory_) throw std::bad_alloc();
  }
  /// The next `count` numbers of it.
  T* take(int64_t count) {
    T* p = next_;
    next_ += (count * sizeof(T) + kLine - 1) / kLine * (kLine / sizeof(T));
    return p;
  }

 private:
  static constexpr int64_t kLine = 64, kArrays = 16;
  std::unique_ptr<T, decltype(&std::free)> memory_;
  T* next_;
};

/// A gradient as every part sums its own, added up in the parts' order.
template <class T>
class Sums {
 public:
  Sums(int64_t parts, int64_t count) : parts_(parts), count_(count), memory_(parts * count, T(0)) {}
  T* of(int64_t part) { return memory_.data() + part * count_; }
  Tensor total(at::IntArrayRef shape, const at::TensorOptions& options) {
    auto result = at::empty(shape, options);
    T* to = result.data_ptr<T>();
    for (int64_t k = 0; k < count_; k++) {
      T sum = memory_[k];
      for (int64_t p = 1; p < parts_; p++) sum += memory_[p * count_ + k];
      to[k] = sum;
    }
    return result;
  }

 private:
  int64_t parts_, count_;
  std::vector<T> memory_;
};

/// c[m, n] = a[m, k] * b[k, n] + beta * c, row-major, a and b transposed where said. The BLAS that libtorch uses, on this thread alone.
void multiply(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, const float* a, int64_t lda, const float* b, int64_t ldb,
              float beta, float* c, int64_t ldc);
void multiply(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, const double* a, int64_t lda, const double* b, int64_t ldb,
              double beta, double* c, int64_t ldc);

/// Seed of a dropout layer's call, drawn from libtorch's default generator (torch.manual_seed decides it); 0 where nothing is dropped.
int64_t draw_seed(double probability);

/// Dropout of a part of the elements: the key is a function of the call's seed and the part's number alone.
inline sg::Dropout dropout_of(double probability, int64_t seed, int64_t block) {
  uint64_t z = uint64_t(seed) + (uint64_t(block) + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return {probability, uint32_t((z ^ (z >> 31)) >> 32)};
}

/// Checks what every fused operator needs of its tensors, by name: on the CPU, contiguous, one floating type.
void require(const char* what, const std::vector<Tensor>& tensors);

/// Refuses to be differentiated twice: the fused operators have no derivative of their derivative.
void once(const char* what);

/// Calls f with a number of the tensor's type.
template <class F>
auto dispatch(const Tensor& t, F f) {
  return t.scalar_type() == at::kDouble ? f(double()) : f(float());
}

}  // namespace fused
