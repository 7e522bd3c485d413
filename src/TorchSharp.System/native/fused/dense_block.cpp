// A dilated dense block as one operator: four causal convolutions of 2 frames x 3 bins with dilations 1, 2, 4, 8 in time, each followed by
// InstanceNorm and PReLU, each reading the block's input and all results before it, the newest first.
// Images lie with channels last and a border of zeros (kTop frames above, a bin on each side): a tap is then a shift of the pointer, a
// convolution a matrix product over rows of the image, and nothing is concatenated or padded. The bias before InstanceNorm is taken out
// again by it: it is not added, and its gradient is exactly 0.
#include "operators.h"
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/custom_function.h>

namespace fused {
namespace {

constexpr char kName[] = "dense_block";
constexpr int64_t kTop = 8;     // the largest dilation
constexpr int64_t kBins = 3;    // taps in frequency
constexpr int64_t kRows = 256;  // rows of the image in a matrix product, about
constexpr int64_t kWide = 512;  // columns gathered for a product, about

// A layer's tensors, in the order of the operator's arguments.
enum { Weight, Bias, NormWeight, NormBias, Slope, PerLayer };

struct Sizes {
  int64_t batch, channels, frames, bins;
  explicit Sizes(const Tensor& x) : batch(x.size(0)), channels(x.size(1)), frames(x.size(2)), bins(x.size(3)) {}
  int64_t line() const { return bins + 2; }                                     // rows of a frame with its border
  int64_t image() const { return (frames + kTop) * line() * channels; }         // numbers of an item with its border
  int64_t step() const { return std::max<int64_t>(1, kRows / line()); }         // frames of a piece of work
  int64_t pieces() const { return (frames + step() - 1) / step(); }             // of an item
  int64_t count() const { return frames * bins; }                               // positions that InstanceNorm averages over
};

/// Frames [first, last) of an item: what one thread works on at a time.
struct Piece {
  int64_t item, first, last;
  Piece(const Sizes& s, int64_t number)
      : item(number / s.pieces()), first(number % s.pieces() * s.step()), last(std::min(s.frames, first + s.step())) {}
};

template <class F>
void for_pieces(const Sizes& s, int64_t parts, int64_t part, F f) {
  const Part mine(s.batch * s.pieces(), parts, part);
  for (int64_t p = mine.begin; p < mine.end; p++) f(Piece(s, p));
}

/// Images of a batch with borders of zeros; `below`: the border of frames lies after the last instead of before the first.
template <class T>
class Images {
 public:
  Images(const Sizes& s, Tensor memory, bool below = false)
      : s_(s), memory_(std::move(memory)), data_(memory_.template data_ptr<T>()), top_(below ? 0 : kTop) {}
  static Tensor zeros(const Sizes& s, const at::TensorOptions& options) {
    // A row of zeros before and after: the taps of the outermost border positions read there.
    return at::zeros({s.batch * s.image() + 2 * s.channels}, options);
  }
  /// The position before the first bin of a frame (its border): bin f is f + 1 rows further.
  T* line(int64_t item, int64_t frame) const { return data_ + s_.channels + item * s_.image() + (frame + top_) * s_.line() * s_.channels; }
  T* inside(int64_t item, int64_t frame) const { return line(item, frame) + s_.channels; }
  const Tensor& memory() const { return memory_; }

