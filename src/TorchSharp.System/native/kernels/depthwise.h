// Depthwise convolution with channels last: lanes are channels, so that a tap is one multiplication a vector.
#pragma once
#include "vector.h"

namespace SG_ISA {

template <class T>
void depthwise_forward(int64_t rows, int64_t channels, int64_t taps, const T* x, const T* weight, const T* bias, T* y) {
  constexpr int block = 8;  // rows at once: a weight is loaded once for all of them
  over<T>(channels, [&](int64_t c, auto l) {
    using L = decltype(l);
    int64_t r = 0;
    for (; r + block <= rows; r += block) {
      typename L::V sum[block];
      for (int b = 0; b < block; b++) sum[b] = L::load(bias + c);
      for (int64_t k = 0; k < taps; k++) {
        auto w = L::load(weight + k * channels + c);
        for (int b = 0; b < block; b++) sum[b] += w * L::load(x + (r + b + k - taps / 2) * channels + c);
      }
      for (int b = 0; b < block; b++) L::store(y + (r + b) * channels + c, sum[b]);
    }
    for (; r < rows; r++) {
      auto sum = L::load(bias + c);
      for (int64_t k = 0; k < taps; k++) sum += L::load(weight + k * channels + c) * L::load(x + (r + k - taps / 2) * channels + c);
      L::store(y + r * channels + c, sum);
    }
  });
}

template <class T>
void depthwise_backward(int64_t rows, int64_t channels, int64_t taps, const T* x, const T* weight, const T* gy, T* gx, T* gweight, T* gbias) {
  constexpr int block = 8;
  over<T>(channels, [&](int64_t c, auto l) {
    using L = decltype(l);
    // The input's gradient is the same convolution with the taps reversed.
    int64_t r = 0;
    for (; r + block <= rows; r += block) {
      typename L::V sum[block];
      for (int b = 0; b < block; b++) sum[b] = L::zero();
      for (int64_t k = 0; k < taps; k++) {
        auto w = L::load(weight + k * channels + c);
        for (int b = 0; b < block; b++) sum[b] += w * L::load(gy + (r + b - k + taps / 2) * channels + c);
      }
      for (int b = 0; b < block; b++) L::store(gx + (r + b) * channels + c, sum[b]);
    }
    for (; r < rows; r++) {
      auto sum = L::zero();
      for (int64_t k = 0; k < taps; k++) sum += L::load(weight + k * channels + c) * L::load(gy + (r - k + taps / 2) * channels + c);
      L::store(gx + r * channels + c, sum);
    }
    // The weight's: taps in blocks, so that their sums stay in registers over the whole sequence.
    for (int64_t k = 0; k < taps; k += block) {
      int many = int(taps - k < block ? taps - k : block);
      typename L::V sum[block];
      for (int b = 0; b < block; b++) sum[b] = L::zero();
      auto add = [&](int n) {
        for (int64_t t = 0; t < rows; t++) {
          auto g = L::load(gy + t * channels + c);
          for (int b = 0; b < n; b++) sum[b] += g * L::load(x + (t + k + b - taps / 2) * channels + c);
        }
      };
      if (many == block) add(block);
      else add(many);
      for (int b = 0; b < many; b++) L::store(gweight + (k + b) * channels + c, L::load(gweight + (k + b) * channels + c) + sum[b]);
    }
    auto sum = L::load(gbias + c);
    for (int64_t t = 0; t < rows; t++) sum += L::load(gy + t * channels + c);
    L::store(gbias + c, sum);
  });
}

}  // namespace SG_ISA
