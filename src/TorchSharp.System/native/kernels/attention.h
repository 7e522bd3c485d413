// Self-attention with relative positions (Shaw et al., 2018), a head and sequence at a time:
//   s(i, j) = scale * q_i . (k_j + E[i - j]),  p = softmax over j,  o_i = sum_j p(i, j) v_j.
// No n x n matrix is stored: a few rows of scores are made, used and forgotten; backward makes them again from the rows' log-sums.
// Lanes run over j. Keys, values and their gradients are transposed, [width, n], and the table is reversed, so that the vector of distance
// i - j for consecutive j is consecutive too: column n - 1 - i + j.
#pragma once
#include "kernels.h"
#include "vector.h"

namespace SG_ISA {

constexpr int kRows = 8;    // query rows at once
constexpr int kMargin = 16; // zeros before each row of score gradients: the table's gradient reads rows shifted against each other

inline int64_t up(int64_t n, int64_t to) { return (n + to - 1) / to * to; }
inline int64_t wide(int64_t width) { return width <= 2 ? 2 : up(width, 4); }

template <class T>
int64_t row_stride(int64_t n) {
  return kMargin + up(n, Wide<T>::count) + up(kRows, Wide<T>::count) + Wide<T>::count;
}
template <class T>
int64_t table_stride(int64_t n) {
  return up(2 * n + Wide<T>::count, Wide<T>::count);
}
template <class T>
int64_t attention_scratch(int64_t n, int64_t width) {
  int64_t padded = up(n, Wide<T>::count);
  return 4 * wide(width) * padded + 3 * kRows * row_stride<T>(n) + 4 * kRows * wide(width);
}

/// Columns [width, padded] of rows `stride` apart, zeros beyond n and width.
template <class T>
void transpose(int64_t n, int64_t padded, int64_t width, int64_t stride, const T* rows, T* columns) {
  for (int64_t c = 0; c < wide(width); c++)
    for (int64_t j = 0; j < padded; j++) columns[c * padded + j] = c < width && j < n ? rows[j * stride + c] : T(0);
}

template <class T>
void transpose_back(int64_t n, int64_t padded, int64_t width, int64_t stride, const T* columns, T* rows) {
  for (int64_t j = 0; j < n; j++)
    for (int64_t c = 0; c < width; c++) rows[j * stride + c] = columns[c * padded + j];
}

template <class T>
struct Sequence {
  int64_t n, padded, width, table_stride, row_stride, most;  // width is a multiple of C
  const T *key, *value, *table;                        // [width, padded], [width, padded], [width, table_stride]
};

/// 1 for columns below n, 0 beyond.
template <class T>
typename Wide<T>::V inside(int64_t n, int64_t j) {
  typename Wide<T>::V v;
  for (int i = 0; i < Wide<T>::count; i++) v[i] = j + i < n ? T(1) : T(0);
  return v;
}

/// sums[r][c] = sum over j of row[r][j] * column(r, c, j), for R rows and all c, C at a time.
template <class T, int R, int C, class F>
inline __attribute__((always_inline)) void contract(const Sequence<T>& s, const T* rows, F column, T* sums) {
  using L = Wide<T>;
  constexpr int step = R < 4 ? R : 4;
  for (int r0 = 0; r0 < R; r0 += step)
    for (int64_t c0 = 0; c0 < s.width; c0 += C) {
      typename L::V sum[step][C];
      for (int r = 0; r < step; r++)
        for (int c = 0; c < C; c++) sum[r][c] = L::zero();
      for (int64_t j = 0; j < s.padded; j += L::count)
#pragma GCC unroll 4
        for (int r = 0; r < step; r++) {
          auto p = L::load(rows + (r0 + r) * s.row_stride + j);
#pragma GCC unroll 4
          for (int c = 0; c < C; c++) sum[r][c] += p * column(r0 + r, c0 + c, j);
        }
      for (int r = 0; r < step; r++)
        for (int c = 0; c < C; c++) sums[(r0 + r) * s.width + c0 + c] = L::sum(sum[r][c]);
    }
}

/// R rows of the forward pass. q is [R, width], already scaled; p is scratch [R, row_stride]; o is [R, width].
template <class T, int R, int C>
void forward_rows(const Sequence<T>& s, int64_t i, const T* q, T* p, T* o, T* log_sum) {
  using L = Wide<T>;
  using V = typename L::V;
  const T* table = s.table + s.n - 1 - i;  // row r reads it r columns further left
  V most[R];
  for (int r = 0; r < R; r++) most[r] = L::all(T(-1e30));
  const int64_t whole = s.n / L::count * L::count;
  // Positions farther than the table reaches share one vector: their part of the score is one number a row, on each side.
  T before[R], after[R];
  for (int r = 0; r < R; r++) {
    before[r] = after[r] = T(0);
    for (int64_t c = 0; c < s.width; c++) {
      before[r] += q[r * s.width + c] * s.table[c * s.table_stride];
      after[r] += q[r * s.width + c] * s.table[c * s.table_stride + 2 * s.n - 2];
    }
  }
  for (int64_t j = 0; j < s.padded; j += L::count) {
    V score[R];
    const bool left = j + L::count - 1 <= i - s.most, right = j >= i + R - 1 + s.most;
    if (left || right) {
      for (int r = 0; r < R; r++) score[r] = L::all(left ? before[r] : after[r]);
      for (int64_t c = 0; c < s.width; c++) {
        V k = L::load(s.key + c * s.padded + j);
#pragma GCC unroll 8
        for (int r = 0; r < R; r++) score[r] += q[r * s.width + c] * k;
      }
    } else {
      for (int r = 0; r < R; r++) score[r] = L::zero();
      for (int64_t c = 0; c < s.width; c++) {
        V k = L::load(s.key + c * s.padded + j);
        const T* e = table + c * s.table_stride + j;
#pragma GCC unroll 8
        for (int r = 0; r < R; r++) score[r] += q[r * s.width + c] * (k + L::load(e - r));
      }
    }
    if (j >= whole) {
      V in = inside<T>(s.n, j);
      for (int r = 0; r < R; r++) score[r] = in > T(0) ? score[r] : L::all(T(-1e30));
    }
    for (int r = 0; r < R; r++) {
      most[r] = L::largest(most[r], score[r]);
      L::store(p + r * s.row_stride + j, score[r]);
    }
  }
  T total[R];
  for (int r = 0; r < R; r++) {
    T m = L::top(most[r]);
    V sum = L::zero();
    T* row = p + r * s.row_stride;
    for (int64_t j = 0; j < s.padded; j += L::count) {
      V e = exponential<L>(L::load(row + j) - m);
      if (j >= whole) e *= inside<T>(s.n, j);
      sum += e;
      L::store(row + j, e);
    }
    total[r] = L::sum(sum);
    log_sum[r] = m + (sizeof(T) == 4 ? T(__builtin_logf(float(total[r]))) : T(__builtin_log(double(total[r]))));
  }
  contract<T, R, C>(s, p, [&](int, int64_t c, int64_t j) __attribute__((always_inline)) { return L::load(s.value + c * s.padded + j); }, o);
  for (int r = 0; r < R; r++)
    for (int64_t c = 0; c < s.width; c++) o[r * s.width + c] /= total[r];
}

/// R rows of the backward pass. go is the gradient of o, [R, width]; p, d and w are scratch [R, row_stride], w with its margins zero; gq is set;
/// the gradients of keys, values and the table are added to.
template <class T, int R, int C>
void backward_rows(const Sequence<T>& s, int64_t i, const T* q, const T* go, const T* log_sum, T* p, T* w, T* gq, T* gkey, T* gvalue, T* gtable) {
  using L = Wide<T>;
  using V = typename L::V;
  const T* table = s.table + s.n - 1 - i;
  const int64_t whole = s.n / L::count * L::count;
  V mean[R];
  for (int r = 0; r < R; r++) mean[r] = L::zero();
  for (int64_t j = 0; j < s.padded; j += L::count) {
    V score[R], gp[R];
    for (int r = 0; r < R; r++) score[r] = L::zero(), gp[r] = L::zero();
    for (int64_t c = 0; c < s.width; c++) {
      V k = L::load(s.key + c * s.padded + j), v = L::load(s.value + c * s.padded + j);
      const T* e = table + c * s.table_stride + j;
#pragma GCC unroll 8
      for (int r = 0; r < R; r++) {
        score[r] += q[r * s.width + c] * (k + L::load(e - r));
        gp[r] += go[r * s.width + c] * v;
      }
    }
    for (int r = 0; r < R; r++) {
      V e = exponential<L>(score[r] - log_sum[r]);
      if (j >= whole) e *= inside<T>(s.n, j);
      mean[r] += e * gp[r];
      L::store(p + r * s.row_stride + j, e);
      L::store(w + r * s.row_stride + j, gp[r]);
    }
  }
  for (int r = 0; r < R; r++) {
    T m = L::sum(mean[r]);
    T *pr = p + r * s.row_stride, *wr = w + r * s.row_stride;
    for (int64_t j = 0; j < s.padded; j += L::count) L::store(wr + j, L::load(pr + j) * (L::load(wr + j) - m));
  }
  contract<T, R, C>(
      s, w,
      [&](int r, int64_t c, int64_t j) __attribute__((always_inline)) {
        return L::load(s.key + c * s.padded + j) + L::load(table + c * s.table_stride + j - r);
      },
      gq);
  for (int64_t j = 0; j < s.padded; j += L::count) {
    V a[R], b[R];
    for (int r = 0; r < R; r++) a[r] = L::load(w + r * s.row_stride + j), b[r] = L::load(p + r * s.row_stride + j);
    for (int64_t c = 0; c < s.width; c++) {
      V gk = L::load(gkey + c * s.padded + j), gv = L::load(gvalue + c * s.padded + j);
#pragma GCC unroll 8
      for (int r = 0; r < R; r++) gk += q[r * s.width + c] * a[r], gv += go[r * s.width + c] * b[r];
      L::store(gkey + c * s.padded + j, gk);
      L::store(gvalue + c * s.padded + j, gv);
    }
  }
  // Column t of the table meets position j = t - (n - 1 - i - r) of row r: the rows' margins give zeros outside.
  T* columns = gtable + s.n - 1 - i - (R - 1);
  const T* shifted = w - (R - 1);
  for (int64_t t = 0; t < s.n + R - 1; t += L::count) {
    V a[R];
    for (int r = 0; r < R; r++) a[r] = L::load(shifted + r * s.row_stride + r + t);
    for (int64_t c = 0; c < s.width; c++) {
      V g = L::load(columns + c * s.table_stride + t);
#pragma GCC unroll 8
      for (int r = 0; r < R; r++) g += q[r * s.width + c] * a[r];
      L::store(columns + c * s.table_stride + t, g);
    }
  }
}

/// Rows of [n, width], scaled and padded with zero channels.
template <class T>
void gather(int rows, int64_t width, int64_t stride, const T* from, T scale, T* to) {
  for (int r = 0; r < rows; r++)
    for (int64_t c = 0; c < wide(width); c++) to[r * wide(width) + c] = c < width ? from[r * stride + c] * scale : T(0);
}

/// Calls f(i, size) with as many rows of kRows as there are, then 4, then 1; the size is a constant of its type.
template <class F>
inline void in_blocks(int64_t n, F f) {
  int64_t i = 0;
  for (; i + kRows <= n; i += kRows) f(i, Lanes<float, kRows>{});
  for (; i + 4 <= n; i += 4) f(i, Lanes<float, 4>{});
  for (; i < n; i++) f(i, Lanes<float, 1>{});
}

template <class T, int C>
void attention_forward_in(const sg::Head<T>& head, const T* table, T* scratch, T* out, int64_t out_stride, T* log_sum) {
  const int64_t width = wide(head.width), padded = up(head.n, Wide<T>::count);
  T *key = scratch, *value = key + width * padded, *p = value + 3 * width * padded, *q = p + 3 * kRows * row_stride<T>(head.n), *o = q + kRows * width;
  transpose(head.n, padded, head.width, head.stride, head.key, key);
  transpose(head.n, padded, head.width, head.stride, head.value, value);
  const Sequence<T> s{head.n, padded, width, table_stride<T>(head.n), row_stride<T>(head.n), head.most, key, value, table};
  in_blocks(head.n, [&](int64_t i, auto size) {
    constexpr int R = decltype(size)::count;
    gather(R, head.width, head.stride, head.query + i * head.stride, head.scale, q);
    forward_rows<T, R, C>(s, i, q, p, o, log_sum + i);
    for (int r = 0; r < R; r++)
      for (int64_t c = 0; c < head.width; c++) out[(i + r) * out_stride + c] = o[r * width + c];
  });
}

template <class T, int C>
void attention_backward_in(const sg::Head<T>& head, const T* table, const T* log_sum, const T* gout, int64_t out_stride, T* scratch, T* gquery,
                           T* gkey, T* gvalue, T* gtable) {
  const int64_t width = wide(head.width), padded = up(head.n, Wide<T>::count), rows = row_stride<T>(head.n);
  T *key = scratch, *value = key + width * padded, *gk = value + width * padded, *gv = gk + width * padded, *p = gv + width * padded;
  T *w = p + kRows * rows, *q = p + 3 * kRows * rows, *go = q + kRows * width, *gq = go + kRows * width;
  transpose(head.n, padded, head.width, head.stride, head.key, key);
  transpose(head.n, padded, head.width, head.stride, head.value, value);
  for (int64_t k = 0; k < 2 * width * padded; k++) gk[k] = T(0);
  for (int64_t k = 0; k < 2 * kRows * rows; k++) w[k] = T(0);  // two blocks: a row's margin is the end of the one before
  const Sequence<T> s{head.n, padded, width, table_stride<T>(head.n), rows, head.most, key, value, table};
  in_blocks(head.n, [&](int64_t i, auto size) {
    constexpr int R = decltype(size)::count;
    gather(R, head.width, head.stride, head.query + i * head.stride, head.scale, q);
    gather(R, head.width, out_stride, gout + i * out_stride, T(1), go);
    backward_rows<T, R, C>(s, i, q, go, log_sum + i, p, w + kMargin, gq, gk, gv, gtable);
    for (int r = 0; r < R; r++)
      for (int64_t c = 0; c < head.width; c++) gquery[(i + r) * head.stride + c] = gq[r * width + c] * head.scale;
  });
  transpose_back(head.n, padded, head.width, head.stride, gk, gkey);
  transpose_back(head.n, padded, head.width, head.stride, gv, gvalue);
}

template <class T>
void attention_forward(const sg::Head<T>& head, const T* table, T* scratch, T* out, int64_t out_stride, T* log_sum) {
  if (wide(head.width) == 2) attention_forward_in<T, 2>(head, table, scratch, out, out_stride, log_sum);
  else attention_forward_in<T, 4>(head, table, scratch, out, out_stride, log_sum);
}

template <class T>
void attention_backward(const sg::Head<T>& head, const T* table, const T* log_sum, const T* gout, int64_t out_stride, T* scratch, T* gquery,
                        T* gkey, T* gvalue, T* gtable) {
  if (wide(head.width) == 2) attention_backward_in<T, 2>(head, table, log_sum, gout, out_stride, scratch, gquery, gkey, gvalue, gtable);
  else attention_backward_in<T, 4>(head, table, log_sum, gout, out_stride, scratch, gquery, gkey, gvalue, gtable);
}

}  // namespace SG_ISA
