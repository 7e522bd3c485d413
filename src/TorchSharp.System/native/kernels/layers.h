// Everything of a conformer block that works row by row. See kernels.h for what each function computes.
#pragma once
#include "kernels.h"
#include "vector.h"

namespace SG_ISA {

template <class T>
Keep<T> keep(sg::Dropout d) {
  double kept = (1 - d.probability) * 4294967296.0;
  uint32_t threshold = kept >= 4294967295.0 ? 4294967295u : uint32_t(kept);
  return {d.key, threshold, T(4294967296.0 / threshold), d.probability > 0};
}

template <class T>
T inverse_root(T x) {
  return T(1) / __builtin_sqrt(x);
}
template <>
inline float inverse_root(float x) {
  return 1.0f / __builtin_sqrtf(x);
}

// Sums over a row of channels: wide lanes first, then the rest.
template <class T, class F>
inline __attribute__((always_inline)) T row_sum(int64_t channels, F f) {
  typename Wide<T>::V wide = Wide<T>::zero();
  typename Short<T>::V narrow = Short<T>::zero();
  T rest = 0;
  over<T>(channels, [&](int64_t c, auto lanes) {
    using L = decltype(lanes);
    if constexpr (L::count == Wide<T>::count) wide += f(c, lanes);
    else if constexpr (L::count == Short<T>::count) narrow += f(c, lanes);
    else rest += f(c, lanes)[0];
  });
  return Wide<T>::sum(wide) + Short<T>::sum(narrow) + rest;
}

template <class T>
void norm_forward(int64_t rows, int64_t channels, const T* x, const T* weight, const T* bias, T eps, T* y, T* mean, T* scale) {
  for (int64_t r = 0; r < rows; r++, x += channels, y += channels) {
    T m = row_sum<T>(channels, [&](int64_t c, auto l) { return decltype(l)::load(x + c); }) / T(channels);
    T v = row_sum<T>(channels, [&](int64_t c, auto l) { auto d = decltype(l)::load(x + c) - m; return d * d; }) / T(channels);
    T s = inverse_root<T>(v + eps);
    mean[r] = m, scale[r] = s;
    over<T>(channels, [&](int64_t c, auto l) {
      using L = decltype(l);
      L::store(y + c, (L::load(x + c) - m) * s * L::load(weight + c) + L::load(bias + c));
    });
  }
}

template <class T>
void norm_backward(int64_t rows, int64_t channels, const T* x, const T* mean, const T* scale, const T* weight, const T* gy,
                   const T* residual, T* gx, T* gweight, T* gbias) {
  for (int64_t r = 0; r < rows; r++, x += channels, gy += channels, residual += channels, gx += channels) {
    T m = mean[r], s = scale[r];
    T sum = row_sum<T>(channels, [&](int64_t c, auto l) { using L = decltype(l); return L::load(gy + c) * L::load(weight + c); }) / T(channels);
    T product = row_sum<T>(channels, [&](int64_t c, auto l) {
      using L = decltype(l);
      return L::load(gy + c) * L::load(weight + c) * ((L::load(x + c) - m) * s);
    }) / T(channels);
    over<T>(channels, [&](int64_t c, auto l) {
      using L = decltype(l);
      auto g = L::load(gy + c), h = (L::load(x + c) - m) * s;
      L::store(gweight + c, L::load(gweight + c) + g * h);
      L::store(gbias + c, L::load(gbias + c) + g);
      L::store(gx + c, L::load(residual + c) + s * (g * L::load(weight + c) - sum - h * product));
    });
  }
}

template <class T>
void swish_forward(int64_t rows, int64_t channels, T* u, const T* bias, sg::Dropout dropout) {
  auto kept = keep<T>(dropout);
  for (int64_t r = 0; r < rows; r++, u += channels)
    over<T>(channels, [&](int64_t c, auto l) {
      using L = decltype(l);
      auto x = L::load(u + c) + L::load(bias + c);
      auto h = x * sigmoid<L>(x);
      L::store(u + c, kept.on ? h * kept.template factor<L>(r * channels + c) : h);
    });
}

template <class T>
void swish_backward(int64_t rows, int64_t channels, T* u, const T* bias, sg::Dropout dropout, T* gh, T* gbias) {
  auto kept = keep<T>(dropout);
  for (int64_t r = 0; r < rows; r++, u += channels, gh += channels)
    over<T>(channels, [&](int64_t c, auto l) {
      using L = decltype(l);
      auto x = L::load(u + c) + L::load(bias + c);
      auto s = sigmoid<L>(x);
      auto h = x * s, g = L::load(gh + c);
      if (kept.on) {
        auto f = kept.template factor<L>(r * channels + c);
        h *= f, g *= f, x = x * s;
        L::store(u + c, h);
        g = g * (s + x * (T(1) - s));
      } else {
        L::store(u + c, h);
        g = g * (s + h * (T(1) - s));
      }
      L::store(gh + c, g);
      L::store(gbias + c, L::load(gbias + c) + g);
    });
}

template <class T>
void residual_forward(int64_t rows, int64_t channels, const T* x, const T* o, const T* bias, T factor, sg::Dropout dropout, T* y) {
  auto kept = keep<T>(dropout);
  for (int64_t r = 0; r < rows; r++, x += channels, o += channels, y += channels)
    over<T>(channels, [&](int64_t c, auto l) {
      using L = decltype(l);
      auto v = (L::load(o + c) + L::load(bias + c)) * factor;
      if (kept.on) v *= kept.template factor<L>(r * channels + c);
      L::store(y + c, L::load(x + c) + v);
    });
}

template <class T>
void residual_backward(int64_t rows, int64_t channels, const T* gy, T factor, sg::Dropout dropout, T* go, T* gbias) {
  auto kept = keep<T>(dropout);
  for (int64_t r = 0; r < rows; r++, gy += channels, go += channels)
    over<T>(channels, [&](int64_t c, auto l) {
      using L = decltype(l);
      auto g = L::load(gy + c) * factor;
      if (kept.on) g *= kept.template factor<L>(r * channels + c);
      L::store(go + c, g);
      L::store(gbias + c, L::load(gbias + c) + g);
    });
}

template <class T>
void gate_forward(int64_t rows, int64_t channels, const T* u, const T* bias, T* g) {
  for (int64_t r = 0; r < rows; r++, u += 2 * channels, g += channels)
    over<T>(channels, [&](int64_t c, auto l) {
      using L = decltype(l);
      L::store(g + c, (L::load(u + c) + L::load(bias + c)) * sigmoid<L>(L::load(u + channels + c) + L::load(bias + channels + c)));
    });
}

template <class T>
void gate_backward(int64_t rows, int64_t channels, T* u, const T* bias, const T* gg, T* gbias) {
  for (int64_t r = 0; r < rows; r++, u += 2 * channels, gg += channels)
    over<T>(channels, [&](int64_t c, auto l) {
      using L = decltype(l);
      auto a = L::load(u + c) + L::load(bias + c);
      auto s = sigmoid<L>(L::load(u + channels + c) + L::load(bias + channels + c));
      auto g = L::load(gg + c), ga = g * s, gb = g * a * s * (T(1) - s);
      L::store(u + c, ga);
      L::store(u + channels + c, gb);
      L::store(gbias + c, L::load(gbias + c) + ga);
      L::store(gbias + channels + c, L::load(gbias + channels + c) + gb);
    });
}

template <class T>
void moments(int64_t rows, int64_t channels, const T* z, T* mean, T* squares) {
  over<T>(channels, [&](int64_t c, auto l) {
    using L = decltype(l);
    auto sum = L::zero();
    for (int64_t r = 0; r < rows; r++) sum += L::load(z + r * channels + c);
    auto m = sum / T(rows);
    auto q = L::zero();
    for (int64_t r = 0; r < rows; r++) {
      auto d = L::load(z + r * channels + c) - m;
      q += d * d;
    }
    L::store(mean + c, m);
    L::store(squares + c, q);
  });
}

template <class T>
void norm_swish_forward(int64_t rows, int64_t channels, const T* z, const T* scale, const T* shift, T* a) {
  for (int64_t r = 0; r < rows; r++, z += channels, a += channels)
    over<T>(channels, [&](int64_t c, auto l) {
      using L = decltype(l);
      auto u = L::load(z + c) * L::load(scale + c) + L::load(shift + c);
      L::store(a + c, u * sigmoid<L>(u));
    });
}

template <class T>
void norm_swish_backward(int64_t rows, int64_t channels, const T* z, const T* scale, const T* shift, const T* mean, const T* deviation,
                         T* ga, T* a, T* sums, T* products) {
  for (int64_t r = 0; r < rows; r++, z += channels, ga += channels, a += channels)
    over<T>(channels, [&](int64_t c, auto l) {
      using L = decltype(l);
      auto u = L::load(z + c) * L::load(scale + c) + L::load(shift + c);
      auto s = sigmoid<L>(u);
      auto h = u * s;
      L::store(a + c, h);
      auto g = L::load(ga + c) * (s + h * (T(1) - s));
      L::store(ga + c, g);
      L::store(sums + c, L::load(sums + c) + g);
      L::store(products + c, L::load(products + c) + g * ((L::load(z + c) - L::load(mean + c)) * L::load(deviation + c)));
    });
}

template <class T>
void norm_prelu_forward(int64_t rows, int64_t channels, const T* z, const T* scale, const T* shift, const T* slope, T* y) {
  for (int64_t r = 0; r < rows; r++, z += channels, y += channels)
    over<T>(channels, [&](int64_t c, auto l) {
      using L = decltype(l);
      auto u = L::load(z + c) * L::load(scale + c) + L::load(shift + c);
      L::store(y + c, u > T(0) ? u : u * L::load(slope + c));
    });
}

template <class T>
void norm_prelu_backward(int64_t rows, int64_t channels, const T* z, const T* scale, const T* shift, const T* mean, const T* deviation,
                         const T* slope, T* g, T* sums, T* products, T* gslope) {
  for (int64_t r = 0; r < rows; r++, z += channels, g += channels)
    over<T>(channels, [&](int64_t c, auto l) {
      using L = decltype(l);
      auto u = L::load(z + c) * L::load(scale + c) + L::load(shift + c), gy = L::load(g + c);
      L::store(gslope + c, L::load(gslope + c) + (u > T(0) ? L::zero() : gy * u));
      auto gu = u > T(0) ? gy : gy * L::load(slope + c);
      L::store(g + c, gu);
      L::store(sums + c, L::load(sums + c) + gu);
      L::store(products + c, L::load(products + c) + gu * ((L::load(z + c) - L::load(mean + c)) * L::load(deviation + c)));
    });
}

template <class T>
void batch_norm_backward(int64_t rows, int64_t channels, const T* z, const T* mean, const T* deviation, const T* scale, const T* gu,
                         const T* mean_sum, const T* mean_product, T* gz) {
  for (int64_t r = 0; r < rows; r++, z += channels, gu += channels, gz += channels)
    over<T>(channels, [&](int64_t c, auto l) {
      using L = decltype(l);
      auto h = (L::load(z + c) - L::load(mean + c)) * L::load(deviation + c);
      L::store(gz + c, L::load(scale + c) * (L::load(gu + c) - L::load(mean_sum + c) - h * L::load(mean_product + c)));
    });
}

}  // namespace SG_ISA
