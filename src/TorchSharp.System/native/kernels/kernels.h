// The fused kernels' border: plain pointers, no libtorch, so that they can be compiled once for every instruction set.
// All arrays are row-major; "rows" are positions of sequences, channels come last. Nothing here starts a thread.
#pragma once
#include <cstdint>

namespace sg {

/// A dropout layer over a block of elements; see Keep.
struct Dropout {
  double probability;
  uint32_t key;
};

/// Attention of one head over one sequence of n positions; query, key and value lie in rows `stride` numbers apart. Distances beyond `most` share
/// the vector of `most`.
template <class T>
struct Head {
  int64_t n, width, stride, most;
  const T *query, *key, *value;
  T scale;
};

template <class T>
struct Kernels {
  const char* name;

  // LayerNorm over channels (Ba et al., 2016). forward: y = norm * weight + bias; mean and 1/deviation of each row are kept.
  void (*norm_forward)(int64_t rows, int64_t channels, const T* x, const T* weight, const T* bias, T eps, T* y, T* mean, T* scale);
  // gx = residual + gradient through the norm; the weight's and bias's gradients are added to.
  void (*norm_backward)(int64_t rows, int64_t channels, const T* x, const T* mean, const T* scale, const T* weight, const T* gy,
                        const T* residual, T* gx, T* gweight, T* gbias);

  // Swish and dropout: h = silu(u + bias) * mask, in place.
  void (*swish_forward)(int64_t rows, int64_t channels, T* u, const T* bias, Dropout dropout);
  // From u and the gradient of h: u becomes h again, gh becomes the gradient of u; the bias's gradient is added to.
  void (*swish_backward)(int64_t rows, int64_t channels, T* u, const T* bias, Dropout dropout, T* gh, T* gbias);

  // y = x + factor * mask * (o + bias).
  void (*residual_forward)(int64_t rows, int64_t channels, const T* x, const T* o, const T* bias, T factor, Dropout dropout, T* y);
  // go = factor * mask * gy; the bias's gradient is added to.
  void (*residual_backward)(int64_t rows, int64_t channels, const T* gy, T factor, Dropout dropout, T* go, T* gbias);

  // Gated linear unit (Dauphin et al., 2017) over rows of 2 * channels: g = (u_a + b_a) * sigmoid(u_b + b_b).
  void (*gate_forward)(int64_t rows, int64_t channels, const T* u, const T* bias, T* g);
  // u becomes its own gradient; the bias's gradient is added to.
  void (*gate_backward)(int64_t rows, int64_t channels, T* u, const T* bias, const T* gg, T* gbias);

  // Depthwise convolution over the positions of one sequence, `taps` odd, zeros outside; x has taps/2 rows of zeros before and after it.
  // weight is [taps, channels].
  void (*depthwise_forward)(int64_t rows, int64_t channels, int64_t taps, const T* x, const T* weight, const T* bias, T* y);
  // gy has taps/2 rows of zeros before and after it.
  void (*depthwise_backward)(int64_t rows, int64_t channels, int64_t taps, const T* x, const T* weight, const T* gy, T* gx, T* gweight,
                             T* gbias);

  // BatchNorm (Ioffe and Szegedy, 2015) over all rows, then Swish. moments: mean and sum of squared distances from it, by channel.
  void (*moments)(int64_t rows, int64_t channels, const T* z, T* mean, T* squares);
  void (*norm_swish_forward)(int64_t rows, int64_t channels, const T* z, const T* scale, const T* shift, T* a);
  // From the gradient of a: ga becomes the gradient of the normalised value times weight; sums of it and of it times the normalised value
  // (mean, deviation = 1/standard deviation) are added to. a is the forward result again.
  void (*norm_swish_backward)(int64_t rows, int64_t channels, const T* z, const T* scale, const T* shift, const T* mean, const T* deviation,
                              T* ga, T* a, T* sums, T* products);
  // A normalisation's scale and shift, then PReLU (He et al., 2015): u = z * scale + shift, y = u where u > 0, slope * u elsewhere.
  void (*norm_prelu_forward)(int64_t rows, int64_t channels, const T* z, const T* scale, const T* shift, const T* slope, T* y);
  // From the gradient of y: g becomes the gradient of the normalised value times weight; its sums as in norm_swish_backward, and the slope's
  // gradient, are added to.
  void (*norm_prelu_backward)(int64_t rows, int64_t channels, const T* z, const T* scale, const T* shift, const T* mean, const T* deviation,
                              const T* slope, T* g, T* sums, T* products, T* gslope);
  // gz = scale * (gu - meanSum - normalised * meanProduct).
  void (*batch_norm_backward)(int64_t rows, int64_t channels, const T* z, const T* mean, const T* deviation, const T* scale, const T* gu,
                              const T* mean_sum, const T* mean_product, T* gz);

  // softmax(scale * (q k' + q E)) v by rows, never storing a matrix of n x n. The table of distances is [wide(width), table_stride], reversed:
  // column t holds the vector of distance n - 1 - t. out rows lie `out_stride` apart; log_sum is [n].
  int64_t (*attention_scratch)(int64_t n, int64_t width);  // numbers of scratch for either direction
  int64_t (*table_stride)(int64_t n);
  int64_t (*wide)(int64_t width);  // width as the table has it
  void (*attention_forward)(const Head<T>& head, const T* table, T* scratch, T* out, int64_t out_stride, T* log_sum);
  // gquery, gkey, gvalue rows lie `head.stride` apart and are set; gtable (shaped as the table) is added to.
  void (*attention_backward)(const Head<T>& head, const T* table, const T* log_sum, const T* gout, int64_t out_stride, T* scratch, T* gquery,
                             T* gkey, T* gvalue, T* gtable);
};

/// The kernels of this processor; ATEN_CPU_CAPABILITY (default, avx2, avx512) chooses lower ones, as it does for libtorch's own.
template <class T>
const Kernels<T>& kernels();

/// Chooses by name, as far as the processor can; null chooses the highest. For tests, which run every set there is.
void use(const char* isa);

}  // namespace sg
