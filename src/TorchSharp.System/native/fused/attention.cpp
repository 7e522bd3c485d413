// A conformer's self-attention with relative positions as one operator: y = x + drop(Wo attend(LN(x)) + bo).
// A sequence at a time, in the cache; no n x n matrix exists. Kept for the backward pass: x, the heads' outputs, a log-sum a query.
#include "operators.h"
#include <torch/csrc/autograd/custom_function.h>

namespace fused {
namespace {

constexpr char kName[] = "relative_attention";

struct Sizes {
  int64_t sequences, n, channels, heads, width, inner, most;
  Sizes(const Tensor& x, const Tensor& wq, const Tensor& table, int64_t heads)
      : sequences(x.size(0)), n(x.size(1)), channels(x.size(2)), heads(heads), width(wq.size(0) / heads), inner(wq.size(0)), most(table.size(0) / 2) {}
  double scale() const { return 1 / std::sqrt(double(width)); }
};

/// The table as the kernels read it: column t holds the vector of distance n - 1 - t, clamped.
template <class T>
std::vector<T> reversed(const Sizes& s, const sg::Kernels<T>& k, const T* table) {
  const int64_t stride = k.table_stride(s.n);
  std::vector<T> columns(k.wide(s.width) * stride, T(0));
  for (int64_t t = 0; t < 2 * s.n - 1; t++) {
    const int64_t row = std::clamp(s.n - 1 - t, -s.most, s.most) + s.most;
    for (int64_t c = 0; c < s.width; c++) columns[c * stride + t] = table[row * s.width + c];
  }
  return columns;
}

/// The gradient of `reversed`, summed over the parts in their order.
template <class T>
Tensor table_gradient(const Sizes& s, const sg::Kernels<T>& k, Sums<T>& columns, const at::TensorOptions& options) {
  const int64_t stride = k.table_stride(s.n);
  auto sum = columns.total({k.wide(s.width) * stride}, options);
  auto table = at::zeros({2 * s.most + 1, s.width}, options);
  const T* from = sum.template data_ptr<T>();
  T* to = table.template data_ptr<T>();
  for (int64_t t = 0; t < 2 * s.n - 1; t++) {
    const int64_t row = std::clamp(s.n - 1 - t, -s.most, s.most) + s.most;
    for (int64_t c = 0; c < s.width; c++) to[row * s.width + c] += from[c * stride + t];
  }
  return table;
}

template <class T>
sg::Head<T> head_of(const Sizes& s, const T* projected, int64_t h) {
  const T* q = projected + h * s.width;
  return {s.n, s.width, 3 * s.inner, s.most, q, q + s.inner, q + 2 * s.inner, T(s.scale())};
}

/// Queries, keys and values of a sequence, `[n, 3 * inner]`.
template <class T>
void project(const Sizes& s, const T* normed, const T* wq, const T* wkv, T* projected) {
  multiply(false, true, s.n, s.inner, s.channels, normed, s.channels, wq, s.channels, T(0), projected, 3 * s.inner);
  multiply(false, true, s.n, 2 * s.inner, s.channels, normed, s.channels, wkv, s.channels, T(0), projected + s.inner, 3 * s.inner);
}

template <class T>
void forward_of(const Sizes& s, const torch::autograd::variable_list& v, double eps, double p, int64_t seed, Tensor& y, Tensor& attended, Tensor& log_sum) {
  const auto& k = sg::kernels<T>();
  const T *px = v[0].data_ptr<T>(), *nw = v[1].data_ptr<T>(), *nb = v[2].data_ptr<T>(), *wq = v[3].data_ptr<T>(), *wkv = v[4].data_ptr<T>(),
          *wo = v[6].data_ptr<T>(), *bo = v[7].data_ptr<T>();
  const auto table = reversed(s, k, static_cast<const T*>(v[5].data_ptr<T>()));
  T *py = y.data_ptr<T>(), *po = attended.data_ptr<T>(), *pl = log_sum.data_ptr<T>();
  const int64_t parts = parts_of(s.sequences), n = s.n, C = s.channels, I = s.inner, heads = k.attention_scratch(n, s.width);
  in_parallel(parts, [&](int64_t part) {
    Scratch<T> scratch(n * (2 * C + 3 * I + 2) + heads);
    T *normed = scratch.take(n * C), *projected = scratch.take(3 * n * I), *out = scratch.take(n * C), *mean = scratch.take(n), *scale = scratch.take(n),
      *rest = scratch.take(heads);
    const Part mine(s.sequences, parts, part);
    for (int64_t i = mine.begin; i < mine.end; i++) {
      const T* x = px + i * n * C;
      T* o = po + i * n * I;
      k.norm_forward(n, C, x, nw, nb, T(eps), normed, mean, scale);
      project(s, normed, wq, wkv, projected);
      for (int64_t h = 0; h < s.heads; h++) k.attention_forward(head_of(s, projected, h), table.data(), rest, o + h * s.width, I, pl + (i * s.heads + h) * n);
      multiply(false, true, n, C, I, o, I, wo, I, T(0), out, C);
      k.residual_forward(n, C, x, out, bo, T(1), dropout_of(p, seed, i), py + i * n * C);
    }
  });
}

template <class T>
torch::autograd::variable_list backward_of(const Sizes& s, const torch::autograd::variable_list& v, const Tensor& gy, double eps, double p, int64_t seed) {
  const auto& k = sg::kernels<T>();
  const T *px = v[0].data_ptr<T>(), *nw = v[1].data_ptr<T>(), *nb = v[2].data_ptr<T>(), *wq = v[3].data_ptr<T>(), *wkv = v[4].data_ptr<T>(),
          *wo = v[6].data_ptr<T>(), *po = v[7].data_ptr<T>(), *pl = v[8].data_ptr<T>(), *pgy = gy.data_ptr<T>();
  const auto table = reversed(s, k, static_cast<const T*>(v[5].data_ptr<T>()));
  auto gx = at::empty_like(v[0]);
  T* pgx = gx.data_ptr<T>();
  const int64_t parts = parts_of(s.sequences), n = s.n, C = s.channels, I = s.inner, heads = k.attention_scratch(n, s.width);
  Sums<T> gnw(parts, C), gnb(parts, C), gwq(parts, I * C), gwkv(parts, 2 * I * C), gtable(parts, int64_t(table.size())), gwo(parts, C * I), gbo(parts, C);
  in_parallel(parts, [&](int64_t part) {
    Scratch<T> scratch(n * (3 * C + 7 * I + 2) + heads);
    T *normed = scratch.take(n * C), *projected = scratch.take(3 * n * I), *gprojected = scratch.take(3 * n * I), *go = scratch.take(n * C),
      *gattended = scratch.take(n * I), *gn = scratch.take(n * C), *mean = scratch.take(n), *scale = scratch.take(n), *rest = scratch.take(heads);
    const Part mine(s.sequences, parts, part);
    for (int64_t i = mine.begin; i < mine.end; i++) {
      const T *x = px + i * n * C, *o = po + i * n * I, *g = pgy + i * n * C;
      k.norm_forward(n, C, x, nw, nb, T(eps), normed, mean, scale);
      project(s, normed, wq, wkv, projected);
      k.residual_backward(n, C, g, T(1), dropout_of(p, seed, i), go, gbo.of(part));
      multiply(true, false, C, I, n, go, C, o, I, T(1), gwo.of(part), I);
      multiply(false, false, n, I, C, go, C, wo, I, T(0), gattended, I);
      for (int64_t h = 0; h < s.heads; h++) {
        T* gq = gprojected + h * s.width;
        k.attention_backward(head_of(s, projected, h), table.data(), pl + (i * s.heads + h) * n, gattended + h * s.width, I, rest, gq, gq + I, gq + 2 * I,
                             gtable.of(part));
      }
      multiply(true, false, I, C, n, gprojected, 3 * I, normed, C, T(1), gwq.of(part), C);
      multiply(true, false, 2 * I, C, n, gprojected + I, 3 * I, normed, C, T(1), gwkv.of(part), C);
      multiply(false, false, n, C, I, gprojected, 3 * I, wq, C, T(0), gn, C);
      multiply(false, false, n, C, 2 * I, gprojected + I, 3 * I, wkv, C, T(1), gn, C);
      k.norm_backward(n, C, x, mean, scale, nw, gn, g, pgx + i * n * C, gnw.of(part), gnb.of(part));
    }
  });
  auto o = v[0].options();
  return {gx, gnw.total({C}, o), gnb.total({C}, o), gwq.total({I, C}, o), gwkv.total({2 * I, C}, o), table_gradient(s, k, gtable, o),
          gwo.total({C, I}, o), gbo.total({C}, o), Tensor(), Tensor(), Tensor()};
}

struct RelativeAttention : torch::autograd::Function<RelativeAttention> {
  static Tensor forward(torch::autograd::AutogradContext* context, Tensor x, Tensor nw, Tensor nb, Tensor wq, Tensor wkv, Tensor table, Tensor wo,
                        Tensor bo, int64_t heads, double eps, double p) {
    require(kName, {x, nw, nb, wq, wkv, table, wo, bo});
    TORCH_CHECK(x.dim() == 3, kName, ": takes [sequences, length, channels], got ", x.dim(), " axes");
    const Sizes s(x, wq, table, heads);
    TORCH_CHECK(heads > 0 && wq.size(0) % heads == 0, kName, ": ", wq.size(0), " query channels do not divide into ", heads, " heads");
    TORCH_CHECK(wq.size(1) == s.channels && wkv.size(0) == 2 * s.inner && wkv.size(1) == s.channels && wo.size(0) == s.channels && wo.size(1) == s.inner &&
                    bo.numel() == s.channels && nw.numel() == s.channels && nb.numel() == s.channels && table.size(1) == s.width && table.size(0) % 2 == 1,
                kName, ": weights do not fit ", s.channels, " channels and ", heads, " heads of ", s.width);
    const int64_t seed = draw_seed(p);
    auto y = at::empty_like(x), attended = at::empty({s.sequences, s.n, s.inner}, x.options()), log_sum = at::empty({s.sequences, heads, s.n}, x.options());
    if (x.numel() > 0) dispatch(x, [&](auto number) { forward_of<decltype(number)>(s, {x, nw, nb, wq, wkv, table, wo, bo}, eps, p, seed, y, attended, log_sum); });
    context->save_for_backward({x, nw, nb, wq, wkv, table, wo, attended, log_sum});
    context->saved_data["heads"] = heads;
    context->saved_data["eps"] = eps;
    context->saved_data["p"] = p;
    context->saved_data["seed"] = seed;
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients) {
    once(kName);
    auto v = context->get_saved_variables();
    auto gy = gradients[0].contiguous();
    const Sizes s(v[0], v[3], v[5], context->saved_data["heads"].toInt());
    const double eps = context->saved_data["eps"].toDouble(), p = context->saved_data["p"].toDouble();
    const int64_t seed = context->saved_data["seed"].toInt();
    return dispatch(v[0], [&](auto number) { return backward_of<decltype(number)>(s, v, gy, eps, p, seed); });
  }
};

}  // namespace

/// x `[sequences, length, channels]`; norm's weight and bias; query, key-value weights; distances `[2 * most + 1, width]`; output's weight and bias.
Tensor relative_attention(const Tensor& x, const Tensor& nw, const Tensor& nb, const Tensor& wq, const Tensor& wkv, const Tensor& table, const Tensor& wo,
                          const Tensor& bo, int64_t heads, double eps, double p) {
  return RelativeAttention::apply(x.contiguous(), nw, nb, wq, wkv, table, wo, bo, heads, eps, p);
}

}  // namespace fused
