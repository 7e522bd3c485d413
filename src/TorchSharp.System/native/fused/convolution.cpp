// A conformer's convolution part as one operator: y = x + Wc silu(BN(depthwise(GLU(We LN(x) + be)))) + bc.
// Two passes over the sequences, for BatchNorm's statistics are over all of them. Kept for the backward pass: x and the depthwise result.
#include "operators.h"
#include <torch/csrc/autograd/custom_function.h>

namespace fused {
namespace {

constexpr char kName[] = "convolution_module";

// The operator's tensors, in the order of its arguments.
enum { X, NormWeight, NormBias, ExpandWeight, ExpandBias, TapWeight, TapBias, BatchWeight, BatchBias, ContractWeight, ContractBias, Given };

struct Sizes {
  int64_t sequences, n, channels, gated, taps;
  explicit Sizes(const torch::autograd::variable_list& v)
      : sequences(v[X].size(0)), n(v[X].size(1)), channels(v[X].size(2)), gated(v[TapWeight].size(0)), taps(v[TapWeight].size(2)) {}
  int64_t padding() const { return taps / 2 * gated; }  // numbers of zeros before and after a sequence
  int64_t padded() const { return n * gated + 2 * padding(); }
};

template <class T>
const T* at_(const torch::autograd::variable_list& v, int which) { return v[which].data_ptr<T>(); }

/// The taps as the kernels read them, `[taps, channels]`.
template <class T>
std::vector<T> taps_of(const Sizes& s, const T* weight) {
  std::vector<T> w(s.taps * s.gated);
  for (int64_t c = 0; c < s.gated; c++)
    for (int64_t k = 0; k < s.taps; k++) w[k * s.gated + c] = weight[c * s.taps + k];
  return w;
}

/// BatchNorm as scale and shift, with what its backward pass needs.
template <class T>
struct Statistics {
  std::vector<T> mean, deviation, scale, shift;  // deviation: 1 / standard deviation
  Statistics(const Tensor& m, const Tensor& variance, const T* weight, const T* bias, double eps) {
    const int64_t n = m.numel();
    const T *pm = m.data_ptr<T>(), *pv = variance.data_ptr<T>();
    for (int64_t c = 0; c < n; c++) {
      const T d = T(1 / std::sqrt(double(pv[c]) + eps));
      mean.push_back(pm[c]), deviation.push_back(d), scale.push_back(weight[c] * d), shift.push_back(bias[c] - pm[c] * weight[c] * d);
    }
  }
};

/// LayerNorm, expansion and gate of one sequence; the gated values go to `g` `[n, gated]`, the expansion stays in `u`.
template <class T>
void gate_of(const Sizes& s, const torch::autograd::variable_list& v, double eps, const T* x, T* normed, T* mean, T* scale, T* u, T* g) {
  const auto& k = sg::kernels<T>();
  k.norm_forward(s.n, s.channels, x, at_<T>(v, NormWeight), at_<T>(v, NormBias), T(eps), normed, mean, scale);
  multiply(false, true, s.n, 2 * s.gated, s.channels, normed, s.channels, at_<T>(v, ExpandWeight), s.channels, T(0), u, 2 * s.gated);
  k.gate_forward(s.n, s.gated, u, at_<T>(v, ExpandBias), g);
}

/// First pass: the depthwise result `[sequences, n, gated]`, and in training each sequence's moments.
template <class T>
void depthwise_of(const Sizes& s, const torch::autograd::variable_list& v, double eps, bool training, Tensor& z, T* means, T* squares) {
  const auto& k = sg::kernels<T>();
  const auto taps = taps_of(s, at_<T>(v, TapWeight));
  T* pz = z.data_ptr<T>();
  const int64_t parts = parts_of(s.sequences), n = s.n, C = s.channels, W = s.gated;
  in_parallel(parts, [&](int64_t part) {
    Scratch<T> scratch(n * (C + 2 * W + 2) + s.padded());
    T *normed = scratch.take(n * C), *u = scratch.take(2 * n * W), *mean = scratch.take(n), *scale = scratch.take(n), *g = scratch.take(s.padded());
    std::fill(g, g + s.padded(), T(0));
    const Part mine(s.sequences, parts, part);
    for (int64_t i = mine.begin; i < mine.end; i++) {
      gate_of(s, v, eps, at_<T>(v, X) + i * n * C, normed, mean, scale, u, g + s.padding());
      k.depthwise_forward(n, W, s.taps, g + s.padding(), taps.data(), at_<T>(v, TapBias), pz + i * n * W);
      if (training) k.moments(n, W, pz + i * n * W, means + i * W, squares + i * W);
    }
  });
}

/// Mean and variance over all sequences from each one's moments (Chan et al., 1979), in the sequences' order.
template <class T>
void combine(const Sizes& s, const T* means, const T* squares, Tensor& mean, Tensor& variance) {
  T *pm = mean.data_ptr<T>(), *pv = variance.data_ptr<T>();
  for (int64_t c = 0; c < s.gated; c++) {
    double m = 0, q = 0;
    for (int64_t i = 0; i < s.sequences; i++) {
      const double d = means[i * s.gated + c] - m;
      m += d / double(i + 1);
      q += squares[i * s.gated + c] + d * d * double(s.n) * double(i) / double(i + 1);
    }
    pm[c] = T(m), pv[c] = T(q / double(s.sequences * s.n));
  }
}

/// Second pass: BatchNorm, Swish, contraction, residual.
template <class T>
void contract_of(const Sizes& s, const torch::autograd::variable_list& v, const Tensor& z, const Statistics<T>& b, Tensor& y) {
  const auto& k = sg::kernels<T>();
  const T* pz = z.data_ptr<T>();
  T* py = y.data_ptr<T>();
  const int64_t parts = parts_of(s.sequences), n = s.n, C = s.channels, W = s.gated;
  in_parallel(parts, [&](int64_t part) {
    Scratch<T> scratch(n * (C + W));
    T *a = scratch.take(n * W), *out = scratch.take(n * C);
    const Part mine(s.sequences, parts, part);
    for (int64_t i = mine.begin; i < mine.end; i++) {
      k.norm_swish_forward(n, W, pz + i * n * W, b.scale.data(), b.shift.data(), a);
      multiply(false, true, n, C, W, a, W, at_<T>(v, ContractWeight), W, T(0), out, C);
      k.residual_forward(n, C, at_<T>(v, X) + i * n * C, out, at_<T>(v, ContractBias), T(1), {0, 0}, py + i * n * C);
    }
  });
}

template <class T>
torch::autograd::variable_list backward_of(const Sizes& s, const torch::autograd::variable_list& v, const Tensor& z, const Statistics<T>& b, const Tensor& gy,
                                           double norm_eps, bool training) {
  const auto& k = sg::kernels<T>();
  const T *pz = z.data_ptr<T>(), *pgy = gy.data_ptr<T>();
  const auto taps = taps_of(s, at_<T>(v, TapWeight));
  const int64_t parts = parts_of(s.sequences), n = s.n, C = s.channels, W = s.gated;
  auto options = v[X].options();
  auto gu = at::empty_like(z), gx = at::empty_like(v[X]);
  T *pgu = gu.data_ptr<T>(), *pgx = gx.data_ptr<T>();

  // Back to BatchNorm's result; its backward needs two sums over everything.
  Sums<T> gwc(parts, C * W), gbc(parts, C), sums(parts, W), products(parts, W);
  in_parallel(parts, [&](int64_t part) {
    Scratch<T> scratch(n * (C + W));
    T *go = scratch.take(n * C), *a = scratch.take(n * W);
    const Part mine(s.sequences, parts, part);
    for (int64_t i = mine.begin; i < mine.end; i++) {
      T* ga = pgu + i * n * W;
      k.residual_backward(n, C, pgy + i * n * C, T(1), {0, 0}, go, gbc.of(part));
      multiply(false, false, n, W, C, go, C, at_<T>(v, ContractWeight), W, T(0), ga, W);
      k.norm_swish_backward(n, W, pz + i * n * W, b.scale.data(), b.shift.data(), b.mean.data(), b.deviation.data(), ga, a, sums.of(part), products.of(part));
      multiply(true, false, C, W, n, go, C, a, W, T(1), gwc.of(part), W);
    }
  });
  auto gbb = sums.total({W}, options), gbw = products.total({W}, options);
  // In evaluation mode the statistics are constants, and nothing comes back through them.
  const double over_all = training ? 1.0 / double(s.sequences * n) : 0.0;
  std::vector<T> mean_sum(W), mean_product(W);
  for (int64_t c = 0; c < W; c++) mean_sum[c] = T(gbb.template data_ptr<T>()[c] * over_all), mean_product[c] = T(gbw.template data_ptr<T>()[c] * over_all);

  // Back through the depthwise convolution, the gate, the expansion and LayerNorm.
  Sums<T> gnw(parts, C), gnb(parts, C), gwe(parts, 2 * W * C), gbe(parts, 2 * W), gtaps(parts, s.taps * W), gbt(parts, W);
  in_parallel(parts, [&](int64_t part) {
    Scratch<T> scratch(n * (2 * C + 3 * W + 2) + 2 * s.padded());
    T *normed = scratch.take(n * C), *u = scratch.take(2 * n * W), *mean = scratch.take(n), *scale = scratch.take(n), *gg = scratch.take(n * W),
      *gn = scratch.take(n * C), *g = scratch.take(s.padded()), *gz = scratch.take(s.padded());
    std::fill(g, g + s.padded(), T(0));
    std::fill(gz, gz + s.padded(), T(0));
    const Part mine(s.sequences, parts, part);
    for (int64_t i = mine.begin; i < mine.end; i++) {
      const T* x = at_<T>(v, X) + i * n * C;
      gate_of(s, v, norm_eps, x, normed, mean, scale, u, g + s.padding());
      k.batch_norm_backward(n, W, pz + i * n * W, b.mean.data(), b.deviation.data(), b.scale.data(), pgu + i * n * W, mean_sum.data(), mean_product.data(),
                            gz + s.padding());
      k.depthwise_backward(n, W, s.taps, g + s.padding(), taps.data(), gz + s.padding(), gg, gtaps.of(part), gbt.of(part));
      k.gate_backward(n, W, u, at_<T>(v, ExpandBias), gg, gbe.of(part));
      multiply(true, false, 2 * W, C, n, u, 2 * W, normed, C, T(1), gwe.of(part), C);
      multiply(false, false, n, C, 2 * W, u, 2 * W, at_<T>(v, ExpandWeight), C, T(0), gn, C);
      k.norm_backward(n, C, x, mean, scale, at_<T>(v, NormWeight), gn, pgy + i * n * C, pgx + i * n * C, gnw.of(part), gnb.of(part));
    }
  });
  auto gt = gtaps.total({s.taps, W}, options).t().contiguous().view(v[TapWeight].sizes());
  return {gx, gnw.total({C}, options), gnb.total({C}, options), gwe.total(v[ExpandWeight].sizes(), options), gbe.total({2 * W}, options), gt,
          gbt.total({W}, options), gbw, gbb, gwc.total(v[ContractWeight].sizes(), options), gbc.total({C}, options)};
}

struct ConvolutionModule : torch::autograd::Function<ConvolutionModule> {
  // Tensors one by one: that is how libtorch sees which of them have a gradient.
  static Tensor forward(torch::autograd::AutogradContext* context, Tensor x, Tensor nw, Tensor nb, Tensor ew, Tensor eb, Tensor tw, Tensor tb, Tensor bw,
                        Tensor bb, Tensor cw, Tensor cb, Tensor running_mean, Tensor running_variance, bool training, double momentum, double norm_eps,
                        double batch_eps) {
    torch::autograd::variable_list v{x, nw, nb, ew, eb, tw, tb, bw, bb, cw, cb};
    require(kName, v);
    require(kName, {running_mean, running_variance});
    TORCH_CHECK(v[X].dim() == 3, kName, ": takes [sequences, length, channels], got ", v[X].dim(), " axes");
    const Sizes s(v);
    TORCH_CHECK(s.taps % 2 == 1 && v[ExpandWeight].numel() == 2 * s.gated * s.channels && v[ExpandBias].numel() == 2 * s.gated &&
                    v[TapWeight].numel() == s.gated * s.taps && v[ContractWeight].numel() == s.channels * s.gated && v[TapBias].numel() == s.gated &&
                    v[BatchWeight].numel() == s.gated && v[BatchBias].numel() == s.gated && v[ContractBias].numel() == s.channels &&
                    v[NormWeight].numel() == s.channels && v[NormBias].numel() == s.channels && running_mean.numel() == s.gated && running_variance.numel() == s.gated,
                kName, ": weights do not fit ", s.channels, " channels and ", s.gated, " gated ones");
    const int64_t count = s.sequences * s.n;
    TORCH_CHECK(!training || count > 1, kName, ": BatchNorm in training needs more than one position, got ", count);
    auto y = at::empty_like(v[X]), z = at::empty({s.sequences, s.n, s.gated}, v[X].options());
    auto mean = training ? at::empty_like(running_mean) : running_mean.clone(), variance = training ? at::empty_like(running_variance) : running_variance.clone();
    dispatch(v[X], [&](auto number) {
      using T = decltype(number);
      std::vector<T> means(training ? s.sequences * s.gated : 0), squares(means.size());
      depthwise_of<T>(s, v, norm_eps, training, z, means.data(), squares.data());
      if (training) combine(s, means.data(), squares.data(), mean, variance);
      contract_of<T>(s, v, z, Statistics<T>(mean, variance, at_<T>(v, BatchWeight), at_<T>(v, BatchBias), batch_eps), y);
    });
    if (training) {
      running_mean.mul_(1 - momentum).add_(mean, momentum);
      running_variance.mul_(1 - momentum).add_(variance, momentum * double(count) / double(count - 1));
    }
    v.insert(v.end(), {z, mean, variance});
    context->save_for_backward(v);
    context->saved_data["training"] = training;
    context->saved_data["norm_eps"] = norm_eps;
    context->saved_data["batch_eps"] = batch_eps;
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients) {
    once(kName);
    auto v = context->get_saved_variables();
    auto gy = gradients[0].contiguous();
    const Sizes s(v);
    const bool training = context->saved_data["training"].toBool();
    const double norm_eps = context->saved_data["norm_eps"].toDouble(), batch_eps = context->saved_data["batch_eps"].toDouble();
    auto result = dispatch(v[X], [&](auto number) {
      using T = decltype(number);
      return backward_of<T>(s, v, v[Given], Statistics<T>(v[Given + 1], v[Given + 2], at_<T>(v, BatchWeight), at_<T>(v, BatchBias), batch_eps), gy, norm_eps, training);
    });
    result.resize(Given + 6);  // the running statistics and the numbers have no gradient
    return result;
  }
};

}  // namespace

/// x `[sequences, length, channels]`; weight and bias of LayerNorm, expansion, taps, BatchNorm, contraction; BatchNorm's running statistics.
Tensor convolution_module(const Tensor& x, const Tensor& nw, const Tensor& nb, const Tensor& ew, const Tensor& eb, const Tensor& tw, const Tensor& tb,
                          const Tensor& bw, const Tensor& bb, const Tensor& cw, const Tensor& cb, Tensor running_mean, Tensor running_variance,
                          bool training, double momentum, double norm_eps, double batch_eps) {
  return ConvolutionModule::apply(x.contiguous(), nw, nb, ew, eb, tw, tb, bw, bb, cw, cb, running_mean, running_variance, training, momentum, norm_eps,
                                  batch_eps);
}

}  // namespace fused
