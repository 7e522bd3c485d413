// A conformer's half-step feed forward as one operator: y = x + 1/2 drop(W2 drop(silu(W1 LN(x) + b1)) + b2).
// Only x is kept for the backward pass; the hidden values, four times as many, are made again block by block in the cache.
#include "operators.h"
#include <torch/csrc/autograd/custom_function.h>

namespace fused {
namespace {

constexpr char kName[] = "feed_forward";
constexpr double kHalf = 0.5;

struct Sizes {
  int64_t rows, channels, hidden;
  Sizes(const Tensor& x, const Tensor& w1) : rows(x.numel() / x.size(-1)), channels(x.size(-1)), hidden(w1.size(0)) {}
  /// Rows that are worked on at once: their hidden values stay in the second-level cache.
  int64_t block() const { return std::max<int64_t>(16, std::min<int64_t>(1024, 32768 / hidden)); }
  int64_t blocks() const { return (rows + block() - 1) / block(); }
};

template <class T>
void forward_of(const Tensor& x, const Tensor& nw, const Tensor& nb, const Tensor& w1, const Tensor& b1, const Tensor& w2, const Tensor& b2,
                double eps, double p, int64_t seed, Tensor& y) {
  const Sizes s(x, w1);
  const auto& k = sg::kernels<T>();
  const T *px = x.data_ptr<T>(), *pnw = nw.data_ptr<T>(), *pnb = nb.data_ptr<T>(), *pw1 = w1.data_ptr<T>(), *pb1 = b1.data_ptr<T>(),
          *pw2 = w2.data_ptr<T>(), *pb2 = b2.data_ptr<T>();
  T* py = y.data_ptr<T>();
  const int64_t parts = parts_of(s.blocks());
  in_parallel(parts, [&](int64_t part) {
    Scratch<T> scratch(s.block() * (2 * s.channels + s.hidden + 2));
    T *normed = scratch.take(s.block() * s.channels), *hidden = scratch.take(s.block() * s.hidden), *out = scratch.take(s.block() * s.channels),
      *mean = scratch.take(s.block()), *scale = scratch.take(s.block());
    const Part mine(s.blocks(), parts, part);
    for (int64_t b = mine.begin; b < mine.end; b++) {
      const int64_t first = b * s.block(), rows = std::min(s.block(), s.rows - first), C = s.channels, H = s.hidden;
      k.norm_forward(rows, C, px + first * C, pnw, pnb, T(eps), normed, mean, scale);
      multiply(false, true, rows, H, C, normed, C, pw1, C, T(0), hidden, H);
      k.swish_forward(rows, H, hidden, pb1, dropout_of(p, seed, 2 * b));
      multiply(false, true, rows, C, H, hidden, H, pw2, H, T(0), out, C);
      k.residual_forward(rows, C, px + first * C, out, pb2, T(kHalf), dropout_of(p, seed, 2 * b + 1), py + first * C);
    }
  });
}

template <class T>
torch::autograd::variable_list backward_of(const Tensor& x, const Tensor& nw, const Tensor& nb, const Tensor& w1, const Tensor& b1,
                                           const Tensor& w2, const Tensor& gy, double eps, double p, int64_t seed) {
  const Sizes s(x, w1);
  const int64_t C = s.channels, H = s.hidden, block = s.block();
  const auto& k = sg::kernels<T>();
  const T *px = x.data_ptr<T>(), *pnw = nw.data_ptr<T>(), *pnb = nb.data_ptr<T>(), *pw1 = w1.data_ptr<T>(), *pb1 = b1.data_ptr<T>(),
          *pw2 = w2.data_ptr<T>(), *pgy = gy.data_ptr<T>();
  auto gx = at::empty_like(x);
  T* pgx = gx.data_ptr<T>();
  const int64_t parts = parts_of(s.blocks());
  Sums<T> gnw(parts, C), gnb(parts, C), gw1(parts, H * C), gb1(parts, H), gw2(parts, C * H), gb2(parts, C);
  in_parallel(parts, [&](int64_t part) {
    Scratch<T> scratch(block * (3 * C + 2 * H + 2));
    T *normed = scratch.take(block * C), *hidden = scratch.take(block * H), *gh = scratch.take(block * H), *go = scratch.take(block * C),
      *gn = scratch.take(block * C), *mean = scratch.take(block), *scale = scratch.take(block);
    const Part mine(s.blocks(), parts, part);
    for (int64_t b = mine.begin; b < mine.end; b++) {
      const int64_t first = b * block, rows = std::min(block, s.rows - first);
      const T *xb = px + first * C, *gyb = pgy + first * C;
      k.norm_forward(rows, C, xb, pnw, pnb, T(eps), normed, mean, scale);
      multiply(false, true, rows, H, C, normed, C, pw1, C, T(0), hidden, H);
      k.residual_backward(rows, C, gyb, T(kHalf), dropout_of(p, seed, 2 * b + 1), go, gb2.of(part));
      multiply(false, false, rows, H, C, go, C, pw2, H, T(0), gh, H);
      k.swish_backward(rows, H, hidden, pb1, dropout_of(p, seed, 2 * b), gh, gb1.of(part));
      multiply(true, false, C, H, rows, go, C, hidden, H, T(1), gw2.of(part), H);
      multiply(true, false, H, C, rows, gh, H, normed, C, T(1), gw1.of(part), C);
      multiply(false, false, rows, C, H, gh, H, pw1, C, T(0), gn, C);
      k.norm_backward(rows, C, xb, mean, scale, pnw, gn, gyb, pgx + first * C, gnw.of(part), gnb.of(part));
    }
  });
  auto o = x.options();
  return {gx, gnw.total({C}, o), gnb.total({C}, o), gw1.total({H, C}, o), gb1.total({H}, o), gw2.total({C, H}, o), gb2.total({C}, o), Tensor(), Tensor()};
}

struct FeedForward : torch::autograd::Function<FeedForward> {
  static Tensor forward(torch::autograd::AutogradContext* context, Tensor x, Tensor nw, Tensor nb, Tensor w1, Tensor b1, Tensor w2, Tensor b2,
                        double eps, double p) {
    require(kName, {x, nw, nb, w1, b1, w2, b2});
    const int64_t C = x.size(-1), H = w1.size(0);
    TORCH_CHECK(w1.dim() == 2 && w1.size(1) == C && w2.dim() == 2 && w2.size(0) == C && w2.size(1) == H && nw.numel() == C && nb.numel() == C &&
                    b1.numel() == H && b2.numel() == C,
                kName, ": weights do not fit ", C, " channels and ", H, " hidden ones");
    const int64_t seed = draw_seed(p);
    auto y = at::empty_like(x);
    dispatch(x, [&](auto number) { forward_of<decltype(number)>(x, nw, nb, w1, b1, w2, b2, eps, p, seed, y); });
    context->save_for_backward({x, nw, nb, w1, b1, w2});
    context->saved_data["eps"] = eps;
    context->saved_data["p"] = p;
    context->saved_data["seed"] = seed;
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients) {
    once(kName);
    auto v = context->get_saved_variables();
    auto gy = gradients[0].contiguous();
    const double eps = context->saved_data["eps"].toDouble(), p = context->saved_data["p"].toDouble();
    const int64_t seed = context->saved_data["seed"].toInt();
    return dispatch(v[0], [&](auto number) { return backward_of<decltype(number)>(v[0], v[1], v[2], v[3], v[4], v[5], gy, eps, p, seed); });
  }
};

}  // namespace

/// x `[..., channels]`; norm's weight and bias; first layer's; second layer's.
Tensor feed_forward(const Tensor& x, const Tensor& nw, const Tensor& nb, const Tensor& w1, const Tensor& b1, const Tensor& w2, const Tensor& b2, double eps,
                    double p) {
  return FeedForward::apply(x.contiguous(), nw, nb, w1, b1, w2, b2, eps, p);
}

}  // namespace fused
