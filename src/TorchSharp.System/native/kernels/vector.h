// Vectors of numbers in the compiler's own notation, so that one source serves every instruction set.
// Every translation unit of an instruction set has a namespace of its own (SG_ISA): nothing here may be shared between them.
#pragma once
#include <cstdint>
#include <cstring>

namespace SG_ISA {

constexpr int kBytes = SG_VECTOR_BYTES;

template <class T, int N>
struct VectorOf {
  typedef T type __attribute__((vector_size(N * sizeof(T))));
  typedef T unaligned __attribute__((vector_size(N * sizeof(T)), aligned(sizeof(T)), may_alias));
};

template <class T>
struct Bits;
template <>
struct Bits<float> { using Signed = int32_t; using Unsigned = uint32_t; };
template <>
struct Bits<double> { using Signed = int64_t; using Unsigned = uint64_t; };

/// N numbers: what the kernels are written in. N is 1 at the ends of rows.
template <class T, int N>
struct Lanes {
  using Number = T;
  static constexpr int count = N;
  using V = typename VectorOf<T, N>::type;
  using I = typename VectorOf<typename Bits<T>::Signed, N>::type;
  using U = typename VectorOf<typename Bits<T>::Unsigned, N>::type;

  static V load(const T* p) { return *reinterpret_cast<const typename VectorOf<T, N>::unaligned*>(p); }
  static void store(T* p, V v) { *reinterpret_cast<typename VectorOf<T, N>::unaligned*>(p) = v; }
  static V zero() { return V{}; }
  static V all(T x) {
    V v;
    for (int i = 0; i < N; i++) v[i] = x;
    return v;
  }
  static V largest(V a, V b) { return a > b ? a : b; }
  static V smallest(V a, V b) { return a < b ? a : b; }
  /// Sum of the lanes, halves first: an order that the lane count alone decides.
  static T sum(V v) {
    T s[N];
    std::memcpy(s, &v, sizeof v);
    for (int n = N / 2; n > 0; n /= 2)
      for (int i = 0; i < n; i++) s[i] += s[i + n];
    return s[0];
  }
  static T top(V v) {
    T m = v[0];
    for (int i = 1; i < N; i++) m = v[i] > m ? v[i] : m;
    return m;
  }
};

/// The widest vector of the instruction set, and a short one for what is left of a row.
template <class T>
using Wide = Lanes<T, kBytes / int(sizeof(T))>;
template <class T>
using Short = Lanes<T, 16 / int(sizeof(T))>;
template <class T>
using One = Lanes<T, 1>;

/// Calls f(index, lanes) over n numbers: wide vectors, then short ones, then single numbers.
template <class T, class F>
inline __attribute__((always_inline)) void over(int64_t n, F f) {
  int64_t i = 0;
  for (; i + Wide<T>::count <= n; i += Wide<T>::count) f(i, Wide<T>{});
  for (; i + Short<T>::count <= n; i += Short<T>::count) f(i, Short<T>{});
  for (; i < n; i++) f(i, One<T>{});
}

// exp(x) = 2^k * exp(r), r = x - k ln 2 in [-ln 2 / 2, ln 2 / 2]: Taylor's series to the last bit's size there.
template <class L>
inline __attribute__((always_inline)) typename L::V exponential(typename L::V x) {
  using T = typename L::Number;
  using V = typename L::V;
  constexpr bool single = sizeof(T) == 4;
  // Outside these bounds the result would not be a normal number.
  x = L::largest(L::smallest(x, L::all(single ? T(88) : T(708))), L::all(single ? T(-87) : T(-708)));
  constexpr T log2e = T(1.4426950408889634074), high = single ? T(0.693359375) : T(0.693147180369123816490),
              low = single ? T(-2.12194440e-4) : T(1.90821492927058770002e-10), magic = single ? T(12582912.0) : T(6755399441055744.0);
  V t = x * log2e + magic;  // k in the lowest bits
  V k = t - magic;
  V r = (x - k * high) - k * low;
  V p;
  if constexpr (single) {
    p = L::all(T(1.0 / 5040));
    constexpr T c[] = {T(1.0 / 720), T(1.0 / 120), T(1.0 / 24), T(1.0 / 6), T(0.5), T(1), T(1)};
    for (T a : c) p = p * r + a;
  } else {
    p = L::all(T(1.0 / 6227020800.0));
    constexpr T c[] = {T(1.0 / 479001600), T(1.0 / 39916800), T(1.0 / 3628800), T(1.0 / 362880), T(1.0 / 40320), T(1.0 / 5040), T(1.0 / 720),
                       T(1.0 / 120), T(1.0 / 24), T(1.0 / 6), T(0.5), T(1), T(1)};
    for (T a : c) p = p * r + a;
  }
  typename L::I bits = (typename L::I)p + ((typename L::I)t << (single ? 23 : 52));
  return (V)bits;
}

template <class L>
inline __attribute__((always_inline)) typename L::V sigmoid(typename L::V x) {
  return typename L::Number(1) / (typename L::Number(1) + exponential<L>(-x));
}

/// Dropout from a counter: whether element `index` of the block with this key is kept is a function of the two, so that no mask
/// is stored and no order matters. The bits are those of a 32-bit finaliser with full avalanche.
template <class T>
struct Keep {
  uint32_t key, threshold;  // kept where hash < threshold
  T scale;                  // 1 / P(kept)
  bool on;

  template <class L>
  inline __attribute__((always_inline)) typename L::V factor(int64_t index) const {
    using U = typename L::U;
    using Word = typename Bits<T>::Unsigned;
    U x;
    for (int i = 0; i < L::count; i++) x[i] = Word(i);
    x += Word(uint32_t(index));
    constexpr Word low = Word(0xffffffffu);
    x = (x * Word(0x9E3779B1u) ^ Word(key)) & low;
    x ^= x >> 16;
    x = (x * Word(0x7feb352du)) & low;
    x ^= x >> 15;
    x = (x * Word(0x846ca68bu)) & low;
    x ^= x >> 16;
    return x < Word(threshold) ? L::all(scale) : L::zero();
  }
};

}  // namespace SG_ISA