 private:
  Sizes s_;
  Tensor memory_;
  T* data_;
  int64_t top_;
};

/// `[channels, frames, bins]` to images and back, a frame at a time.
template <class T>
void read_frame(const Sizes& s, const T* x, int64_t item, int64_t t, T* rows) {
  for (int64_t c = 0; c < s.channels; c++) {
    const T* from = x + ((item * s.channels + c) * s.frames + t) * s.bins;
    for (int64_t f = 0; f < s.bins; f++) rows[f * s.channels + c] = from[f];
  }
}
template <class T>
void write_frame(const Sizes& s, const T* rows, int64_t item, int64_t t, T* y) {
  for (int64_t c = 0; c < s.channels; c++) {
    T* to = y + ((item * s.channels + c) * s.frames + t) * s.bins;
    for (int64_t f = 0; f < s.bins; f++) to[f] = rows[f * s.channels + c];
  }
}

/// A layer's weight `[out, (layer + 1) * in, 2, 3]` for products. forward: a row for each (source, frame tap, bin tap, in), out columns.
/// Backward, for each source: a row for each (frame tap, bin tap reversed, out), in columns.
template <class T>
std::vector<T> forward_weight(int64_t layer, int64_t C, const T* w) {
  std::vector<T> m((layer + 1) * 2 * kBins * C * C);
  for (int64_t j = 0; j <= layer; j++)
    for (int64_t kt = 0; kt < 2; kt++)
      for (int64_t kf = 0; kf < kBins; kf++)
        for (int64_t i = 0; i < C; i++)
          for (int64_t o = 0; o < C; o++)
            m[((((j * 2 + kt) * kBins + kf) * C) + i) * C + o] = w[((o * (layer + 1) * C + j * C + i) * 2 + kt) * kBins + kf];
  return m;
}
template <class T>
std::vector<T> backward_weight(int64_t layer, int64_t C, const T* w) {
  std::vector<T> m((layer + 1) * 2 * kBins * C * C);
  for (int64_t j = 0; j <= layer; j++)
    for (int64_t kt = 0; kt < 2; kt++)
      for (int64_t kf = 0; kf < kBins; kf++)
        for (int64_t o = 0; o < C; o++)
          for (int64_t i = 0; i < C; i++)
            m[((((j * 2 + kt) * kBins + (kBins - 1 - kf)) * C) + o) * C + i] = w[((o * (layer + 1) * C + j * C + i) * 2 + kt) * kBins + kf];
  return m;
}

/// InstanceNorm of one layer: scale and shift by item and channel, with what the backward pass needs.
template <class T>
struct Norms {
  std::vector<T> mean, deviation, scale, shift;
  Norms(const Sizes& s, const T* means, const T* variances, const T* weight, const T* bias, double eps) {
    for (int64_t k = 0; k < s.batch * s.channels; k++) {
      const int64_t c = k % s.channels;
      const T d = T(1 / std::sqrt(double(variances[k]) + eps));
      mean.push_back(means[k]), deviation.push_back(d), scale.push_back(weight[c] * d), shift.push_back(bias[c] - means[k] * weight[c] * d);
    }
  }
};

/// Results of the forward pass that the backward pass reads: sources (input and three results, with borders), what each convolution gave
/// (channels last, no border), mean and variance of each.
template <class T>
struct State {
  std::vector<Images<T>> sources;
  std::vector<Tensor> convolved, mean, variance;
};

/// A convolution: the gathered rows of all its sources times the weight, in products of about kWide columns.
template <class T>
void convolve(const Sizes& s, int64_t layer, const std::vector<Images<T>>& sources, const std::vector<T>& weight, T* z, T* means, T* squares) {
  const auto& k = sg::kernels<T>();
  const int64_t C = s.channels, triple = kBins * C, dilation = int64_t(1) << layer, pairs = 2 * (layer + 1);
  const int64_t many = std::min(pairs, std::max<int64_t>(1, kWide / triple)), parts = parts_of(s.batch * s.pieces());
  in_parallel(parts, [&](int64_t part) {
    Scratch<T> scratch(s.step() * s.bins * many * triple);
    T* columns = scratch.take(s.step() * s.bins * many * triple);
    for_pieces(s, parts, part, [&](const Piece& p) {
      const int64_t rows = (p.last - p.first) * s.bins;
      T* out = z + (p.item * s.frames + p.first) * s.bins * C;
      for (int64_t first = 0; first < pairs; first += many) {
        const int64_t now = std::min(many, pairs - first), width = now * triple;
        for (int64_t q = 0; q < now; q++) {
          const auto& source = sources[layer - (first + q) / 2];
          const int64_t back = (first + q) % 2 == 0 ? dilation : 0;
          for (int64_t t = p.first; t < p.last; t++) {
            const T* line = source.line(p.item, t - back);
            T* to = columns + (t - p.first) * s.bins * width + q * triple;
            for (int64_t f = 0; f < s.bins; f++) std::copy(line + f * C, line + f * C + triple, to + f * width);
          }
        }
        multiply(false, false, rows, C, width, columns, width, weight.data() + first * triple * C, C, T(first == 0 ? 0 : 1), out, C);
      }
      for (int64_t t = p.first; t < p.last; t++) {
        const int64_t at = (p.item * s.frames + t) * C;
        k.moments(s.bins, C, z + (p.item * s.frames + t) * s.bins * C, means + at, squares + at);
      }
    });
  });
}

/// Mean and variance by item and channel from each frame's moments (Chan et al., 1979), in the frames' order.
template <class T>
void combine(const Sizes& s, const std::vector<T>& means, const std::vector<T>& squares, Tensor& mean, Tensor& variance) {
  T *pm = mean.data_ptr<T>(), *pv = variance.data_ptr<T>();
  for (int64_t b = 0; b < s.batch; b++)
    for (int64_t c = 0; c < s.channels; c++) {
      double m = 0, q = 0;
      for (int64_t t = 0; t < s.frames; t++) {
        const int64_t at = (b * s.frames + t) * s.channels + c;
        const double d = means[at] - m;
        m += d / double(t + 1);
        q += squares[at] + d * d * double(s.bins) * double(t) / double(t + 1);
      }
      pm[b * s.channels + c] = T(m), pv[b * s.channels + c] = T(q / double(s.count()));
    }
}

template <class T>
const T* layer_of(const torch::autograd::variable_list& layers, int64_t layer, int which) {
  return layers[layer * PerLayer + which].data_ptr<T>();
}

template <class T>
void forward_of(const Sizes& s, const Tensor& x, const torch::autograd::variable_list& layers, double eps, bool keep, Tensor& y,
                torch::autograd::variable_list& kept) {
  const auto& k = sg::kernels<T>();
  const int64_t C = s.channels, depth = int64_t(layers.size()) / PerLayer, parts = parts_of(s.batch * s.pieces());
  auto options = x.options();
  std::vector<Images<T>> sources{Images<T>(s, Images<T>::zeros(s, options))};
  in_parallel(parts, [&](int64_t part) {
    for_pieces(s, parts, part, [&](const Piece& p) {
      for (int64_t t = p.first; t < p.last; t++) read_frame(s, static_cast<const T*>(x.data_ptr<T>()), p.item, t, sources[0].inside(p.item, t));
    });
  });
  T* py = y.data_ptr<T>();
  if (keep) kept.push_back(sources[0].memory());
  for (int64_t i = 0; i < depth; i++) {
    auto z = at::empty({s.batch, s.frames, s.bins, C}, options), mean = at::empty({s.batch, C}, options), variance = at::empty({s.batch, C}, options);
    T* pz = z.data_ptr<T>();
    std::vector<T> means(s.batch * s.frames * C), squares(means.size());
    convolve(s, i, sources, forward_weight(i, C, layer_of<T>(layers, i, Weight)), pz, means.data(), squares.data());
    combine(s, means, squares, mean, variance);
    const Norms<T> n(s, mean.data_ptr<T>(), variance.data_ptr<T>(), layer_of<T>(layers, i, NormWeight), layer_of<T>(layers, i, NormBias), eps);
    const bool last = i == depth - 1;
    if (!last) sources.emplace_back(s, Images<T>::zeros(s, options));
    in_parallel(parts, [&](int64_t part) {
      Scratch<T> scratch(s.bins * C);
      T* rows = scratch.take(s.bins * C);
      for_pieces(s, parts, part, [&](const Piece& p) {
        for (int64_t t = p.first; t < p.last; t++) {
          T* to = last ? rows : sources[i + 1].inside(p.item, t);
          k.norm_prelu_forward(s.bins, C, pz + (p.item * s.frames + t) * s.bins * C, n.scale.data() + p.item * C, n.shift.data() + p.item * C,
                               layer_of<T>(layers, i, Slope), to);
          if (last) write_frame(s, rows, p.item, t, py);
        }
      });
    });
    if (!keep) continue;
    kept.insert(kept.end(), {z, mean, variance});
    if (!last) kept.push_back(sources[i + 1].memory());
  }
}

/// One layer's way back. On entry gradients[layer + 1] is that of its result; those of its sources are added to.
template <class T>
void backward_layer(const Sizes& s, int64_t layer, const State<T>& state, const torch::autograd::variable_list& layers, double eps,
                    std::vector<Images<T>>& gradients, torch::autograd::variable_list& results) {
  const auto& k = sg::kernels<T>();
  const int64_t C = s.channels, six = 2 * kBins * C, dilation = int64_t(1) << layer, parts = parts_of(s.batch * s.pieces());
  auto options = state.convolved[layer].options();
  const T* z = state.convolved[layer].template data_ptr<T>();
  const Norms<T> n(s, state.mean[layer].template data_ptr<T>(), state.variance[layer].template data_ptr<T>(), layer_of<T>(layers, layer, NormWeight),
                   layer_of<T>(layers, layer, NormBias), eps);

  // Through PReLU; InstanceNorm's backward needs two sums over each item.
  Sums<T> sums(parts, s.batch * C), products(parts, s.batch * C), slopes(parts, C);
  in_parallel(parts, [&](int64_t part) {
    for_pieces(s, parts, part, [&](const Piece& p) {
      const int64_t at = p.item * C;
      for (int64_t t = p.first; t < p.last; t++)
        k.norm_prelu_backward(s.bins, C, z + (p.item * s.frames + t) * s.bins * C, n.scale.data() + at, n.shift.data() + at, n.mean.data() + at,
                              n.deviation.data() + at, layer_of<T>(layers, layer, Slope), gradients[layer + 1].inside(p.item, t), sums.of(part) + at,
                              products.of(part) + at, slopes.of(part));
    });
  });
  auto sum = sums.total({s.batch, C}, options), product = products.total({s.batch, C}, options);
  std::vector<T> mean_sum(s.batch * C), mean_product(s.batch * C);
  for (int64_t c = 0; c < s.batch * C; c++)
    mean_sum[c] = sum.template data_ptr<T>()[c] / T(s.count()), mean_product[c] = product.template data_ptr<T>()[c] / T(s.count());

  // Through InstanceNorm, into images whose border of frames lies below.
  Images<T> back(s, Images<T>::zeros(s, options), true);
  in_parallel(parts, [&](int64_t part) {
    for_pieces(s, parts, part, [&](const Piece& p) {
      const int64_t at = p.item * C;
      for (int64_t t = p.first; t < p.last; t++)
        k.batch_norm_backward(s.bins, C, z + (p.item * s.frames + t) * s.bins * C, n.mean.data() + at, n.deviation.data() + at, n.scale.data() + at,
                              gradients[layer + 1].inside(p.item, t), mean_sum.data() + at, mean_product.data() + at, back.inside(p.item, t));
    });
  });

  // Through the convolution: the gathered rows of the gradient give the sources' gradients and, times the sources, the weight's.
  const auto weight = backward_weight(layer, C, layer_of<T>(layers, layer, Weight));
  Sums<T> weights(parts, (layer + 1) * C * six);
  in_parallel(parts, [&](int64_t part) {
    Scratch<T> scratch(s.step() * s.bins * (six + C));
    T *columns = scratch.take(s.step() * s.bins * six), *rows_of = scratch.take(s.step() * s.bins * C);
    for_pieces(s, parts, part, [&](const Piece& p) {
      const int64_t frames = p.last - p.first, rows = frames * s.bins;
      for (int64_t kt = 0; kt < 2; kt++)
        for (int64_t t = p.first; t < p.last; t++) {
          const T* line = back.line(p.item, t + (kt == 0 ? dilation : 0));
          T* to = columns + (t - p.first) * s.bins * six + kt * kBins * C;
          for (int64_t f = 0; f < s.bins; f++) std::copy(line + f * C, line + f * C + kBins * C, to + f * six);
        }
      for (int64_t j = 0; j <= layer; j++) {
        const int64_t which = layer - j;
        for (int64_t t = p.first; t < p.last; t++)
          multiply(false, false, s.bins, C, six, columns + (t - p.first) * s.bins * six, six, weight.data() + j * six * C, C, T(1),
                   gradients[which].inside(p.item, t), C);
        for (int64_t t = p.first; t < p.last; t++) {
          const T* from = state.sources[which].inside(p.item, t);
          std::copy(from, from + s.bins * C, rows_of + (t - p.first) * s.bins * C);
        }
        multiply(true, false, C, six, rows, rows_of, C, columns, six, T(1), weights.of(part) + j * C * six, six);
      }
    });
  });
  // [source, in, frame tap, bin tap reversed, out] to [out, source * in, frame tap, bin tap].
  auto g = weights.total({layer + 1, C, 2, kBins, C}, options).flip(3).permute({4, 0, 1, 2, 3}).reshape({C, (layer + 1) * C, 2, kBins}).contiguous();
  results[1 + layer * PerLayer + Weight] = g;
  results[1 + layer * PerLayer + Bias] = at::zeros({C}, options);
  results[1 + layer * PerLayer + NormWeight] = product.sum(0);
  results[1 + layer * PerLayer + NormBias] = sum.sum(0);
  results[1 + layer * PerLayer + Slope] = slopes.total({C}, options);
}

template <class T>
void backward_of(const Sizes& s, const State<T>& state, const torch::autograd::variable_list& layers, const Tensor& gy, double eps,
                 torch::autograd::variable_list& results) {
  const int64_t depth = int64_t(layers.size()) / PerLayer, parts = parts_of(s.batch * s.pieces());
  auto options = gy.options();
  std::vector<Images<T>> gradients;
  for (int64_t i = 0; i <= depth; i++) gradients.emplace_back(s, Images<T>::zeros(s, options));
  in_parallel(parts, [&](int64_t part) {
    for_pieces(s, parts, part, [&](const Piece& p) {
      for (int64_t t = p.first; t < p.last; t++) read_frame(s, static_cast<const T*>(gy.data_ptr<T>()), p.item, t, gradients[depth].inside(p.item, t));
    });
  });
  for (int64_t i = depth - 1; i >= 0; i--) {
    backward_layer(s, i, state, layers, eps, gradients, results);
    gradients.pop_back();
  }
  auto gx = at::empty({s.batch, s.channels, s.frames, s.bins}, options);
  T* pgx = gx.data_ptr<T>();
  in_parallel(parts, [&](int64_t part) {
    for_pieces(s, parts, part, [&](const Piece& p) {
      for (int64_t t = p.first; t < p.last; t++) write_frame(s, static_cast<const T*>(gradients[0].inside(p.item, t)), p.item, t, pgx);
    });
  });
  results[0] = gx;
}

struct DenseBlock : torch::autograd::Function<DenseBlock> {
  static Tensor forward(torch::autograd::AutogradContext* context, Tensor x, at::TensorList given, double eps, bool keep) {
    torch::autograd::variable_list layers(given.begin(), given.end()), all{x};
    all.insert(all.end(), layers.begin(), layers.end());
    require(kName, all);
    TORCH_CHECK(x.dim() == 4, kName, ": takes [batch, channels, frames, bins], got ", x.dim(), " axes");
    const Sizes s(x);
    const int64_t depth = int64_t(layers.size()) / PerLayer;
    TORCH_CHECK(layers.size() % PerLayer == 0 && depth >= 1 && depth <= 4, kName, ": takes ", int(PerLayer), " tensors for each of 1 to 4 layers, got ", layers.size());
    TORCH_CHECK(s.count() > 1, kName, ": InstanceNorm needs more than one position, got ", s.count());
    for (int64_t i = 0; i < depth; i++)
      TORCH_CHECK(layers[i * PerLayer].sizes() == at::IntArrayRef({s.channels, (i + 1) * s.channels, 2, kBins}) && layers[i * PerLayer + NormWeight].numel() == s.channels &&
                      layers[i * PerLayer + NormBias].numel() == s.channels && layers[i * PerLayer + Slope].numel() == s.channels,
                  kName, ": weights of layer ", i + 1, " do not fit ", s.channels, " channels");
    auto y = at::empty_like(x);
    torch::autograd::variable_list kept;
    dispatch(x, [&](auto number) { forward_of<decltype(number)>(s, x, layers, eps, keep, y, kept); });
    if (!keep) return y;
    layers.insert(layers.end(), kept.begin(), kept.end());
    context->save_for_backward(layers);
    context->saved_data["depth"] = depth;
    context->saved_data["eps"] = eps;
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients) {
    once(kName);
    auto saved = context->get_saved_variables();
    const int64_t depth = context->saved_data["depth"].toInt();
    const double eps = context->saved_data["eps"].toDouble();
    auto gy = gradients[0].contiguous();
    const Sizes s(gy);
    torch::autograd::variable_list layers(saved.begin(), saved.begin() + depth * PerLayer), results(1 + depth * PerLayer + 2);
    dispatch(gy, [&](auto number) {
      using T = decltype(number);
      State<T> state;
      auto next = saved.begin() + depth * PerLayer;
      for (int64_t i = 0; i < depth; i++) {
        state.sources.emplace_back(s, *next++);
        state.convolved.push_back(*next++), state.mean.push_back(*next++), state.variance.push_back(*next++);
      }
      backward_of(s, state, layers, gy, eps, results);
    });
    return results;
  }
};

}  // namespace

Tensor dense_block(const Tensor& x, const std::vector<Tensor>& layers, double eps) { 
  // Without a graph nothing is kept: a long file's images would otherwise stay until the end.
  return DenseBlock::apply(x.contiguous(), at::TensorList(layers), eps, c10::GradMode::is_enabled());
}

}  // namespace fused
